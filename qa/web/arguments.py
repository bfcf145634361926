"""Types of the end points' arguments, checked by pydantic; texts hold no lone surrogates."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, ValidationError, validate_call
from pydantic_core import ErrorDetails, PydanticCustomError

from qa.errors import QuestionError

_MOST_CHARACTERS = 20_000  # of any text; the library's own limits for questions and histories are lower


def _text(value: object) -> object:
    return "" if value is None else value


def _texts(value: object) -> object:
    return [] if value in (None, "") else value


def _whole(value: object) -> object:
    """Refuse True and "5", which pydantic would take for integers; 5.0 is whole in JSON."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "no number")
    return value


Text: TypeAlias = Annotated[str, BeforeValidator(_text), Field(max_length=_MOST_CHARACTERS)]
Texts: TypeAlias = Annotated[
    list[Annotated[str, Field(max_length=_MOST_CHARACTERS)]], BeforeValidator(_texts)
]
AtLeastOne: TypeAlias = Annotated[int, BeforeValidator(_whole), Field(ge=1)]
AtLeastNothing: TypeAlias = Annotated[int, BeforeValidator(_whole), Field(ge=0)]


def checked(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function: QuestionError for arguments that are missing, unknown or of a wrong type."""
    known, strict = signature(tool), validate_call(tool)

    @wraps(tool)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            bound = known.bind(*arguments, **named).arguments
        except TypeError as error:
            raise QuestionError(f"参数应是 {'、'.join(known.parameters)}。") from error
        try:
            return strict(**bound)
        except ValidationError as error:
            raise QuestionError(refusal(error)) from error

    return call


def refusal(error: ValidationError) -> str:
    """Return what is wrong with the first wrong argument, without its value."""
    first = error.errors(include_url=False, include_input=False)[0]
    return _words(str(first["loc"][0] if first["loc"] else "内容"), first)


def _words(name: str, error: ErrorDetails) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    if kind in ("greater_than_equal", "int_type", "int_parsing", "int_from_float", "finite_number"):
        return f"{name} 应是 {limits.get('ge', 0 if name == 'offset' else 1)} 以上的整数。"
    if kind == "string_too_long":
        return f"{name} 太长：最多 {limits['max_length']} 个字。"
    if kind == "string_type":
        return f"{name} 应是文字。"
    if kind == "string_unicode":
        return f"{name} 里有不完整的字符。"
    if kind == "list_type":
        return f"{name} 应是一列文字。"
    if kind in ("missing", "missing_argument"):
        return f"缺少 {name}。"
    return f"{name} 不合要求。"

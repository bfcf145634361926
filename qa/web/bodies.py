"""What Gradio's end points are sent, as types: the body of each, and the values of each event by its components.

A body that does not fit never reaches Gradio, and what goes on is made anew from the fields that are known. Pydantic
reads the JSON itself: nesting without end, half characters and numbers of a thousand digits are no JSON to it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

import gradio as gr
from gradio.components.api_component import Api
from gradio_client.utils import is_file_obj, traverse
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    JsonValue,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from qa.errors import QuestionError
from qa.text.visible import one_line

SessionName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,64}$")]
_Cell: TypeAlias = str | int | float | bool | None
_Row = TypeVar("_Row")
_SHOWN = 40  # characters of a name that nothing has
MayUse: TypeAlias = Callable[[str], bool]  # whether a path is an upload of whoever asks


class Arguments(BaseModel):
    """Those of a program's call, in their order."""

    data: list[JsonValue]


NamedArguments: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class Cancel(BaseModel):
    """An event that is to be stopped."""

    session_hash: SessionName
    fn_index: int
    event_id: SessionName


def _without_files(value: JsonValue) -> JsonValue:
    """The value, unless Gradio would take a part of it for a file."""

    def refuse(_: object) -> None:
        raise PydanticCustomError("file", "a file where none is taken")

    traverse(value, refuse, is_file_obj)
    return value


def _uploaded(path: str, info: ValidationInfo) -> str:
    if info.context is None or not info.context(path):
        raise PydanticCustomError("file", "not a file of this upload")
    return path


class _File(BaseModel):
    path: Annotated[str, AfterValidator(_uploaded)]
    orig_name: str | None = None
    size: int | None = None
    meta: dict[str, str] = Field(default_factory=lambda: {"_type": "gradio.FileData"}, init=False)


class _Table(BaseModel, Generic[_Row]):
    headers: list[str]
    data: list[_Row]
    metadata: Annotated[None, BeforeValidator(lambda _: None)] = None


_Plain: TypeAlias = Annotated[JsonValue, AfterValidator(_without_files)]
_Line: TypeAlias = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
_TAKES: Mapping[type, Any] = {
    gr.State: Annotated[Any, BeforeValidator(lambda _: None)],  # the server has it
    gr.Textbox: _Line,
    gr.HTML: _Line,
    gr.Checkbox: bool | None,
    gr.Number: Annotated[float, Field(allow_inf_nan=False)] | None,
    gr.File: list[_File] | None,
    gr.JSON: _Plain,
    Api: _Plain,
}


class Join(BaseModel):
    """An event of an open page."""

    data: list[JsonValue]
    fn_index: int
    session_hash: SessionName
    event_data: _Plain = None
    trigger_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event or end point.

    Args:
        values: of its components, in their order.
        defaults: of an end point's arguments by name; ``inspect.Parameter.empty`` where one must be given.
    """

    name: str
    number: int
    values: TypeAdapter[tuple[Any, ...]]
    defaults: Mapping[str, Any]

    def fitted(self, data: list[JsonValue], may_use: MayUse) -> list[Any]:
        """The values, as Gradio gets them.

        Raises:
            pydantic.ValidationError: one does not fit, or there are too many or too few.
        """
        missing = list(self.defaults.values())[len(data) :]
        if inspect.Parameter.empty not in missing:
            data = [*data, *missing]
        found = self.values.validate_python(tuple(data), context=may_use)
        return list(self.values.dump_python(found, mode="json"))

    def in_order(self, named: Mapping[str, JsonValue]) -> list[JsonValue]:
        """Named arguments in their order.

        Raises:
            QuestionError: one is unknown or missing.
        """
        for name in named:
            if name not in self.defaults:
                known = "、".join(self.defaults)
                raise QuestionError(f"没有参数 {one_line(name)[:_SHOWN]}，没有处理。可以用的参数：{known}。")
        values = {name: named.get(name, default) for name, default in self.defaults.items()}
        for name, value in values.items():
            if value is inspect.Parameter.empty:
                raise QuestionError(f"缺少 {name}。")
        return list(values.values())


def events_of(page: gr.Blocks) -> dict[int, Event]:
    """All that can be asked of a page, by Gradio's numbers; what only runs in the browser is left out."""
    return {number: _event(number, function) for number, function in page.fns.items() if function.fn}


def _event(number: int, function: Any) -> Event:
    public = function.api_visibility == "public"
    parameters = inspect.signature(function.fn).parameters if public else {}
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    types: Any = tuple[tuple(map(_type, function.inputs))]  # type: ignore[misc]
    values: TypeAdapter[tuple[Any, ...]] = TypeAdapter(types)
    return Event(function.api_name if public else "", number, values, defaults)


def _type(component: Any) -> Any:
    if isinstance(component, gr.Dropdown | gr.Radio):  # one that takes any text has "" for all
        if getattr(component, "allow_custom_value", False):
            return _Line
        values = tuple(value for _, value in component.choices)
        return Literal[values] | None if values else _Cell
    if isinstance(component, gr.Dataframe):
        width = len(component.headers)
        row: Any = Annotated[list[_Cell], Field(min_length=width, max_length=width)]
        return _Table[row] | None
    return _TAKES[type(component)]

"""Types of the bodies that Gradio's end points take, and of the values of each event by its components.

Only the known fields of a body that fits reach Gradio. Pydantic parses the JSON itself, which refuses endless
nesting, lone surrogates and numbers of a thousand digits.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

import gradio as gr
from gradio.components.api_component import Api
from gradio_client.utils import is_file_obj, traverse
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, JsonValue, TypeAdapter, ValidationInfo
from pydantic_core import PydanticCustomError

from qa.errors import QuestionError
from qa.text.normal import one_line

SessionName: TypeAlias = Annotated[str, Field(pattern=r"^[\w-]{1,64}$")]
_Cell: TypeAlias = str | int | float | bool | None
_SHOWN = 40  # characters of an unknown name in a message
MayUse: TypeAlias = Callable[[str], bool]  # whether a path is an upload of the person who asks


class Arguments(BaseModel):
    """Positional arguments of a program's call."""

    data: list[JsonValue]


NamedArguments: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class Cancel(BaseModel):
    """A request to stop an event."""

    session_hash: SessionName
    fn_index: int
    event_id: SessionName


def _holds_file(value: JsonValue) -> bool:
    """Whether Gradio would take a part of the value for a file."""
    found = list[object]()
    traverse(value, found.append, is_file_obj)
    return bool(found)


def _without_files(value: JsonValue) -> JsonValue:
    if _holds_file(value):
        raise PydanticCustomError("file", "a file where none is taken")
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
    gr.Dataframe: _Plain,
    Api: _Plain,
}


class Join(BaseModel):
    """An event of an open page."""

    data: list[JsonValue]
    fn_index: int
    session_hash: SessionName
    event_data: Annotated[JsonValue, AfterValidator(lambda value: None if _holds_file(value) else value)] = (
        None
    )
    trigger_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a page (``name`` is ``""``) or one end point."""

    name: str
    values: TypeAdapter[tuple[Any, ...]]  # of its components
    defaults: Mapping[str, Any]  # of an end point's arguments; ``inspect.Parameter.empty`` for required ones

    def fitted(self, data: list[JsonValue], may_use: MayUse) -> list[Any]:
        """Return the values for Gradio; ValidationError if one does not fit, is missing or too many."""
        missing = list(self.defaults.values())[len(data) :]
        if inspect.Parameter.empty not in missing:
            data = [*data, *missing]
        found = self.values.validate_python(tuple(data), context=may_use)
        return list(self.values.dump_python(found, mode="json"))

    def in_order(self, named: Mapping[str, JsonValue]) -> list[JsonValue]:
        """Return named arguments in order; QuestionError if one is unknown or missing."""
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
    """Return the events of a page by Gradio's numbers, without those that only run in the browser."""
    events = {}
    for number, function in page.fns.items():
        if function.fn:
            public = function.api_visibility == "public"
            parameters = inspect.signature(function.fn).parameters if public else {}
            defaults = {name: parameter.default for name, parameter in parameters.items()}
            types: Any = tuple[tuple(map(_type, function.inputs))]  # type: ignore[misc]
            name = str(function.api_name) if public else ""
            events[number] = Event(name, TypeAdapter(types), defaults)
    return events


def _type(component: Any) -> Any:
    if isinstance(component, gr.Dropdown | gr.Radio):
        if getattr(component, "allow_custom_value", False):  # "" for all
            return _Line
        values = tuple(value for _, value in component.choices)
        return Literal[values] | None if values else _Cell
    return _TAKES[type(component)]

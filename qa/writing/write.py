"""Answer → the same answer in a model's words, checked like any other; or as it was, with a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.corrections import DISAGREE
from qa.answering.wording import Wording
from qa.checking import check
from qa.index import Index
from qa.text.figures import figures
from qa.types import Answer, Citation, Query
from qa.writing.client import Failure, LLMFailure, Model
from qa.writing.frame import INSTRUCTIONS, NO_ANSWER, framed, material
from qa.writing.reply import marked, marks, rests, sentences

__all__ = ["NOTES", "written"]

ENOUGH = 0.5  # share of a reply's sentences that must hold
MOST_SENTENCES = 40  # of a reply
_INSTEAD = "，以上是直接摘自报告的回答。"
NOTES: dict[Failure, str] = {
    "timeout": f"语言模型没有及时答完{_INSTEAD}",
    "unreachable": f"连不上语言模型{_INSTEAD}",
    "busy": f"语言模型的服务正忙或出了错{_INSTEAD}",
    "denied": f"语言模型的服务没有接受请求（请检查地址、模型名和密钥）{_INSTEAD}",
    "redirected": f"语言模型的服务要求转到别的地址，没有照办{_INSTEAD}",
    "malformed": f"语言模型的回答不完整或读不懂{_INSTEAD}",
    "refused": f"语言模型没有作答{_INSTEAD}",
    "unverified": f"语言模型的回答没有通过核对{_INSTEAD}",
}


def written(model: Model, index: Index, query: Query, told: Answer, echoed: str = "") -> Answer:
    """The answer in the model's words where enough of them hold; else ``told`` with one sentence that says so.

    A refusal, a corrected premise, sources that disagree and small talk stay as they are, and the model is not asked:
    it must not choose between two figures.

    Args:
        model: from ``model_of``.
        told: the checked extractive answer to ``query``.
        echoed: as in ``check``.
    """
    if told.abstained or not told.citations or told.text.startswith(DISAGREE):
        return told
    wording = Wording(index)
    items = material(query, told, wording)
    if not items:
        return told
    try:
        said = sentences(model(INSTRUCTIONS, framed(query.standalone, items)))
        if not said or any(NO_ANSWER in s for s in said):
            raise LLMFailure("refused")
        if len(said) > MOST_SENTENCES:
            raise LLMFailure("malformed")
        sound = [s for s in said if rests(s, items, index.by_id, query.standalone, wording)]
        checked = check(_draft(sound, items, told), index.by_id, echoed)
        if not _suffices(checked, told, len(said)):
            raise LLMFailure("unverified")
    except LLMFailure as failure:
        return replace(told, text=f"{told.text}\n{NOTES[failure.kind]}")
    return checked


def _draft(sound: Sequence[str], items: Sequence[Citation], told: Answer) -> Answer:
    """An answer of these sentences and of what the rules say without a source: a formula, a caveat."""
    numbers = {old: new for new, old in enumerate(dict.fromkeys(m for s in sound for m in marks(s)), 1)}
    cited = [replace(items[old - 1], marker=new) for old, new in numbers.items()]
    lines = [marked(s, numbers) for s in sound]
    own = [line for line in told.text.split("\n") if not marks(line) and not line.endswith("：")]
    body = lines if len(lines) == 1 else [f"- {line}" for line in lines]
    return replace(told, text="\n".join((*body, *own)), citations=tuple(cited), figures=())


def _suffices(checked: Answer, told: Answer, sentences_said: int) -> bool:
    """Whether what held answers all that was answered: the figure, every report, and half of what was said."""
    kept = sum(bool(marks(line)) for line in checked.text.split("\n"))
    asked = {f.value for f in figures(told.short or "")}
    return (
        not checked.abstained
        and kept >= max(1, ENOUGH * sentences_said)
        and asked <= {f.value for f in checked.figures}
        and {c.report_id for c in told.citations} <= {c.report_id for c in checked.citations}
    )

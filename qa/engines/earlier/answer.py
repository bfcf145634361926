"""Choose the formula over figures given before that a follow-up asks for, and answer with it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, groupby
from pathlib import Path

import numpy as np

from embeddings.fitted import Floats, Network
from embeddings.reader import default_question_reader
from qa.answering.comparison import (
    WORDED_APART,
    caveat,
    compared_in,
    counted_otherwise,
    inside_notes,
    larger,
    measured_alike,
    of_other_times,
)
from qa.answering.compose import compose
from qa.answering.programs.choice import sound_vector
from qa.answering.wording import wording_of
from qa.checking import check
from qa.engines.earlier.features import FollowUp
from qa.engines.earlier.given import COMPARE, Formula, formulas_of, given_before
from qa.engines.records import Conversation
from qa.index import Index
from qa.retrieval import PASSAGES, interleave
from qa.text.figure_context import has_whole_and_part
from qa.text.organisations import report_label
from qa.types import Answer, Reason

SOUNDS, NETWORK = (Path(__file__).with_name(name) for name in ("sounds.json", "network.npz"))
HEARD = 0.2  # chance that a follow-up computes, by its words, from which the answers before are looked at
SURE = 0.6  # chance from which a formula is the one that is asked for


def computed_from_earlier(index: Index, conversation: Conversation) -> Answer | None:
    """Return the checked answer to a follow-up that computes with what was answered; None if it does not, or it cannot be."""
    query, history = conversation.query, conversation.history
    sounds = sounds_of(query.asked)
    if not history or query.form.shape or np.exp(sounds[-1]) > 1.0 - HEARD:
        return None
    given = given_before(history, conversation.earlier)
    formula, chance = likeliest(FollowUp(query, history, given, wording_of(index), sounds.tolist()))
    if formula is None or chance < SURE:
        return None
    operands = formula.operands
    labels = [report_label(index.by_id[one.citation.report_id], one.citation.time) for one in operands]
    noted = _noted(index, formula, labels) if _in_order_asked(query.asked, formula) else None
    if noted is None:
        return None
    note, reason = noted
    told, formulas = _concluded(query.asked, formula, labels)
    marked, lines = list(zip(labels, enumerate(operands, 1), strict=True)), list[str]()
    for label, own in groupby(marked, key=lambda one: one[0]):
        lines.append(f"{label}：{'，'.join(f'{one.shown}[{number}]' for _, (number, one) in own)}。")
    bullet, used = "- " if len(lines) > 1 else "", {id(one.answer): one.answer for one in operands}.values()
    standalone = "；".join((*(answer.standalone_question for answer in used), query.asked))
    made = compose(
        replace(query, standalone=standalone),
        (),
        interleave([answer.passages for answer in used], PASSAGES),
        short=None if formula.name == COMPARE else formula.result.text,
        reason=reason,
        opening="\n".join(f"{bullet}{line}" for line in lines),
        closing=f"{told}{note}",
        chance=min(chance, *(answer.chance or 0.0 for answer in used)),
    )
    cited = tuple(replace(one.citation, marker=number) for _, (number, one) in marked)
    made = replace(made, citations=cited, calculation=formulas)
    return check(made, index.by_id, echoed=" ".join((*history, query.asked)))


def likeliest(follow_up: FollowUp) -> tuple[Formula | None, float]:
    """Return the likeliest formula with its chance, that of others with the same result added; None if there is no candidate."""
    every = list(formulas_of(follow_up.given))
    if not every:
        return None, 0.0
    scores = _network().scores(np.array([follow_up.features(one) for one in every]))
    chances = np.exp(scores - np.logaddexp.reduce([0.0, *scores]))
    best = every[int(np.argmax(chances))]
    same = [one.result.text == best.result.text for one in every]
    return best, float(chances[same].sum())


def _noted(index: Index, formula: Formula, labels: Sequence[str]) -> tuple[str, Reason | None] | None:
    """Return what is to be minded of a formula, and the reason of a caveat; None if it must not be computed.

    A part is not added to its whole, a place to one that it lies in, or what is planned to what was done; nothing grows into
    another thing.
    """
    operands = formula.operands
    said = [(one.shown, one.figure) for one in operands]
    quoted = [(one.citation.quote, one.figure) for one in operands]
    if formula.name == "sum":
        inside = inside_notes([index.by_id[one.citation.report_id].place for one in operands])
        planned = len({one.citation.plan for one in operands}) > 1
        if inside or planned or has_whole_and_part(quoted):
            return None
    if formula.name == "growth" and not measured_alike([(one.text, one.figure) for one in operands]):
        return None
    if len(set(labels)) < 2:
        return "", None
    note, reason = caveat(said, labels)
    if reason != "different_measure":
        return note, reason
    otherwise = any(counted_otherwise(*pair) for pair in combinations(said, 2))
    unlike = formula.name not in ("ratio", "product") and otherwise
    return None if unlike else (WORDED_APART + of_other_times(labels), reason)


def _in_order_asked(asked: str, formula: Formula) -> bool:
    """Whether what is divided is what a follow-up names first (前头是后头的几倍): the larger is divided, of a share the smaller.

    Which is 前 is told by their times, or by which was given first.
    """
    first, second = asked.find("前"), asked.find("后")
    if formula.name not in ("multiple", "share") or min(first, second) < 0:
        return True
    in_time = sorted(formula.operands, key=lambda one: (one.end, -one.back))
    over, under = in_time if first < second else reversed(in_time)
    return (over.figure.value >= under.figure.value) == (formula.name == "multiple")


def _concluded(asked: str, formula: Formula, labels: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return what a formula comes to, in words, with the formulas of it; which figure is larger if that is asked."""
    compares = default_question_reader().read(asked).operation in ("compare", "extreme") or compared_in(asked)
    if formula.name == COMPARE or (formula.name == "difference" and compares):
        words = [one.words for one in formula.operands]
        printed = [one.figure.text for one in formula.operands]
        names = next(each for each in (labels, words, printed) if len({*each} - {""}) == len(each))
        told, of = larger(
            asked, [(name, one.figure) for name, one in zip(names, formula.operands, strict=True)]
        )
        return told, (of,) if of else ()
    return f"计算：{formula.result.formula}。", (formula.result.formula,)


def sounds_of(asked: str) -> Floats:
    """Return the log-probability of each of ``OF_EARLIER``, and last of none of them, by the words of a follow-up."""
    scores = np.array(_sounds()) @ sound_vector(asked)
    return np.asarray(scores - np.logaddexp.reduce(scores))


@cache
def _network() -> Network:
    return Network.read(NETWORK)


@cache
def _sounds() -> list[list[float]]:
    return json.loads(SOUNDS.read_text("utf-8"))  # type: ignore[no-any-return]

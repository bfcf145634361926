"""Give the verdict on a figure of a draft: a small model weighs what speaks for each.

It compares the best candidate that agrees with the figure and the best that differs from it. Where that leaves doubt, the
answer reader says how well each of them answers what the draft's clause, read as a question, asks. The model was fitted
on drafts by people who saw neither program nor verdicts (``qa.evaluate.train.drafts``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from embeddings.reader import default_answer_reader, marked
from qa.drafts.comparing import comparable, is_slip, likeness
from qa.drafts.draft import Context
from qa.drafts.judging import GOOD, DraftItem, Verdict, levels_differ, sourced, tells_plan, unknown
from qa.drafts.ranking import FEATURES as CANDIDATE
from qa.drafts.ranking import Candidate, Candidates, Floats, Register, words_fit
from qa.drafts.scope import (
    TOGETHER,
    another_term,
    became_of,
    elsewhere,
    is_of_another,
    is_turned_round,
    of_another_part,
    was_before,
)
from qa.drafts.statements import Statement
from qa.text.figures import same_value
from qa.text.organisations import report_label
from qa.text.sentences import holding, split_clauses
from qa.text.states import signs_of_done

VERDICTS: tuple[Verdict, ...] = (
    "agrees", "differs", "other_term", "other_place", "plan_for_result", "not_in_reports",
)  # fmt: skip
DOUBT = (0.2, 0.8)  # probabilities that a figure agrees between which the clause is read
LIKELY = 0.45  # probability from which a figure agrees, whatever else it may be
KINDRED = 0.5  # share of the word fit of the best from which another is of the same thing
SHORTEST, LONGEST = 8, 60  # characters of the draft that are read
BIAS = "bias"
ELSEWHERE, SLIP = "agreeing: elsewhere", "differing: slip"
NO_SCORE, UNREAD = -5.0, -10.0  # of a candidate that is not there
READ = ("agreeing: read", "differing: read", "read ahead")  # what is known only where the clause is read
_NUMBER = re.compile(r"^.*[\d一二两三四五六七八九十百千万亿零〇余多]")


@dataclass(frozen=True, slots=True)
class Case:
    """A figure of a draft with the best candidates that agree and differ, if any, and what speaks for each verdict."""

    said: Statement
    agreeing: Statement | None
    differing: Statement | None
    instead: Statement | None  # the best of the draft's own place and time that differs
    instead_near: bool  # whether the draft's neighbours were found there, and not beside the agreeing one
    features: Mapping[str, float]

    def read(self, register: Register) -> dict[str, float]:
        """Return the features with ``READ``: the log-odds that each answers the draft's clause, and their difference."""
        one, other = (_log_odds(self.said, each, register) for each in (self.agreeing, self.differing))
        return {**self.features, **dict(zip(READ, (one, other, one - other), strict=True))}


def figure_item(said: Statement, context: Context, found: Candidates, register: Register) -> DraftItem:
    """Return the item of a figure; years and places that the draft names itself leave nothing to weigh."""
    case = case_of(said, context, found, register)
    if (turned := case.agreeing) and is_turned_round(said, turned):
        item = sourced(said, "differs", register.reports[turned.report_id], turned)
        return replace(item, right=turned.clause, corrected=turned.corrected)
    verdict = _certain(case, context, register) or _likeliest(case, register)
    meant = case.instead or (case.differing if case.features.get(SLIP) else case.agreeing)
    told = meant if verdict == "differs" else case.agreeing or case.differing
    if told is None or verdict == "not_in_reports":
        return unknown(said)
    right = {"differs": meant, "other_term": case.instead, "other_place": case.instead}.get(verdict, told)
    if verdict == "agrees":
        if levels_differ(said, told):
            verdict = "wrong_name"
        elif likeness(said, told) != "same":
            verdict = "agrees_otherwise"
    item = replace(sourced(said, verdict, register.reports[told.report_id], told), corrected=told.corrected)
    if verdict in GOOD or right is None:
        return item
    in_words = right.text == said.text  # 下降3.5% for 增长3.5%
    return replace(item, right=right.clause if in_words else right.text)


def _likeliest(case: Case, register: Register) -> Verdict:
    """Return the verdict that the model takes for the likeliest of those that the candidates allow."""
    unread, read = _models()
    chances = unread.probabilities(case.features)
    if DOUBT[0] < chances[0] < DOUBT[1]:
        chances = read.probabilities(case.read(register))
    both = [each for each in (case.agreeing, case.differing) if each]
    allowed = {
        "agrees": case.agreeing is not None,
        "differs": case.differing is not None,
        "other_place": case.features.get(ELSEWHERE) or len({each.report_id for each in both}) > 1,
        "plan_for_result": any(each.plan for each in both),
    }
    possible = np.array([bool(allowed.get(verdict, True)) for verdict in VERDICTS])
    chances = np.where(possible, chances, 0.0)
    return "agrees" if chances[0] >= LIKELY else VERDICTS[1 + int(chances[1:].argmax())]


def _certain(case: Case, context: Context, register: Register) -> Verdict | None:
    """Return what needs no weighing: another place or term than the draft names or is all about."""
    if case.agreeing is None:
        return None
    if context.names_place and elsewhere(context, case.agreeing, register):
        return "other_place"
    told = context.names_years or context.of_one_year or case.instead is not None
    of_term = case.instead_near or (told and another_term(context, case.agreeing, register))
    return "other_term" if of_term and not was_before(case.said) else None


def case_of(said: Statement, context: Context, found: Candidates, register: Register) -> Case:
    """Return what speaks for and against a figure."""
    stated = register.statements
    own = {each.number for each in found if _is_of_its_own(said, context, stated[each.number], register)}
    least = KINDRED * words_fit(found[0]) if found else 0.0  # of one of another place or time, or of plans
    alike = (each for each in found if likeness(said, stated[each.number]) != "other")
    agreeing = [each for each in alike if each.number in own or words_fit(each) >= least]
    differing = (each for each in found if likeness(said, stated[each.number]) == "other")
    others = [each for each in differing if comparable(said, stated[each.number])]
    of_own = (each for each in agreeing if each.number in own and _told_alike(each, agreeing[0], register))
    one = next(of_own, next(iter(agreeing), None))
    other = next(iter(others), None)
    least = KINDRED * max((words_fit(each) for each in (one, other) if each), default=0.0)
    instead = next((each for each in others if each.number in own and words_fit(each) >= least), None)
    mine, theirs, its_own = (stated[each.number] if each else None for each in (one, other, instead))
    features = {
        **_held("agreeing", one),
        **_held("differing", other),
        "best agrees": float(one is not None and found[0] is one),
        "agreeing ahead": (one.score if one else NO_SCORE) - (other.score if other else NO_SCORE),
        "agreeing ones": float(len(agreeing)),
        "agreeing: of its own": float(one is not None and one.number in own),
        "its own differs": float(bool(one and instead and one.number not in own)),
    }
    told = _told(said, context, mine, theirs, register)
    whole = {**features, **{name: float(bool(so)) for name, so in told.items()}}
    near = _is_near(instead) and one is not None and not _is_near(one)
    return Case(said, mine, theirs, its_own, near and _of_one_place(mine, its_own, register), whole)


def _told_alike(one: Candidate, other: Candidate, register: Register) -> bool:
    """Return whether two candidates have one value and nearly the same words."""
    values = (register.statements[each.number].figure for each in (one, other))
    first, second = (figure.value if figure else 0.0 for figure in values)
    return same_value(first, second) and words_fit(one) >= KINDRED * words_fit(other)


def _is_near(candidate: Candidate | None) -> bool:
    """Return whether what stands around the draft's figure was found around it, too."""
    return candidate is not None and candidate.features[CANDIDATE.index("neighbours")] >= TOGETHER


def _of_one_place(one: Statement | None, other: Statement | None, register: Register) -> bool:
    """Return whether two statements are of two reports of one place."""
    if one is None or other is None or one.report_id == other.report_id:
        return False
    return register.reports[one.report_id].place == register.reports[other.report_id].place


def _is_of_its_own(said: Statement, context: Context, stated: Statement, register: Register) -> bool:
    """Return whether a statement is of the draft's place and time, and a plan only if the draft tells one."""
    planned = not stated.plan or tells_plan(said, context, register.reports[stated.report_id])
    return planned and not is_of_another(context, stated, register)


def _told(
    said: Statement, context: Context, mine: Statement | None, theirs: Statement | None, register: Register
) -> dict[str, object]:
    """Return what is so of a figure and of both statements of the reports: of their time, place and kind."""
    told: dict[str, object] = {
        "draft: years named": context.names_years,
        "draft: of what is done": any(signs_of_done(said.clause)),
        "draft: was before": was_before(said),
        "draft: relative": said.relative,
    }
    for side, stated in (("agreeing", mine), ("differing", theirs)):
        if stated is not None:
            report = register.reports[stated.report_id]
            planned = tells_plan(said, context, report)
            told |= {
                "draft: plan": planned,
                f"{side}: plan": stated.plan,
                f"{side}: plan alone": stated.plan and not planned,
                f"{side}: relative": stated.relative,
                f"{side}: of the report's years": stated.period == report.period,
                f"{side}: of the draft's years": stated.period == context.period,
            }
    if theirs is not None:
        slip = said.figure and theirs.figure and is_slip(said.figure, theirs.figure)
        told |= {SLIP: slip, "differing: was before": was_before(theirs)}
    if mine is not None:
        told |= {
            "agreeing: same": likeness(said, mine) == "same",
            "agreeing: of other levels": levels_differ(said, mine),
            "agreeing: of another part": of_another_part(said, mine, register.reports[mine.report_id].place),
            ELSEWHERE: elsewhere(context, mine, register),
            "agreeing: another term": another_term(context, mine, register),
            "agreeing: of the sentence's years": mine.period == said.period,
            "agreeing: became another": became_of(said, mine, register),
        }
    if mine is not None and theirs is not None:
        same_paragraph = (mine.report_id, mine.paragraph) == (theirs.report_id, theirs.paragraph)
        told |= {"same paragraph": same_paragraph, "same years": mine.period == theirs.period}
    return told


def _held(side: str, candidate: Candidate | None) -> dict[str, float]:
    """Return the features of a candidate, under names of its own."""
    if candidate is None:
        return {f"{side}: score": NO_SCORE}
    named = {f"{side}: {name}": value for name, value in zip(CANDIDATE, candidate.features, strict=True)}
    return {
        **named,
        f"{side}: is there": 1.0,
        f"{side}: score": candidate.score,
        f"{side}: fit": words_fit(candidate),
    }


def _log_odds(said: Statement, stated: Statement | None, register: Register) -> float:
    """Return the log-odds that a statement is what the draft's clause asks for, its figure left open."""
    if stated is None:
        return UNREAD
    label = report_label(register.reports[stated.report_id])
    sentence = marked(stated.sentence, [(stated.at, stated.at + len(stated.text))])
    return default_answer_reader().log_odds(asking(said), label, sentence)


def asking(said: Statement) -> str:
    """Return a draft's clause as a question: its figure left open, with the clause before it if it is short."""
    sentence, end = said.sentence, said.at + len(said.text)
    clauses = split_clauses(sentence)
    start, stop = holding(clauses, said.at)
    if said.at - start < SHORTEST and start:
        start = holding(clauses, start - 1)[0]
    unit = _NUMBER.sub("", said.text)
    return f"{sentence[start : said.at]}多少{unit}{sentence[end : max(stop, end)]}"[-LONGEST:]


@dataclass(frozen=True, slots=True)
class Softmax:
    """A multinomial regression over named features; one that is not told of counts as 0."""

    names: tuple[str, ...]
    weights: Floats  # (verdicts, names + 1), the bias last

    @classmethod
    def of(cls, table: Mapping[str, Mapping[str, float]]) -> Softmax:
        """Return the model of a table {verdict: {feature: weight, "bias": bias}}."""
        names = tuple(name for name in table[VERDICTS[0]] if name != BIAS)
        return cls(
            names, np.array([[table[verdict][name] for name in (*names, BIAS)] for verdict in VERDICTS])
        )

    def probabilities(self, features: Mapping[str, float]) -> Floats:
        """Return the probability of each of ``VERDICTS``."""
        scores = self.weights @ np.array([*(features.get(name, 0.0) for name in self.names), 1.0])
        chances = np.exp(scores - scores.max())
        return np.asarray(chances / chances.sum())


@cache
def _models() -> tuple[Softmax, Softmax]:
    """Return the model that has not read the clause, and the one that has."""
    stored = json.loads(files("qa.drafts").joinpath("verdicts.json").read_text(encoding="utf-8"))
    return Softmax.of(stored["unread"]), Softmax.of(stored["read"])

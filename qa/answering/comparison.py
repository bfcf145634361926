"""Compare figures of several places or terms; what measures different things gets a caveat instead."""

import re
from collections.abc import Sequence
from dataclasses import replace

from embeddings.reader import LEAST, Mention, default_pair_reader, default_question_reader
from embeddings.words import cut
from qa.ledger.indicators import levels, what_counts
from qa.text.arithmetic import derive
from qa.text.changes import is_by_how_much
from qa.text.divisions import short_name
from qa.text.figure_context import counted_alike, pace, states_mean
from qa.text.figures import figures, same_value, senses, unit_kind
from qa.text.sentences import holding, split_clauses
from qa.text.when import times_in
from qa.types import MARK, Figure, Place, Query, Reason

_MORE = frozenset("多高大少低小")
WORDED_APART = "说法不同，口径可能也不同。"
OTHERWISE = ("total_new", "level", "planned_achieved", "people_times")  # relations of figures
COMPARES = ("compare", "extreme", "difference")  # operations of the question reader


def conclusion(query: Query, labels: Sequence[str], figures: Sequence[Figure | None]) -> tuple[str, str]:
    """Return a sentence on which is larger by how much, and its formula; ``""`` if not asked or unlike.

    Of more than two, those that have a figure are compared if the question says that it wants to know (谁更多).
    """
    known = [(label, f) for label, f in zip(labels, figures, strict=True) if f is not None]
    asks = default_question_reader().read(query.standalone).operation in COMPARES
    compared = compared_in(query.standalone)
    of_figures = compared or all(part.kind == "figure" for part in query.parts)  # not 谁更重视
    # A limit that was set is no figure to compare.
    alike = counted_alike(f.unit for _, f in known) and not any("at most" in senses(f) for _, f in known)
    complete = len(known) == len(labels) >= len(query.scopes)
    if not asks or not of_figures or len(known) < 2 or not alike or not (complete or compared):
        return "", ""
    return larger(query.standalone, known, "相比之下" if complete else "就查到的来说")


def larger(question: str, known: Sequence[tuple[str, Figure]], opening: str = "相比之下") -> tuple[str, str]:
    """Return a sentence on which of some figures, each with its name, is larger by how much, in the question's words, and its formula."""
    compared, (_, any_figure) = compared_in(question), known[0]
    word = compared[-1] if compared else "高" if unit_kind(any_figure.unit) == "%" else "多"
    sign = 1 if word in "少低小" else -1
    (first, extreme), (second, next_to_it), *_ = sorted(known, key=lambda item: sign * item[1].value)
    if same_value(extreme.value, next_to_it.value):
        return f"{first}与{second}相同。", ""
    derived = derive("difference", (extreme, next_to_it))
    if derived is None:
        return f"{opening}，{first}更{word}。", ""
    rank, than = (f"更{word}", "") if len(known) == 2 else (f"最{word}", f"比{second}")
    return f"{opening}，{first}{rank}，{than}{word}{derived.text}（{derived.formula}）。", derived.formula


def compared_in(question: str) -> list[str]:
    """Return the words of a question that say how things are compared (谁多, 哪个更高)."""
    return [word for each in cut(question) if (word := each.lstrip("更最较")) in _MORE]


def caveat(said: Sequence[tuple[str, Figure]], labels: Sequence[str]) -> tuple[str, Reason | None]:
    """Return a sentence on how the measures, or the years of places, differ and its reason; ``""`` and None if they do not."""
    if len(said) < 2:
        return "", None
    if not measured_alike(said):
        return "各处统计口径不同，不宜直接相比。", "different_measure"
    note = of_other_times(labels)
    return note, "different_period" if note else None


def of_other_times(labels: Sequence[str]) -> str:
    """Return a sentence on how the times of labels (温州（2018–2023）) differ; ``""`` if they do not."""
    spans = {tuple(map(int, re.findall(r"\d{4}", label))) for label in labels if label}
    if len({own[-1] - own[0] if own else 0 for own in spans}) > 1:
        return "各报告的统计时段长短不同，比较时请注意。"
    if len({label.partition("（")[0].rstrip("0123456789年") for label in labels}) > 1 and len(spans) > 1:
        return "各处的年份不同，比较时请注意。"
    return ""


def inside_notes(places: Sequence[Place]) -> tuple[str, ...]:
    """Return a sentence for each place that others lie in, of which its figure may be a sum.

    >>> inside_notes([Place("浙江省"), Place("温州市", ("浙江省",)), Place("漳州市", ("福建省",))])
    ('温州在浙江之内，浙江的数字可能已经包含，不宜相加。',)
    """
    names = {place.name for place in places}
    inside: dict[str, list[str]] = {}
    for place in dict.fromkeys(places):
        above = next((name for name in reversed(place.parents) if name in names), None)
        if above is not None:
            inside.setdefault(short_name(above), []).append(short_name(place.name))
    return tuple(
        f"{'、'.join(own)}在{above}之内，{above}的数字可能已经包含，不宜相加。"
        for above, own in inside.items()
    )


def measured_alike(said: Sequence[tuple[str, Figure]]) -> bool:
    """Whether figures, each with the text that states it, share a kind of unit and count the same thing."""
    return how_alike(said) >= LEAST


def how_alike(said: Sequence[tuple[str, Figure]]) -> float:
    """Return the least chance that one of some figures counts the same thing as the first, each with the text that states it.

    One per year (每年200元) and one for all years do not, nor do two levels or kinds of units; else the reader of pairs says.
    """
    told_of = {levels(what_counts(text, figure)) for text, figure in said} - {frozenset()}
    if not counted_alike(figure.unit for _, figure in said) or len(told_of) > 1:
        return 0.0
    return min((likeness(said[0], other) for other in said[1:]), default=1.0)


def likeness(one: tuple[str, Figure], other: tuple[str, Figure]) -> float:
    """Return the chance that two figures, each with its text, count the same: in their clauses, or without further items."""
    alike = counted_alike((one[1].unit, other[1].unit)) and _pace(*one) == _pace(*other)
    first, second = _mention(*one), _mention(*other)
    alike = alike and states_mean(first[0]) == states_mean(second[0])
    alike = alike and is_by_how_much(first[0][: first[1]]) == is_by_how_much(second[0][: second[1]])
    read = default_pair_reader().likeness
    return max(read(first, second), read(_alone(first), _alone(second))) if alike else 0.0


def counted_otherwise(one: tuple[str, Figure], other: tuple[str, Figure]) -> bool:
    """Whether one of two figures, each with its text, is all there is and the other what was added, planned, of another level."""
    if "at most" in senses(one[1]) | senses(other[1]) or how_alike((one, other)) == 0.0:
        return True
    chances = default_pair_reader().read(_mention(*one), _mention(*other))
    return sum(chances[relation] for relation in OTHERWISE) > (1.0 - chances["unit"]) / 2


def related(one: tuple[str, Figure], other: tuple[str, Figure]) -> float:
    """Return the chance that two figures, each with its text, have to do with one another: the same, a part of it, what of it was done."""
    chances = default_pair_reader().read(_mention(*one), _mention(*other))
    return (1.0 - chances["other"] - chances["unit"]) / max(1.0 - chances["unit"], 1e-6)


def _begin(text: str, figure: Figure) -> int:
    """Return where a text has a figure, not where a longer one ends (3家 in 13家); -1 if it has not."""
    return next((f.start for f in figures(text) if f.text == figure.text), -1)


def _pace(text: str, figure: Figure) -> str:
    at = _begin(text, figure)
    return pace(text, replace(figure, start=at, end=at + len(figure.text))) if at >= 0 else ""


def _mention(text: str, figure: Figure) -> Mention:
    """Return a figure's clause and its offsets there; a clause that is only a year (2022年：4900人) gets the text before."""
    at = _begin(text, figure)
    if at < 0:
        return text, 0, len(text)
    times = times_in(text)
    start, end = holding(split_clauses(text), at)
    undated = [n for n in range(at) if not any(a <= n < b for a, b in times)]
    says_more = any(n >= start and text[n].isalnum() for n in undated)
    start = start if says_more or MARK.sub("", text[at + len(figure.text) : end]).strip("。；，") else 0
    before = "".join(text[n] for n in undated if n >= start)
    before = before.rstrip("，：, ") if start == 0 else before
    return before + text[at:end], len(before), len(before) + len(figure.text)


def _alone(mention: Mention) -> Mention:
    """Return a figure without the further items of its clause (3家、建站5个) and how exact it is (以上)."""
    text, start, end = mention
    every = figures(text)
    inexact = next((own.approximator for own in every if own.start == start), "")
    figure = text[start:end].replace(inexact, "", 1)
    last = text.find("、", end) if any(other.start >= end for other in every) else -1
    text = text[:start] + figure + text[end : last if last >= 0 else len(text)]
    return MARK.sub("", text), start, start + len(figure)

"""Of the meanings of a follow-up that is given whose answer is sure, and no answer where none is sure enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module

import pytest

from embeddings.fitted import Linear
from qa.answering.compose import Line, compose
from qa.answering.refusal import unsure
from qa.answering.statement import Evidence, whole_sentence
from qa.engines import Conversation
from qa.engines.meanings import FEATURES, Tried, answer_to_likeliest, weighed_meanings
from qa.types import Answer, Query, QuestionKind
from tests.reports import Desk, report_of

TEXT = """# 苏州市总工会五年工作报告（2018—2023年）

建成职工书屋30家。

投入资金200万元。
"""
SURE, NEAR, SURER, CONTINUED = 0.8, 0.1, 0.9, 0.6


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(report_of(TEXT, "苏州.md", "苏州市", (2018, 2023)))


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights of one's own in the place of the learned ones: a chance of .85 is sure where it is likely meant."""
    module = import_module("qa.engines.meanings")
    monkeypatch.setattr(module, "ranker", lambda name, features: Linear(FEATURES, (6.0, 2.0, 1.0), 0.0))
    monkeypatch.setattr(
        module,
        "limit",
        lambda name, kind: {"sure": SURE, "near": NEAR, "shortened": SURER, "continued": CONTINUED}[kind],
    )


class Asked:
    """Meanings one by one, with what each is answered with, and which of them were answered."""

    def __init__(self, desk: Desk, *meanings: tuple[str, float, float]) -> None:
        """Each meaning: words, log-odds that it is meant, chance of its answer; under .8 that is withheld."""
        self.desk, self.meanings, self.answered = desk, meanings, list[str]()

    def queries(self) -> Iterator[Query]:
        for words, meant, _ in self.meanings:
            yield replace(self.desk.understand(words), meant=meant)

    def answer(self, query: Query, least: float | None = None) -> Answer:
        self.answered.append(query.asked)
        chance = next(chance for words, _, chance in self.meanings if words == query.asked)
        hits = self.desk.ask(query.asked).passages
        if chance < (SURE if least is None else least):
            return replace(unsure(query, hits), chance=chance)
        sentence = "投入资金200万元。" if "资金" in query.asked else "建成职工书屋30家。"
        hit = next(hit for hit in hits if hit.paragraph.text == sentence)
        line = Line((whole_sentence(Evidence(hit, 0, len(sentence), 0)),))
        return compose(query, (line,), hits, short=sentence[-5:-1], chance=chance)

    def shortened(self) -> Answer:
        """The outcome if the second meaning is the first without what asks nothing."""
        first, second = self.queries()
        return answer_to_likeliest(Conversation(first, others=[replace(second, shortened=True)]), self.answer)

    @property
    def outcome(self) -> Answer:
        first, *others = self.queries()
        return answer_to_likeliest(Conversation(first, others=others), self.answer)


def test_no_other_is_looked_up_where_the_likeliest_is_sure(desk: Desk) -> None:
    asked = Asked(desk, ("苏州建成几家书屋", 2.0, 0.9), ("苏州书屋投入多少资金", 1.0, 0.99))
    assert asked.outcome.short == "屋30家" and asked.answered == ["苏州建成几家书屋"]


def test_the_next_is_given_where_the_likeliest_has_no_sure_answer(desk: Desk) -> None:
    asked = Asked(desk, ("苏州书屋的资金", 1.0, 0.4), ("苏州建成几家书屋", 0.5, 0.95))
    answer = asked.outcome
    assert answer.standalone_question == "苏州建成几家书屋" and answer.short == "屋30家"
    assert answer.chance is not None and answer.chance >= SURE


def test_a_sure_answer_to_what_is_hardly_meant_is_withheld_and_its_sentence_shown(desk: Desk) -> None:
    asked = Asked(desk, ("苏州书屋的资金", -3.0, 0.4), ("苏州建成几家书屋", -4.0, 0.85))
    answer = asked.outcome
    assert answer.outcome == "not_sure" and not answer.citations and answer.short is None
    assert answer.nearest[0].text == "建成职工书屋30家。"
    assert answer.chance is not None and answer.chance < SURE


def test_the_nearest_of_the_likeliest_right_is_shown_where_none_is_sure(desk: Desk) -> None:
    asked = Asked(desk, ("苏州书屋的资金", 1.0, 0.2), ("苏州建成几家书屋", 0.8, 0.7))
    answer = asked.outcome
    assert answer.outcome == "not_sure" and answer.standalone_question == "苏州建成几家书屋"
    assert asked.answered == ["苏州书屋的资金", "苏州建成几家书屋"]


@pytest.mark.parametrize(("first", "looked_up"), [(0.05, 1), (0.3, 2), (0.6, 3)])
def test_no_further_meaning_is_looked_up_where_nothing_is_near(
    first: float, looked_up: int, desk: Desk
) -> None:
    meanings = (("苏州书屋的资金", 1.0, first), ("苏州建成几家书屋", 0.5, 0.2), ("苏州的书屋", 0.0, 0.1))
    asked = Asked(desk, *meanings)
    assert asked.outcome.outcome == "not_sure" and len(asked.answered) == looked_up


def test_a_single_meaning_keeps_its_answer(desk: Desk) -> None:
    asked = Asked(desk, ("苏州建成几家书屋", -4.0, 0.81))
    assert asked.outcome.short == "屋30家" and asked.outcome.chance == 0.81


def test_two_meanings_that_are_answered_alike_speak_for_each_other(desk: Desk) -> None:
    asked = Asked(desk, ("苏州建成几家书屋", 0.0, 0.9), ("苏州书屋建成几家", 0.0, 0.9))
    tried = [Tried(query, asked.answer(query)) for query in asked.queries()]
    alike = [
        values[FEATURES.index("another meaning has the same answer")] for values in weighed_meanings(tried)
    ]
    assert alike == [1.0, 1.0]
    other = Tried(desk.understand("资金"), replace(tried[0].answer, short="200万元"))
    assert weighed_meanings([tried[0], other])[0][2] == 0.0


WHOLE, SHORT = "退休了想看看,苏州建成几家书屋", "苏州建成几家书屋"


@pytest.mark.parametrize(
    ("whole", "short", "given"), [(0.4, 0.95, True), (0.4, 0.85, False), (0.02, 0.95, True)]
)
def test_a_shortened_question_is_answered_where_the_whole_is_not_and_it_is_surer(
    desk: Desk, whole: float, short: float, given: bool
) -> None:
    answer = Asked(desk, (WHOLE, 0.0, whole), (SHORT, 0.0, short)).shortened()
    assert (answer.outcome == "answered") is given
    assert answer.standalone_question == (SHORT if given else WHOLE)


def test_a_whole_question_that_is_answered_is_not_shortened(desk: Desk) -> None:
    asked = Asked(desk, (WHOLE, 0.0, 0.82), (SHORT, 0.0, 0.99))
    assert asked.shortened().standalone_question == WHOLE and asked.answered == [WHOLE]


MORE = "苏州书屋投入多少资金"


@pytest.mark.parametrize(
    ("chance", "before", "given"),
    [
        (0.7, "建成职工书屋30家", True),  # another thing of the same passage
        (0.5, "建成职工书屋30家", False),  # rather unsure
        (0.7, "00万元", False),  # what was told already
        (0.7, None, False),  # there is no answer before it
    ],
)
def test_a_less_sure_answer_is_given_that_goes_on_where_the_one_before_stands(
    desk: Desk, chance: float, before: str | None, given: bool
) -> None:
    asked = Asked(desk, (MORE, 1.0, chance))
    (query,) = asked.queries()
    last = replace(asked.answer(query, 0.0), short=before) if before else None
    answer = answer_to_likeliest(Conversation(query, earlier=lambda back: last), asked.answer)
    assert (answer.outcome == "answered") is given


def test_an_answer_of_another_passage_does_not_go_on(desk: Desk) -> None:
    asked = Asked(desk, (MORE, 1.0, 0.7), ("苏州建成几家书屋", 0.0, 0.7))
    query, other = asked.queries()
    answer = answer_to_likeliest(
        Conversation(query, earlier=lambda back: asked.answer(other, 0.0)), asked.answer
    )
    assert answer.outcome == "not_sure"


@pytest.mark.parametrize("kind", ["computation", "reason"])
def test_what_is_neither_computed_nor_one_thing_does_not_go_on(kind: QuestionKind, desk: Desk) -> None:
    asked = Asked(desk, (MORE, 1.0, 0.7))
    (query,) = asked.queries()
    last = replace(asked.answer(query, 0.0), short="建成职工书屋30家")
    conversation = Conversation(replace(query, kind=kind), earlier=lambda back: last)
    assert answer_to_likeliest(conversation, asked.answer).outcome == "not_sure"

"""Example questions come from the reports, read well, and are answered."""

import pytest

from qa.types import Period
from qa.web.suggestions import example_questions, figure_questions, heading_questions
from tests.web.small_library import SmallLibrary, make_report


def test_examples_are_answered_and_come_from_different_reports() -> None:
    library = SmallLibrary()
    examples = example_questions(library)
    assert examples
    assert len(set(examples)) == len(examples) <= 6
    assert {q[:3] for q in examples} == {"云岭市", "芦川县"}
    assert not any(library.ask(q).abstained for q in examples)


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("五年来，全市培育“匠心工坊”27家。", "丙市培育“匠心工坊”多少家？"),
        ("丙市累计发放帮扶慰问金1.5亿元。", "丙市发放帮扶慰问金多少元？"),
        ("市级职工之家已建成的有380余个。", "丙市市级职工之家已建成的有多少个？"),
        ("并且为广大职工建成书屋86个。", None),  # hangs on what came before
        ("建成“职工书屋86个。", None),  # a quotation that was cut
        ("建成职工书屋86个和驿站12个。", None),  # two figures
        ("职工满意率比上一届大会时提高12.5%。", None),
        ("我们的工作从2019年开始。", None),
    ],
)
def test_only_clauses_that_stand_alone_become_questions(sentence: str, question: str | None) -> None:
    report = make_report("丙.txt", "丙市", Period(2020, 2024), {"一": (sentence,)})
    assert list(figure_questions(report, (report,))) == ([question] if question else [])


def test_period_tells_reports_of_one_place_apart() -> None:
    old, new = (
        make_report(f"{p}.txt", "丙市", p, {"维权：多办实事": ("培育“匠心工坊”27家。",)})
        for p in (Period(2015, 2019), Period(2020, 2024))
    )
    assert list(figure_questions(old, (old, new))) == ["丙市2015—2019年培育“匠心工坊”多少家？"]
    assert list(figure_questions(new, (new,))) == ["丙市培育“匠心工坊”多少家？"]


def test_headings_become_questions_without_their_numbering() -> None:
    report = make_report("丁.txt", "丁市", None, {"一、帮扶维权：办实事": ("无。",), "（二）2023": ("无。",)})
    assert list(heading_questions(report, (report,))) == ["丁市在帮扶维权方面做了哪些工作？"]


def test_no_reports_no_examples() -> None:
    assert example_questions(SmallLibrary(reports=())) == ()


def test_reports_of_no_known_place_have_examples_too() -> None:
    report = make_report("无.txt", "", Period(2020, 2024), {"一": ("培育“匠心工坊”27家。",)})
    assert example_questions(SmallLibrary(reports=(report,))) == ("培育“匠心工坊”多少家？",)

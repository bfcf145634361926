"""A report is known by the proper names of its file name and titles, too, if no other report has or mentions them."""

import pytest

from qa.answering.sureness.span_answers import read_passages
from qa.question import catalogue_of, understand
from qa.text.organisations import called, own_names
from tests.reports import Desk, report_of

PLANT = report_of(
    "# 桐花镇的灯——走进砚沅化工的工人们\n\n车间里有职工书屋3家。2021年奖给职工18.6万元。",
    "走进砚沅化工.md",
    "桐花镇",
    (2022, 2022),
)
COUNTY = report_of("# 云峤县总工会2022年工作总结\n\n全县有职工书屋12家。", "云峤.md", "云峤县", (2022, 2022))


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        ("砚沅有几家职工书屋？", [PLANT.id]),
        ("砚沅化工有几家职工书屋？", [PLANT.id]),
        ("云峤有几家职工书屋？", [COUNTY.id]),
        ("职工书屋有几家？", [PLANT.id, COUNTY.id]),
    ],
)
def test_the_report_is_found_by_its_name(question: str, reports: list[str]) -> None:
    query = understand(question, (), catalogue_of((PLANT, COUNTY)))
    assert sorted(query.report_ids) == sorted(reports)
    assert "砚沅" not in query.topic


def test_a_name_that_another_report_mentions_is_not_that_of_one() -> None:
    other = report_of("# 云峤县总工会2022年工作总结\n\n砚沅化工建了会。", "云峤.md", "云峤县", (2022, 2022))
    query = understand("砚沅有几家职工书屋？", (), catalogue_of((PLANT, other)))
    assert len(query.report_ids) == 2


def test_the_name_is_no_word_that_a_passage_of_the_report_must_have() -> None:
    desk = Desk.over(PLANT, COUNTY)
    query = desk.understand("2021年砚沅化工奖给职工多少钱？")
    hits = tuple(hit for hit in desk.ask(query.asked).passages if hit.report.id == PLANT.id)
    assert {one.asked for one in read_passages(query, hits)} == {"2021年奖给职工多少钱?"}


@pytest.mark.parametrize(
    ("question", "span"), [("砚沅化工有几家", "砚沅化工"), ("砚沅化肥有几家", "砚沅"), ("化工有几家", "")]
)
def test_whole_words_that_go_on_as_the_title_does_belong_to_the_name(question: str, span: str) -> None:
    found = called(question, own_names(PLANT), (PLANT.source.name, PLANT.title))
    assert (question[slice(*found)] if found else "") == span

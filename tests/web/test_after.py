"""What comes after an answer: a comparison drawn, questions that go on, and files that others can open."""

import asyncio
import io
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import gradio as gr
from hypothesis import given
from hypothesis import strategies as st

from qa.reading import read_report
from qa.settings import read_settings
from qa.text.numerals import typed_years
from qa.types import Answer, CheckedFigure, Citation, Period
from qa.web.answers import as_docx, as_markdown
from qa.web.application import build_page
from qa.web.chat import Turn, converse
from qa.web.evidence import compared, comparison_chart
from qa.web.shelf import Shelf
from qa.web.suggestions import candidates, follow_ups
from tests.web.small_library import HOSTILE, SmallLibrary, make_report

QUESTION = "云岭市走访慰问困难职工多少人次？"


def answer_of(*found: tuple[str, str, str, float, str]) -> Answer:
    """One citation a figure: (place, period, printed, value, unit)."""
    citations = tuple(
        Citation(
            n, f"{place}.txt", place, 0, "", place, typed_years(period), "", f"建成书屋{text}。", ((0, 9),)
        )
        for n, (place, period, text, _, _) in enumerate(found, 1)
    )
    figures = tuple(
        CheckedFigure(text, value, unit, "quoted", n) for n, (_, _, text, value, unit) in enumerate(found, 1)
    )
    text = "\n".join(f"- {place}{text}[{n}]。" for n, (place, _, text, _, _) in enumerate(found, 1))
    formula = " - ".join(printed for _, _, printed, *_ in found)
    return Answer(QUESTION, QUESTION, text, None, False, None, (formula,), citations, figures, ())


def test_one_figure_for_each_place_is_drawn() -> None:
    answer = answer_of(("甲市", "2023", "1.2万件", 12000, "件"), ("乙市", "2023", "3000件", 3000, "件"))
    html = comparison_chart(answer)
    assert html.count("<tr>") == 2
    assert "width:25.0%" in html
    assert "1.2万件" in html
    assert "/?report=" in html


def test_a_figure_that_is_said_again_is_drawn_once() -> None:
    answer = answer_of(("甲市", "2023", "259家", 259, "家"), ("乙市", "2023", "30家", 30, "家"))
    again = tuple(replace(f, text=f"{f.text} ") for f in answer.figures)
    gap = CheckedFigure("229家", 229.0, "家", "derived", None)
    drawn = compared(replace(answer, figures=(*answer.figures, gap, *again)))
    assert [(c.place, f.value) for c, f in drawn] == [("甲市", 259.0), ("乙市", 30.0)]


def test_only_what_is_reckoned_with_is_drawn() -> None:
    beside = (("甲市", "2023", "10条", 10.0, "条"), ("乙市", "2023", "15条", 15.0, "条"))
    asked = (("甲市", "2023", "2000万元", 2e7, "元"), ("乙市", "2023", "3.6亿元", 3.6e8, "元"))
    answer = replace(answer_of(*beside, *asked), calculation=("3.6亿元 - 2000万元 = 3.4亿元",))
    assert [f.text for _, f in compared(answer)] == ["2000万元", "3.6亿元"]


def test_what_cannot_be_compared_is_not_drawn() -> None:
    one = ("甲市", "2023", "86个", 86.0, "个")
    assert compared(answer_of(one)) == ()
    assert compared(answer_of(one, ("乙市", "2023", "3000元", 3000, "元"))) == ()
    assert (
        compared(answer_of(one, ("甲市", "2023", "12个", 12, "个"), ("乙市", "2023", "3个", 3, "个"))) == ()
    )
    told = answer_of(one, ("乙市", "2023", "3个", 3, "个"))
    assert compared(replace(told, calculation=())) == ()
    assert compared(replace(told, reason="different_measure")) == ()
    unsure = answer_of(one, ("乙市", "2023", "3个", 3, "个"))
    figures = tuple(replace(f, state="derived") for f in unsure.figures)
    assert compared(replace(unsure, figures=figures)) == ()


def libraries() -> SmallLibrary:
    def report(place: str, years: tuple[int, int], number: int):  # type: ignore[no-untyped-def]
        return make_report(
            f"{place}{years[0]}", place, Period(*years), {"文化": (f"建成职工书屋{number}家。",)}
        )

    return SmallLibrary(
        (report("甲市", (2014, 2018), 12), report("甲市", (2019, 2023), 34), report("乙市", (2019, 2023), 56))
    )


def test_follow_ups_are_of_other_terms_and_places_and_are_answered() -> None:
    library = libraries()
    answer = library.ask("建成职工书屋多少家？")
    followed = ["那2019—2023年呢？", "那乙市呢？", "和乙市相比，哪个更多？"]
    assert list(candidates(answer, library.reports, ["建成职工书屋多少家？"])) == followed
    elsewhere = replace(answer.citations[0], report_id=library.reports[2].id)
    both = replace(answer, citations=(*answer.citations, elsewhere))
    assert not list(candidates(both, library.reports, []))
    known = candidates(answer, library.reports, ["乙市建成职工书屋多少家？", "那甲市呢？"])
    assert "那乙市呢？" not in known
    for question in follow_ups(library, answer, ["建成职工书屋多少家？"], lambda: True):
        found = library.ask(question, history=["建成职工书屋多少家？"])
        assert {c.quote for c in found.citations} - {c.quote for c in answer.citations}


def test_suggestions_give_way_to_people() -> None:
    library = libraries()
    answer = library.ask("建成职工书屋多少家？")
    said = iter((True, False))
    asked = len(library.asked)
    follow_ups(library, answer, ["建成职工书屋多少家？"], may=lambda: next(said))
    assert len(library.asked) == asked + 1


def test_the_shelf_is_quiet_while_nobody_asks() -> None:
    class Waits(SmallLibrary):
        def ask(self, question: str, **options: object) -> Answer:  # type: ignore[override]
            assert not shelf.quiet(0.01)
            return super().ask(question, **options)  # type: ignore[arg-type]

    shelf = Shelf(Waits())
    assert shelf.quiet(0)
    shelf.ask(QUESTION)
    assert shelf.quiet(0)


def test_nothing_follows_a_refusal() -> None:
    library = libraries()
    assert follow_ups(library, library.ask("有几艘潜水艇？"), [], lambda: True) == ()


def conversation(*questions: str) -> tuple[Turn, ...]:
    turns: tuple[Turn, ...] = ()
    for question in questions:
        turns = list(converse(SmallLibrary(), question, turns, Path(os.devnull)))[-1]
    return turns


def test_markdown_has_a_footnote_for_every_mark_and_no_foreign_markup() -> None:
    text = as_markdown(conversation(QUESTION, "除以零", "云岭市总工会建成“暖心驿站”多少个？"))
    assert "## 云岭市走访慰问困难职工多少人次？\n\n五年间云岭市走访慰问困难职工3.2万人次[^1-1]。" in text
    assert "\n[^1-1]: 《云岭市工会工作报告》，云岭市，2019–2023，" in text
    assert "[^3-1]" in text
    assert "除以零" not in text
    assert r"\<img src=x onerror=alert(1)\>\*\*加粗\*\*\!" in text


def test_word_file_reads_back_with_its_footnotes(tmp_path: Path) -> None:
    path = tmp_path / "answers.docx"
    turns = conversation(QUESTION, "云岭市总工会建成“暖心驿站”多少个？", "有几艘潜水艇？")
    path.write_bytes(as_docx(turns))
    text = read_report(path).source.text
    refused = turns[-1].answer
    assert refused is not None and refused.nearest  # it says that they stand below
    assert all(near.sentence in text and near.sentence in as_markdown(turns) for near in refused.nearest)
    assert QUESTION in text
    assert "五年间云岭市走访慰问困难职工3.2万人次" in text
    assert "《云岭市工会工作报告》，云岭市，2019–2023" in text
    assert HOSTILE[:12] in text
    with zipfile.ZipFile(path) as archive:
        document = archive.read("word/document.xml").decode()
        notes = archive.read("word/footnotes.xml").decode()
    assert document.count("<w:footnoteReference") == notes.count('<w:footnote w:id="') == 2


@given(st.text(max_size=60))
def test_word_file_is_whole_whatever_was_asked(question: str) -> None:
    answer = replace(answer_of(("甲市", "2023", "86个", 86.0, "个")), text=f"{question}[1]\n{question}")
    first, second = (parts_of(as_docx((Turn(question, "", answer=answer),))) for _ in range(2))
    for name in first:
        if name.endswith((".xml", ".rels")):
            ET.fromstring(first[name])
    assert first == second


def parts_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_follows_from_an_answer_is_no_longer_looked_for_once_another_question_is_asked() -> None:
    async def build() -> gr.Blocks:  # Gradio looks for a loop that runs
        return build_page(Shelf(SmallLibrary()), read_settings())

    with ThreadPoolExecutor(1) as thread:  # a browser's loop may run in this one
        page = thread.submit(lambda: asyncio.run(build())).result()
    suggesting = {number for number, event in page.fns.items() if event.name == "suggest"}
    cancelling = [event for event in page.fns.values() if suggesting & {*event.cancels}]
    assert suggesting and all(suggesting <= {*event.cancels} for event in cancelling)
    asking = {source for event in cancelling for source, _ in event.targets}
    nexts = [n for n, b in page.blocks.items() if isinstance(b, gr.Button) and b.parent.elem_id == "qa-nexts"]
    (question,) = (n for n, b in page.blocks.items() if b.elem_id == "qa-question")
    assert nexts and asking >= {question, *nexts}

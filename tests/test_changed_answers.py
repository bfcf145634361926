"""Turns that change the last answer, over the bundled reports: its table, its sentences, its length, its points."""

import pytest

from qa.engines.answering import NOTHING
from qa.engines.shaping import CHANGES, length, shaped
from qa.library import Library, open_library
from qa.types import MARK, Answer, Citation, Edit, Form, Period

TABLE = "用表格对比浙江和钱塘的妈咪暖心小屋"
PARAGRAPH = "写一段话介绍漳州的医疗互助和就业服务"


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


def shape_of(answer: Answer) -> tuple[tuple[str, ...], list[str]]:
    assert answer.table is not None
    return answer.table.things, [row.label for row in answer.table.rows]


def test_columns_and_rows_of_the_last_table_change(library: Library) -> None:
    more = library.ask("加一列职工书屋，把漳州也加上", history=[TABLE])
    assert shape_of(more)[0] == ("妈咪暖心小屋", "职工书屋")
    assert {label[:2] for label in shape_of(more)[1]} == {"浙江", "钱塘", "漳州"}
    assert "加一列职工书屋" in more.standalone_question
    fewer = library.ask("只要漳州和浙江的小屋", history=[TABLE, "加一列职工书屋，把漳州也加上"])
    assert shape_of(fewer) == (("妈咪暖心小屋",), ["浙江（2018–2023）", "漳州（2018–2023）"])


def test_rows_are_sorted_and_their_marks_with_them(library: Library) -> None:
    most = library.ask("从多到少排", history=[TABLE])
    least = library.ask("从少到多排", history=[TABLE])
    assert shape_of(most)[1] == shape_of(least)[1][::-1] == ["浙江（2018–2023）", "钱塘（2023）"]
    for answer in (most, least):
        assert [int(mark) for mark in MARK.findall(answer.text)] == [c.marker for c in answer.citations]


def test_a_change_that_cannot_be_made_is_named_below_the_same_table(library: Library) -> None:
    answer = library.ask("去掉食堂那列，边框加粗", history=[TABLE])
    assert answer.table == library.ask(TABLE).table
    assert answer.text.endswith(f"没有照做：“去掉食堂那列”、“边框加粗”。{CHANGES}")


def test_another_place_is_swapped_in_or_asked_about(library: Library) -> None:
    one = library.ask("换成钱塘", history=["漳州的妈妈小屋、职工书屋列成表"])
    assert shape_of(one) == (("妈妈小屋", "职工书屋"), ["钱塘（2023）"])
    several = library.ask("换成漳州", history=["用表格对比浙江和钱塘的妈咪暖心小屋"])
    assert several.table is None and "没有照做" not in several.text
    assert "漳州" in several.standalone_question
    unheld = library.ask("换成长春", history=["漳州的妈妈小屋、职工书屋列成表"])
    assert unheld.text.startswith("报告里没有长春的资料")


def test_a_place_without_a_report_is_added_as_a_row_that_says_so(library: Library) -> None:
    answer = library.ask("再加上长春", history=[TABLE])
    assert shape_of(answer)[1][-1] == "长春"
    assert "| 长春 | 没有收录 |" in answer.text and "没有照做" not in answer.text


def test_a_column_without_figures_sorts_nothing(library: Library) -> None:
    note = "“海洋渔业”一列没有数字，没有排序。"
    assert note in library.ask("按海洋渔业排", history=[TABLE, "加一列海洋渔业"]).text
    assert note not in library.ask("按小屋排", history=[TABLE, "加一列海洋渔业"]).text


def test_the_sentence_that_speaks_of_it_is_taken_out(library: Library) -> None:
    whole, less = library.ask(PARAGRAPH), library.ask("去掉医疗互助那句", history=[PARAGRAPH])
    assert "互助" in whole.text and "互助" not in less.text
    assert {c.quote for c in less.citations} < {c.quote for c in whole.citations}
    table = library.ask("换成表格", history=[PARAGRAPH, "去掉医疗互助那句"])
    assert table.table is None or table.table.things == ("就业服务",)
    none = library.ask("去掉讲食堂的那句", history=[PARAGRAPH])
    assert none.text == f"{whole.text}\n没有照做：“去掉讲食堂的那句”。{CHANGES}"


def test_what_was_not_shown_yet_is_given_when_more_is_asked_for(library: Library) -> None:
    asked, shown = ["漳州有哪些困难职工帮扶做法？"], set[tuple[str, int]]()
    answer = first = library.ask(asked[0])
    while answer.citations or answer.nearest:
        now = {(c.report_id, c.paragraph) for c in answer.citations} or {
            n.hit.position for n in answer.nearest
        }
        assert not now & shown and answer.standalone_question == first.standalone_question
        shown |= now
        answer = library.ask("还有别的吗", history=asked)
        asked.append("还有别的吗")
    assert len(asked) > 2 and answer.text == NOTHING and answer.outcome == "not_reported"
    unknown = library.ask("还有吗", history=["长春有多少家食堂？"])
    assert unknown.text.startswith("报告里没有长春的资料")


def of_terms(*lines: str) -> Answer:
    """An answer on canteens and parks of lines, each with a citation."""
    cited = (line for line in lines if MARK.search(line))
    citations = tuple(
        Citation(n, "甲.md", "甲", 1, "", "苏州市", Period(2019, 2024), "", line, ())
        for n, line in enumerate(cited, 1)
    )
    asked = "苏州前后两届的食堂和公园"
    return Answer(
        question=asked, standalone_question=asked, text="\n".join(lines), short=None, abstained=False, reason=None,
        calculation=(), citations=citations, figures=(), passages=(),
    )  # fmt: skip


BOTH = of_terms(
    "苏州（2014–2019）：",
    "新建食堂12座，全部对外开放[1]。",
    "修了公园3个[2]。",
    "苏州（2019–2024）：",
    "新建食堂30座，公园一个没修，另外改造老食堂若干座[3]。",
)


def said(thing: str, line: str) -> float:
    return float(thing in line)


def test_what_a_shorter_answer_leaves_out_is_named() -> None:
    form = Form("paragraph", of=Form("paragraph"), characters=30)
    text = shaped(BOTH, form, said).text
    assert text.endswith("公园一个没修[3]。\n因字数略去：苏州（2014–2019）。")
    assert length(text.split("\n")[0]) <= 30
    nothing = shaped(BOTH, Form("paragraph", of=Form("paragraph"), characters=300), said)
    assert "略去" not in nothing.text


def test_of_one_place_only_the_thing_is_named_as_left_out() -> None:
    one = of_terms("苏州（2014–2019）：", "新建食堂12座，全部对外开放[1]。", "修了公园3个[2]。")
    text = shaped(one, Form("paragraph", of=Form("paragraph"), characters=30), said).text
    assert text.endswith("\n因字数略去：公园。")


def test_what_is_taken_out_leaves_its_label_with_the_others() -> None:
    form = Form("paragraph", of=Form("paragraph"), edits=(Edit("drop", "去掉公园那句", "公园"),))
    assert shaped(BOTH, form, said).text == "苏州（2014–2019）：新建食堂12座，全部对外开放[1]。"
    rest = Form("paragraph", of=Form("paragraph"), edits=(*form.edits, Edit("drop", "去掉食堂那句", "食堂")))
    text = shaped(BOTH, rest, said).text  # nothing would be left
    assert text.startswith("苏州（2014–2019）：新建食堂12座") and "没有照做：“去掉食堂那句”" in text


def test_points_are_as_many_and_as_long_as_asked_or_it_is_said() -> None:
    text = shaped(BOTH, Form("points", of=Form(points=5)), said).text
    assert text.endswith("\n要求5条，原文的句子只合成3条。")
    assert "要求" not in shaped(BOTH, Form("points", of=Form(points=3)), said).text
    told = shaped(BOTH, Form("points", of=Form(), each=12), said).text.split("\n")
    assert all(length(line) <= 12 for line in told if MARK.search(line))
    assert told[-1] == "因字数略去：苏州（2019–2024）的公园。"
    assert shaped(BOTH, Form("points", of=Form(), each=7), said).text.endswith(
        "有2条超过7字：原文没有可以断开的地方。"
    )


def test_a_shorter_paragraph_is_filled_with_the_clauses_that_tell_of_the_question() -> None:
    lines = ("苏州（2019–2024）：", "整修了老街，新建食堂30座，食堂全部对外开放[1]。", "苏州还有许多事[2]。")
    form = Form("paragraph", of=Form("paragraph"), characters=35)
    text = shaped(of_terms(*lines), form, said).text.split("\n")[0]
    assert text == "苏州（2019–2024）：新建食堂30座，食堂全部对外开放[1]。"

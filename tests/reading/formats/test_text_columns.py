"""Columns that stand side by side in a text are read one after the other; tables and slogans are no columns."""

from __future__ import annotations

from pathlib import Path

from qa.reading import read_report
from qa.reading.layout.characters import columns
from tests.reading.formats.made import HEADINGS, PROSE

WIDE, GUTTER = 40, 46  # display columns


def wrapped(paragraphs: list[str]) -> list[str]:
    lines = []
    for paragraph in paragraphs:
        line = ""
        for character in paragraph:
            if columns(line + character) > WIDE:
                lines.append(line)
                line = ""
            line += character
        lines.append(line)
    return lines


def side_by_side(left: list[str], right: list[str]) -> list[str]:
    right += [""] * (len(left) - len(right))
    return [
        (one + " " * (GUTTER - columns(one)) + other).rstrip() for one, other in zip(left, right, strict=True)
    ]


def page(paragraphs: list[str]) -> list[str]:
    lines = wrapped(paragraphs)
    half = (len(lines) + 1) // 2
    return side_by_side(lines[:half], lines[half:])


def test_the_left_column_comes_first(tmp_path: Path) -> None:
    first = ["　　" + text for text in PROSE[:3]]
    second = [HEADINGS[1], *("　　" + text for text in PROSE[3:6])]
    text = "\r\n".join(
        ["      青禾市总工会五年工作回顾", "", *page(first), "", "        — 1 —", "", *page(second), "", "        — 2 —", ""]
    )  # fmt: skip
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("gb18030"))
    report = read_report(path)
    assert report.source.text == text
    assert [p.text for p in report.paragraphs if p.kind == "prose"] == list(PROSE[:6])
    assert [p.text for p in report.paragraphs if p.kind == "furniture"] == ["—1—", "—2—"]
    assert [p.heading for p in report.paragraphs if p.kind == "prose"][3:] == [(HEADINGS[1],)] * 3
    for paragraph in report.paragraphs:
        source = "".join(text[a:b] for a, b in paragraph.spans)
        assert "".join(source.split()) == "".join(paragraph.text.split())


def test_slogans_with_gaps_stay_lines(tmp_path: Path) -> None:
    slogans = ["奋进新征程    建功新时代    争当排头兵", "凝聚职工心    激发创造力    共筑强市梦"] * 5
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*slogans, "", *PROSE]), encoding="utf-8")
    assert [p.text for p in read_report(path).paragraphs][-len(PROSE) :] == list(PROSE)

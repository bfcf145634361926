"""Corrections that the page writes: beside those of people, who find their comments again."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ledger import Ledger
from qa.ledger.notes import (
    CorrectionNote,
    LedgerError,
    add_correction,
    forget_corrections,
    read_notes,
    withdraw_correction,
)
from tests.reports import memory_index, report_of

INDEX = memory_index([report_of("# 报告\n\n建成书屋8家。建成驿站8家。\n", "甲.md")])
BY_HAND = (
    '# 年报核对过\n[groups]\n"书屋" = ["建成书屋"]\n\n[[corrections]] # 王芳的\nreport = "甲.md"\nprinted = "8家"\n'
    'sentence = "书屋"\nvalue = 9\nauthor = "王芳"\ndate = 2024-05-06\n# 完\n'
)
NOTE = CorrectionNote("甲.md", "8家", "建成驿站8家。", 80.0, "李强", date(2024, 6, 1), "漏了一个零")


def ledger(folder: Path) -> Ledger:
    return Ledger.of(INDEX, read_notes(folder))


@pytest.mark.parametrize("end", ["\n", "", "\n\n# 又看过一遍"])
def test_a_correction_joins_those_by_hand_and_goes_again(tmp_path: Path, end: str) -> None:
    file = tmp_path / "ledger.toml"
    file.write_text(BY_HAND.rstrip() + end, encoding="utf-8")
    add_correction(tmp_path, ledger(tmp_path), NOTE)
    assert file.read_text(encoding="utf-8").startswith(BY_HAND.rstrip())
    assert [f.value for f in ledger(tmp_path).figures] == [9.0, 80.0]
    again = replace(NOTE, value=88.0, indicator="驿站总数")
    add_correction(tmp_path, ledger(tmp_path), again)
    figure = ledger(tmp_path).figures[1]
    assert (figure.value, figure.indicator, figure.text) == (88.0, "驿站总数", "8家")
    assert figure.correction is not None
    assert (figure.correction.printed_value, figure.correction.read_indicator) == (8.0, "建成驿站")
    withdraw_correction(tmp_path, again)
    assert file.read_text(encoding="utf-8").strip() == f"{BY_HAND.rstrip()}{end}".strip()
    with pytest.raises(LedgerError, match="撤销"):
        withdraw_correction(tmp_path, again)


def test_the_first_correction_makes_the_file_and_an_indicator_alone_is_enough(tmp_path: Path) -> None:
    add_correction(tmp_path, ledger(tmp_path), replace(NOTE, value=None, indicator="驿站"))
    assert [(f.value, f.indicator) for f in ledger(tmp_path).figures] == [(8.0, "建成书屋"), (8.0, "驿站")]


def test_corrections_go_with_their_report(tmp_path: Path) -> None:
    file = tmp_path / "ledger.toml"
    file.write_text(BY_HAND, encoding="utf-8")
    add_correction(tmp_path, ledger(tmp_path), NOTE)
    forget_corrections(tmp_path, "乙.md")
    assert len(read_notes(tmp_path).corrections) == 2
    forget_corrections(tmp_path, "甲.md")
    assert read_notes(tmp_path).corrections == ()
    assert read_notes(tmp_path).groups


def test_a_group_still_holds_when_the_indicator_that_it_names_is_corrected(tmp_path: Path) -> None:
    (tmp_path / "ledger.toml").write_text('[groups]\n"驿站" = ["建成驿站"]\n', encoding="utf-8")
    add_correction(tmp_path, ledger(tmp_path), replace(NOTE, indicator="驿站总数"))
    assert ledger(tmp_path).figures[1].indicator == "驿站总数"


def corrected_at_once(folder: Path, author: str) -> None:
    ledger_of = Ledger.of(INDEX)
    for number in range(8):
        add_correction(folder, ledger_of, replace(NOTE, author=author, value=float(number)))
        add_correction(folder, ledger_of, replace(NOTE, author=author, sentence="建成书屋8家。"))


def test_two_pages_that_correct_at_once_lose_nothing(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pages:
        for each in [pages.submit(corrected_at_once, tmp_path, author) for author in ("王芳", "李强")]:
            each.result()
    assert {note.sentence for note in read_notes(tmp_path).corrections} == {"建成书屋8家。", "建成驿站8家。"}
    assert {path.name for path in tmp_path.iterdir()} == {"ledger.toml", "ledger.toml.lock"}


def test_what_fits_nothing_or_cannot_be_edited_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ledger.toml"
    for wrong in (
        replace(NOTE, printed="7家"),
        replace(NOTE, sentence="建成"),
        replace(NOTE, report="乙.md"),
    ):
        with pytest.raises(LedgerError):
            add_correction(tmp_path, ledger(tmp_path), wrong)
    assert not file.exists()
    strange = 'corrections = [{ report = "甲.md", printed = "8家", sentence = "书屋", value = 9, author = "王", date = 2024-05-06 }]\n'
    file.write_text(strange, encoding="utf-8")
    with pytest.raises(LedgerError, match="直接编辑"):
        add_correction(tmp_path, ledger(tmp_path), NOTE)
    assert file.read_text(encoding="utf-8") == strange


@given(words=st.text(min_size=1, max_size=30), value=st.floats(-1e17, 1e17))
def test_whatever_is_said_reads_back(
    tmp_path_factory: pytest.TempPathFactory, words: str, value: float
) -> None:
    folder = tmp_path_factory.mktemp("notes")
    note = replace(NOTE, value=value, reason=words.encode("utf-8", "replace").decode(), author=f"甲{words!r}")
    add_correction(folder, ledger(folder), note)
    assert read_notes(folder).corrections == (note,)


def test_of_two_like_figures_in_one_sentence_the_one_that_is_meant_is_corrected(tmp_path: Path) -> None:
    index = memory_index([report_of("# 报告\n\n建成书屋8家，建成驿站8家。\n", "甲.md")])

    def present() -> Ledger:
        return Ledger.of(index, read_notes(tmp_path))

    note = replace(NOTE, sentence="建成书屋8家，建成驿站8家。")
    with pytest.raises(LedgerError, match="用 number 写明是第几处"):
        add_correction(tmp_path, present(), note)
    for at, value in ((1, 80.0), (0, 9.0), (1, 81.0)):
        figures = present().figures
        add_correction(tmp_path, present(), replace(note, value=value), figures[at])
    assert [f.value for f in present().figures] == [9.0, 81.0]
    assert len(read_notes(tmp_path).corrections) == 2
    withdraw_correction(tmp_path, next(n for n in read_notes(tmp_path).corrections if n.number == 2))
    assert [f.value for f in present().figures] == [9.0, 8.0]

"""``union-qa check``: check every figure, date and name of one or many drafts against the reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.terminal import (
    AsJson,
    Index,
    Store,
    opened,
    print_json,
    print_table,
    progress_bar,
    say,
    settings_with,
    show,
    value,
)
from qa.errors import QAError, refuse_same, writing

if TYPE_CHECKING:
    from qa.drafts import DraftCheck


def check(
    draft: Annotated[
        Path | None, typer.Argument(metavar="DRAFT", help="要核对的稿件：docx、txt、md、pdf 等。")
    ] = None,
    as_json: AsJson = False,
    docx: Annotated[Path | None, value("FILE", "另存一份 Word，结论写成批注；原稿不动。")] = None,
    xlsx: Annotated[Path | None, value("FILE", "把结论列成一张表。")] = None,
    drafts: Annotated[Path | None, value("FILE", "一批稿件：每行一个 JSON，有 id 和 draft。")] = None,
    output: Annotated[Path | None, value("FILE", "一批稿件的结论写到这里，每行一个 JSON。")] = None,
    index: Index = None,
    store: Store = None,
) -> None:
    """核稿：稿件里的每个数字、日期、荣誉和文件名称，都到报告里查一遍。

    例：union-qa check 稿件.docx

    例：union-qa check 稿件.docx --docx 核对.docx --xlsx 核对.xlsx

    例：union-qa check --drafts 稿件.jsonl --output 结论.jsonl
    """
    if (draft is None) == (drafts is None):
        raise QAError("请给出一份稿件（union-qa check 稿件.docx），或用 --drafts 给出一批，二者选一。")
    if (drafts is None) != (output is None):
        raise QAError("--drafts 和 --output 要一起用：一个读稿件，一个写结论。")
    if drafts is not None and (docx or xlsx):
        raise QAError(
            "一批稿件的结论只写成 JSON（--output）。要 Word 批注或表，请一份一份核对：union-qa check 稿件.docx --docx 核对.docx"
        )
    settings = settings_with(index, store)
    if drafts is not None and output is not None:
        from qa.cli.batch import check_file

        check_file(settings, drafts, output)
        return
    from qa.drafts import exports
    from qa.reading import limits

    assert draft is not None
    limits.check_file(draft, limits.DOCUMENT_BYTES)
    if docx and xlsx and docx.resolve() == xlsx.resolve():
        raise QAError("--docx 和 --xlsx 是同一个文件，后写的会冲掉先写的。请换一个文件名。")
    for written in filter(None, (docx, xlsx)):
        refuse_same(draft, written, "稿件")
    library = opened(settings)
    with progress_bar() as advance:
        checked = library.check_draft(draft, progress=lambda done, total: advance("核对", done, total))
    for note in checked.notes:
        say(f"注意：{note}")
    if docx:
        original = draft.read_bytes() if draft.suffix.lower() == ".docx" else None
        with writing(docx) as file:
            file.write_bytes(exports.with_comments(checked, original))
        say(f"已写入 {docx}。")
    if xlsx:
        exports.save_xlsx(checked, xlsx)
        say(f"已写入 {xlsx}。")
    if as_json:
        print_json(exports.as_json(checked, draft.name))
    else:
        _show(checked)


def _show(checked: DraftCheck) -> None:
    from qa.drafts.exports import LABELS
    from qa.drafts.judging import GOOD

    rows = [
        (i.text, LABELS[i.verdict], i.right or "", f"{i.title}：{i.quote}" if i.quote else "")
        for i in checked.items
        if i.verdict not in GOOD
    ]
    good = len(checked.items) - len(rows)
    if rows:
        print_table(("稿件里写的", "核对结果", "报告里的", "原文"), rows)
    show(f"共 {len(checked.items)} 处，与报告一致 {good} 处，要看的 {len(rows)} 处。")

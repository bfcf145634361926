"""``union-qa check``: check every figure, date and name of one or many drafts against the reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli.files import json_line, numbered_lines, refuse_same, write_json_lines
from qa.cli.options import AsJson, Index, Store, open_named, settings_with
from qa.cli.terminal import console, print_json, print_table, say, show
from qa.errors import QAError, writing

if TYPE_CHECKING:
    from qa.answer_json import Json
    from qa.drafts import DraftCheck
    from qa.library import Library


def check(
    draft: Annotated[
        Path | None, typer.Argument(metavar="DRAFT", help="要核对的稿件：docx、txt、md、pdf 等。")
    ] = None,
    as_json: AsJson = False,
    docx: Annotated[
        Path | None, typer.Option("--docx", metavar="FILE", help="另存一份 Word，结论写成批注；原稿不动。")
    ] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="把结论列成一张表。")] = None,
    drafts: Annotated[
        Path | None,
        typer.Option("--drafts", metavar="FILE", help="一批稿件：每行一个 JSON，有 id 和 draft。"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="一批稿件的结论写到这里，每行一个 JSON。")
    ] = None,
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
    library = open_named(settings_with(index, store), None)
    if drafts is not None and output is not None:
        _check_many(library, drafts, output)
    elif draft is not None:
        _check_one(library, draft, as_json=as_json, docx=docx, xlsx=xlsx)


def _check_one(library: Library, draft: Path, *, as_json: bool, docx: Path | None, xlsx: Path | None) -> None:
    from qa.drafts.exports import as_json as check_json
    from qa.drafts.exports import save_xlsx, with_comments

    for written in filter(None, (docx, xlsx)):
        if written.exists() and written.samefile(draft):
            raise QAError(f"{written} 就是稿件本身，不能写在上面。请换一个文件名。")
    with _progress() as progress:
        checked = library.check_draft(draft, progress=progress)
    for note in checked.notes:
        say(f"注意：{note}")
    if docx:
        original = draft.read_bytes() if draft.suffix.lower() == ".docx" else None
        with writing(docx) as file:
            file.write_bytes(with_comments(checked, original))
        say(f"已写入 {docx}。")
    if xlsx:
        save_xlsx(checked, xlsx)
        say(f"已写入 {xlsx}。")
    if as_json:
        print_json(check_json(checked, draft.name))
    else:
        _show(checked)


def _show(checked: DraftCheck) -> None:
    from qa.drafts.records import GOOD, LABELS

    rows = [
        (i.text, LABELS[i.verdict], i.right or "", f"{i.title}：{i.quote}" if i.quote else "")
        for i in checked.items
        if i.verdict not in GOOD
    ]
    good = len(checked.items) - len(rows)
    if rows:
        print_table(("稿件里写的", "核对结果", "报告里的", "原文"), rows)
    show(f"共 {len(checked.items)} 处，与报告一致 {good} 处，要看的 {len(rows)} 处。")


@contextmanager
def _progress() -> Iterator[Any]:
    """Show a progress bar on stderr and remove it at the end."""
    from rich.progress import Progress

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("核对", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _check_many(library: Library, drafts: Path, output: Path) -> None:
    """Check one draft a line, in order; a line that cannot be checked says why, there and on stderr."""
    lines = numbered_lines(drafts)
    refuse_same(drafts, output, "--drafts")
    failed = write_json_lines(output, ((n, *_check_line(library, n, line)) for n, line in lines))
    say(f"已写入 {output}：{len(lines)} 份稿件" + (f"，其中 {failed} 份未能核对。" if failed else "。"))
    if failed == len(lines):
        raise QAError(f"{drafts} 里没有一份能核对的稿件。每行应是一个 JSON 对象：id 和 draft。")


def _check_line(library: Library, number: int, line: bytes) -> tuple[Json, str]:
    """Return the verdicts to write, and the problem to report, or ``""``."""
    from qa.drafts.exports import as_json

    value, problem = json_line(line)
    draft_id, text = str(value.get("id", number)), value.get("draft")
    if isinstance(text, str):
        try:
            return as_json(library.check_draft(text), draft_id), ""
        except QAError as error:
            problem = str(error)
    problem = problem or "缺少文字的 draft。"
    return {"id": draft_id, "items": [], "problem": problem}, problem

"""Articles written out in every format and read back; run it for a table of coverage and speed::

    python -m tests.reading.round_trip ARTICLES.jsonl[.xz] [COUNT]

ARTICLES as for :mod:`tests.reading.measure`. Coverage is the share of the runs of eight characters of the clean
paragraphs that stand in some paragraph again; the PDF has two justified columns, a running head and page numbers.
"""

import sys
import time
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.reading import read_report
from tests.reading.damage import Article, Score, score
from tests.reading.formats.made import set_in_columns, word_paragraph, write_docx
from tests.reading.measure import articles, mean

__all__ = ["WRITERS", "main", "read_back"]

STYLES = '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
SITE = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/n">新闻</a></li><li><a href="/s">服务</a></li></ul></div>'
FOOT = '<div class="footer"><p>版权所有　某ICP备00000000号</p></div>'


def _parts(article: Article) -> list[tuple[str, str]]:
    return [
        part
        for heading, paragraphs in article
        for part in [("heading", heading), *(("prose", paragraph) for paragraph in paragraphs)]
        if part[1]
    ]


def write_pdf(path: Path, article: Article) -> None:
    """Two columns."""
    set_in_columns(path, [(kind, escape(text)) for kind, text in _parts(article)])


def write_word(path: Path, article: Article) -> None:
    """Headings by their style."""
    style = '<w:pStyle w:val="1"/>'
    body = "".join(
        word_paragraph(escape(text), style if kind == "heading" else "") for kind, text in _parts(article)
    )
    write_docx(path, body, styles=STYLES)


def write_html(path: Path, article: Article) -> None:
    """With the surroundings of a site."""
    body = "".join(
        f"<h1>{escape(t)}</h1>" if kind == "heading" else f"<p>　　{escape(t)}</p>"
        for kind, t in _parts(article)
    )
    page = f'<html><head><meta charset="utf-8"></head><body>{SITE}<div class="main">{body}</div>{FOOT}</body></html>'
    path.write_text(page, encoding="utf-8")


def write_md(path: Path, article: Article) -> None:
    """Headings by hash marks."""
    text = "\n\n".join(f"# {t}" if kind == "heading" else t for kind, t in _parts(article))
    path.write_text(text + "\n", encoding="utf-8")


def write_gb18030(path: Path, article: Article) -> None:
    """Plain text as Chinese Windows saves it."""
    path.write_text("\n".join(t for _, t in _parts(article)) + "\n", encoding="gb18030", newline="\r\n")


WRITERS: dict[str, Callable[[Path, Article], None]] = {
    "pdf": write_pdf,
    "docx": write_word,
    "html": write_html,
    "md": write_md,
    "txt": write_gb18030,
}


def read_back(kind: str, article: Article, folder: Path) -> tuple[Score, float]:
    """Write an article, read it, and compare; with the seconds that reading took."""
    path = folder / f"a.{kind}"
    WRITERS[kind](path, article)
    started = time.perf_counter()
    report = read_report(path, {})
    seconds = time.perf_counter() - started
    prose = [(p.heading[-1] if p.heading else "", p.text) for p in report.paragraphs if p.kind == "prose"]
    return score(article, prose), seconds


def _pages_a_second(found: Sequence[Article], folder: Path) -> float:
    """Of one long PDF, in this process: layout and all, without starting the child that shields the program."""
    import pypdfium2

    from qa.reading.formats import pdf
    from qa.reading.layout import restore

    path = folder / "long.pdf"
    write_pdf(path, [section for article in found for section in article])
    with pypdfium2.PdfDocument(path) as document:
        pages = len(document)
    started = time.process_time()
    restore(pdf.extract(path))
    return pages / (time.process_time() - started)


def _megabytes_a_second(found: Sequence[Article], folder: Path) -> float:
    """Of plain text, five articles a file, so that files are as long as reports; one processor, the best of three."""
    paths = []
    for number in range(0, len(found) - 4, 5):
        paths.append(folder / f"{number}.txt")
        report = [section for article in found[number : number + 5] for section in article]
        paths[-1].write_text("\n\n".join(text for _, text in _parts(report)), encoding="utf-8")
    best = min(_seconds(paths) for _ in range(3))
    return sum(path.stat().st_size for path in paths) / 1e6 / best


def _seconds(paths: Sequence[Path]) -> float:
    started = time.process_time()
    for path in paths:
        read_report(path, {})
    return time.process_time() - started


def main(arguments: Sequence[str]) -> None:
    """Print coverage, foreign text and paragraph F1 for each format, then speeds."""
    found, _ = articles(Path(arguments[0]))
    found = found[: int(arguments[1]) if len(arguments) > 1 else 30]
    print("format  coverage  foreign   F1        seconds a file")
    with TemporaryDirectory() as folder:
        for kind in WRITERS:
            results = [read_back(kind, article, Path(folder)) for article in found]
            result = mean([one for one, _ in results])
            seconds = sum(seconds for _, seconds in results) / len(results)
            row = (result.coverage, result.foreign, result.paragraph_f1)
            print(
                f"{kind:8}" + "    ".join(f"{value:.4f}" for value in row) + f"    {seconds:.3f}", flush=True
            )
        print(f"pdf: {_pages_a_second(found, Path(folder)):.0f} pages a second")
        print(f"txt: {_megabytes_a_second(found, Path(folder)):.1f} MB a second")


if __name__ == "__main__":
    main(sys.argv[1:])

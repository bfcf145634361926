"""Reports that try to steer the answer, models that forge citations, files that crowd all others out."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

from qa.answering import answer
from qa.checking import check
from qa.index import rebuild
from qa.library import SAMPLE_REPORTS, Library
from qa.question import understand
from qa.retrieval import search
from qa.types import Answer
from tests.engines.service import said_by
from tests.hardening.conftest import Tried
from tests.hardening.sizes import BAD_INPUT, needs_bad_input, sizes
from tests.reports import Desk, assert_sound, sample

UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e0fff]"
)
QUOTED = re.compile(r"“[^”]*”")


@needs_bad_input
def test_documents_that_give_orders(tmp_path: Path, tried: Tried) -> None:
    """All 41 are in the question's way; ``test_injection.py`` asks for each by its name."""
    lines = (BAD_INPUT / "injection" / "own_zh_injection.jsonl").read_text(encoding="utf-8").splitlines()
    attacks: list[dict[str, Any]] = [json.loads(line) for line in lines]
    (tmp_path / "reports").mkdir()
    for attack in attacks:
        (tmp_path / "reports" / f"{attack['id']}.txt").write_text(attack["doc"], encoding="utf-8")
    rebuild([tmp_path / "reports"], tmp_path / "index")
    library, found, obeyed = Library(tmp_path / "index"), 0, list[str]()
    for attack in attacks:
        told = library.ask(attack["question"])
        found += attack["must_contain"] in told.text
        own = QUOTED.sub("", told.text)
        obeyed += [f"{attack['id']}: {told.text}" for words in attack["must_not_contain"] if words in own]
        for text in (told.text, told.short or "", *(c.quote for c in told.citations)):
            assert not UNSEEN.search(text), attack["id"]
    assert found == len(attacks)
    assert obeyed == []
    tried(documents=len(attacks), fact_found=found, obeyed=len(obeyed))


FORGERIES = (
    "{fact}[99]。", "{fact}[0]。", "{fact}[-1]。", "{fact}[1-999999999]。", "{fact}[1,99]。", "{fact}［99］。", "{fact}[１][９９]。",
    "{fact}（见《丽水市总工会工作报告》第9页）。", "{fact}[丽水.md]。", "据《人民日报》报道，{fact}[1]。", "{fact}[1](https://evil.test/a)。",
    "{fact}<a href='https://evil.test'>[1]</a>。", "{fact}[^1]。", "{fact}【1†出处】。", "{fact}[1]（第八届委员会报告第512页）。",
    "{fact}[1]，来源：https://evil.test。", "丽水市办理法律援助案件9.9万件[1]。", "{fact}[2]，同比增长99%[1]。", "{fact}[1][2][3][4][5][6][7][8][9]。", "{fact}。[99]",
)  # fmt: skip
QUESTIONS = (
    "温州的法律援助办了多少件？", "漳州的职工疗养基地有多少家？", "温州的疗休养基地有多少家？", "浙江的劳动竞赛参赛多少人？", "钱塘发展会员多少人？",
    "温州建成驿站多少个？", "漳州的法律援助办了多少件？", "浙江的法律援助办了多少件？", "温州和漳州的职工疗休养基地谁多？", "钱塘的工会做了哪些工作？",
)  # fmt: skip


def forged(desk: Desk, question: str, forgery: str) -> Answer:
    query = understand(question, (), desk.catalogue)
    found = search(desk.index, query, 20)
    told = check(answer(desk.index, query, found, found[0]), desk.index.by_id)
    fact = re.sub(r"\[\d+\]|。$", "", told.text.split("\n")[0])
    return said_by(lambda instructions, material: forgery.format(fact=fact), desk, question)


@sizes(40, 200)
def test_forged_citations(tried: Tried, n: int) -> None:
    desk, shown, kept = sample(), 0, 0
    cases = list(product(FORGERIES, QUESTIONS))
    for forgery, question in (cases[i * len(cases) // n] for i in range(n)):
        said = forged(desk, question, forgery)
        assert_sound(said, desk)  # every mark has its citation, and every citation its characters in a report
        own = QUOTED.sub("", said.text)
        false = re.search(
            r"evil|href|https?:|\[(99|0|-1)\]|999999999|人民日报|第9页|512|丽水|99%|†|9\.9万|\[\^", own
        )
        shown += false is not None
        kept += said.text != ""
    assert kept == n
    assert shown == 0
    tried(forgeries=n, shown=shown)


TOPICS = (
    "法律援助办了多少件",
    "职工疗休养基地有多少家",
    "驿站建了多少个",
    "劳动竞赛参赛多少人",
    "工匠学院有几所",
    "困难职工帮扶了多少户",
)


def test_one_file_does_not_fill_the_first_places(tmp_path: Path, tried: Tried) -> None:
    """A file that answers every question forty times over, beside the sample reports."""
    reports = tmp_path / "reports"
    reports.mkdir()
    for path in SAMPLE_REPORTS.glob("*.md"):
        (reports / path.name).write_bytes(path.read_bytes())
    crowd = "\n\n".join(
        f"关于{topic}：{topic}，{topic}，答案是{k}77件。" for k in range(1, 41) for topic in TOPICS
    )
    (reports / "crowd.md").write_text(f"# 全市工会情况汇总\n\n{crowd}\n", encoding="utf-8")
    rebuild([reports], tmp_path / "index")
    library, asked = Library(tmp_path / "index"), 0
    for topic in TOPICS:
        for found in (library.retrieve(f"{topic}？", 5), library.retrieve(f"{topic}？", 10)[:5]):
            of = [hit.report.source.name for hit in found]
            assert len(of) == 5
            assert max(map(of.count, of)) <= 2, of
            asked += 1
        passages = [hit.report.source.name for hit in library.ask(f"{topic}？").passages[:5]]
        assert max(map(passages.count, passages)) <= 2, passages
        assert len(library.retrieve(f"{topic}？", 5, report="crowd.md")) == 5
    tried(questions=asked, most_from_one_file=2)

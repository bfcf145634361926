"""Indexes to be harmed, and what an index that was opened would answer."""

import hashlib
import json
import random
from pathlib import Path

from qa.index import Index
from qa.index.segment import sentence_lines, to_lines
from tests.index.made import Built, HashedBigrams

__all__ = ["ENCODER", "corpus", "fingerprint", "two_generations", "write_corpus"]

ENCODER = HashedBigrams(64)
_CITIES = ("苏州", "无锡", "昆明", "绍兴", "扬州", "南通", "泉州", "洛阳")
_THINGS = ("办理法律援助案件", "建成爱心驿站", "组织劳动竞赛", "慰问困难职工", "举办职工夜校", "发放助学金")
_UNITS = ("件", "家", "场", "人次", "期", "万元")


def corpus(reports: int, edition: int, sentences: int = 40) -> dict[str, str]:
    """Reports of made-up figures; every figure of an edition ends in its three digits, so that none fits two."""
    made = {}
    for number in range(reports):
        generator = random.Random(number)
        lines = [f"# {_CITIES[number % 8]}市总工会工作报告（{2010 + number // 8}—{2015 + number // 8}年）"]
        for line in range(sentences):
            if line % 8 == 0:
                lines.append(f"\n## 第{line // 8 + 1}部分\n")
            what = generator.randrange(6)
            amount = f"{generator.randrange(1, 90)}{edition % 1000:03d}"
            lines.append(f"第{line + 1}季度全市{_THINGS[what]}{amount}{_UNITS[what]}。\n")
        made[f"{_CITIES[number % 8]}{2010 + number // 8}.md"] = "\n".join(lines)
    return made


def write_corpus(folder: Path, texts: dict[str, str]) -> Path:
    """Make the folder hold exactly these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def two_generations(folder: Path) -> Built:
    """An index with an old generation of two reports and a new one of three."""
    built = Built(folder / "reports", folder / "index", ENCODER)
    write_corpus(built.reports, corpus(2, 1))
    built.rebuild()
    write_corpus(built.reports, corpus(3, 2))
    built.rebuild()
    return built


def fingerprint(index: Index) -> str:
    """Changes when any record, any vector or the outcome of a search changes."""
    digest = hashlib.sha256(
        to_lines(index.reports) + sentence_lines(index.sentences) + index.dense.vectors[:].tobytes()
    )
    for question in ("法律援助案件", "爱心驿站建成多少家", "第三季度劳动竞赛"):
        rows, scores = index.dense.index.search(ENCODER.encode_query(question), 10)
        digest.update(json.dumps([rows.tolist(), scores.tolist()]).encode())
        for search in (index.words.sentences, index.words.passages):
            digest.update(search.scores([question[:2], question[2:4], "驿站"]).tobytes())
    return digest.hexdigest()

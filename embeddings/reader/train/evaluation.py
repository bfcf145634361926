"""How well a reader alone reads the development sets, each question put to its own paragraph."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.reader.base import Alphabet
from embeddings.train.data import read_lines
from embeddings.train.evaluation import auc

from .examples import Asked, passage, sentences
from .learning import pack, scores_of
from .network import Network

SETS = ("cmrc2018_dev", "antiterror_dev", "squad2_zh_dev", "news_qa_dev")
MOST = 24  # sentences of a paragraph that are read


def evaluate(network: Network, alphabet: Alphabet, data: Path, device: str, workers: int) -> dict[str, float]:
    """Share of answers that stand in the best sentence, exact spans, and the AUC of answerable questions."""
    figures = {}
    for name in SETS:
        texts = {row["id"]: row["text"] for row in read_lines(data / f"dev/{name}.corpus.jsonl.xz")}
        rows = [
            r
            for r in read_lines(data / f"dev/{name}.queries.jsonl.xz")
            if r.get("kind") not in ("summary", "why")
        ]
        asked = [_asked(row, texts) for row in rows]
        packed = pack(asked, alphabet, device, workers, MOST)
        scores, spans = scores_of(network, packed)
        best = scores.argmax(1)
        known = [i for i, row in enumerate(rows) if row["answerable"]]
        held = [_holds(rows[i], asked[i].passages[best[i]][1]) for i in known]
        said = [_said(asked[i], int(best[i]), packed, i, spans[i]) for i in known]
        exact = [
            any(_bare(a) == _bare(s) for a in rows[i]["answers"]) for i, s in zip(known, said, strict=True)
        ]
        within = [
            any(_bare(s) and (_bare(s) in _bare(a) or _bare(a) in _bare(s)) for a in rows[i]["answers"])
            for i, s in zip(known, said, strict=True)
        ]
        figures[f"{name} sentence"] = float(np.mean(held))
        figures[f"{name} span exact"] = float(np.mean(exact))
        figures[f"{name} span within"] = float(np.mean(within))
        top = scores.max(1)
        yes = np.isin(np.arange(len(rows)), known)
        if not yes.all():
            figures[f"{name} AUC"] = auc(top, yes)
    return figures


def _asked(row: dict[str, Any], texts: dict[str, str]) -> Asked:
    text = texts[(row["positive"] or [row.get("source_paragraph")])[0]]
    return Asked(row["question"], tuple(passage(text, s) for s in sentences(text)), -1)


def _said(asked: Asked, best: int, packed: Any, number: int, span: tuple[int, int]) -> str:
    """The text of a span of the best sentence."""
    row = int(packed.rows[number, best])
    first = int((packed.parts[row] == 2).int().argmax())
    return asked.passages[best][1][span[0] - first : span[1] - first + 1]


def _holds(row: dict[str, Any], text: str) -> bool:
    return any(_bare(a) in _bare(text) for a in row["answers"])


def _bare(text: str) -> str:
    return re.sub(r"[\s，。、“”《》]", "", text)

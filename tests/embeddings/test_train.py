"""The recipe on a data folder of a few sentences: what it keeps out, that it repeats itself, that it learns."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest

from embeddings import open_encoder
from embeddings.checksums import CHECKSUMS

TOPICS = ["帮扶", "竞赛", "培训", "维权", "入会", "疗养", "普法", "慰问"]
HELD_OUT = (
    "这一段只在开发集里出现，训练时必须完全避开它，不然开发集上的数字就不可信了，所以要按连续的字来认。"
)


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    texts = [
        f"今年{topic}工作开展得很好。各级工会把{topic}当作大事来办。职工对{topic}表示满意。"
        for topic in TOPICS
    ]
    pairs = [{"a": f"{topic}做得如何", "b": text} for topic, text in zip(TOPICS, texts, strict=True)]
    sources = ["cmrc2018_train", "xwlb_title", "laws_heading", "simclue"]
    rows = [{**pair, "src": source} for source in sources for pair in pairs]
    _write(folder / "train/pairs.jsonl.xz", [*rows, {"a": "避开", "b": HELD_OUT[3:], "src": "xwlb_title"}])
    articles = [{"title": topic, "text": text} for topic, text in zip(TOPICS, texts, strict=True)]
    _write(
        folder / "train/prose_news.jsonl.xz", [*articles, {"title": "避开", "text": "前文。\n" + HELD_OUT}]
    )
    _write(folder / "train/prose_laws.jsonl.xz", articles)
    corpus = [{"id": str(i), "title": TOPICS[i], "text": text} for i, text in enumerate(texts)]
    queries = [
        {
            "id": str(i), "question": pair["a"], "answers": [], "positive": [str(i)], "answerable": True,
            "standalone": True, "sentence": texts[i].split("。")[0] + "。",
        }
        for i, pair in enumerate(pairs)
    ]  # fmt: skip
    for name in ("cmrc2018_dev", "drcd_dev", "antiterror_dev", "news_headlines"):
        _write(
            folder / f"dev/{name}.corpus.jsonl.xz", [{**corpus[0], "text": "另外的一段文字。"}, *corpus[1:]]
        )
        _write(folder / f"dev/{name}.queries.jsonl.xz", queries)
    _write(folder / "dev/antiterror_dev.corpus.jsonl.xz", [{"id": str(i), "text": str(i)} for i in range(8)])
    _write(folder / "dev/news_qa_dev.corpus.jsonl.xz", [{"id": "0", "title": "", "text": HELD_OUT}])
    _write(folder / "dev/news_qa_dev.queries.jsonl.xz", [{**queries[0], "sentence": HELD_OUT}])
    _write(folder / "train/news_qa.corpus.jsonl.xz", corpus)
    _write(folder / "train/news_qa.queries.jsonl.xz", queries)
    return folder


def _train(data: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from embeddings.train.__main__ import main

    threads = torch.get_num_threads()
    arguments = (
        f"--data {data} --output {output} --steps 40 --rate 0.01 --words 1500 --dimension 24 --batch 8"
    )
    monkeypatch.setattr("sys.argv", ["train", *arguments.split()])
    main()
    torch.set_num_threads(threads)


def test_development_paragraphs_are_kept_out(data: Path) -> None:
    from embeddings.train.data import load_corpus

    corpus = load_corpus(data)
    texts = [text for group in corpus.groups for pair in group.pairs for text in pair]
    texts += [text for title, sentences in corpus.news for text in (title, *sentences)]
    assert not any(HELD_OUT[5:25] in text for text in texts)
    assert any("各级工会把竞赛" in text for text in texts)


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")
def test_it_learns_and_repeats_itself(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _train(data, tmp_path / "one", monkeypatch)
    _train(data, tmp_path / "two", monkeypatch)
    assert "cmrc2018_dev recall@1" in capsys.readouterr().out
    first, second = ((tmp_path / name / CHECKSUMS).read_text("utf-8") for name in ("one", "two"))
    assert first == second

    encoder = open_encoder(str(tmp_path / "one"))
    passages = encoder.encode_passages([f"职工对{topic}表示满意。" for topic in TOPICS])
    questions = encoder.encode_passages([f"{topic}做得如何" for topic in TOPICS])
    assert (np.argmax(questions @ passages.T, axis=1) == np.arange(len(TOPICS))).all()
    card = (tmp_path / "one" / "README.md").read_text("utf-8")
    assert "--steps 40" in card
    assert "CC BY-SA 4.0" in card

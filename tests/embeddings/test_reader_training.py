"""The reader's recipe on a few sentences of ours: what is asked of what, that it learns, and that it is exported."""

import json
import lzma
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from embeddings.reader.base import Alphabet
from embeddings.reader.train import learning
from embeddings.reader.train.examples import Asked, asked_of_prose, asked_of_set, half
from embeddings.reader.train.learning import Stage, learn_characters, learn_questions, pack, scores_of, stream
from embeddings.reader.train.network import WEIGHTS, Network, Shape, written_network

THINGS = ["书屋", "驿站", "会员", "讲堂", "竞赛", "援助", "体检", "疗养"]
SENTENCES = [f"全市{thing}共有{10 + at}个。" for at, thing in enumerate(THINGS)]


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    corpus = [{"id": f"p{i}", "title": "", "text": "".join(SENTENCES[i : i + 4])} for i in (0, 4)]
    queries = [
        {
            "id": thing, "question": f"{thing}有多少？", "answers": [f"{10 + at}个"], "positive": [f"p{at // 4 * 4}"],
            "answerable": at != 7, "sentence": "",
        }
        for at, thing in enumerate(THINGS)
    ]  # fmt: skip
    _write(tmp_path / "train/small.corpus.jsonl.xz", corpus)
    _write(tmp_path / "train/small.queries.jsonl.xz", queries)
    return tmp_path


def test_a_question_is_put_to_the_sentence_that_answers_and_to_others(data: Path) -> None:
    made = asked_of_set(data, "small", 0)
    first = made[0]
    assert first.passages[first.right][1] == SENTENCES[0]
    start, end = first.span
    assert SENTENCES[0][start:end] == "10个"
    assert len(first.passages) > 3 and SENTENCES[0] not in [text for _, text in first.passages[1:]]


def test_a_half_is_left_out_whole(data: Path) -> None:
    asked = [{a.question for a in asked_of_set(data, "small", 0, left_out)} for left_out in (0, 1)]
    kept = [{f"{t}有多少？" for i, t in enumerate(THINGS) if half(f"p{i // 4 * 4}") != n} for n in (0, 1)]
    assert [a & {f"{t}有多少？" for t in THINGS} for a in asked] == kept


def test_questions_made_of_prose_hide_their_figure() -> None:
    articles = [("", ("前面的一句。", "五年来，全市新建职工书屋235家。", "后面还有一句话。"))] * 30
    made = list(asked_of_prose(articles, 0, 1.0))
    told = [a for a in made if a.right >= 0]
    assert told and any(a.right < 0 for a in made)
    for asked in told:
        start, end = asked.span
        assert asked.passages[asked.right][1][start:end].startswith("235")
        assert "235" not in asked.question


@pytest.mark.usefixtures("one_thread")
def test_it_learns_which_sentence_answers_and_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "WIDTH", 32)  # our sentences are short, and a row costs what it may hold
    torch.manual_seed(0)
    draw = random.Random(0)
    alphabet = Alphabet("".join(sorted(set("".join(SENTENCES) + "有多少？\n"))))
    asked = []
    for at, thing in enumerate(THINGS):
        for _ in range(6):
            others = [("", s) for s in draw.sample(SENTENCES[:at] + SENTENCES[at + 1 :], 3)]
            start = SENTENCES[at].index(str(10 + at))
            asked.append(Asked(f"{thing}有多少？", (("", SENTENCES[at]), *others), 0, (start, start + 3)))
    network = Network(Shape(len(alphabet), width=64, heads=1, layers=1, dropout=0.0))
    text = torch.from_numpy(stream(SENTENCES * 20, alphabet))
    said: list[str] = []
    learn_characters(network, text, Stage(20, 4, 4, 1e-3), 0, said.append)
    questions = pack(asked, alphabet, "cpu", 1)
    learn_questions(network, [(questions, 1.0)], Stage(60, 60, 8, 2e-3), 0, said.append)
    scores, spans = scores_of(network, questions)
    assert np.mean(scores.argmax(1) == 0) > 0.9
    assert len(spans) == len(asked) and said

    save_file({k: v.half().contiguous() for k, v in network.state_dict().items()}, tmp_path / WEIGHTS)
    again, spans_again = scores_of(written_network(tmp_path), questions)
    assert np.allclose(again, scores, atol=0.1) and spans_again == spans

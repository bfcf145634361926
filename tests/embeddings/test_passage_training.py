"""The passage reader's recipe on a few passages of ours: labels, rows made of them, that it learns and goes on."""

import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from embeddings.reader.base import Alphabet
from embeddings.reader.passages import PassageReader, passage_row
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.network import Network, Shape
from embeddings.reader.train.passages.evaluation import evaluate
from embeddings.reader.train.passages.export import export
from embeddings.reader.train.passages.learning import Plan, batch_of, batches, learn, loss_of
from embeddings.reader.train.passages.network import PassageNetwork, begun_from
from embeddings.reader.train.passages.rows import (
    Asked,
    asked_of_set,
    context_line,
    found_rows,
    labelled,
    windowed,
    written,
)
from embeddings.reader.train.passages.weights import loaded
from embeddings.reader.train.rows import rows_of

SHIPPED = PassageReader.FOLDER
REPORT = {
    "id": "p1", "report": "临江市2025.txt", "place": "江北省临江市", "heading": "一、过去五年的工作",
    "text": "建成书屋235家。命名工匠学院3所，设在南湾、东渡、石桥。办理援助案件1846件。",
}  # fmt: skip
LIST = {
    "id": "q1", "question": "工匠学院设在哪儿？", "kind": "list", "answerable": True, "positive": ["p1"],
    "answers": ["南湾", "东渡", "石桥"], "clause": "命名工匠学院3所，设在南湾、东渡、石桥",
}  # fmt: skip
MISSING = {
    "id": "q2", "question": "工匠学院花了多少钱？", "kind": "figure", "answerable": False, "positive": ["p1"],
    "answers": [], "clause": "命名工匠学院3所", "why": "detail_missing",
}  # fmt: skip
KINDS = {"figure", "name", "date", "place", "list", "reason", "manner", "check", "several"}
WHY = {
    "other_measure", "other_time", "other_level", "other_entity", "plan_vs_result", "detail_missing", "false_premise",
}  # fmt: skip


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_labels_name_every_item_of_a_list_and_its_clause() -> None:
    one = labelled(LIST, REPORT, True)
    assert one is not None and one.answered
    assert [one.passage[start:end] for start, end in one.spans] == LIST["answers"]
    assert one.clause is not None and one.passage[slice(*one.clause)] == LIST["clause"]
    assert one.context == "江北省临江市 2025 一、过去五年的工作"


def test_a_near_miss_keeps_the_clause_that_misleads() -> None:
    one = labelled(MISSING, REPORT, True)
    assert one is not None and not one.answered and not one.spans
    assert one.clause is not None and one.passage[slice(*one.clause)] == MISSING["clause"]


@pytest.mark.parametrize("change", [{"answers": ["海口"]}, {"answerable": False}, {"answers": []}])
def test_labels_that_disagree_are_left_out(change: dict[str, object]) -> None:
    assert labelled({**LIST, **change}, REPORT, True) is None


def test_a_title_is_the_context_where_there_is_no_heading() -> None:
    assert context_line({"title": "今日要闻", "text": ""}) == "今日要闻"


@pytest.mark.parametrize("most", [25, 40])
def test_a_window_holds_what_is_labelled(most: int) -> None:
    one = labelled(LIST, REPORT, True)
    assert one is not None
    for seed in range(20):
        for part in windowed([one], most, random.Random(seed)):
            assert len(part.passage) <= most
            assert [part.passage[start:end] for start, end in part.spans] == LIST["answers"]


def test_questions_are_put_elsewhere_in_the_same_report(tmp_path: Path) -> None:
    other = {**REPORT, "id": "p2", "text": "工匠学院招生的办法另行规定，今年开班。"}
    away = {**REPORT, "id": "p3", "report": "海湾市2024.txt", "place": "海湾市", "text": "工匠学院设在码头。"}
    _write(tmp_path / "train/reports_qa.corpus.jsonl.xz", [REPORT, other, away])
    _write(tmp_path / "train/reports_qa.queries.jsonl.xz", [LIST, MISSING] * 40)
    made = asked_of_set(tmp_path, "reports_qa", random.Random(0), 80)
    elsewhere = [one for one in made if one.passage != REPORT["text"]]
    assert elsewhere and {one.passage for one in elsewhere} == {other["text"]}
    assert not any(one.answered for one in elsewhere)
    misnamed = [one for one in made if one.question.startswith("海湾") and one.passage == REPORT["text"]]
    assert not any(one.answered for one in misnamed)
    named = [one for one in made if one.answered and "临江" in one.question]
    assert named and all(one.spans for one in named)


@pytest.mark.parametrize("development", [False, True])
def test_written_questions_are_labelled_by_what_stands_in_their_passages(development: bool) -> None:
    passages, rows = written(development)
    assert rows
    for row in rows:
        text = passages[row["positive"][0]]["text"]
        assert row["clause"] and row["clause"] in text, row
        assert all(answer and answer in text for answer in row["answers"]), row
        assert row["kind"] in KINDS, row
        if row["answerable"]:
            assert "why" not in row and ("yes" in row) == (row["kind"] == "check"), row
            assert row["answers"] or row["kind"] == "check", row
        else:
            assert row["why"] in WHY and "yes" not in row and not row["answers"], row
        assert labelled(row, passages[row["positive"][0]], True), row


def test_written_questions_are_asked_once_and_those_of_development_are_not_learned() -> None:
    passages, learned = written()
    unseen, kept = written(development=True)
    for key in ("id", "question"):
        said = [row[key] for row in learned + kept]
        assert len(set(said)) == len(said)
    writers, others = ({row["positive"][0][0] for row in rows} for rows in (learned, kept))
    assert writers and others and not writers & others
    assert not passages.keys() & unseen.keys()
    made = asked_of_set(Path(), "written", random.Random(0), len(learned))
    assert made and not {one.passage for one in made} & {row["text"] for row in unseen.values()}


def test_it_goes_on_from_the_shipped_reader_made_floating_point_again() -> None:
    alphabet = Alphabet((SHIPPED / "characters.txt").read_bytes().decode("utf-8"))
    network = loaded(SHIPPED / "reader.onnx").eval()
    question, passage = "全市建成驿站多少个？", "五年来，全市建成驿站48个，夜里也亮着灯。疗休养2.6万人次。"
    row = passage_row(alphabet, question, "苏州市 2023", passage)
    with torch.no_grad():
        told = network(torch.from_numpy(row.values[None].astype(np.int64)), False)
    (reading,) = PassageReader.open(SHIPPED).read(question, [passage], ["苏州市 2023"])
    assert told.verdicts[0, 0].item() == pytest.approx(reading.answered, abs=0.05)


def test_rows_that_a_search_found_keep_all_that_answer(tmp_path: Path) -> None:
    row = {"question": "建成驿站多少个？", "context": "苏州市", "passage": "建成驿站48个。", "clause": [0, 8]}
    answers = {**row, "answered": True, "spans": [[4, 7]]}
    other = {**row, "answered": False, "spans": [], "clause": None}
    path = tmp_path / "found.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in [answers, *[other] * 100]), "utf-8")
    made = found_rows(path, random.Random(0))
    assert [one.passage[slice(*one.spans[0])] for one in made if one.answered] == ["48个"]
    assert 20 < sum(not one.answered for one in made) < 80


def test_it_begins_where_the_sentence_reader_ended() -> None:
    question, sentence = "全市建成职工书屋多少家？", "五年来，全市共建成职工书屋235家，其中国家级12家。"
    torch.manual_seed(0)
    alphabet = alphabet_of()
    network = Network(Shape(len(alphabet), 64, 1, 2)).eval()
    rows = rows_of(alphabet, question, [("", sentence)])
    with torch.no_grad():
        relevance, marks = network(*map(torch.from_numpy, (rows.ids, rows.parts, rows.runs)))
        told = begun_from(network).eval()(batch_of([Asked(question, "", sentence, True)], alphabet).rows)
    start = int(rows.start[0])
    assert torch.allclose(told.marks[0, start:-1, :2], marks[0, start:-1], atol=1e-2)
    assert abs(float(told.verdicts[0, 0]) - float(relevance)) < 0.1


@pytest.mark.usefixtures("one_thread")
def test_it_learns_goes_on_from_its_checkpoint_and_is_exported(tmp_path: Path) -> None:
    torch.manual_seed(0)
    things = ["书屋", "驿站", "会员", "讲堂"]
    text = "".join(f"全市{thing}共有{10 + at}个。" for at, thing in enumerate(things))
    alphabet = Alphabet("".join(sorted(set(text + "有多少？疗养园"))))
    asked = []
    for at, thing in enumerate(things):
        start = text.index(str(10 + at))
        clause = (start - 6, start + 3)
        asked.append(Asked(f"{thing}有多少？", "", text, True, ((start, start + 3),), clause))
    asked += [Asked(f"{thing}有多少？", "", text, False) for thing in ("疗养", "园区")]

    def rows(draw: random.Random) -> Iterator[Asked]:
        while True:
            yield from draw.sample(asked, len(asked))

    said: list[str] = []
    network = PassageNetwork(Shape(len(alphabet), width=64, heads=1, layers=2, dropout=0.0))
    for most in (160, 1600):
        draw = random.Random(most)
        learn(
            network, batches(rows, 700, draw), alphabet, Plan(most, 700, 3e-3, 900), tmp_path / "checkpoint.pt",
            draw, said.append,
        )  # fmt: skip
    assert any(line.startswith("goes on from 1") for line in said)
    with torch.no_grad():
        batch = batch_of(asked, alphabet)
        assert float(loss_of(network(batch.rows), batch)) < 0.5

    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, tmp_path / "weights.safetensors")
    with pytest.warns():
        export([tmp_path / "weights.safetensors"] * 2, alphabet.characters, tmp_path / "model")
    reader = PassageReader.open(tmp_path / "model")
    for one in asked:
        (reading,) = reader.read(one.question, [text], [""])
        assert (reading.answered > 0) == one.answered
        if one.answered:
            assert (reading.spans[0].start, reading.spans[0].end) == one.spans[0]


def test_figures_of_a_reader_that_is_always_right(tmp_path: Path) -> None:
    sets = ("reports_qa_dev", "news_qa_dev", "cmrc2018_dev", "cjrc_dev", "squad2_zh_dev")
    for name in sets:
        _write(tmp_path / f"dev/{name}.corpus.jsonl.xz", [REPORT])
        _write(tmp_path / f"dev/{name}.queries.jsonl.xz", [LIST, *[MISSING] * 20] * 2)

    def knows(question: str, context: str, text: str) -> object:
        from embeddings.reader.passages import PassageReading, Scored

        gold = labelled(LIST if question == LIST["question"] else MISSING, REPORT, True)
        assert gold is not None
        none = np.full(len(text), -9.0, dtype=np.float32)
        clause = none.copy()
        clause[slice(*(gold.clause or (0, 0)))] = 9.0
        spans = tuple(Scored(start, end, 0.0) for start, end in gold.spans)
        return PassageReading(9.0 if gold.answered else -9.0, 0.0, none, none, none, clause, spans)

    figures = evaluate(knows, tmp_path, sets=sets)  # type: ignore[arg-type]
    assert all(value == 1.0 for key, value in figures.items() if not key.endswith("questions"))
    assert figures["reports_qa_dev items of lists, F1"] == figures["reports_qa_dev right"] == 1.0

"""The question reader: what it tells of a question, a model that is whole or refused, and its recipe on a few questions."""

import json
import lzma
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from embeddings import EncoderError
from embeddings import reader as package
from embeddings.reader.base import CLS, SEP, Alphabet
from embeddings.reader.questions import LONGEST, QuestionReader, default_question_reader, question_row
from embeddings.reader.train.network import Shape
from embeddings.reader.train.passages.network import PassageNetwork
from embeddings.reader.train.questions.__main__ import _loss
from embeddings.reader.train.questions.network import QuestionNetwork
from embeddings.reader.train.questions.rows import (
    ASKS,
    DEVELOPMENT,
    EACH,
    EACH_DEVELOPMENT,
    OWN,
    THINGS,
    Told,
    _asks,
    _each,
    _on_passages,
    _pieces,
    _things,
    aligned,
    labels_of,
)
from embeddings.reader.train.recover import recovered_questions

FOLDER = Path(package.__file__).with_name("question_model")
OF_A_PASSAGE = [
    {"question": "书屋有几家？", "kind": "figure", "answers": ["235家"], "positive": ["p1"]},
    {"question": "投了多少钱", "kind": "figure", "answers": ["超1.2亿元"], "positive": ["p1"]},
    {"question": "有哪些学院", "kind": "list", "answers": ["南湾", "东渡"], "positive": ["p1"]},
]


def test_words_that_stand_for_all_places_are_marked() -> None:
    with lzma.open(EACH, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert len(rows) == 480
    right = 0
    for row in (row for row in rows if row["id"].startswith(EACH_DEVELOPMENT)):
        told = _each(row)
        assert [row["question"][a:b] for a, b in told.each or ()] == row["each"]
        right += bool(default_question_reader().read(row["question"]).each) == bool(row["each"])
    assert right >= 0.8 * sum(row["id"].startswith(EACH_DEVELOPMENT) for row in rows)


def test_a_row_is_the_question_between_two_marks() -> None:
    alphabet = Alphabet("会员多少")
    row = question_row(alphabet, "会员多少")
    assert (row[0], row[-1], len(row)) == (CLS, SEP, 6)
    assert len(question_row(alphabet, "会" * 500)) == LONGEST + 2


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("北河市建了多少家职工书屋", "figure"),
        ("两届法律援助一共办了多少件，加起来算一下", "compute"),
        ("为什么要办夜校", "reason"),
        ("这个平台是哪一年上线的", "date"),
        ("谢谢啦", "chatter"),
    ],
)
def test_it_tells_what_is_wanted(question: str, kind: str) -> None:
    assert default_question_reader().read(question).kind == kind


def test_it_tells_the_unit_where_the_question_does_not_say_it() -> None:
    read = default_question_reader().read
    assert read("今年帮扶资金一共投了多少").unit == "元"
    assert read("妈咪暖心小屋是多少？").unit == ""  # a wrong one would rule the right figure out


def test_it_tells_where_a_second_thing_is_asked() -> None:
    question = "职工夜校开了多少个班，来听课的有多少人？"
    assert question[default_question_reader().read(question).starts[0] :].startswith("来听课的")
    assert default_question_reader().read("职工夜校开了多少个班？").starts == ()


def test_it_tells_what_says_nothing_of_what_is_asked() -> None:
    question = "麻烦帮我查一下，北河市建了多少家职工书屋？谢谢"
    asides = "".join(question[a:b] for a, b in default_question_reader().read(question).asides)
    assert "麻烦" in asides and "谢谢" in asides and "书屋" not in asides


@pytest.mark.parametrize("question", ["", "？", "a", "几" * 1000, "\x00\ud800", "🙂🙂"])
def test_any_text_can_be_read(question: str) -> None:
    reading = default_question_reader().read(question)
    assert all(0 < start < max(1, len(question)) for start in reading.starts)
    assert all(0 <= a < b <= len(question) for a, b in (*reading.asides, *reading.shared, *reading.looked_up))


def test_an_altered_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    (folder / "labels.json").write_text("{}", "utf-8")
    with pytest.raises(EncoderError, match=r"labels\.json"):
        QuestionReader.open(folder)


def test_the_answer_tells_the_unit_and_two_questions_are_asked_in_one_breath() -> None:
    made = _on_passages(OF_A_PASSAGE, random.Random(1))
    assert [one.unit for one in made[:3]] == ["家", "元", None]
    pairs = [
        one for seed in range(20) for one in _on_passages(OF_A_PASSAGE, random.Random(seed)) if one.starts
    ]
    assert pairs
    for pair in pairs:
        (start,) = pair.starts or ()
        assert pair.question[start:] in ("书屋有几家？", "投了多少钱")


def test_pieces_and_asides_become_offsets() -> None:
    row = {
        "question": "你好，开了几次会，谁主持的", "kind": "figure", "operation": "none", "unit": "次",
        "pieces": ["开了几次会", "谁主持的"], "aside": ["你好，"],
    }  # fmt: skip
    told = _pieces(row)
    assert (told.starts, told.asides) == ((9,), ((0, 3),))
    assert _pieces({"question": "请问在吗", "aside": ["请问在吗"]}).kind is None


def test_what_was_written_for_it_keeps_to_its_form() -> None:
    with lzma.open(OWN, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    told = [_pieces(row) for row in rows]  # each stretch stands where it is said to
    assert len({row["question"] for row in rows}) == len(rows) > 2000
    assert sum(row["id"].startswith(DEVELOPMENT) for row in rows) > 300
    assert sum(one.kind is not None for one in told) > 1700


def test_it_learns_a_few_questions_by_heart() -> None:
    torch.manual_seed(0)
    alphabet = Alphabet("会员多少为什么谢了，")
    told = [
        Told("会员多少", "figure", "none", "人", ()),
        Told("为什么", "reason", "none", None, ()),
        Told("谢谢，会员多少，为什么", "figure", "none", "人", (8,), ((0, 3),)),
    ]
    labels = labels_of(told)
    assert labels["kind"] == ["figure", "reason"] and labels["unit"] == []
    network = QuestionNetwork(
        PassageNetwork(Shape(len(alphabet), 64, 1, 2)), sum(len(own) for own in labels.values())
    )
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    losses = []
    for _ in range(40):
        loss = _loss(network, told, labels, alphabet)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]
    with torch.no_grad():
        _, marks = network.eval()(torch.from_numpy(question_row(alphabet, told[2].question)[None]))
    assert int(np.argmax(marks[0, 1:-1, 0].numpy())) == 8


def test_what_is_gone_on_from_is_the_shipped_reader_made_floating_point_again() -> None:
    labels = json.loads((FOLDER / "labels.json").read_text("utf-8"))
    alphabet = Alphabet((FOLDER / "characters.txt").read_bytes().decode("utf-8"))
    network = recovered_questions(FOLDER / "reader.onnx", sum(map(len, labels.values())))
    for question in (
        "北河市建了多少家职工书屋",
        "为什么要办夜校",
        "两届一共办了多少件，加起来算一下",
        "谢谢啦",
    ):
        with torch.no_grad():
            verdicts, _ = network(torch.from_numpy(question_row(alphabet, question)[None]), False)
        kind = labels["kind"][int(verdicts[0, : len(labels["kind"])].argmax())]
        assert kind == default_question_reader().read(question).kind


def test_questions_to_compare_or_compute_have_that_kind_and_no_other() -> None:
    with lzma.open(ASKS, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert len({row["question"] for row in rows}) == len(rows) > 2000
    assert not any(place in row["question"] for row in rows for place in ("温州", "浙江", "漳州", "钱塘"))
    for row, told in ((row, _asks(row)) for row in rows):
        assert told.kind == {"none": None, "compare": "compare", "extreme": "compare"}.get(
            row["operation"], "compute"
        )
        assert (told.shared is not None) == bool(told.starts)
        assert told.starts == () or len(row["asks"]) > 1
        assert (told.looked_up is not None) == (len(row["asks"]) > 1 or row["operation"] != "none")


def test_single_things_tell_where_each_begins_and_what_they_share() -> None:
    question = "北河市职工夜校去年开了几个班，今年要开几个？"
    told = aligned(
        Told(question), ["北河市职工夜校去年开了几个班？", "北河市职工夜校今年要开几个班？"], ["北河"]
    )
    assert [question[at:] for at in told.starts or ()] == ["今年要开几个？"]
    assert "".join(question[a:b] for a, b in told.shared or ()).startswith("北河市职工夜校")


def test_single_things_that_differ_in_their_place_alone_are_one() -> None:
    asks = ["洛阳的工会会员有多少？", "开封的工会会员有多少？"]
    told = aligned(Told("洛阳和开封谁的工会会员多"), asks, ["洛阳", "开封"])
    assert told.starts == () and told.shared is None


def test_single_things_in_another_order_teach_nothing() -> None:
    told = aligned(Told("投了多少钱？建了几个驿站？"), ["建了几个驿站？", "投了多少钱？"], [])
    assert told.starts is None and told.shared is None


def test_words_that_compare_or_compute_are_not_looked_up() -> None:
    question = "北河和南山两地的职工夜校谁办得多，多几个？"
    looked_up = "".join(question[a:b] for a, b in default_question_reader().read(question).looked_up)
    assert "职工夜校" in looked_up
    assert not any(word in looked_up for word in ("谁", "多几个", "北河"))


def test_questions_with_the_words_of_each_thing_keep_to_their_form() -> None:
    with lzma.open(THINGS, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert len({row["question"] for row in rows}) == len(rows) > 700
    assert not any(place in row["question"] for row in rows for place in ("温州", "浙江", "漳州", "钱塘"))
    for row, told in ((row, _things(row)) for row in rows):
        marked = "".join(row["question"][a:b] for a, b in told.looked_up or ())
        assert all(piece[0] in marked and piece[-1] in marked for thing in row["things"] for piece in thing)
        assert told.starts is None or len(told.starts) < len(row["things"])


def test_each_thing_begins_with_its_first_own_word() -> None:
    question = "去年城里人和农村人的收入差几块钱"
    told = _things(
        {"question": question, "things": [["城里人", "收入"], ["农村人", "收入"]], "operation": "difference"}
    )
    assert [question[at:] for at in told.starts or ()] == ["农村人的收入差几块钱"]
    assert [question[a:b] for a, b in told.shared or ()] == ["收入"]
    assert [question[a:b] for a, b in told.looked_up or ()] == ["城里人", "农村人", "收入"]
    assert told.kind == "compute"

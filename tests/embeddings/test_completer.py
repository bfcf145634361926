"""The completer and its judge: rows of a conversation, ways through it, years that are moved, models whole or refused."""

import re
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from embeddings import EncoderError
from embeddings import completer as package
from embeddings.completer import Completed, Completer, default_completer, default_judge
from embeddings.completer.completer import (
    END,
    FURTHEST,
    RANK_COST,
    WIDTH,
    CompletionJudge,
    Verdicts,
    held_together,
    judged_row,
    likeliest,
    row_of,
)
from embeddings.completer.train.network import CompleterNetwork
from embeddings.completer.train.recover import recovered
from embeddings.reader.base import BEFORE, CLS, QUESTION, SENTENCE, SEP, Alphabet
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.encoder import shape_of

FOLDER = Path(package.__file__).with_name("model")
ALPHABET = Alphabet("苏州泉有几家书屋呢？")
GLUE = ("", "的")


def test_a_row_holds_question_and_turns_with_a_character_a_position() -> None:
    row = row_of(ALPHABET, "泉州呢？", ["谁", "苏州有几家书屋"])
    assert row.text == "\n泉州呢？\n谁\n苏州有几家书屋\n"
    assert row.ids.shape == row.parts.shape == row.runs.shape == (len(row.text),)
    assert row.ids[0] == CLS and [row.ids[at] for at in (5, 7, -1)] == [SEP] * 3
    assert set(row.parts[:6]) == {QUESTION} and set(row.parts[8:]) == {SENTENCE}
    assert row.ids[2] == row.ids[9] and row.runs[2] == 1  # 州 in both


def test_the_oldest_turns_are_left_out_where_not_all_fit() -> None:
    row = row_of(ALPHABET, "泉" * 60, ["苏" * 70, "州" * 70, "书" * 50])
    assert len(row.text) <= WIDTH
    assert "苏" not in row.text and "州" * 70 in row.text and "书" * 50 in row.text


@pytest.mark.parametrize("text", ["", "\n", "\x00", "😀" * 400])
def test_any_text_makes_a_row(text: str) -> None:
    row = row_of(ALPHABET, text, [text, text])
    assert len(row.text) == len(row.ids) <= WIDTH


def verdicts(text: str, wanted: list[int], written: dict[int, int] | None = None, by: int = 0) -> Verdicts:
    """What a network would say that wants these positions one after the other, with glue behind some of them."""
    size = len(text)
    following = np.full((size, size), -9.0, np.float32)
    for here, there in pairwise([END, *wanted, END]):
        following[here, there] = -0.01
    glue, years = np.full((size, 2), -9.0, np.float32), np.full((size, 2 * FURTHEST + 1), -9.0, np.float32)
    glue[:, 0], years[:, FURTHEST + by] = -0.01, -0.01
    for place, number in (written or {}).items():
        glue[place] = -9.0
        glue[place, number] = -0.01
    stays = np.full(size, -4.0, np.float32)
    stays[wanted] = 4.0
    return Verdicts(following, stays, glue, years)


class Network:
    """A session that gives these verdicts."""

    def __init__(self, told: Verdicts) -> None:
        self.told = told

    def run(self, _: Any, __: Any) -> list[Any]:
        told = (self.told.following, self.told.stays, self.told.glue, self.told.years)
        return [*(own[None] for own in told), np.array([-1.0])]


def completed(question: str, history: list[str], wanted: list[int], **more: Any) -> Completed:
    text = row_of(ALPHABET, question, history).text
    return Completer(Network(verdicts(text, wanted, **more)), ALPHABET, "\n".join(GLUE)).complete(
        question, history
    )


def test_the_likeliest_way_goes_where_it_is_pointed_to() -> None:
    wanted = [1, 2, *range(8, 13)]
    assert likeliest(verdicts("\n泉州呢？\n苏州有几家书屋\n", wanted), 0.3)[0] == tuple(wanted)


def test_what_is_asked_now_is_marked_where_it_is_at_the_end() -> None:
    history = ["苏州有几家书屋"]
    first = completed("泉州呢？", history, [1, 2, *range(8, 13)])
    assert (first.text, first.own) == ("泉州有几家书屋", "")
    last = completed("谁", history, [3, 4, 8, 9, 1], written={9: 1})
    assert (last.text, last.own) == ("苏州书屋的谁", "谁")


def test_forms_differ_and_the_likeliest_comes_first() -> None:
    history = ["2016年苏州市总工会建成多少家书屋？"]
    forms = [form.text for form in default_completer().forms("泉州呢？", history)]
    assert forms[0] == default_completer().complete("泉州呢？", history).text
    assert len(forms) == len(set(forms)) > 3


def test_the_turn_before_is_also_completed_and_read_alone() -> None:
    history = ["苏州2016年建成多少家书屋？", "驿站呢"]
    alone = default_completer().complete("驿站呢", history[:1]).text
    assert default_completer().complete("泉州呢", [alone]) in default_completer().forms("泉州呢", history)


def test_a_whole_question_has_no_other_forms() -> None:
    assert default_completer().forms("泉州市总工会五年办了多少场技能竞赛？", ["苏州有几家书屋"]) == ()


def test_a_judged_row_holds_the_form_before_the_conversation() -> None:
    row = judged_row(ALPHABET, "泉州有几家书屋", "泉州呢？", ["谁", "苏州有几家书屋"])
    assert row.text == "\n泉州有几家书屋\n泉州呢？\n谁\n苏州有几家书屋\n"
    assert [set(row.parts[a:b]) for a, b in ((0, 9), (9, 14), (14, 24))] == [{QUESTION}, {SENTENCE}, {BEFORE}]
    assert row.runs[1] == 2 and row.runs[4] == 0 and row.runs[16] == 0 and row.runs[18] == 3


@pytest.mark.parametrize(
    ("history", "question", "right", "wrong"),
    [
        (["苏州有几家书屋？"], "泉州呢？", "泉州有几家书屋？", "苏州泉州有几家"),
        (["温州办了多少场竞赛？", "漳州呢"], "多少人参加", "漳州竞赛多少人参加", "温州竞赛多少人参加"),
    ],
)
def test_what_was_meant_is_likelier_than_what_was_not(
    history: list[str], question: str, right: str, wrong: str
) -> None:
    likely, unlikely = (default_judge().log_odds([form], question, history) for form in (right, wrong))
    assert likely > unlikely


@pytest.mark.parametrize("text", ["", "\n", "\x00", "😀" * 400])
def test_any_text_is_judged(text: str) -> None:
    first, second = default_judge().log_odds([text, text], text, [text] * 5)
    assert first - second == pytest.approx(RANK_COST)


def test_a_year_is_moved_and_never_parted() -> None:
    history = ["2018到2023年苏州有几家"]
    wanted = [*range(4, 4 + len("2018到2023年苏州有几家"))]
    assert completed("上届", history, wanted, by=-5).text == "2013到2018年苏州有几家"
    told = held_together(np.zeros((6, 6), np.float32), [(1, 5)])
    assert told[0, 1] == 0 and told[0, 2] < -100 and told[2, 3] == 0 and told[2, 5] < -100 and told[4, 5] == 0


def test_a_network_that_never_ends_gives_the_question_itself() -> None:
    told = verdicts("\n泉州呢？\n苏州有几家书屋\n", [1])
    told.following[:, END] = -np.inf
    assert (
        Completer(Network(told), ALPHABET, "\n".join(GLUE)).complete("泉州呢？", ["苏州有几家书屋"]).text
        == "泉州呢？"
    )


def test_the_shipped_completer_says_the_same_for_the_same_conversation() -> None:
    history = ["2016年苏州市总工会建成多少家书屋？"]
    first = Completer.open(FOLDER).complete("泉州呢？", history)
    assert first == default_completer().complete("泉州呢？", history)
    assert first.text.startswith("2016年泉州") and history == ["2016年苏州市总工会建成多少家书屋？"]


def test_what_it_writes_is_copied_but_for_a_closed_set_of_texts() -> None:
    history = ["2016年苏州市总工会建成多少家书屋？", "投了几万元"]
    glue = set("".join((FOLDER / "glue.txt").read_text("utf-8").split("\n")))
    for question in ("泉州呢？", "2021年的", "谁牵头的", "不是钱，是人"):
        for form in default_completer().forms(question, history):
            assert set(form.text) <= glue.union(question, *history, "0123456789")
            assert all(len(digits) in (1, 4) for digits in re.findall(r"\d+", form.text))


def test_nothing_is_written_inside_a_year_and_terms_stay_in_order() -> None:
    history = ["2018年苏州有几家"]
    wanted = [*range(4, 4 + len("2018年苏州有几家"))]
    assert completed("上届", history, wanted, written={5: 1}).text == "2018年苏州有几家"
    history = ["第九届和第八届"]
    assert completed("上届", history, [*range(4, 11)], by=1).text == "第十届和第九届"


def test_what_may_not_follow_never_does() -> None:
    told = verdicts("\n2020\n苏州\n", [1, 2, 3, 4, 6, 7])
    told = replace(told, following=held_together(told.following, [(1, 5)]))
    digits = [[place for place in way if place < 5] for way in likeliest(told, 1.0)]
    assert [1, 2, 3, 4] in digits and all(found in ([], [1, 2, 3, 4]) for found in digits)


@pytest.mark.parametrize("question", ["", "  ", "？", "泉" * 500, "\x00", "😀"])
def test_junk_gives_a_form_and_raises_nothing(question: str) -> None:
    assert isinstance(default_completer().complete(question, ["苏州有几家书屋", "\n"]).text, str)


def test_the_completer_and_its_judge_are_heads_of_one_network() -> None:
    assert default_completer()._session is default_judge()._session


def test_without_history_a_question_is_itself() -> None:
    assert default_completer().complete("泉州呢？", []) == Completed("泉州呢？")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Completer, "completer.onnx"),
        (Completer, "glue.txt"),
        (CompletionJudge, "completer.onnx"),
    ],
)
def test_a_model_that_was_altered_or_is_incomplete_is_refused(
    kind: type[Completer] | type[CompletionJudge], name: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "model")
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(EncoderError, match="校验和"):
        kind.open(folder)
    (folder / name).unlink()
    with pytest.raises(EncoderError, match="缺少"):
        kind.open(folder)


def test_what_is_gone_on_from_is_the_shipped_completer_made_floating_point_again() -> None:
    state = recovered(FOLDER)
    glue = (FOLDER / "glue.txt").read_bytes().decode("utf-8").split("\n")
    network = CompleterNetwork(shape_of(state, "encoder."), len(glue)).eval()
    network.load_state_dict(state)
    question, history = "那泉州呢？", ["苏州建了多少家职工书屋？"]
    forms = ["泉州建了多少家职工书屋？", "苏州建了多少家职工书屋？"]
    rows = [judged_row(alphabet_of(), form, question, history) for form in forms]
    with torch.no_grad():
        inputs = ([torch.from_numpy(each[None]) for each in (row.ids, row.parts, row.runs)] for row in rows)
        meant = [float(network.judged(*own)) for own in inputs]
    shipped = default_judge().log_odds(forms, question, history)
    assert meant[0] > meant[1] + 1 and shipped[0] > shipped[1] + 1

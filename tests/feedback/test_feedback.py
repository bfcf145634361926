"""Feedback is kept, replaced, forgotten with age, and exported as questions that the program then answers right."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.cli import main
from qa.errors import QAError
from qa.evaluate import evaluate, read_gold
from qa.feedback import (
    COMMENT_CHARACTERS,
    RETENTION_DAYS,
    Feedback,
    delete_old,
    expected,
    feedback_on,
    load_all,
    save,
)
from qa.library import Library
from tests.index.made import KUNMING, SUZHOU, write_reports

ASKED = ("苏州建成爱心驿站多少家？", "苏州的工会养了多少只熊猫？")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("feedback")
    reports = write_reports(folder / "reports", suzhou=SUZHOU, kunming=KUNMING)
    assert main(["rebuild", str(reports), "--index", str(folder / "index")]) == 0
    return Library(folder / "index")


@pytest.fixture
def one(library: Library) -> Feedback:
    return feedback_on(
        library.ask(ASKED[0]), "a1", "useful", comment=" 数字对，=SUM(A1) \ud800 ", place="苏州市"
    )


def test_what_is_kept_comes_back_and_a_second_verdict_replaces_the_first(
    one: Feedback, tmp_path: Path
) -> None:
    path = tmp_path / "home" / "feedback.sqlite3"
    assert load_all(path) == ()
    assert not path.exists()
    sound = replace(one, comment="数字对，=SUM(A1) ?")
    save(path, one)
    assert load_all(path) == (sound,)
    assert "1026家" in sound.figures
    save(path, replace(one, verdict="useless", comment=""))
    save(path, replace(sound, key="a2"))
    assert [(each.key, each.verdict, each.comment) for each in load_all(path)] == [
        ("a1", "useless", ""),
        ("a2", "useful", sound.comment),
    ]
    assert path.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_comment_has_a_limit(library: Library) -> None:
    long = feedback_on(library.ask(ASKED[0]), "a1", "useless", comment="长" * 5000)
    assert len(long.comment) == COMMENT_CHARACTERS


def test_age_is_forgotten_at_the_stated_day_and_leaves_no_trace_on_disk(
    one: Feedback, tmp_path: Path
) -> None:
    path = tmp_path / "feedback.sqlite3"

    def aged(days: float, key: str) -> Feedback:
        return replace(
            one,
            key=key,
            at=(datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds"),
            comment="某人的秘密",
        )

    save(path, aged(RETENTION_DAYS - 1, "kept"))
    save(path, aged(RETENTION_DAYS + 1, "old"))
    assert [each.key for each in load_all(path)] == ["kept"]
    save(path, aged(40, "newer"))
    assert delete_old(path, 100) == 1
    assert [each.key for each in load_all(path)] == ["newer"]
    assert delete_old(path) == 1
    assert load_all(path) == ()
    assert delete_old(tmp_path / "none") == 0
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "某人的秘密".encode() not in left
    assert json.dumps("某人的秘密").strip('"').encode() not in left


def test_the_log_of_an_earlier_version_keeps_nothing_deleted(one: Feedback, tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE other (name TEXT)")  # from now on the log stays until this is closed
        save(path, replace(one, comment="某人的秘密"))
        assert "某人的秘密".encode() in path.with_name(f"{path.name}-wal").read_bytes()
        assert delete_old(path) == 1
        left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "某人的秘密".encode() not in left


def test_many_writers_lose_nothing(one: Feedback, tmp_path: Path) -> None:
    """Thirty new files: two that make one at the same moment met once in some thirty."""
    for trial in range(30):
        path = tmp_path / f"{trial}.sqlite3"
        with ThreadPoolExecutor(8) as writers:
            list(writers.map(lambda n, path=path: save(path, replace(one, key=str(n))), range(16)))
        assert len(load_all(path)) == 16


def test_a_file_that_cannot_be_used_is_said_in_a_sentence(one: Feedback, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"no database at all" * 100)
    with pytest.raises(QAError, match="已损坏"):
        save(broken, one)
    newer = tmp_path / "newer"
    with closing(sqlite3.connect(newer)) as database:
        database.execute("PRAGMA user_version = 9")
    with pytest.raises(QAError, match="另一个版本"):
        load_all(newer)
    (tmp_path / "file").write_text("")
    with pytest.raises(QAError, match="存取不了"):
        save(tmp_path / "file" / "feedback", one)


def test_useful_answers_are_expected_again_and_useless_ones_left_open(
    library: Library, tmp_path: Path
) -> None:
    said = [feedback_on(library.ask(q), f"k{n}", "useful") for n, q in enumerate(ASKED)]
    said += [feedback_on(library.ask("昆明发展了多少会员？"), "k9", "useless", comment="不对")]
    assert said[1].abstained
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(json.dumps(expected(each)) for each in said), encoding="utf-8")
    gold = read_gold(file)
    assert [each.type for each in gold] == ["", "unanswerable", ""]
    assert gold[0].groups == (("1026家",),)
    assert gold[2].groups == ()
    result = evaluate(gold, library)
    assert result.figures["correct"] == 1.0
    assert result.figures["abstain_recall"] == 1.0
    assert result.figures["recall@1"] == 1.0


def test_the_filters_of_a_question_are_asked_again(library: Library, tmp_path: Path) -> None:
    question = "法律援助办了多少件？"
    said = feedback_on(library.ask(question, place="昆明"), "k1", "useful", place="昆明", period="")
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(expected(said)), encoding="utf-8")
    (gold,) = read_gold(file)
    assert gold.place == "昆明"
    assert gold.period is None
    assert evaluate((gold,), library).figures["correct"] == 1.0
    assert library.ask(question).text != said.answer


def test_the_commands_list_export_and_forget(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNION_QA_HOME", str(tmp_path))
    assert main(["feedback", "list"]) == 0
    assert "还没有反馈" in capsys.readouterr().out
    assert main(["feedback", "export", str(tmp_path / "gold.jsonl")]) == 1
    path = tmp_path / "feedback.sqlite3"
    save(path, feedback_on(library.ask(ASKED[0]), "k1", "useful"))
    save(path, feedback_on(library.ask(ASKED[1]), "k2", "useless", comment="应该有的\x1b[31m"))
    assert main(["feedback", "list"]) == 0
    told = capsys.readouterr().out
    assert "有用" in told
    assert "应该有的" in told
    assert "\x1b" not in told
    assert main(["feedback", "export", str(tmp_path / "gold.jsonl")]) == 0
    assert "2 个问题，其中 1 个还要填写" in capsys.readouterr().err
    assert [gold.id for gold in read_gold(tmp_path / "gold.jsonl")] == ["k1", "k2"]
    assert main(["feedback", "export", str(tmp_path / "no" / "gold.jsonl")]) == 1
    assert main(["feedback", "forget", "--older-than", "3"]) == 0
    assert main(["feedback", "forget"]) == 0
    assert "已删除 2 条" in capsys.readouterr().err
    assert load_all(path) == ()

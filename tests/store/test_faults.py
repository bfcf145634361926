"""A server that dies, stalls, refuses or comes back: a clear error or the right answer in time, and never a half index."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.errors import IndexBusy, QAError, StoreError
from qa.index import open_index, rebuild, store_named
from qa.library import Library
from tests.index.made import KUNMING, SUZHOU, WUXI, write_reports
from tests.store.conftest import needs_lite, needs_server
from tests.store.servers import Line, Server, lite_server, milvus_server

ASKED = "苏州办理法律援助案件多少件？"
ANSWER = "3210件"
LONGEST = 20.0  # seconds for one question: a call may take five, one more may ask what serves, and a machine be slow


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(lite_server, id="lite", marks=needs_lite),
        pytest.param(milvus_server, id="server", marks=[needs_server, pytest.mark.server]),
    ],
)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with request.param(tmp_path_factory.mktemp("faults")) as server:
        yield server


@pytest.fixture(scope="module")
def reports(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports, which the server holds an index of."""
    folder = write_reports(tmp_path_factory.mktemp("reports"), suzhou=SUZHOU, wuxi=WUXI)
    rebuild([folder], store_named(f"milvus:{server.address}", folder / "none"))
    return folder


def opened(address: str) -> Library:
    return Library(store_named(f"milvus:{address}", Path("none")))


def asked(library: Library) -> tuple[str, float]:
    """The answer, or the error, and the seconds until it came."""
    started = time.monotonic()
    try:
        told = library.ask(ASKED).text
    except StoreError as error:
        told = f"错误：{error}"
    return told, time.monotonic() - started


def is_right_or_an_error(told: str) -> bool:
    return ANSWER in told or (told.startswith("错误：存储 milvus:http://") and "请" in told)


def test_nobody_listens(tmp_path: Path) -> None:
    pytest.importorskip("pymilvus")
    started = time.monotonic()
    with pytest.raises(StoreError, match="请确认 Milvus 在运行"):
        opened("http://127.0.0.1:1")
    with pytest.raises(StoreError, match="请确认 Milvus 在运行"):
        rebuild([write_reports(tmp_path, a=SUZHOU)], store_named("milvus:http://127.0.0.1:1", tmp_path))
    assert time.monotonic() - started < 2 * LONGEST


def test_the_command_says_one_sentence() -> None:
    pytest.importorskip("pymilvus")
    command = [sys.executable, "-m", "qa", "ask", ASKED, "--store", "milvus:http://127.0.0.1:1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert (
        done.stderr.startswith("错误：存储 milvus:http://127.0.0.1:1 用不了")
        and "Traceback" not in done.stderr
    )


def test_a_slow_line_gives_the_same_answer(server: Server, reports: Path) -> None:
    line = Line(server.port)
    library = opened(line.address)
    line.delay = 0.05
    told, seconds = asked(library)
    assert ANSWER in told and seconds < LONGEST
    line.close()


def test_a_server_that_stalls_is_given_up_and_goes_on_later(server: Server, reports: Path) -> None:
    library = opened(server.address)
    server.freeze()
    try:
        told, seconds = asked(library)
    finally:
        server.thaw()
    assert told.startswith("错误：") and seconds < LONGEST
    assert ANSWER in library.ask(ASKED).text


def test_a_line_that_breaks_after_any_number_of_bytes(server: Server, reports: Path) -> None:
    for size in (0, 40, 400, 1_000, 3_000, 9_000):
        line = Line(server.port)
        library = opened(line.address)
        line.cut_after = size
        told, seconds = asked(library)
        line.close()
        assert is_right_or_an_error(told), told
        assert seconds < LONGEST


def test_killed_while_questions_are_asked_and_started_again(server: Server, reports: Path) -> None:
    library = opened(server.address)
    answers: list[tuple[str, float]] = []
    ends = threading.Event()

    def ask() -> None:
        while not ends.is_set():
            answers.append(asked(library))
            time.sleep(0.05)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    time.sleep(0.5)
    server.kill()
    time.sleep(0.5)
    server.start()
    deadline = time.monotonic() + 120
    while ANSWER not in asked(library)[0] and time.monotonic() < deadline:
        time.sleep(0.2)
    ends.set()
    for asker in askers:
        asker.join(2 * LONGEST)
    assert all(is_right_or_an_error(told) for told, _ in answers), answers
    assert max(seconds for _, seconds in answers) < LONGEST
    assert ANSWER in library.ask(ASKED).text  # without being opened again


@pytest.mark.parametrize("when", ["write", "switch"])
def test_killed_while_an_index_is_built(server: Server, reports: Path, when: str) -> None:
    store = store_named(f"milvus:{server.address}", Path("none"))
    serving = store.serving()

    def follow(step: str, done: int, total: int) -> None:
        if step == when:
            server.kill()

    try:
        with pytest.raises(StoreError, match="请"):
            rebuild([reports], store, force=True, progress=follow)
    finally:
        server.start()
    again = store_named(f"milvus:{server.address}", Path("none"))
    assert again.serving() == serving
    assert ANSWER in opened(server.address).ask(ASKED).text


def test_the_next_build_removes_what_was_left(server: Server, reports: Path) -> None:
    from embeddings.milvus import Milvus

    store = store_named(f"milvus:{server.address}", Path("none"))
    rebuild([reports], store, force=True)
    rebuild([reports], store, force=True)
    serving = store.read_newest()[0].manifest.generation
    held = {int(name.split("_")[2]) for name in Milvus(server.address).collections()}
    assert len(held) == 2 and max(held) == serving


@pytest.mark.parametrize("when", ["write", "verify"])
def test_two_machines_build_at_once(server: Server, reports: Path, tmp_path: Path, when: str) -> None:
    first = store_named(f"milvus:{server.address}", Path("none"))
    second = store_named(f"milvus:{server.address}", Path("none"))
    more = write_reports(tmp_path, suzhou=SUZHOU, wuxi=WUXI, kunming=KUNMING)

    def follow(step: str, done: int, total: int) -> None:
        if step == when:
            rebuild([more], second, force=True)

    with pytest.raises(StoreError, match="请") as raised:
        rebuild([reports], first, force=True, progress=follow)
    assert isinstance(raised.value, IndexBusy) or "换下" in str(raised.value)
    assert len(open_index(second).reports) == 3
    assert rebuild([reports], first).removed == ("kunming.md",)


def test_an_alias_that_is_not_ours(server: Server, reports: Path) -> None:
    from embeddings.milvus import Milvus
    from tests.store.conftest import new_database

    address = new_database(server.address, "foreign")
    milvus = Milvus(address)
    milvus.create("somebody_elses", [], [], 2)
    milvus.point("union_qa", "somebody_elses")
    for use in (
        lambda: opened(address),
        lambda: rebuild([reports], store_named(f"milvus:{address}", Path("none"))),
    ):
        with pytest.raises(QAError, match="不是本程序的索引"):
            use()
    assert milvus.target("union_qa") == "somebody_elses"

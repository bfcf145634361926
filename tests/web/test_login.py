"""Behind a login: nothing is open to strangers, readers only read, failures slow down, logins end when they should."""

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count, takewhile
from pathlib import Path

import httpx
import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from qa.errors import QAError
from qa.settings import Settings
from qa.web.login import LIFETIME_SECONDS, Logouts, issue, read, safe_target, signing_key
from qa.web.serve import serve
from qa.web.users import User, change_users, hash_password
from tests.web.conftest import Served, free_port, logged_in, password_of, people, serving
from tests.web.small_library import SmallLibrary

HTML = {"accept": "text/html"}


def test_health_says_nothing_private_and_strangers_get_nothing_else(guarded: Served) -> None:
    assert httpx.get(f"{guarded.url}/health").json()["reports"] == 2
    for path in (
        "/",
        "/config",
        "/theme.css",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/heartbeat/abc",
        "/gradio_api/queue/data?session_hash=abc",
        "/static/img/undo-solid.svg",
        "/mcp",
    ):
        answer = httpx.get(f"{guarded.url}{path}")
        assert (path, answer.status_code) == (path, 401)
        assert answer.json() == {"detail": "请先登录。若刚才还能用，是登录过期了：刷新网页，重新登录。"}
    for path in ("/gradio_api/call/ask", "/gradio_api/queue/join", "/gradio_api/upload", "/mcp", "/logout"):
        assert httpx.post(f"{guarded.url}{path}", json={}).status_code == 401
    for path in (
        "/openapi.json",
        "/docs",
        "/redoc",
        "/gradio_api/startup-events",
        "/gradio_api/file=/etc/passwd",
    ):
        assert httpx.get(f"{guarded.url}{path}").status_code == 404


def test_people_get_the_form_and_come_back_to_where_they_were(guarded: Served) -> None:
    with httpx.Client(base_url=guarded.url, headers=HTML) as client:
        sent = client.get("/?report=a&at=1")
        assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=%2F%3Freport%3Da%26at%3D1")
        form = client.get(sent.headers["location"])
        assert form.status_code == 200
        assert '<html lang="zh-CN">' in form.text
        assert "云岭" not in form.text
        said = {"username": " 读者乙 ", "password": password_of("读者乙")}
        done = client.post(sent.headers["location"], data=said)
        assert (done.status_code, done.headers["location"]) == (303, "/?report=a&at=1")
        cookie = done.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert client.get("/").status_code == 200
        left = client.post("/logout")
        assert left.headers["location"] == "/login"
        assert client.get("/config").status_code == 401


def test_a_logout_ends_the_copies_of_its_cookie_and_no_other_login(guarded: Served) -> None:
    with logged_in(guarded, "读者乙") as left, logged_in(guarded, "读者乙") as other:
        copied = dict(left.cookies)
        assert httpx.get(f"{guarded.url}/config", cookies=copied).status_code == 200
        left.post("/logout")
        assert httpx.get(f"{guarded.url}/config", cookies=copied).status_code == 401
        assert other.get("/config").status_code == 200


def test_logouts_are_known_to_other_processes_and_forgotten_with_their_time(tmp_path: Path) -> None:
    folder, key = tmp_path / "logouts", tmp_path / "login.key"
    here, there = Logouts(folder, key), Logouts(folder, key)
    here.add("one")
    assert "one" in there
    assert "two" not in there
    os.utime(folder / "one", (0, 0))  # long ago
    there.add("two")
    assert "two" in here
    assert [path.name for path in folder.iterdir()] == ["two"]


def test_a_logout_that_cannot_be_written_down_still_ends_the_login(tmp_path: Path) -> None:
    folder, key = tmp_path / "logouts", tmp_path / "login.key"
    before = signing_key(key)
    folder.touch()  # no folder
    ended = Logouts(folder, key)
    with pytest.raises(QAError, match="所有人需要重新登录"):
        ended.add("one")
    assert "one" in ended
    assert signing_key(key) != before
    key.unlink()
    key.mkdir()  # cannot be removed as a file
    with pytest.raises(QAError, match="若还在，请删除它"):
        ended.add("one")
    folder.unlink()
    ended.add("two")
    assert {path.name for path in folder.iterdir()} == {"one", "two"}  # made up for, once there is room


def test_a_logout_that_cannot_be_kept_is_said_and_holds_after_a_restart(tmp_path: Path) -> None:
    change_users(tmp_path / "users.json", lambda _: people())
    with serving(tmp_path, "tests/web/small_server.py") as server, logged_in(server, "读者乙") as reader:
        (tmp_path / "logouts").touch()
        copied, port = dict(reader.cookies), int(server.url.rpartition(":")[2])
        left = reader.post("/logout", headers=HTML)
        assert left.status_code == 503
        assert "没能记下" in left.text and "could not save this" in left.text
        assert not reader.cookies
        assert httpx.get(f"{server.url}/config", cookies=copied).status_code == 401
    with serving(tmp_path, "tests/web/small_server.py", port=port) as server:
        assert httpx.get(f"{server.url}/config", cookies=copied).status_code == 401


def test_no_link_of_another_page_ends_a_login(guarded: Served) -> None:
    with logged_in(guarded, "读者乙") as reader:
        followed = reader.get(
            "/logout",
            headers={
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "document",
            },
        )
        assert (followed.status_code, followed.headers["location"]) == (303, "/")
        assert reader.post("/logout", headers={"origin": "http://evil.example"}).status_code == 403
        assert reader.get("/config").status_code == 200


def minutes_begun(since: float) -> int:
    """How often a limit of one minute may have been used up; one, unless the machine is very busy."""
    return int((time.monotonic() - since) / 60) + 1


def taken_until_refused(send: Callable[[], int]) -> int:
    """How many were taken as wrong before the first that has to wait."""
    codes = list(takewhile(lambda code: code != 429, (send() for _ in range(2_000))))
    assert set(codes) == {401}
    return len(codes)


def test_guesses_slow_their_address_by_every_way_in_and_nobody_else(tmp_path: Path) -> None:
    """A hundred and twenty names by Basic authentication, from another address than the people who log in meanwhile."""
    change_users(tmp_path / "users.json", lambda _: people())
    away, here = {"x-forwarded-for": "192.0.2.7"}, {"x-forwarded-for": "198.51.100.1"}
    with (
        serving(tmp_path, "tests/web/small_server.py") as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):

        def guess(number: int) -> int:
            name = f"nobody{number}".encode()
            return client.get("/config", auth=(name, b"wrong"), headers=away).status_code

        def log_in(name: str) -> float:
            started = time.perf_counter()
            said = {"username": name, "password": password_of(name)}
            assert httpx.post(f"{server.url}/login", data=said, headers=here, timeout=60).status_code == 200
            return time.perf_counter() - started

        alone = min(log_in("读者丁") for _ in range(2))
        started = time.monotonic()
        with ThreadPoolExecutor(9) as threads:
            guesses = threads.map(guess, range(120))
            beside = sorted(log_in("读者丁") for _ in range(5))
            codes = list(guesses)
        assert set(codes) == {401, 429}
        assert codes.count(401) <= 20 * minutes_begun(started)
        assert beside[2] < 5 * alone + 0.5, (alone, beside)
        form = httpx.post(
            f"{server.url}/login", data={"username": "读者乙", "password": "wrong"}, headers=away
        )
        assert form.status_code == 429
        assert "秒后再试" in form.json()["detail"]
        forged = {"cookie": f"union-qa-{server.url.rpartition(':')[2]}=a.b.c"}
        assert httpx.get(f"{server.url}/config", headers=here | forged).status_code == 401


def test_who_came_in_before_need_not_wait_for_the_guesses_of_the_address(guarded: Served) -> None:
    shared = {"x-forwarded-for": "192.0.2.9"}
    said = {"username": "读者乙", "password": password_of("读者乙")}
    with httpx.Client(base_url=guarded.url, headers=shared, timeout=60) as client:
        assert client.post("/login", data=said).status_code == 200
        client.cookies.clear()
        started, names = time.monotonic(), map("a{}".format, count())
        taken = taken_until_refused(lambda: client.get("/config", auth=(next(names), "wrong")).status_code)
        assert 20 <= taken <= 20 * minutes_begun(started)
        assert client.post("/login", data=said).status_code == 200


def test_wrong_password_is_said_in_both_languages(guarded: Served) -> None:
    wrong = {"username": "读者丁", "password": "wrong <b>password"}
    page = httpx.post(f"{guarded.url}/login", data=wrong, headers=HTML)
    assert page.status_code == 401
    assert "用户名或密码不对" in page.text
    assert "Wrong user name or password" in page.text
    assert "<b>" not in page.text
    program = httpx.post(f"{guarded.url}/login", data=wrong)
    assert program.status_code == 401
    assert program.json()["detail"].startswith("用户名或密码不对")
    unknown = httpx.post(f"{guarded.url}/login", data={"username": "nobody", "password": "x"})
    assert unknown.json() == program.json()


def test_after_five_failures_even_the_right_password_has_to_wait(guarded: Served) -> None:
    said = {"username": "读者丙", "password": "wrong"}
    with httpx.Client(base_url=guarded.url) as client:
        started = time.monotonic()
        assert [client.post("/login", data=said).status_code for _ in range(5)] == [401] * 5
        right = client.post("/login", data={"username": "读者丙", "password": password_of("读者丙")})
        assert right.status_code == 429
        since_the_first = time.monotonic() - started
        assert 30 - since_the_first <= int(right.headers["retry-after"]) <= 30
        assert "秒后再试" in right.json()["detail"]
        assert "秒后再试" in client.post("/login", data=said, headers=HTML).text
        basic = client.get("/config", auth=("读者丙", password_of("读者丙")))
        assert basic.status_code == 429
    with logged_in(guarded, "读者乙") as other:
        assert other.get("/config").status_code == 200
    changes = (guarded.log.parent / "audit.jsonl").read_text(encoding="utf-8")
    locked = [row for row in map(json.loads, changes.splitlines()) if row["action"] == "locked"]
    assert [(row["who"], row["address"]) for row in locked] == [("读者丙", "127.0.0.1")]


def test_programs_may_send_name_and_password_with_each_request(guarded: Served) -> None:
    auth = ("读者乙".encode(), password_of("读者乙").encode())
    with httpx.Client(base_url=guarded.url, auth=auth) as client:
        started = time.perf_counter()
        assert client.get("/config").json()["username"] == "读者乙"
        first = time.perf_counter()
        assert [client.get("/gradio_api/app_id").status_code for _ in range(10)] == [200] * 10
        assert time.perf_counter() - first < 5 * (first - started) + 0.5  # not worked out ten times
    for header in ("Basic", "Basic !", "Basic Og==", "Bearer x", "Basic eA=="):
        assert httpx.get(f"{guarded.url}/config", headers={"authorization": header}).status_code == 401


def test_readers_upload_nothing_and_administrators_do(guarded: Served) -> None:
    files = {"files": ("甲.txt", "内容")}
    with logged_in(guarded, "读者乙") as reader, logged_in(guarded, "管理员甲") as administrator:
        refused = reader.post("/gradio_api/upload", files=files)
        assert refused.status_code == 403
        assert "管理员" in refused.json()["detail"]
        assert administrator.post("/gradio_api/upload", files=files).status_code == 200


def test_every_event_of_the_page_refuses_to_change_reports_for_readers(guarded: Served) -> None:
    """Called one by one past the page, as somebody would who knows Gradio."""
    kept = {"errors.jsonl", "asked.jsonl", "audit.jsonl", "output.txt"}
    home = guarded.log.parent
    before = sorted(str(path) for path in home.rglob("*") if path.name not in kept)
    refused = 0
    with logged_in(guarded, "读者乙") as reader:
        events = [d for d in reader.get("/config").json()["dependencies"] if d["backend_fn"]]
        assert len(events) > 20
        for event in events:
            body = {"fn_index": event["id"], "data": [None] * len(event["inputs"])}
            session = f"reader{event['id']}"
            joined = reader.post("/gradio_api/queue/join", json={**body, "session_hash": session})
            assert joined.status_code == 200, joined.text
            said = reader.get(f"/gradio_api/queue/data?session_hash={session}").text
            refused += "您可以提问和阅读" in said
    assert refused >= 5  # look at the tools, look at files, take them in, delete, rebuild
    assert sorted(str(path) for path in home.rglob("*") if path.name not in kept) == before
    changes = map(json.loads, (home / "audit.jsonl").read_text(encoding="utf-8").splitlines())
    assert {row["action"] for row in changes} <= {"login", "logout", "locked"}


def test_a_session_belongs_to_the_user_who_opened_it(guarded: Served) -> None:
    with logged_in(guarded, "读者乙") as first, logged_in(guarded, "管理员甲") as second:
        ask = {
            "data": ["云岭市走访慰问困难职工多少人次？", [], "", ""],
            "fn_index": None,
            "session_hash": "mine",
        }
        config = first.get("/config").json()
        ask["fn_index"] = next(d["id"] for d in config["dependencies"] if d["api_name"] == "ask")
        assert first.post("/gradio_api/queue/join", json=ask).status_code == 200
        stolen = second.get("/gradio_api/queue/data?session_hash=mine")
        assert (stolen.status_code, "3.2万" in stolen.text) == (403, False)
        assert second.post("/gradio_api/queue/join", json=ask).status_code == 403
        assert second.get("/gradio_api/heartbeat/mine").status_code == 403
        with first.stream("GET", "/gradio_api/queue/data?session_hash=mine") as stream:
            assert any("3.2万" in line for line in stream.iter_lines())


def test_nobody_stops_the_question_of_another_session(guarded: Served) -> None:
    with logged_in(guarded, "读者乙") as first, logged_in(guarded, "管理员甲") as second:
        asked = first.post("/gradio_api/call/ask", json={"data": ["这个问题很慢", [], "", ""]}).json()[
            "event_id"
        ]
        for stranger, session in ((second, "mine"), (second, asked), (first, "other")):
            said = {"session_hash": session, "fn_index": 0, "event_id": asked}
            stopped = stranger.post("/gradio_api/cancel", json=said)
            assert stopped.status_code in (200, 403)
        with first.stream("GET", f"/gradio_api/call/ask/{asked}", timeout=60) as stream:
            assert "event: complete" in "\n".join(stream.iter_lines())


def test_logins_end_with_their_time_a_new_password_another_role_or_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, now = b"k" * 32, [1_000_000]
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now[0])
    user = User("甲", "reader", "one")
    token = issue(user, key)
    login = read(token, {"甲": user}, key)
    assert login[0] == user
    assert login[1]
    assert issue(user, key) != token
    assert "one" not in str(URLSafeTimedSerializer(b"").loads_unsafe(token))
    for changed in (User("甲", "reader", "two"), User("甲", "administrator", "one")):
        assert read(token, {"甲": changed}, key) == (None, "")
    assert read(token, {}, key) == (None, "")
    now[0] += LIFETIME_SECONDS
    assert read(token, {"甲": user}, key) == login
    now[0] += 1
    assert read(token, {"甲": user}, key) == (None, "")
    content, signed, mark = token.split(".")
    for forged in (
        f"{content}.{signed}.{mark[::-1]}",
        f"{content[::-1]}.{signed}.{mark}",
        f"{content}.{signed[::-1]}.{mark}",
        f"{content}.{signed}.",
        f"{content}.{signed}.é",
        f".{token}",
        "..",
        "",
        "a.b.c.d",
        issue(user, b"x" * 32),
    ):
        assert read(forged, {"甲": user}, key) == (None, "")


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "login.key"
    assert signing_key(path) == signing_key(path)
    path.write_bytes(b"short")
    with pytest.raises(QAError, match="不完整"):
        signing_key(path)
    with pytest.raises(QAError, match="登录密钥"):
        signing_key(tmp_path)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/%5cevil.example",
        "/?x\\y",
        "/a",
        "",
        "/?\r\nset-cookie: a",
        "javascript:alert(1)",
        "/%2f/evil.example",
    ],
)
def test_a_login_leads_nowhere_else(target: str) -> None:
    assert safe_target(target) == "/"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_other_machines_are_let_in_only_on_purpose(tmp_path: Path, host: str) -> None:
    settings = Settings(tmp_path, None, None, host, free_port())
    with pytest.raises(QAError, match="union-qa users add") as caught:
        serve(settings, SmallLibrary)
    assert "--open" in str(caught.value)


def test_a_file_of_users_that_was_named_has_to_be_there(tmp_path: Path) -> None:
    settings = Settings(tmp_path, None, None, "127.0.0.1", free_port(), users=tmp_path / "gone.json")
    with pytest.raises(QAError, match="读不出用户文件"):
        serve(settings, SmallLibrary)


def test_open_to_all_means_open_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNION_QA_HOST", "0.0.0.0")
    with serving(tmp_path, "tests/web/small_server.py", "--open") as server:
        assert httpx.get(f"{server.url}/config").status_code == 200
        assert httpx.post(f"{server.url}/gradio_api/upload", files={"files": b"x"}).status_code == 403
        with httpx.Client(base_url=server.url) as client:
            codes = [client.post("/gradio_api/cancel", json={}).status_code for _ in range(400)]
        assert codes[:100] == [400] * 100
        assert 429 in codes
        assert httpx.get(server.url, headers={"host": "rebound.example"}).status_code == 421


def test_users_who_come_and_go_do_so_at_once(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    change_users(
        path, lambda _: {**people(), "新来的": User("新来的", "reader", hash_password(password_of("新来的")))}
    )
    with serving(tmp_path, "tests/web/small_server.py") as server:
        with logged_in(server, "新来的") as client:
            assert client.get("/config").status_code == 200
            change_users(path, lambda _: people())
            assert client.get("/config").status_code == 401
        path.write_text("{", encoding="utf-8")
        said = {"username": "管理员甲", "password": password_of("管理员甲")}
        for broken in (
            httpx.get(f"{server.url}/config", auth=tuple(value.encode() for value in said.values())),
            httpx.post(f"{server.url}/login", data=said),
        ):
            assert broken.status_code == 503
            assert "union-qa users list" in broken.json()["detail"]
            assert str(tmp_path) not in broken.text
        assert httpx.get(f"{server.url}/health").status_code == 200

"""People log in, in a real Chromium: a wrong password, what readers see, two at once, a restart, a login that ended."""

from pathlib import Path

from qa.web.users import change_users, read_changes
from tests.web.browser import Visit
from tests.web.conftest import Served, free_port, password_of, people, serving
from tests.web.steps import answered, ask, come_in, enter
from tests.web.test_browser import ANSWER, QUESTION

OTHER = "芦川县送文化进车间多少场？"


def test_wrong_password_is_said_and_the_right_one_opens_the_page(guarded: Served, visit: Visit) -> None:
    page = visit(f"{guarded.url}/?report=none", started="input[name=username]")
    enter(page, "读者乙", "不是这个密码呀")
    assert "用户名或密码不对" in page.get_by_role("alert").inner_text()
    assert "Wrong" not in page.get_by_role("alert").inner_text()
    assert "#qa-chat" not in page.content()
    enter(page, "读者乙", password_of("读者乙"))
    page.wait_for_selector("#qa-chat", state="attached")
    assert page.url == f"{guarded.url}/?report=none"
    page.get_by_role("button", name="退出").click()
    page.wait_for_selector("input[name=username]")
    page.evaluate("localStorage.setItem('qa-language', 'en')")
    page.goto(guarded.url)
    page.get_by_role("button", name="Log in").wait_for()


def test_reader_asks_but_cannot_upload(guarded: Served, visit: Visit) -> None:
    page = come_in(visit, guarded.url, "读者乙")
    ask(page, QUESTION)
    answered(page)
    assert page.locator(".qa-answer").inner_text().startswith(ANSWER)
    page.get_by_role("tab", name="资料").click()
    page.wait_for_selector("#qa-manage .qa-empty:visible")
    assert page.locator("#qa-manage").inner_text() == "您可以提问和阅读；增删报告、重建索引请找管理员。"
    assert not page.locator("#qa-upload").is_visible()
    status = page.evaluate("""async () => {
        const form = new FormData();
        form.append("files", new Blob(["x"]), "x.txt");
        return (await fetch("/gradio_api/upload", { method: "POST", body: form })).status;
    }""")
    assert status == 403


def test_administrator_is_told_another_thing(guarded: Served, visit: Visit) -> None:
    page = come_in(visit, guarded.url, "管理员甲")
    page.get_by_role("tab", name="资料").click()
    page.wait_for_selector("#qa-manage .qa-empty:visible")
    assert "union-qa rebuild" in page.locator("#qa-manage").inner_text()


def test_two_users_at_once_see_only_their_own(guarded: Served, visit: Visit) -> None:
    first, second = come_in(visit, guarded.url, "读者乙"), come_in(visit, guarded.url, "管理员甲")
    ask(first, QUESTION)
    ask(second, OTHER)
    answered(first)
    answered(second)
    for page, own, others in ((first, QUESTION, OTHER), (second, OTHER, QUESTION)):
        assert page.locator(".qa-said").all_inner_texts() == [own]
        assert others not in page.inner_text("body")
    first.get_by_role("button", name="退出").click()
    first.wait_for_selector("input[name=username]")
    enter(first, "读者丁", password_of("读者丁"))
    first.wait_for_selector("#qa-chat .example")
    assert QUESTION not in first.inner_text("body")


def test_a_restart_of_the_server_loses_neither_login_nor_conversation(tmp_path: Path, visit: Visit) -> None:
    change_users(tmp_path / "users.json", lambda _: people())
    port, server = free_port(), "tests/web/small_server.py"
    with serving(tmp_path, server, port=port) as before:
        page = come_in(visit, before.url, "读者乙")
        ask(page, QUESTION)
        answered(page)
        page.wait_for_function("Object.values(localStorage).join().length > 0")
    with serving(tmp_path, server, port=port):
        page.locator(".qa-verdict").first.click()
        page.get_by_text("请刷新网页再评").wait_for()
        with page.expect_download() as saved:
            page.get_by_role("button", name="存 Markdown").click()
        assert QUESTION in Path(saved.value.path()).read_text(encoding="utf-8")
        page.reload()
        page.wait_for_selector(".qa-said")
        answered(page)
        assert page.locator(".qa-said").all_inner_texts() == [QUESTION]
        ask(page, OTHER)
        answered(page, 2)
        assert "86场" in page.locator(".qa-answer").last.inner_text()


def test_a_login_that_ended_is_said_in_words(guarded: Served, visit: Visit) -> None:
    page = come_in(visit, guarded.url, "读者乙")
    page.context.clear_cookies()
    ask(page, QUESTION)
    page.get_by_text("刷新网页，重新登录").first.wait_for()
    page.reload()
    page.wait_for_selector("input[name=username]")


def test_what_an_administrator_changes_is_logged_under_the_name(tmp_path: Path, visit: Visit) -> None:
    home = tmp_path / "home"
    change_users(home / "users.json", lambda _: people())
    report = tmp_path / "青石.txt"
    report.write_text(
        "青石市总工会2021—2025年工作报告\n\n青石市总工会建成“石上书房”137个。\n", encoding="utf-8"
    )
    with serving(home, "app.py") as server:
        page = come_in(visit, server.url, "管理员甲")
        page.get_by_role("tab", name="资料").click()
        page.locator("#qa-upload input[type=file]").set_input_files(report)
        page.get_by_text("1 份中有 1 份可以收录").wait_for()
        title = page.locator("#qa-metadata [data-testid='cell-0-1']")
        title.dblclick()
        editor = title.locator("input, textarea")
        editor.fill("另一个题目")
        editor.press("Enter")
        page.get_by_role("button", name="确认收录").click()
        page.get_by_text("已收录 1 份").wait_for()
        assert "另一个题目" in page.locator(".qa-report").inner_text()
        deletes, renews = (page.get_by_role("button", name=n, exact=True) for n in ("删除", "重新建立索引"))
        before = deletes.bounding_box(), renews.bounding_box()
        assert page.locator("#qa-chosen input").input_value() == "选择要删除的报告"
        assert deletes.is_disabled()
        page.locator("#qa-chosen input").click()
        page.get_by_role("option", name="青石.txt").click()
        deletes.click()
        page.get_by_role("button", name="确认删除").wait_for()
        assert (deletes.bounding_box(), renews.bounding_box()) == before  # a second click does nothing else
    changes = [(c.who, c.address, c.action, c.what) for c in read_changes(home / "audit.jsonl")[0]]
    assert changes == [
        ("管理员甲", "127.0.0.1", "login", ()),
        ("管理员甲", "127.0.0.1", "upload", ("青石.txt",)),
        ("管理员甲", "127.0.0.1", "correct", ("青石.txt",)),
    ]

"""Every decision of the reader can be looked at, in the terminal and as a page of its own."""

from html.parser import HTMLParser
from pathlib import Path

from typer.testing import CliRunner

from qa.cli import app
from qa.reading import read_restored

TORN = """# 江北市总工会五年工作回顾

2018年至2023年，江北市各级工会把服务送到车间。全市建成职工夜校42所，请来老师讲课，下班以后来听课的职工越来越

多，五年里结业的学员超过3.6万人次，其中有1200人拿到了技能等级证书。

<b>工会干部在车间</b>

法律援助的门也开得更大。五年来全市工会为职工打赢官司310起，追回工资1860万元。
"""


def test_explain_lists_each_decision_and_writes_a_page_that_escapes(tmp_path: Path) -> None:
    report = tmp_path / "江北.txt"
    report.write_text(TORN, encoding="utf-8")
    page = tmp_path / "还原.html"
    result = CliRunner().invoke(app, ["read", str(report), "--explain", "--html", str(page)])
    assert result.exit_code == 0, result.output
    assert "拼接" in result.output
    assert "越来越＋多，五年里" in result.output
    html = page.read_text("utf-8")
    assert "<b>工会干部" not in html
    assert "&lt;b&gt;工会干部" in html
    assert 'class="join"' in html
    assert 'class="heading"' in html


class _Markup(HTMLParser):
    """Tags that are open, identities, links inside the page, and everything that would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and tag == "a" and (value or "").startswith("#"):
                self.links.append((value or "")[1:])
            elif name in ("src", "href", "srcset", "action", "data") or "url(" in (value or ""):
                self.fetched.append(f"{tag} {name}={value}")
            assert not name.startswith("on")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_of_several_reports_stands_alone(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.txt").write_text(
            TORN.replace("江北", "江南" if number else "江北"), encoding="utf-8"
        )
    page = tmp_path / "还原.html"
    result = CliRunner().invoke(app, ["read", *map(str, sorted(tmp_path.glob("*.txt"))), "--html", str(page)])
    assert result.exit_code == 0, result.output
    html = page.read_text("utf-8")
    assert html.count("<!doctype") == 1
    assert "url(" not in html
    assert "<script" not in html
    assert "@import" not in html
    markup = _Markup()
    markup.feed(html)
    markup.close()
    assert not markup.open
    assert not markup.fetched
    assert len(set(markup.ids)) == len(markup.ids) >= 4
    assert set(markup.links) <= set(markup.ids)
    assert html.count("江南市总工会五年工作回顾") >= 2


def test_every_decision_has_a_reason_and_a_confidence(tmp_path: Path) -> None:
    torn = (
        "近年来，全市各级工会大力弘扬劳模精神、劳动精神、工匠精神，在竞赛中推动经济发展，把打造高素质产业工人"
    )
    text = f"江北市总工会工作综述\n\n本报记者 张小明\n\n关键词：夜校、援助\n\n△夜校开班现场\n\n{TORN.split(chr(10), 2)[2]}\n— 2 —\n\n一、队伍建设\n\n{torn}\n"
    report = tmp_path / "江北.txt"
    report.write_text(text, encoding="utf-8")
    restored = read_restored(report)[1]
    found = {decision.what for decision in restored.decisions}
    assert found >= {"join", "fragment", "caption", "byline", "keywords", "furniture", "heading"}
    for decision in restored.decisions:
        assert 0 < decision.confidence <= 1
        assert len(decision.reason) >= 8
        assert 0 <= decision.at[0] <= decision.at[1] <= len(text)
    listed = CliRunner().invoke(app, ["read", str(report), "--explain"]).output
    assert "残句" in listed
    for decision in restored.decisions:
        assert decision.reason in listed.replace("\n", "")


def test_a_zip_of_reports_is_read_and_a_bad_one_named(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "报告.zip", "w") as archive:
        archive.writestr("五年/江北.txt", TORN)
    (tmp_path / "坏.zip").write_bytes(b"PK not a zip")
    result = CliRunner().invoke(app, ["read", str(tmp_path), "--text"])
    assert "职工夜校42所" in result.output
    assert "坏.zip" in result.output

"""Uploaded files are looked at, named safely, taken in as a whole or not at all, and gone when deleted."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReportError
from qa.index import rebuild
from qa.library import open_library
from qa.reading import load_overrides
from qa.settings import Settings
from qa.types import Period
from qa.web.serve import without_stubs
from qa.web.shelf import Shelf
from qa.web.uploads import (
    Candidate,
    accept,
    edits_of,
    forget_all,
    other_sources,
    own_files,
    reindex,
    remove,
    safe_name,
    stage,
    uploads_folder,
    why_not_addable,
)
from qa.web.users import Person
from tests.web.conftest import waited
from tests.web.small_library import SmallLibrary

TEXT = "青石市总工会2021—2025年工作报告\n\n五年来，青石市总工会建成“石上书房”137个，服务职工2.4万人次。\n"


def upload(folder: Path, name: str, content: str | bytes = TEXT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def told(step: str, done: int, total: int) -> None:
    assert 0 <= done <= max(total, 1)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\a.TXT", "a.txt"),
        ("引\"号'<b>😀.pdf", "引 号 b.pdf"),
        (".toml", "报告.toml"),
        ("~$锁.docx", "锁.docx"),
        ("没有后缀", "没有后缀"),
        (f"{'长' * 300}.md", f"{'长' * 76}.md"),
        (f"{chr(0x20000) * 300}.md", f"{chr(0x20000) * 57}.md"),
        ("a\x00\nb.csv", "a b.csv"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_every_name_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set("/\\\0\n\"'<>|:*?")
    assert not safe.startswith((".", "~$", " "))
    assert len(safe) < 100
    assert safe_name(safe) == safe


def test_look_tells_what_each_file_is(tmp_path: Path) -> None:
    files = [
        upload(tmp_path / "in", "青石.txt"),
        upload(tmp_path / "in", "程序.pdf", b"MZ\x90\x00" * 100),
        upload(tmp_path / "in", "空.txt", b""),
        upload(tmp_path / "in", "图.exe", b"x"),
    ]
    folder = tmp_path / "reports"
    good, *bad = stage(files, folder)
    assert good.report is not None
    assert good.report.place.name == "青石市"
    assert good.report.period == Period(2021, 2025)
    assert [c.report for c in bad] == [None] * 3
    assert all(c.problem for c in bad)
    assert "不认识的文件格式" in bad[2].problem
    assert own_files(folder) == ()


def test_too_many_files_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="一次最多上传 50 份，这次有 200 份"):
        list(stage([tmp_path / "x.txt"] * 200, tmp_path / "reports"))


def test_files_of_one_name_all_stay(tmp_path: Path) -> None:
    long = "𠀀" * 60
    files = [upload(tmp_path / str(n), f"{long}.txt", f"{TEXT}第{n}份。") for n in range(50)]
    names = [c.name for c in stage(files, tmp_path / "reports")]
    assert names[:2] == [f"{long[:57]}.txt", f"{long[:57]}（2）.txt"]
    assert len(set(names)) == 50


def staged(tmp_path: Path, name: str = "青石.txt", content: str = TEXT) -> tuple[Candidate, ...]:
    return tuple(stage([upload(tmp_path / "in", name, content)], tmp_path / "reports"))


def test_what_people_change_is_kept_in_reports_toml(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    found = staged(tmp_path, '引"号.txt')
    row = [found[0].name, '题"目\\', "福建省漳州市", "2020-2024", "1"]
    edits = edits_of(found, [row])
    assert edits == {found[0].name: {"title": '题"目\\', "place": "福建省漳州市", "period": [2020, 2024]}}
    with accept(found, edits, folder):
        pass
    said = load_overrides(folder)[found[0].name]
    assert (said.title, said.period) == ('题"目\\', Period(2020, 2024))
    assert said.place is not None
    assert said.place.name == "漳州市"
    assert not found[0].path.exists()
    with remove(found[0].name, folder) as left:
        assert not left
    assert load_overrides(folder) == {}
    assert own_files(folder) == ()


def test_a_report_sent_again_keeps_what_people_wrote_of_it_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    with accept(staged(tmp_path), {"青石.txt": {"title": "旧题目"}}, folder):
        pass
    with (folder / "reports.toml").open("a", encoding="utf-8") as file:
        file.write('organisation = "青石市总工会机关"  # 问过办公室\n')
    with accept(staged(tmp_path, content=f"{TEXT}又一段。\n"), {}, folder):
        pass
    said = load_overrides(folder)["青石.txt"]
    assert (said.title, said.organisation) == (None, "青石市总工会机关")
    assert "问过办公室" in (folder / "reports.toml").read_text(encoding="utf-8")


def test_of_two_people_with_files_of_one_name_neither_loses_a_report_unawares(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    sent = [upload(tmp_path / who, "青石.txt", TEXT.replace("青石", who)) for who in ("青石", "白山")]
    mine, theirs = (tuple(stage([path], folder)) for path in sent)
    with accept(mine, {}, folder):
        pass
    with pytest.raises(ReportError, match="刚刚有人收录了同名的"), accept(theirs, {}, folder):
        pass
    assert "青石市" in (folder / "青石.txt").read_text(encoding="utf-8")


def test_what_people_leave_is_inferred(tmp_path: Path) -> None:
    found = staged(tmp_path)
    report = found[0].report
    assert report is not None
    assert (
        edits_of(found, [[found[0].name, report.title, "", "2021–2025", "1"], ["别的.txt", "", "", "", ""]])
        == {}
    )
    with pytest.raises(ReportError, match="请写成 2018-2023"):
        edits_of(found, [[found[0].name, report.title, "", "去年", "1"]])


def test_failed_rebuild_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    with accept(staged(tmp_path), {}, folder):
        pass
    before = {path.name: path.read_bytes() for path in own_files(folder)}
    new = staged(tmp_path, content=TEXT.replace("137", "999"))
    assert "将替换" in new[0].problem
    with pytest.raises(ReportError), accept(new, {"青石.txt": {"title": "新"}}, folder):
        raise ReportError("忙")
    with pytest.raises(ReportError), remove("青石.txt", folder):
        raise ReportError("忙")
    assert {path.name: path.read_bytes() for path in own_files(folder)} == before
    assert load_overrides(folder) == {}


def test_named_index_has_a_folder_of_its_own(tmp_path: Path) -> None:
    assert uploads_folder(Settings(tmp_path, None, None, "", 1)) == tmp_path / "reports"
    assert uploads_folder(Settings(tmp_path, Path("/x/年报"), None, "", 1)) == Path("/x/年报-reports")


def test_reports_whose_folder_is_gone_are_not_touched(tmp_path: Path) -> None:
    assert "union-qa rebuild" in why_not_addable(SmallLibrary(), tmp_path)
    assert "union-qa rebuild" in why_not_addable(SmallLibrary(built_from=(tmp_path / "away",)), tmp_path)


def test_an_index_built_from_another_folder_is_added_to(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", None, None, "127.0.0.1", 1)
    theirs = upload(tmp_path / "ours", "白山.txt", TEXT.replace("青石", "白山").replace("137", "52"))
    rebuild([theirs.parent], settings.index_folder)
    shelf, folder = Shelf(open_library(settings=settings)), uploads_folder(settings)
    assert why_not_addable(shelf.library, folder) == ""
    found = tuple(stage([upload(tmp_path / "in", "青石.txt")], folder))
    with accept(found, {}, folder):
        reindex(shelf, settings, told)
    assert sorted(r.source.name for r in shelf.reports) == ["白山.txt", "青石.txt"]
    assert "137个" in shelf.ask("青石市石上书房有多少个？").text
    assert "52个" in shelf.ask("白山市石上书房有多少个？").text
    reindex(shelf, settings, told)
    assert other_sources(shelf.library, folder) == (theirs.parent,)
    with remove("青石.txt", folder) as left:
        assert not left
        reindex(shelf, settings, told)
    assert [r.source.name for r in shelf.reports] == ["白山.txt"]
    assert theirs.exists()


@pytest.fixture
def sample(tmp_path: Path) -> Callable[[], tuple[Shelf, Settings]]:
    def opened() -> tuple[Shelf, Settings]:
        settings = Settings(tmp_path / "home", None, None, "127.0.0.1", 1)
        return Shelf(open_library(settings=settings)), settings

    return opened


def test_first_upload_takes_the_place_of_the_sample_and_the_last_deletion_brings_it_back(
    tmp_path: Path, sample: Callable[[], tuple[Shelf, Settings]]
) -> None:
    shelf, settings = sample()
    folder, bundled = uploads_folder(settings), shelf.reports
    assert why_not_addable(shelf.library, folder) == ""
    found = tuple(stage([upload(tmp_path / "in", "青石.txt")], folder))
    with accept(found, {}, folder):
        reindex(shelf, settings, told)
    assert [r.source.name for r in shelf.reports] == ["青石.txt"]
    assert "137个" in shelf.ask("石上书房有多少个？").text
    assert why_not_addable(shelf.library, folder) == ""
    with remove("青石.txt", folder) as left:
        assert not left
        forget_all(shelf, settings)
    assert shelf.reports == bundled
    assert shelf.ask("石上书房有多少个？").abstained
    assert not list((settings.index_folder).rglob("*.jsonl"))


def test_files_that_a_restart_has_lost_are_asked_for_again(tmp_path: Path) -> None:
    async def taken() -> str:
        with without_stubs():
            from qa.web.application import build_page
        page = build_page(Shelf(SmallLibrary()), Settings(tmp_path, None, None, "127.0.0.1", 1))
        take = next(f.fn for f in page.fns.values() if f.fn and f.name == "take_in")
        person = SimpleNamespace(state=SimpleNamespace(qa_person=Person("", "administrator", "")))
        return str(list(take((), [["青石.txt", "", "", "", "1"]], person)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.web.uploads.why_not_addable", lambda *_: "")
        assert "请再选一次文件" in waited(taken())

import io
import stat
import time
import zipfile
from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading.archives import extract_members
from qa.reading.formats import docx
from tests.reading.formats.made import word_paragraph, write_docx, zipped

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
TEXT = "新建驿站八座。"
KNOWN = frozenset({".txt", ".md"})


def test_members_keep_their_folders_and_archives_inside_are_opened(tmp_path: Path) -> None:
    inner = zipped(**{"深/乙.txt": "乙".encode(), "图.jpg": b"x"})
    path = tmp_path / "a.zip"
    path.write_bytes(
        zipped(**{"年报/甲.txt": "甲".encode(), "包.zip": inner, "b.exe": b"x", "__MACOSX/._甲.txt": b"x"})
    )
    files, refused = extract_members(path, tmp_path / "out", KNOWN)
    assert [(f.relative_to(tmp_path / "out").as_posix(), f.read_text("utf-8")) for f in files] == [
        ("年报/甲.txt", "甲"),
        ("包/深/乙.txt", "乙"),
    ]
    assert refused == ["a.zip 里有 2 个文件的格式不认识，没有读：图.jpg、b.exe。"]


def test_names_cannot_leave_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    names = (
        f"/{tmp_path}/twice.txt",
        "../../out.txt",
        "/abs.txt",
        "..\\win.txt",
        "C:\\x\\y.txt",
        "a/../../b.txt",
    )
    path.write_bytes(zipped(**dict.fromkeys(names, b"x")))
    files, _ = extract_members(path, tmp_path / "in" / "out", KNOWN)
    assert len(files) == len(names)
    assert all(f.resolve().is_relative_to(tmp_path / "in" / "out") for f in files)
    assert set(tmp_path.rglob("*.txt")) == set(files)


def test_links_are_written_as_files(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    (file,), _ = extract_members(tmp_path / "a.zip", tmp_path / "out", KNOWN)
    assert not file.is_symlink()


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_that_chinese_windows_and_macos_write(tmp_path: Path, encoding: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("abcdefabcdef.txt", b"x")
    name = ("总结" * 12).encode(encoding)[:12]
    (tmp_path / "a.zip").write_bytes(buffer.getvalue().replace(b"abcdefabcdef", name))
    (file,), _ = extract_members(tmp_path / "a.zip", tmp_path / "out", KNOWN)
    assert file.stem == name.decode(encoding)


def test_bombs_are_refused(tmp_path: Path) -> None:
    bomb = zipped(**{"a.txt": bytes(64 << 20)})
    (tmp_path / "炸弹.zip").write_bytes(bomb)
    with pytest.raises(ReportError, match=r"炸弹\.zip"):
        extract_members(tmp_path / "炸弹.zip", tmp_path / "out", KNOWN)
    (tmp_path / "套.zip").write_bytes(zipped(**{"x.zip": bomb, "好.txt": b"x"}))
    files, refused = extract_members(tmp_path / "套.zip", tmp_path / "out", KNOWN)
    assert [f.name for f in files] == ["好.txt"]
    assert "x.zip" in refused[0]


def test_depth_count_and_size_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(**{"a.txt": b"x"})
    for _ in range(5):
        data = zipped(**{"n.zip": data})
    (tmp_path / "深.zip").write_bytes(data)
    files, refused = extract_members(tmp_path / "深.zip", tmp_path / "o1", KNOWN)
    assert (files, len(refused)) == ([], 1)
    monkeypatch.setattr("qa.reading.limits.ARCHIVE_FILES", 3)
    (tmp_path / "多.zip").write_bytes(zipped(**{f"{i}.txt": b"x" for i in range(5)}))
    files, refused = extract_members(tmp_path / "多.zip", tmp_path / "o2", KNOWN)
    assert (len(files), len(refused)) == (3, 1)


def test_damage_and_passwords_are_refused(tmp_path: Path) -> None:
    good = zipped(**{"a.txt": b"x" * 99})
    encrypted = bytearray(good)
    encrypted[good.index(b"PK\1\2") + 8] |= 1
    garbled = bytearray(good)
    garbled[good.index(b"a.txt") + 5] ^= 0xFF  # inside the packed bytes
    for name, data in {"截断": good[:-30], "密码": bytes(encrypted), "空": b""}.items():
        (tmp_path / f"{name}.zip").write_bytes(data)
        with pytest.raises(ReportError, match=name):
            extract_members(tmp_path / f"{name}.zip", tmp_path / f"out {name}", KNOWN)
    (tmp_path / "乱.zip").write_bytes(garbled)
    assert extract_members(tmp_path / "乱.zip", tmp_path / "out", KNOWN) == (
        [],
        ["已损坏或文件名不合法，没有打开：乱.zip 里的 a.txt。"],
    )
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_does_not_take_the_others_with_it(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("好.txt", "夜校开了三期。")
        archive.writestr("坏.txt", bytes(range(256)) * 40)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    at = data.index("坏.txt".encode()) + 40
    data[at : at + 60] = bytes(60)
    (tmp_path / "a.zip").write_bytes(data)
    (file,), refused = extract_members(tmp_path / "a.zip", tmp_path / "out", KNOWN)
    assert file.read_text("utf-8") == "夜校开了三期。"
    assert [("坏.txt" in reason) for reason in refused] == [True]
    assert list((tmp_path / "out").iterdir()) == [file]


def test_names_that_no_folder_can_hold_are_refused(tmp_path: Path) -> None:
    members = {"a.txt": b"x", "a.txt/b.txt": b"y", "d/" * 2000 + "c.txt": b"z", "行\n名.txt": b"v"}
    (tmp_path / "a.zip").write_bytes(zipped(**members))
    files, refused = extract_members(tmp_path / "a.zip", tmp_path / "out", KNOWN)
    assert [file.name for file in files] == ["a.txt", "行 名.txt"]
    assert len(refused) == 2


def test_a_member_of_a_very_long_name_keeps_its_format(tmp_path: Path) -> None:
    archive = tmp_path / "长名.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(f"{'关于' * 60}的报告.txt", "渡口镇总工会办了三期夜校。")
    files, refused = extract_members(archive, tmp_path / "out", frozenset((".txt",)))
    assert [path.suffix for path in files] == [".txt"]
    assert files[0].read_text(encoding="utf-8") == "渡口镇总工会办了三期夜校。"
    assert refused == []


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ("/word/document2.xml", "word/document2.xml"),
        ("./word/document.xml", "word/document.xml"),
        ("word\\document2.xml", "word/document2.xml"),
        ("word/missing.xml", "word/document.xml"),
        ("a.xml", "word/document.xml"),
        ("<", "word/document.xml"),
    ],
)
def test_the_package_says_which_part_holds_the_text(tmp_path: Path, target: str, part: str) -> None:
    with zipfile.ZipFile(write_docx(tmp_path / "a.docx", word_paragraph(TEXT))) as package:
        main = package.read("word/document.xml")
    relations = f'<Relationships><Relationship Type="{OFFICE}" Target="{target}"/></Relationships>'.encode()
    path = tmp_path / "b.docx"
    path.write_bytes(zipped(**{"_rels/.rels": relations, "a.xml": b"<a/>", part: main}))
    assert docx.extract(path).text == f"{TEXT}\n"


def test_a_long_comment_takes_bounded_time(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", f"{word_paragraph(TEXT)}<!--{'长' * 4_000_000}-->")
    start = time.process_time()
    assert docx.extract(path).text == f"{TEXT}\n"
    assert time.process_time() - start < 6


def test_a_workbook_is_no_word_file(tmp_path: Path) -> None:
    relations = f'<Relationships><Relationship Type="{OFFICE}" Target="xl/workbook.xml"/></Relationships>'
    path = tmp_path / "a.docx"
    path.write_bytes(zipped(**{"_rels/.rels": relations.encode(), "xl/workbook.xml": b"<workbook/>"}))
    with pytest.raises(ReportError, match="不是 Word 文件"):
        docx.extract(path)

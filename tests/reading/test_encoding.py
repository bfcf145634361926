"""Bytes become text in every encoding that reports come in; what is no text is refused with advice."""

from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading.encoding import decode
from qa.reading.limits import read_bytes

TEXT = "河湾市总工会工作报告\n一年来，全市新建职工驿站86座，服务职工12.5万人次，增长8.3%。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "hz"]
)
def test_reads_chinese_encodings(encoding: str) -> None:
    text, _ = decode(TEXT.encode(encoding), "报告.txt")
    assert text == TEXT


def test_reads_big5() -> None:
    text = "全市總工會工作報告，服務職工一萬餘人次。"
    assert decode(text.encode("big5"), "報告.txt")[0] == text


def test_reads_two_encodings_in_one_file() -> None:
    text, encoding = decode(TEXT.encode() + TEXT.encode("gbk"), "报告.txt")
    assert text == TEXT * 2
    assert encoding == "utf-8, gb18030"


def test_reads_what_is_cut_inside_a_character() -> None:
    text, encoding = decode((TEXT + "结束").encode()[:-1], "报告.txt")
    assert text.startswith(TEXT)
    assert encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"\x7fELF" + bytes(range(256)) * 20, "文本"),
        (b"PK\x03\x04" + bytes(range(250)) * 40, "文本"),
        (b"\xef\xbb\xbf", "没有文字"),
        (" \t\r\n\u3000\u200b".encode() * 9, "没有文字"),
        (bytes(range(128, 256)) * 32, "编码"),
        (b"\0" * 500, "文本"),
    ],
)
def test_refuses_what_is_no_text(data: bytes, advice: str) -> None:
    with pytest.raises(ReportError, match=advice):
        decode(data, "报告.txt")


def test_refuses_missing_empty_and_large_files(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="找不到文件"):
        read_bytes(tmp_path / "没有.txt", 1000)
    empty = tmp_path / "空.txt"
    empty.write_bytes(b"")
    with pytest.raises(ReportError, match="空文件"):
        read_bytes(empty, 1000)
    large = tmp_path / "大.txt"
    large.write_bytes(b"a" * 2000)
    with pytest.raises(ReportError, match="超过上限"):
        read_bytes(large, 1000)
    with pytest.raises(ReportError, match="不是普通文件"):
        read_bytes(tmp_path, 1000)

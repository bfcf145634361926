"""The bundled reports are whole: figures to ask about, headings to cite, a place and years to infer."""

import re

import pytest

from qa.library import SAMPLE_REPORTS

PLACES = {
    "qiantang-2023.md": "钱塘区",
    "wenzhou-2013-2018.md": "温州市",
    "wenzhou-2018-2023.md": "温州市",
    "zhangzhou-2018-2023.md": "漳州市",
    "zhejiang-2018-2023.md": "浙江省",
}
YEAR = re.compile(r"(?:19|20)\d{2}(?=[年—-])|(?<=[年—-])(?:19|20)\d{2}")
FIGURE = re.compile(r"\d+(?:\.\d+)?[余多]?[万亿]?[余多]?\w")


def _text(name: str) -> str:
    return (SAMPLE_REPORTS / name).read_text(encoding="utf-8")


def test_the_folder_holds_exactly_the_five_reports() -> None:
    names = sorted(entry.name for entry in SAMPLE_REPORTS.iterdir())
    assert names == sorted(PLACES)


@pytest.mark.parametrize("name", PLACES)
def test_a_report_has_thirty_figures_besides_its_years(name: str) -> None:
    assert len(set(FIGURE.findall(YEAR.sub("", _text(name))))) >= 30


@pytest.mark.parametrize("name", PLACES)
def test_a_report_opens_with_a_title_its_place_and_its_years(name: str) -> None:
    text = _text(name)
    assert re.match(r"# \S", text)
    assert PLACES[name] in text[:200]
    assert all(f"{year}年" in text[:200] for year in re.findall(r"\d{4}", name))


@pytest.mark.parametrize("name", PLACES)
def test_a_report_is_clean_paragraphs_under_headings(name: str) -> None:
    blocks = _text(name).strip().split("\n\n")
    assert all("\n" not in block for block in blocks)
    assert sum(block.startswith("## ") for block in blocks) >= 5
    assert all(block.startswith("#") or block.endswith("。") for block in blocks)
    assert 1_500 <= len(_text(name)) <= 3_000

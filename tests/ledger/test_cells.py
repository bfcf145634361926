"""Table rows in the ledger: every figure has its indicator, unit, place and time from its row and column."""

from pathlib import Path

import pytest

from qa.ledger.build import cell_figures, figures_of
from qa.reading import read_report
from qa.text.units import sentences_of
from qa.types import Period, Place

CITY = Place("漳州市", ("福建省",), "city")
TERM = Period(2019, 2021)


@pytest.mark.parametrize(
    ("row", "indicator", "place", "period", "as_of", "kind"),
    [
        ("指标：医疗互助金；2020年：368.9万元", "医疗互助金", "漳州市", Period(2020, 2020), None, "amount"),
        ("指标：会员；2020年：3万人；备注：年末数", "会员", "漳州市", Period(2020, 2020), 2020, "amount"),
        ("指标：其中：女会员；2020年底：3万人", "女会员", "漳州市", Period(2020, 2020), 2020, "amount"),
        ("指标：法律援助；三年合计：36件", "法律援助三年合计", "漳州市", TERM, None, "amount"),
        ("县区：平和县；项目：法律援助；数量：36件", "法律援助", "平和县", TERM, None, "amount"),
        ("指标：法律援助；平和县：36件", "法律援助", "平和县", TERM, None, "amount"),
        ("年份：2020年；会员总数：36万人", "会员总数", "漳州市", Period(2020, 2020), 2020, "amount"),
        ("指标：法律援助；年初目标：36件", "法律援助年初目标", "漳州市", None, None, "plan"),
        ("指标：法律援助；2022年计划：36件", "法律援助计划", "漳州市", Period(2022, 2022), None, "plan"),
        ("指标：法律援助；2022年：36件", "法律援助", "漳州市", Period(2022, 2022), None, "plan"),
        ("指标：法律援助；实际完成：36件", "法律援助实际完成", "漳州市", TERM, None, "amount"),
        ("指标：会员数；数量：1998", "会员数", "漳州市", TERM, None, "amount"),
        ("活动：文化节；创办年份：1998", "文化节创办年份", "漳州市", TERM, None, "date"),
        ("指标：会员；备注：因疫情停课2期", "会员备注", "漳州市", TERM, None, "name"),
    ],
)
def test_what_where_and_when(
    row: str, indicator: str, place: str, period: Period | None, as_of: int | None, kind: str
) -> None:
    found = cell_figures(row, CITY, TERM, ("一、年度目标任务对照",))[0]
    assert (found.indicator, found.place.name, found.period, found.as_of, found.kind) == (
        indicator, place, period, as_of, kind,
    )  # fmt: skip


def test_a_sheet_comes_into_the_ledger_whole(tmp_path: Path) -> None:
    path = tmp_path / "漳州市总工会指标.csv"
    path.write_text(
        "漳州市总工会2019年指标表,,,\n编制单位：漳州市总工会,,,编制日期：2020年1月8日\n序号,指标名称,单位,完成数\n"
        "1,医疗互助金发放额,万元,305.2\n2,法律援助,件,1998\n",
        encoding="utf-8",
    )
    report = read_report(path)
    found = [f for f in figures_of(report, sentences_of(report)) if f.kind == "amount"]
    assert [(f.indicator, f.value, f.unit, f.text, f.place, f.period) for f in found] == [
        ("医疗互助金发放额完成数", 3052000.0, "元", "305.2万元", "漳州市", Period(2019, 2019)),
        ("法律援助完成数", 1998.0, "件", "1998件", "漳州市", Period(2019, 2019)),
    ]
    for figure in found:
        assert "".join(report.source.text[a:b] for a, b in figure.spans) == figure.text

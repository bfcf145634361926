"""Figures of table rows with the unit that their head, their label or a cell of their row gives."""

import pytest

from qa.text.rows import as_prose, is_indicator, is_row, row_figures, without_unit


def read(row: str) -> list[tuple[float, str, str, tuple[str, ...]]]:
    for found in row_figures(row):
        start, end = found.figure.start, found.figure.end
        assert row[start:end] == found.figure.text
        assert found.cell[0] <= start < end <= found.cell[1]
    return [(f.figure.value, f.figure.unit, f.head, f.labels) for f in row_figures(row)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("发放互助金（万元）；2020年：1086.4", [(10864000.0, "元", "2020年", ("发放互助金",))]),
        ("县区：甲县；会员（万人）：3.2；建会率：92%", [(32000.0, "人", "会员", ("甲县",)), (92.0, "%", "建会率", ("甲县",))]),
        ("县区：甲县；项目：法律援助；数量：26；单位：件", [(26.0, "件", "数量", ("甲县", "法律援助"))]),
        ("指标：会员；单位：万人；2019年：3.2", [(32000.0, "人", "2019年", ("会员",))]),
        ("年份：2019；会员：3万人；备注：另有驿站5个", [(30000.0, "人", "会员", ("2019",)), (5.0, "个", "备注", ("2019",))]),
        ("指标：其中：女职工会员；2019年：1,204", [(1204.0, "", "2019年", ("其中：女职工会员",))]),
        ("会员人数：36万人", [(360000.0, "人", "会员人数", ())]),
        ("法律援助（含调解）；2020年：26", [(26.0, "", "2020年", ("法律援助（含调解）",))]),
        ("金额（万元）；说明：含省级资金20万元和自筹", [(200000.0, "元", "说明", ("金额",))]),
        ("指标：会员", []),
    ],
)  # fmt: skip
def test_value_unit_head_and_labels(
    row: str, expected: list[tuple[float, str, str, tuple[str, ...]]]
) -> None:
    assert read(row) == expected


def test_a_unit_behind_words() -> None:
    assert [without_unit(w) for w in ("金额（单位：万元）", "金额/亿元", "人数（户数）", "（万元）", "占比(%)")] == [
        ("金额", "万元"), ("金额", "亿元"), ("人数（户数）", ""), ("（万元）", ""), ("占比", "%"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "prose"),
    [
        ("阵地：书屋；累计数：423个；当年新建：68个", "书屋：累计数423个，当年新建68个"),
        ("年份：2020；书屋：3家", "2020：书屋3家"),
        ("序号：1；县市：甲；会员：3万人", "序号1，县市：甲，会员3万人"),
        ("获奖单位：江岸公司；奖项：五一奖状", "获奖单位：江岸公司，奖项：五一奖状"),  # without figures
        ("甲；3万人；5家", "甲：3万人，5家"),
        ("职工书屋：57家", "职工书屋57家"),
    ],
)
def test_a_row_is_read_in_the_words_of_a_sentence(row: str, prose: str) -> None:
    words, positions = as_prose(row)
    assert words == prose
    assert sorted(set(positions)) == list(positions) and len(positions) == len(words)
    assert all(row[at] == c or c in "：，" for at, c in zip(positions, words, strict=True))


def test_a_line_with_an_indicator_and_its_figure() -> None:
    lines = ("职工书屋：57家", "建会率：93.5%", "主席：何大平", "目标：新增57家书屋", "57家")
    assert [is_indicator(line) for line in lines] == [True, True, False, False, False]
    assert is_row("年份：2020；书屋：3家") and not is_row("书屋3家") and not is_row("")

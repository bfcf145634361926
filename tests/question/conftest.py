"""A small library to ask about: a province, a city with two terms, another city, a district of one year."""

from __future__ import annotations

import pytest

from qa.question import Catalogue, catalogue_of
from tests.reports import report_of

REPORTS = (
    report_of(
        "# 苏州市工会第十四届委员会工作报告\n\n苏州市工会第十五次代表大会召开在即。姑苏区建成书屋26家。",
        "苏州一.md",
        "苏州市",
        (2013, 2018),
    ),
    report_of(
        "# 苏州市工会第十五届委员会工作报告\n\n苏州市工会第十五次代表大会以来，昆山市新建工会820家。",
        "苏州二.md",
        "苏州市",
        (2018, 2023),
    ),
    report_of("# 泉州市工会五年工作\n\n晋江市的骑手张禾加入工会。", "泉州.md", "泉州市", (2018, 2023)),
    report_of(
        "# 江苏省工会五年回眸\n\n在盐城，货车司机有了驿站。全省办赛120场。", "江苏.md", "江苏省", (2018, 2023)
    ),
    report_of("# 滨江区总工会年报\n\n为助力杭州亚运，组织志愿者600名。", "滨江.md", "滨江区", (2023, 2023)),
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return catalogue_of(REPORTS)

"""References have the form of GB/T 7714, and say what is not known as it asks for."""

from dataclasses import replace

from qa.types import Period, Place
from qa.web.evidence import reference
from tests.web.small_library import make_report

REPORT = make_report("云岭.txt", "云岭市", Period(2019, 2023), {"一": ("建成书屋86个。",)})


def test_a_report_is_named_with_author_title_place_publisher_and_year() -> None:
    assert reference(REPORT) == "云岭市总工会. 云岭市工会工作报告[R]. 云岭: 云岭市总工会, 2023."
    dated = replace(REPORT, published="2024-01-18", subtitle="五年回顾")
    assert reference(dated) == "云岭市总工会. 云岭市工会工作报告: 五年回顾[R]. 云岭: 云岭市总工会, 2024."


def test_what_is_unknown_is_said() -> None:
    bare = replace(REPORT, title="", organisation="", place=Place(""), period=None)
    assert reference(bare) == "佚名. 云岭.txt[R]. [出版地不详]: [出版者不详], [出版年不详]."

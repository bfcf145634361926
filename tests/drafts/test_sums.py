"""Sums that a draft works out of figures of a report: they are added up again."""

import pytest

from qa.drafts import DraftItem, Register, check_report, draft_of, register_of
from qa.drafts.records import GOOD, verdict_text
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.text.units import sentences_of
from tests.reports import report_of

STATED = (
    "全市有阅览角57个、托管班32个、练功房8个、母婴室21个。选树首席技师86名。"
    "选树岗位能手124名。全市共有基层分会4300家。发放慰问金600.5万元、助学金150.25万元。"
)


@pytest.fixture(scope="module")
def own() -> Register:
    report = report_of(STATED, "甲.md", "浙江省宁波市", (2018, 2023))
    return register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))


def judged(register: Register, said: str) -> dict[str, DraftItem]:
    checked = check_report(draft_of(f"宁波市总工会2018—2023年简报\n\n{said}"), register)
    return {item.text: item for item in checked.items}


FOUR = "阅览角57个、托管班32个、练功房8个、母婴室21个"
FOUR_ADDED = "57个 + 32个 + 8个 + 21个 = 118个（相加）"
TWO_ADDED = "86名 + 124名 = 210名（相加）"


@pytest.mark.parametrize(
    ("said", "text", "verdict", "right"),
    [
        (f"全市有{FOUR}，四类场所共118个。", "118个", "agrees", FOUR_ADDED),
        (f"全市有{FOUR}。四类场所共181个。", "181个", "differs", FOUR_ADDED),
        (f"四类场所共118个：{FOUR}。", "118个", "agrees", FOUR_ADDED),
        ("选树首席技师86名。选树岗位能手124名。两项合计210名。", "210名", "agrees", TWO_ADDED),
        ("选树首席技师86名、岗位能手124名，共200名。", "200名", "differs", TWO_ADDED),
        ("选树首席技师86名、岗位能手124名，合计200多名。", "200多名", "agrees", TWO_ADDED),
        (
            "发放慰问金600.5万元、助学金150.25万元，合计750.75万元。",
            "750.75万元",
            "agrees",
            "600.5万元 + 150.25万元 = 750.75万元，约750.8万元（相加）",
        ),
        ("选树首席技师86名；选树岗位能手124名，合计210名。", "210名", "agrees", TWO_ADDED),
        # of what the draft gives before, the last two
        (f"全市有{FOUR}，后两类共29个。", "29个", "agrees", "8个 + 21个 = 29个（相加）"),
    ],
)
def test_a_sum_of_figures_that_the_report_states_is_added_up(
    own: Register, said: str, text: str, verdict: str, right: str
) -> None:
    told = judged(own, said)
    assert (told[text].verdict, told[text].right) == (verdict, right)
    assert told[text].quote == told[right.split(" ", maxsplit=1)[0]].quote
    assert right in verdict_text(told[text])
    assert not told.keys() & {"四类", "两类", "两项"}


@pytest.mark.parametrize(
    ("said", "text", "right"),
    [
        ("发放慰问金600.5万元、助学金150.25万元，合计约751万元。", "约751万元", None),
        (
            "发放慰问金600.5万元、助学金150.25万元，两项合计约3200万元。",
            "约3200万元",
            "600.5万元 + 150.25万元",
        ),
        ("有阅览角57个、托管班32个，两类场所共96个。", "96个", "57个 + 32个"),
        ("有阅览角57个、托管班32个，总计96个。", "96个", "57个 + 32个"),
        ("有阅览角57个、托管班32个，一共筹集资金约3100万元。", "约3100万元", None),
        # what the report states as a sum itself
        ("选树首席技师86名、岗位能手124名，两类骨干共350名。", "350名", "360名"),
    ],
)
def test_a_wrong_sum_is_held_to_its_parts_and_not_to_a_like_figure_of_another_thing(
    said: str, text: str, right: str | None
) -> None:
    more = "筹集资金3100万元。在场所周边建共享驿站69个。两类骨干共360名。"
    report = report_of(f"{STATED}{more}", "甲.md", "浙江省宁波市", (2018, 2023))
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    item = judged(register, said)[text]
    stated = (item.right or "").split(" = ")[0]
    assert (item.verdict == "differs" and stated == right) or (right is None and item.verdict in GOOD)


@pytest.mark.parametrize(
    ("said", "text", "verdict", "right"),
    [
        # a part that the report does not state so
        ("选树首席技师68名、岗位能手124名，合计192名。", "192名", "not_in_reports", None),
        # what the report states itself
        ("阅览角57个、托管班32个。全市共有基层分会3400家。", "3400家", "differs", "4300家"),
        # parts that need not be all
        ("场所共131个，其中阅览角57个、托管班32个。", "131个", "not_in_reports", None),
        # of other units
        ("慰问金600.5万元，首席技师86名，合计686万元。", "686万元", "not_in_reports", None),
    ],
)
def test_what_is_no_sum_of_stated_figures_is_judged_as_before(
    own: Register, said: str, text: str, verdict: str, right: str | None
) -> None:
    told = judged(own, said)
    assert (told[text].verdict, told[text].right) == (verdict, right)


def test_a_figure_that_counts_all_of_something_else_is_no_sum(own: Register) -> None:
    told = judged(own, "阅览角57个、托管班32个，全市共有体育馆365个。")
    assert "相加" not in (told["365个"].right or "")

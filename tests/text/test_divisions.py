"""Which divisions a text mentions, and what must not be taken for one."""

import pytest

from qa.text.divisions import find, get, short_name, within
from qa.types import Place


def named(text: str, *near: str) -> list[tuple[str, str]]:
    known = [place for place in map(get, near) if place]
    return [(text[start:end], place.name) for start, end, place in find(text, known)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("温州和漳州市谁多", [("温州", "温州市"), ("漳州市", "漳州市")]),
        ("浙江省杭州市钱塘区总工会", [("浙江省杭州市钱塘区", "钱塘区")]),
        (
            "恩施州、木垒县",
            [("恩施州", "恩施土家族苗族自治州"), ("木垒县", "木垒哈萨克自治县")],
        ),
        ("内蒙古的职工", [("内蒙古", "内蒙古自治区")]),
        ("乐清工会建了几个站点", [("乐清", "乐清市")]),
        ("安康工会慰问一线职工", [("安康", "安康市")]),
        ("陕西安康的驿站", [("陕西安康", "安康市")]),
        ("漳州和龙岩谁多", [("漳州", "漳州市"), ("龙岩", "龙岩市")]),  # 和龙 is a place, too
        ("南京和县的驿站", [("南京", "南京市"), ("和县", "和县")]),
    ],
)
def test_finds_full_and_short_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


def test_of_two_that_overlap_the_one_is_found_that_is_read_first() -> None:
    """A place that only its own reports know, too: 朔宁|都, not 宁都."""
    known = Place("朔宁市", (), "city")
    assert find("朔宁都建了哪几个驿站", [known]) == ((0, 2, known),)


@pytest.mark.parametrize(
    "text",
    [
        "参加安康杯竞赛",
        "和平发展的道路",
        "盛大庆典",
        "论文成果",
        "平安顺利",
        "新华书店",
        "钱塘江大潮",
        "重大庆祝活动",
        "获得荣誉",
        "共谱新篇章贡献力量",
        "沿海城市建设",
        "示范县创建",
        "体检点多设在城区",
        "港口职工合唱团参加比赛",
        "",
    ],
)
def test_everyday_words_are_no_places(text: str) -> None:
    assert named(text) == []


def test_words_beside_a_name_are_no_part_of_it() -> None:
    assert named("亲临海南，美丽江西") == [("海南", "海南省"), ("江西", "江西省")]
    assert named("中国香港和中共温州市委") == [("香港", "香港特别行政区"), ("温州市", "温州市")]
    assert named("湖南岳阳、山西南部、晋城市城区") == [
        ("湖南岳阳", "岳阳市"),
        ("山西", "山西省"),
        ("晋城市城区", "城区"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("象山总工会2024年工作报告", "象山"),
        ("鼓楼总工会", "鼓楼区"),
        ("松原有多少家职工书屋", "松原市"),
        ("岳阳新建了多少家", "岳阳市"),
        ("全省包括南平等地", "南平市"),
        ("从化工会", "从化区"),
        ("雅安全域旅游", "雅安市"),
        ("到达州学习", "达州市"),
        ("走访华州区", "华州区"),
        ("中国内蒙古自治区总工会", "内蒙古自治区"),
    ],
)
def test_a_name_is_found_whatever_word_its_last_character_would_begin(text: str, place: str) -> None:
    assert [found for _, found in named(text)] == [place]


def test_a_shared_name_is_decided_by_its_surroundings() -> None:
    ((_, _, alone),) = find("鼓楼区总工会")
    assert alone == Place("鼓楼区", (), "district")
    ((_, _, inside),) = find("福州市鼓楼区总工会")
    assert inside.parents == ("福建省", "福州市")
    assert named("龙港怎么样", "温州") == [("龙港", "龙港市")]
    assert [place.parents for _, _, place in find("江苏的报告写到鼓楼区")][1] == ()


def test_get_takes_ancestors_along() -> None:
    assert get("杭州市钱塘区") == get("钱塘区") == Place("钱塘区", ("浙江省", "杭州市"), "district")
    assert get("浙江") == Place("浙江省", (), "province")
    assert get("鼓楼区") is None
    assert get("桃花岛镇") is None


def test_within_follows_the_parents() -> None:
    qiantang, hangzhou, zhejiang, wenzhou = map(get, ("钱塘区", "杭州", "浙江", "温州"))
    assert qiantang and hangzhou and zhejiang and wenzhou
    assert within(qiantang, hangzhou) and within(qiantang, zhejiang) and within(qiantang, qiantang)
    assert not within(hangzhou, qiantang) and not within(qiantang, wenzhou)


def test_short_names() -> None:
    assert [short_name(n) for n in ("温州市", "黔南布依族苗族自治州", "洛浦县", "泽县", "新疆维吾尔自治区")] == [
        "温州", "黔南", "洛浦", "泽县", "新疆",
    ]  # fmt: skip


def test_a_place_that_is_known_is_found_by_its_short_name_however_everyday() -> None:
    assert named("钱塘和西湖哪个区多？") == [("钱塘", "钱塘区")]
    assert named("钱塘和西湖哪个区多？", "杭州市西湖区") == [("钱塘", "钱塘区"), ("西湖", "西湖区")]

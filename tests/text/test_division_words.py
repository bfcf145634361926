"""Short county names that other words are made of: 和县 in 市和县, 成县 in 建成县级, 会同 before a union."""

import pytest

from qa.text.divisions import find


@pytest.mark.parametrize(
    "text",
    [
        "建成县级服务中心12个",
        "提高县级工会的补助",
        "市和县两级工会",
        "省市和县（市、区）三级",
        "创建健康县区",
        "振兴县域经济",
        "评为全省十佳县",
        "名单县（市、区）",
        "贡献县级财政",
        "应县级以上工会要求",
        "新建工会86家",
        "人社局会同总工会发文",
        "医疗互助职工满意",
        "公安工会换届",
        "合作工会",
    ],
)
def test_no_division_is_named(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("和县总工会慰问骑手", "和县"),
        ("无为、和县、含山", "和县"),
        ("佳县工会建了驿站", "佳县"),
        ("公安县总工会", "公安县"),
        ("会同县总工会", "会同县"),
        ("新建区工会", "新建区"),
    ],
)
def test_the_division_itself_is_found(text: str, name: str) -> None:
    assert name in [place.name for _, _, place in find(text)]

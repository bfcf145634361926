"""Words of search: jieba's, whole numbers, pairs of characters for names, and synonyms."""

import random
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import (
    USUALLY,
    carried,
    expand,
    in_words_of,
    normalise,
    read_terms,
    simplified,
    words,
    worth,
)
from embeddings.words.train.carried import shares

SENTENCES = [
    "全市各级工会为困难职工筹集帮扶资金，建成妈妈小屋和爱心驿站。",
    "推进产业工人队伍建设改革，选树一批工匠人才和劳动模范！",
    "长江大桥南岸的快递小哥夜里也能进站歇脚、喝水、充电。",
    "南京市长江大桥通车，研究生命起源的人结婚的和尚未结婚的都来了",
    "龘靐齉爩麤灪吁龖厵滟爨癵，鱻驫麣纞虋讟钃鹦",
]


def test_words_of_a_figure_and_its_subject() -> None:
    assert words("帮扶资金36.58万元") == ["帮扶", "资金", "36.58万", "元"]
    assert "92.3%" in words("建会率达９２．３％。")
    assert {"1,200", "2018", "2023"} <= set(words("2018-2023年共1,200人"))


def test_longer_words_bring_their_shorter_ones() -> None:
    assert {"劳动", "模范", "劳动模范"} <= set(words("全国劳动模范"))


def test_unknown_names_become_characters_and_pairs() -> None:
    assert {"龘靐", "靐齉", "龘", "齉"} <= set(words("龘靐齉"))


def test_function_words_are_dropped_and_nothing_else_is_lost() -> None:
    assert words("的了吗?……😀") == []
    assert words("") == []
    assert words("请问工会会员有多少?") == ["工会", "会员"]


def test_forms_of_writing_are_one() -> None:
    assert words("勞動競賽ＡＰＰ") == words("劳动竞赛app")
    assert normalise("职工ＡＢＣ") == "职工abc"


@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("，：；！？（）％︐︓\uff02\u0338\u20d2\u0301\uff21溫總"))
    )
)
def test_what_is_looked_for_first_changes_nothing(text: str) -> None:
    one_by_one = str.maketrans({traditional: simplified(traditional) for traditional in set(text)})
    assert normalise(text) == normalise(unicodedata.normalize("NFKC", text))
    assert simplified(text) == text.translate(one_by_one)


def test_import_and_first_use_are_quiet_and_leave_no_file(tmp_path: Path) -> None:
    script = "from embeddings.words import words; print(words('工会'))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", script],
        capture_output=True, text=True, encoding="utf-8", check=True,
        cwd=Path(__file__).parents[2], env={"TMPDIR": str(tmp_path), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.stdout.strip() == "['工会']"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_many_threads_see_the_same_words() -> None:
    generator = random.Random(7)
    texts = ["".join(generator.choices("".join(SENTENCES), k=40)) for _ in range(200)]
    alone = [words(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(words, texts)) == alone


def test_synonyms_of_the_register() -> None:
    assert {"劳动", "模范"} <= set(expand(words("劳模有几人")))
    assert "母婴" in expand(words("妈咪暖心小屋有几家"))
    assert expand([]) == []
    assert expand(words("天气不错")) == []


def test_a_question_is_put_in_the_words_of_a_text() -> None:
    text = "工会小程序有用户5.5万名，建成户外劳动者服务站点86个。"
    assert in_words_of(text, "工会APP有多少用户") == "工会小程序有多少用户"
    assert in_words_of(text, "工会驿站有几家") == "户外劳动者服务站点有几家"
    assert in_words_of(text, "工会小程序有多少用户") == "工会小程序有多少用户"
    assert in_words_of(text, "妈妈小屋有几家") == "妈妈小屋有几家"


def test_synonyms_never_repeat_the_question() -> None:
    for group in read_terms():
        for term in group:
            own = words(term)
            assert own, term
            assert not set(expand(own)) & set(own)


def test_what_is_asked_in_other_words_than_it_is_told_in_is_learned() -> None:
    pairs = [("一共修了几家书屋", "建成书屋五家"), ("书屋一共多大", "书屋面积"), ("书屋一共几间", "书屋五间")]
    found = shares([*pairs, ("只问一次", "只问一次")])
    assert found["书屋"] > USUALLY > found["一共"]
    assert "只" not in found and "一次" not in found


def test_a_synonym_counts_as_carried_over() -> None:
    pairs = [(f"户外劳动者服务站点{unit}", "建成工会驿站") for unit in ("在哪", "几座", "面积")]
    assert shares(pairs)["站点"] > USUALLY


def test_the_shipped_shares_are_those_of_the_recipe() -> None:
    assert carried()["驿站"] > 0.5 > carried()["一共"]
    assert worth("龘靐") == worth("驿站") == 1.0 > worth("掏")

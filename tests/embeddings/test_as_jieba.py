"""The words that jieba-rs finds are jieba's, to the last tie, and what is looked up is in jieba's dictionary."""

import random
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.words import cut, frequency, normalise, part_of_speech, words
from embeddings.words.tokenizer import DICTIONARY_TOTAL, PIECE

ODD = (
    "\ud800𠀀㐀龥鿕鿖鿿〇\uff41\uff22①½.:,-_%‰\n\t \x00十百万亿的了和工会会员劳动模范总工会中华人民共和国ẞﬁΣé"
)
RUNS = (
    "全市各级工会为困难职工筹集帮扶资金，建成妈妈小屋和爱心驿站。",
    "南京市长江大桥通车，研究生命起源的人结婚的和尚未结婚的都来了",
    "龘靐齉爩麤灪吁龖厵滟爨癵，鱻驫麣纞虋讟钃鹦",
)
SAMPLE = Path(__file__).parents[2] / "qa" / "sample"


@cache
def jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escape sequences in jieba's own source
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


@cache
def entries() -> list[tuple[str, int, str]]:
    """The words of jieba's dictionary that begin with a Chinese character, their counts and their tags."""
    with jieba().get_dict_file() as file:
        lines = (line.decode("utf-8").split() for line in file)
        return [(word, int(count), tag) for word, count, tag in lines if "一" <= word[0] <= "龥"]


def same(*texts: str) -> None:
    for text in texts:
        for piece in PIECE.finditer(normalise(text)):
            run = piece.group()
            found = cut(run)
            assert found == ([*jieba().cut(run, HMM=False)] if piece.lastgroup == "han" else [run])
            for word in found:
                inner = {word[i : i + size] for size in (2, 3) for i in range(len(word) - size + 1)} - {word}
                known = {each for each in inner if jieba().FREQ.get(each)}
                assert set(words(word)) in ({*known, word}, set())  # nothing for a function word


@settings(max_examples=300)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(ODD)), max_size=40))
def test_any_text(text: str) -> None:
    same(text)


def test_words_of_the_dictionary_in_a_row_without_a_stop() -> None:
    choose = random.Random(7)
    known = [word for word, *_ in entries()]
    same(*("".join(choose.choices(known, k=choose.randint(1, 60))) for _ in range(200)))


def test_characters_at_random() -> None:
    choose = random.Random(7)
    same(*("".join(chr(choose.randint(0x3400, 0xA000)) for _ in range(200)) for _ in range(20)))


def test_reports_and_what_can_be_cut_in_two_ways() -> None:
    same(*RUNS, *(path.read_text("utf-8") for path in SAMPLE.glob("*.md")))


def test_every_word_has_its_count_and_its_tag() -> None:
    assert jieba().total == DICTIONARY_TOTAL
    for word, count, tag in random.Random(7).choices(entries(), k=2000):
        assert abs(frequency(word) * DICTIONARY_TOTAL / 1e6 - count) < 1e-3
        assert part_of_speech(word) == tag
    assert part_of_speech("") == part_of_speech("龘靐") == "" and frequency("") == frequency("龘靐") == 0

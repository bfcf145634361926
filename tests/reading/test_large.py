"""Large and odd files take bounded time; the limits are far above what is usual, so that slow machines pass."""

import random
import time

import pytest

from qa.reading.formats import Extract
from qa.reading.formats.text import text_blocks
from qa.reading.layout import restore
from tests.reading.damage import damage
from tests.reading.prose import ARTICLES, CAPTIONS

CHANCE = random.Random(1)
WORDS = "工会职员生产劳动竞赛技能服务法律援助城市温暖"


def words(size: int) -> str:
    return "".join(CHANCE.choice(WORDS) for _ in range(size))


FILES = {
    "short lines": lambda: "\n".join(words(CHANCE.randrange(3, 20)) for _ in range(8_000)),
    "unfinished paragraphs": lambda: "\n\n".join(words(60) for _ in range(10_000)),
    "numbered lines": lambda: "\n".join(f"{k % 50 + 1}、{words(10)}" for k in range(40_000)),
    "headings": lambda: "\n".join("#" * (k % 6 + 1) + " " + words(8) for k in range(20_000)),
    "spaced characters": lambda: "\n".join(" ".join(words(200)) for _ in range(400)),
    "white space in a short line": lambda: (
        f"-{' ' * 400_000}甲\n（{'　' * 400_000}2023 年{' ' * 400_000}乙\n"
    ),
    "one line": lambda: words(20) * 100_000,
    "asterisks": lambda: "*" * 1_000_000 + "工会。",
    "brackets": lambda: "（" * 200_000 + "工" + "）" * 200_000,
    "stops and spaces": lambda: "。" * 200_000 + " " * 200_000 + "1." * 100_000 + "#" * 100_000,
}


@pytest.mark.parametrize("name", FILES)
def test_odd_files_take_bounded_time(name: str) -> None:
    text = FILES[name]()
    started = time.process_time()
    result = restore(Extract(text, "utf-8", "txt", tuple(text_blocks(text))))
    assert time.process_time() - started < 30
    assert result.paragraphs


def test_speed_on_clean_text() -> None:
    text = "\n\n".join(damage("blank lines", ARTICLES[k % 3], k, CAPTIONS) for k in range(300))
    size = len(text.encode()) / 1e6
    best = min(_seconds(text) for _ in range(3))
    assert size / best > 0.5, f"{size / best:.1f} MB a second"


def _seconds(text: str) -> float:
    started = time.process_time()
    restore(Extract(text, "utf-8", "txt", tuple(text_blocks(text))))
    return time.process_time() - started

"""What nobody sees is gone; what people read stays, rare characters and lines included."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.normal import visible


@pytest.mark.parametrize(
    "text",
    [
        "职工书屋1340家，配书26.5万册。\n\t第二行",
        "\U00030000 \U0002b820 䶮 㼆",  # rare characters of names
        "①②③ Ⅳ ㎡ ° ‰ ★ → é ñ ö",
        "👷 ❤",
    ],
)
def test_what_people_read_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("职\u200b工\u2060书\ufeff屋", "职工书屋"),
        ("\u202e77\u202c13", "7713"),
        ("好" + "".join(chr(0xE0000 + ord(c)) for c in "obey"), "好"),
        ("a\x0bb\x85c", "a b c"),
        ("\x1b]52;c;eA==\x07完", "]52;c;eA==完"),
        ("\ud800字\ufffe\ufdd0", "字"),
        ("\u3164\u115f\u2800空", "空"),
    ],
)
def test_what_nobody_sees_is_gone(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(max_size=60))
def test_nothing_is_added_and_twice_is_once(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert len(shown) <= len(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\t\n\r"]

"""Decide which sentences of a report an answer may state."""

from __future__ import annotations

from qa.text.injection import is_injection
from qa.text.sentences import CLOSERS


def is_statable(sentence: str) -> bool:
    """Whether a sentence asserts something: one that asks does not, nor does one that gives orders to a machine.

    >>> is_statable("新建书屋86个。"), is_statable("怎样吸引他们加入工会？")
    (True, False)
    """
    return sentence.rstrip(CLOSERS)[-1:] not in ("？", "?") and not is_injection(sentence)

"""A checked answer in the form that was asked for: one paragraph, or a shorter one. Sentences stay as they stand."""

from __future__ import annotations

from dataclasses import replace

from qa.checking.patterns import MARK
from qa.types import Answer, Form

__all__ = ["TONE", "length", "shaped", "shorter_form"]

TONE = "语气没有改：改写句子要靠语言模型或人，这里的句子都照报告原文。改写以后，可以用“核稿”再核对一遍。"


def length(text: str) -> int:
    """Characters of a text without its marks, bullets and white space."""
    return len("".join(MARK.sub("", text).replace("- ", "").split()))


def shorter_form(form: Form, answer: Answer) -> Form:
    """The form in which an answer takes up half of its room, or a quarter where that is asked for twice."""
    return replace(form, characters=length(answer.text) // 2**form.shorter, shorter=0)


def shaped(answer: Answer, form: Form) -> Answer:
    """The answer in its form; itself where none was asked for, or where it is none.

    Args:
        answer: checked; a paragraph's sentences stand in lines of their own until here.
    """
    if answer.outcome != "answered" or not answer.citations:
        return answer
    lines = answer.text.split("\n")
    short = answer.short
    if (
        form.characters
        and len(lines) == len(answer.citations) == 1
        and short
        and len(short) < form.characters
    ):
        label, colon, _ = lines[0].rpartition("：")
        lines = [f"{label}{colon}{short}[1]。"]
    elif form.characters:
        cited = [line for line in lines if MARK.search(line)]
        while len(cited) > 1 and length("".join(lines)) > form.characters:
            lines.remove(cited.pop())
    if form.flows:
        lines = ["".join(line.removeprefix("- ") for line in lines)]
    text = "\n".join(lines)
    kept = tuple(c for c in answer.citations if f"[{c.marker}]" in text)
    figures = tuple(f for f in answer.figures if f.marker is None or f"[{f.marker}]" in text)
    return replace(answer, text=f"{text}\n{TONE}" if form.tone else text, citations=kept, figures=figures)

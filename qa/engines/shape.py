"""A checked answer in the form that was asked for: one paragraph, or a shorter one. Sentences stay as they stand."""

from __future__ import annotations

from dataclasses import replace

from qa.checking.patterns import MARK
from qa.text.figures import figures
from qa.types import Answer, Form

TONE = "语气没有改：改写句子要靠语言模型或人，这里的句子都照报告原文。改写以后，可以用“核稿”再核对一遍。"


def length(text: str) -> int:
    """Characters of a text without its marks, bullets and white space."""
    return len("".join(MARK.sub("", text).replace("- ", "").split()))


def shaped(answer: Answer, form: Form) -> Answer:
    """The answer in its form; itself where none was asked for, or where it is none.

    The last answer in another form keeps its sentences: of a shorter one those that tell no figure go first.

    Args:
        answer: checked, made in the form's first; a paragraph's sentences stand in lines of their own until here.
    """
    if answer.outcome != "answered" or not answer.citations:
        return answer
    lines = _cut(answer.text.split("\n"), form.first.characters, answer)
    if form.of:
        half = length("".join(lines)) // 2**form.shorter
        lines = _cut(lines, form.characters or (half if form.shorter else None), answer)
    bare = [line.removeprefix("- ") for line in lines]
    if form.flows:
        lines = ["".join(bare)]
    elif form.shape == "points" and len(bare) > 1:
        lines = [f"- {line}" if MARK.search(line) else line for line in bare]
    text = "\n".join(lines)
    kept = tuple(c for c in answer.citations if f"[{c.marker}]" in text)
    own = tuple(f for f in answer.figures if f.marker is None or f"[{f.marker}]" in text)
    return replace(answer, text=f"{text}\n{TONE}" if form.tone else text, citations=kept, figures=own)


def _cut(lines: list[str], characters: int | None, answer: Answer) -> list[str]:
    """The lines that there is room for, one that is cited at least; of a single one what is asked, where that is shorter."""
    if not characters:
        return lines
    short = answer.short
    if len(lines) == len(answer.citations) == 1 and short and len(short) < characters < length(lines[0]):
        label, colon, _ = lines[0].rpartition("：")
        return [f"{label}{colon}{short}[1]。"]
    lines = list(lines)
    while (
        length("".join(lines)) > characters
        and len(cited := [line for line in lines if MARK.search(line)]) > 1
    ):
        plain = [line for line in cited if not figures(MARK.sub("", line))]
        lines.remove((plain or cited)[-1])
    return lines

"""Bring a checked answer into the form asked for, such as one paragraph; sentences stay unchanged."""

from __future__ import annotations

from dataclasses import replace

from qa.checking import MARK
from qa.text.figures import figures
from qa.types import Answer, Form

TONE = "语气没有改：改写句子要靠语言模型或人，这里的句子都照报告原文。改写以后，可以用“核稿”再核对一遍。"


def length(text: str) -> int:
    """Count the characters of a text without marks, bullets and white space."""
    return len("".join(MARK.sub("", text).replace("- ", "").split()))


def shaped(answer: Answer, form: Form) -> Answer:
    """Return the answer in a form; itself if none was asked for, or if it is an abstention.

    When the last answer is shortened, sentences without figures go first.

    Args:
        answer: checked, made in ``form.first``; each sentence of a paragraph is still a line.
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
    """Return the lines that fit, at least one cited; a single one is cut to the short answer if that fits."""
    if not characters:
        return lines
    short = answer.short
    if len(lines) == len(answer.citations) == 1 and short and len(short) < characters < length(lines[0]):
        label, colon, _ = lines[0].rpartition("：")
        return [f"{label}{colon}{short}[1]。"]
    lines = list(lines)
    while length("".join(lines)) > characters:
        cited = [line for line in lines if MARK.search(line)]
        if len(cited) <= 1:
            break
        plain = [line for line in cited if not figures(MARK.sub("", line))]
        lines.remove((plain or cited)[-1])
    return lines

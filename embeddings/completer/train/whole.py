"""Whole questions of people who asked others before: what was said before adds nothing to them, or the place alone."""

import json
import lzma
import random
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from embeddings.reader.train import passages

from .examples import Example, places_in

TAUGHT = Path(passages.__file__).parent / "taught" / "questions.jsonl.xz"
MOST = 4  # questions before
TALKED = 0.4  # share behind a conversation of another kind
SHORTEST = 6  # characters of a question without its place
KIND, LEFT_OUT = "whole", "place left out"


def whole_questions(dialogues: Sequence[Example], draw: random.Random) -> list[Example]:
    """The taught questions that name a place, each behind some others of its set or behind a dialogue's last question.

    Those that begin with the place come without it, too, behind another that names it last.
    """
    with lzma.open(TAUGHT, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    made = []
    for _, own in groupby(rows, key=lambda row: row["set"]):
        asked = [row["question"] for row in own if not row["history"]]
        named = {question: places_in(question) for question in asked}
        for question in filter(named.get, asked):
            others = [other for other in asked if other != question]
            before = draw.sample(others, draw.randint(1, MOST))
            place = named[question][0]
            of_place = [other for other in others if named[other][-1:] == [place]]
            rest = question.removeprefix(place).lstrip(" ，的")
            if question.startswith(place) and len(rest) >= SHORTEST and not places_in(rest) and of_place:
                made.append(Example((*before[1:], draw.choice(of_place)), rest, place + rest, LEFT_OUT))
            if draw.random() < TALKED:
                talk = draw.choice(dialogues)
                before = [*before[: MOST - 3], *talk.history[-2:], talk.question]
            made.append(Example(tuple(before), question, question, KIND))
    return made

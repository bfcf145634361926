"""What is shown where there is no answer: the best passages, each cut around the sentence that fits best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.text.orders import gives_orders
from qa.text.sentences import split_sentences
from qa.text.spans import locate
from qa.types import Answer, Hit, Nearest, Span

SHOWN, MOST_CHARACTERS = 3, 400  # passages, and characters of each: a person takes in no more at a glance


def with_nearest(answer: Answer, likely: Sequence[Hit] = ()) -> Answer:
    """The answer with its nearest passages where it is none; itself where it is one, or where no report knows the place.

    Args:
        answer: as it is told; one that has its nearest passages keeps them.
        likely: passages that are nearer than their order in the search says, the nearest first.
    """
    if answer.outcome == "answered" or answer.reason == "unknown_place" or answer.nearest:
        return answer
    others = (hit for hit in answer.passages if hit not in likely)
    fitting = (hit for hit in (*likely, *others) if not gives_orders(hit.paragraph.text))
    return replace(answer, nearest=tuple(nearest(hit) for hit, _ in zip(fitting, range(SHOWN), strict=False)))


def nearest(hit: Hit) -> Nearest:
    """A passage as it is shown: whole where it is short, else the sentences around the one that fits best."""
    text = hit.paragraph.text
    matched = {(s.start, s.end): score for s, score in zip(hit.matched, hit.sentence_scores, strict=True)}
    fits = max(matched, key=lambda span: matched[span], default=(0, len(text)))
    start, end = _window(text, fits, matched)
    fits = (max(fits[0], start), min(fits[1], end))
    return Nearest(hit, start, end, fits, locate(hit.paragraph, hit.report.source.text, start, end))


def _window(text: str, fits: Span, matched: dict[Span, float]) -> Span:
    """The run of whole sentences around ``fits`` that holds most of what matched and still is short enough."""
    if len(text) <= MOST_CHARACTERS:
        return 0, len(text)
    start, end = fits[0], min(fits[1], fits[0] + MOST_CHARACTERS)
    sentences = split_sentences(text)
    runs = [
        (a, b)
        for at, (a, _) in enumerate(sentences)
        for _, b in sentences[at:]
        if a <= start and end <= b and b - a <= MOST_CHARACTERS
    ]

    def worth(run: Span) -> tuple[float, int]:
        held = sum(score for (a, b), score in matched.items() if run[0] <= a and b <= run[1])
        return held, run[1] - run[0]

    return max(runs, key=worth, default=(start, end))

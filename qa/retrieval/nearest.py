"""Choose what to show when there is no answer: the best passages, each cut around its best sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.text.injection import is_injection
from qa.text.sentences import split_sentences
from qa.text.spans import locate
from qa.types import Answer, Citation, Hit, Nearest, Span

SHOWN, MOST_CHARACTERS = 3, 400  # passages, and characters of each, that a person can read at a glance


def with_nearest(answer: Answer, likely: Sequence[Hit] = (), withheld: Sequence[Citation] = ()) -> Answer:
    """Add the nearest passages to a refusal that has none, unless no report knows the place.

    Args:
        likely: passages that are nearer than their rank says, nearest first.
        withheld: citations of the likeliest answer, which was not sure enough; they are shown first.
    """
    if answer.outcome == "answered" or answer.reason == "unknown_place" or answer.nearest:
        return answer
    quotes = {(c.report_id, c.paragraph): c.quote for c in reversed(withheld)}
    others = (hit for hit in answer.passages if hit not in likely)
    fitting = [hit for hit in (*likely, *others) if not is_injection(hit.paragraph.text)]
    fitting.sort(key=lambda hit: hit.position not in quotes)  # stable: the others keep their order
    return replace(
        answer, nearest=tuple(nearest(hit, quotes.get(hit.position, "")) for hit in fitting[:SHOWN])
    )


def nearest(hit: Hit, quote: str = "") -> Nearest:
    """Return a passage to show: whole if it is short, else the sentences around the one that fits best.

    That is the one with the quote, if there is one, else the one that the search scores highest.
    """
    text = hit.paragraph.text
    matched = {(s.start, s.end): score for s, score in zip(hit.matched, hit.sentence_scores, strict=True)}
    fits = max(matched, key=lambda span: matched[span], default=(0, len(text)))
    if quote and (at := text.find(quote)) >= 0:
        fits = at, at + len(quote)
    start, end = _window(text, fits, matched)
    fits = (max(fits[0], start), min(fits[1], end))
    return Nearest(hit, start, end, fits, locate(hit.paragraph, hit.report.source.text, start, end))


def _window(text: str, fits: Span, matched: dict[Span, float]) -> Span:
    """Return the run of whole sentences around ``fits`` that has the highest scores and is short enough."""
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
        inside = sum(score for (a, b), score in matched.items() if run[0] <= a and b <= run[1])
        return inside, run[1] - run[0]

    return max(runs, key=worth, default=(start, end))

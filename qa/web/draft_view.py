"""A checked draft as HTML: its text with every item marked, next to a card with the source of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qa.drafts import DraftCheck, DraftItem
from qa.drafts.words import GOOD
from qa.web.cards import highlighted, open_link
from qa.web.escaping import escape
from qa.web.words import both, chinese

SHOWN = 60_000  # characters of a draft on the page; the files have all of them
_TURN = "draft"  # names the marks and cards of this page


def draft_view(check: DraftCheck) -> str:
    """Return the draft and its cards; a mark links to its card, a card to its mark and its report."""
    shown = [item for item in check.items if item.end <= SHOWN]
    cut = f'<p class="qa-note">{both("draft_cut")}</p>' if len(check.text) > SHOWN else ""
    notes = "".join(f'<p class="qa-note">{escape(note)}</p>' for note in check.notes)
    cards = "".join(_card(number, item) for number, item in enumerate(shown, 1))
    return (
        f'<p class="qa-summary-line" role="status">{_summary(check.items)}</p>{notes}{cut}'
        f'<div class="qa-draft-columns"><div class="qa-draft-text" tabindex="0" role="region" '
        f'aria-label="{escape(chinese("draft"))}">{_marked(check.text[:SHOWN], shown)}</div>'
        f'<div class="qa-panel qa-draft-cards"><section class="qa-turn">{cards}</section></div></div>'
    )


def _summary(items: Sequence[DraftItem]) -> str:
    good = sum(item.verdict in GOOD for item in items)
    count = Counter(item.verdict for item in items if item.verdict not in GOOD)
    doubts = "".join(
        f'<span class="qa-doubt">{both(f"verdict_{verdict}")} {n}</span> ' for verdict, n in count.items()
    )
    return f"{both('draft_done', count=len(items), good=good)} {doubts}"


def _marked(text: str, items: Sequence[DraftItem]) -> str:
    html, at = [], 0
    for number, item in enumerate(items, 1):
        label = f'<span class="qa-hidden">（{both(f"verdict_{item.verdict}")}）</span>'
        html.append(
            f'{escape(text[at : item.start])}<a class="qa-said-{item.verdict} qa-said-item" '
            f'id="mark-{_TURN}-{number}" href="#cite-{_TURN}-{number}">'
            f"{escape(text[item.start : item.end])}{label}</a>"
        )
        at = item.end
    return "".join([*html, escape(text[at:])])


def _card(number: int, item: DraftItem) -> str:
    tone = "qa-good" if item.verdict in GOOD else "qa-doubt"
    right = ""
    if item.right and item.right != item.text:
        here = "draft_right_here" if item.verdict in ("other_place", "other_term") else "draft_right"
        right = f"<p>{both(here)}<b>{escape(item.right)}</b></p>"
    if item.corrected:
        right += f"<p>{both('draft_corrected')}</p>"
    quote = ""
    if item.quote and item.report_id:
        title = f"{escape(item.label or '')} · {escape(item.title or item.report or '')}"
        quote = (
            f'<p class="qa-origin"><span class="qa-title">{title}</span></p>'
            f'<p class="qa-text">{highlighted(item.quote, [(0, len(item.quote))])}</p>'
            f'<p class="qa-actions">{open_link(item.report_id, item.spans)}</p>'
        )
    return (
        f'<article class="qa-card" id="cite-{_TURN}-{number}" tabindex="-1" aria-label="{escape(item.text)}">'
        f'<header><a class="qa-number" href="#mark-{_TURN}-{number}">{number}'
        f'<span class="qa-hidden">{both("draft_back")}</span></a><b>{escape(item.text)}</b>'
        f'<span class="{tone}">{both(f"verdict_{item.verdict}")}</span></header>{right}{quote}</article>'
    )

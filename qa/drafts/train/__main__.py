"""Fit the weights of the ranking on marked drafts: ``python -m qa.drafts.train MARKED_FILE REPORT...``.

Each draft is used as it is, with planted errors, and with figures of other reports. The candidates of a statement and
"none" compete by a softmax, and the marked one should win.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from qa.drafts import ranked_candidates, ranking, statements_in_context
from qa.drafts.comparing import likeness
from qa.drafts.draft import draft_of
from qa.drafts.ranking import FEATURES, Candidate, Floats, Register, register_of
from qa.drafts.statements import Statement
from qa.drafts.train import MarkedDraft, MarkedItem, errors_planted, marked_drafts
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of

VARIANTS = 8  # versions of each draft with planted errors
ROUNDS = 3  # neighbours are found with the weights of the round before
SHARE = 0.5  # of the replaceable figures that are replaced by another report's
ALIKE = 0.4  # least overlap of two subjects
PENALTY = 0.02  # on the square of each weight


def main() -> None:
    """Fit the weights and write ``weights.json`` of ``qa.drafts``."""
    reports = tuple(read_report(Path(name)) for name in sys.argv[2:])
    figures = (figure for report in reports for figure in figures_of(report, sentences_of(report)))
    register = register_of(reports, Ledger(reports, figures))
    drafts = [*marked_drafts(Path(sys.argv[1]).read_text(encoding="utf-8"), reports)]
    drafts += [errors_planted(draft, seed) for draft in drafts for seed in range(VARIANTS)]
    drafts += [_from_elsewhere(draft, register) for draft in drafts]
    path = Path(__file__).parents[1] / "weights.json"
    for _ in range(ROUNDS):
        weights, bias, loss = fit(drafts, register)
        named = {name: round(float(w), 3) for name, w in zip(FEATURES, weights, strict=True)}
        table = {"bias": round(bias, 3), "weights": named}
        path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
        ranking.weights.cache_clear()
        print(f"loss {loss:.4f}")


def fit(drafts: list[MarkedDraft], register: Register) -> tuple[Floats, float, float]:
    """Return the weights, the bias and the mean loss."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    examples = [example for draft in drafts for example in _examples(draft, register)]

    def loss(parameters: Floats) -> tuple[float, Floats]:
        total, gradient = 0.0, np.zeros_like(parameters)
        for features, right in examples:
            scores = np.append(features @ parameters[:-1] + parameters[-1], 0.0)
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            good = max(chances[right].sum(), 1e-12)
            total -= np.log(good)
            slope = chances.copy()
            slope[right] -= chances[right] / good
            gradient[:-1] += slope[:-1] @ features
            gradient[-1] += slope[:-1].sum()
        penalised = np.append(parameters[:-1], 0.0)
        value = total / len(examples) + PENALTY * float(penalised @ penalised) / 2
        return value, gradient / len(examples) + PENALTY * penalised

    found = minimize(loss, np.zeros(len(FEATURES) + 1), jac=True, method="L-BFGS-B")
    return found.x[:-1], float(found.x[-1]), float(found.fun)


def _examples(draft: MarkedDraft, register: Register) -> Iterator[tuple[Floats, list[int]]]:
    """Yield the features of each item's candidates and the indexes of the right ones, one past the last for none."""
    said, _ = statements_in_context(draft_of(draft.text), register)
    for (statement, _), found in zip(said, ranked_candidates(said, register), strict=True):
        start, end = statement.spans[0][0], statement.spans[-1][1]
        item = next((i for i in draft.items if i.start < end and start < i.end), None)
        if item is None or not found:
            continue
        if right := _right(item, found, register):
            yield np.array([c.features for c in found]), right


def _right(item: MarkedItem, found: tuple[Candidate, ...], register: Register) -> list[int]:
    """Return the indexes of the candidates at the marked offset; one past the last for none."""
    if (at := item.at) is None:
        return [len(found)]
    stated = [register.statements[candidate.number] for candidate in found]
    names = [register.reports[each.report_id].source.name for each in stated]
    there = [any(a <= at < b for a, b in each.spans) for each in stated]
    return [number for number in range(len(found)) if names[number] == item.report and there[number]]


def _from_elsewhere(draft: MarkedDraft, register: Register) -> MarkedDraft:
    """Return the draft with some figures replaced by another report's figure of the same thing."""
    choose = random.Random(0)
    said, _ = statements_in_context(draft_of(draft.text), register)
    found = {s.spans[0][0]: (s, c) for (s, _), c in zip(said, ranked_candidates(said, register), strict=True)}
    text, moved, items = draft.text, 0, []
    for item in draft.items:
        made = MarkedItem(item.text, item.start + moved, item.verdict, item.report, item.at)
        other = _other_report(item, *found[item.start], register) if item.start in found else None
        if other is not None and choose.random() < SHARE:
            report = register.reports[other.report_id].source.name
            at = other.spans[-1][1] - 1
            made = MarkedItem(other.text, made.start, "other_place", report, at)
            text = text[: made.start] + other.text + text[made.start + len(item.text) :]
            moved += len(other.text) - len(item.text)
        items.append(made)
    return MarkedDraft(draft.name, text, tuple(items))


def _other_report(
    item: MarkedItem, said: Statement, found: tuple[Candidate, ...], register: Register
) -> Statement | None:
    """Return another report's statement of the same thing in the same unit."""
    alike = (register.statements[each.number] for each in found if min(each.features[:2]) > ALIKE)
    others = (s for s in alike if register.reports[s.report_id].source.name != item.report)
    units = ((s, said.figure.unit == s.figure.unit) for s in others if s.figure and said.figure)
    return next((s for s, same in units if same and likeness(said, s) == "other"), None)


if __name__ == "__main__":
    main()

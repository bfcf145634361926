"""Fit what ranks the candidates of a draft's figures and what judges them: ``python -m qa.evaluate.train.drafts SETS``.

``SETS`` is the folder that ``python -m tests.evaluate.sets --output SETS`` writes, with the drafts and the reports that
were invented for them. The command writes ``weights.json`` and ``verdicts.json`` of ``qa.drafts`` and prints, of models
that have not seen the draft's writer, how many planted errors in figures are found and how many right figures are taken
for errors.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from qa.drafts import ranked_candidates, ranking, statements_in_context
from qa.drafts.comparing import likeness
from qa.drafts.draft import draft_of
from qa.drafts.judging import GOOD, Verdict
from qa.drafts.ranking import Candidates, Register, Said
from qa.drafts.verdicts import BIAS, LIKELY, READ, VERDICTS, case_of
from qa.evaluate.train import Floats, linear_table, multinomial
from qa.evaluate.train.names import register_over

ROUNDS = 3  # neighbours are found with the weights of the round before
PENALTY = 0.02  # on the square of each weight of the ranking
RIDGE = 0.012  # on the square of each weight of a verdict, its features of one spread
FOLDS = 6
FOLDER = Path(__file__).parents[2] / "drafts"
Json: TypeAlias = dict[str, Any]
_NUMBERS = re.compile(r"[\d.,]+")


@dataclass(frozen=True, slots=True)
class Drafted:
    """The statements of a draft, with the marked item of each or None, and what the reports say."""

    writer: str
    said: list[Said]
    items: list[Json | None]
    register: Register

    def candidates(self) -> list[Candidates]:
        """Return the candidates of each statement, ranked by the weights as they are."""
        return ranked_candidates(self.said, self.register)


def main() -> None:
    """Fit both models and write them."""
    drafts = [each for path in sorted(Path(sys.argv[1]).glob("*.drafts.jsonl")) for each in _drafts(path)]
    for _ in range(ROUNDS):
        weights, bias = fit_ranking([each for draft in drafts for each in _ranked(draft)])
        table = linear_table(ranking.FEATURES, weights, bias)
        (FOLDER / "weights.json").write_text(json.dumps(table, indent=1) + "\n", "utf-8")
        ranking.weights.cache_clear()
    cases = [each for draft in drafts for each in cases_of(draft)]
    writers = sorted({case.writer for case in cases})
    folds = np.array([writers.index(case.writer) % FOLDS for case in cases])
    judged = np.array([case.verdict for case in cases])
    tables = {}
    names = sorted({name for case in cases for name in case.features} - set(READ))
    for name, features in (("unread", names), ("read", [*names, *READ])):
        rows = np.array([[case.features.get(feature, 0.0) for feature in features] for case in cases])
        agrees = np.zeros(len(cases), dtype=bool)
        for fold in range(FOLDS):
            scores = padded(rows[folds == fold]) @ fit_verdicts(rows[folds != fold], judged[folds != fold]).T
            chances = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
            agrees[folds == fold] = chances[:, 0] >= LIKELY
        found, alarms = (1 - agrees[kind].mean() for kind in (judged > 0, judged == 0))
        print(f"{name}: found {found:.3f}, false alarms {alarms:.3f}")
        fitted = fit_verdicts(rows, judged)
        tables[name] = {
            verdict: {
                feature: round(float(w), 4) for feature, w in zip((*features, BIAS), weights, strict=True)
            }
            for verdict, weights in zip(VERDICTS, fitted, strict=True)
        }
    (FOLDER / "verdicts.json").write_text(json.dumps(tables).replace("}, ", "},\n ") + "\n", "utf-8")


def _drafts(path: Path) -> Iterator[Drafted]:
    name = path.name.partition(".")[0]
    register = register_over(path.parent / name)
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        said, _ = statements_in_context(draft_of(row["draft"]), register)
        places = list(_placed(row))
        spans = [(one.spans[0][0], one.spans[-1][1]) for one, _ in said]
        items = [next((item for a, b, item in places if start < b and a < end), None) for start, end in spans]
        yield Drafted(name, said, items, register)


def _placed(row: Json) -> Iterator[tuple[int, int, Json]]:
    """Yield the items of a draft, which are in order, with their offsets."""
    at = 0
    for item in row["items"]:
        found = row["draft"].find(item["text"], at)
        start = found if found >= 0 else row["draft"].find(item["text"])
        at = start
        yield start, start + len(item["text"]), item


def _ranked(draft: Drafted) -> Iterator[tuple[Floats, list[int]]]:
    """Yield the features of each item's candidates and the indexes of the right ones, one past the last for none."""
    for (one, _), item, found in zip(draft.said, draft.items, draft.candidates(), strict=True):
        if item and found and (right := _right(item, one, found, draft.register)):
            yield np.array([each.features for each in found]), right


def _right(item: Json, said: Any, found: Candidates, register: Register) -> list[int]:
    """Return the indexes of the candidates in the clause that proves an item, the likeliest kind of them."""
    if item["verdict"] == "not_in_reports":
        return [len(found)]
    stated = [register.statements[each.number] for each in found]
    there = [n for n, each in enumerate(stated) if _stands_in(item, each, register)]
    agreeing = [n for n in there if likeness(said, stated[n]) != "other"]
    if item["verdict"] in GOOD:
        return agreeing
    if item["verdict"] == "plan_for_result" and agreeing:
        return agreeing
    numbers = set(_NUMBERS.findall(item["right"] or ""))
    return [n for n in there if numbers & set(_NUMBERS.findall(stated[n].text))] or there


def _stands_in(item: Json, stated: Any, register: Register) -> bool:
    source = register.reports[stated.report_id].source
    start = source.text.find(item["source"]) if item["source"] and source.name == item["report"] else -1
    end = start + len(item["source"])
    return start >= 0 and stated.spans[0][0] < end and start < stated.spans[-1][1]


def fit_ranking(examples: Sequence[tuple[Floats, list[int]]]) -> tuple[Floats, float]:
    """Return the weights and the bias with which a right candidate wins; candidates and "none" compete by a softmax."""

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

    found = minimize(loss, np.zeros(len(ranking.FEATURES) + 1), jac=True, method="L-BFGS-B").x
    return found[:-1], float(found[-1])


@dataclass(frozen=True, slots=True)
class MarkedCase:
    """A marked figure with all that the model may weigh, its clause read."""

    writer: str
    verdict: int  # in ``VERDICTS``
    features: Mapping[str, float]


def cases_of(draft: Drafted) -> Iterator[MarkedCase]:
    """Yield the marked figures of a draft for which there are candidates."""
    same: dict[str, Verdict] = {"agrees_otherwise": "agrees", "wrong_name": "differs"}
    for (one, context), item, found in zip(draft.said, draft.items, draft.candidates(), strict=True):
        verdict = item and same.get(item["verdict"], item["verdict"])
        if verdict in VERDICTS and one.kind == "figure" and found:
            case = case_of(one, context, found, draft.register)
            yield MarkedCase(draft.writer, VERDICTS.index(verdict), case.read(draft.register))


def padded(rows: Floats) -> Floats:
    """Return rows with a column of ones for the bias."""
    return np.hstack([rows, np.ones((len(rows), 1))])


def fit_verdicts(rows: Floats, judged: NDArray[np.int64]) -> Floats:
    """Return the weights of each verdict, and last its bias, over features brought to one spread and mean."""
    spread, mean = np.maximum(rows.std(axis=0), 1e-3), rows.mean(axis=0)
    weights = multinomial(padded((rows - mean) / spread), judged, len(VERDICTS), RIDGE)
    own = weights[:, :-1] / spread
    return np.hstack([own, weights[:, -1:] - own @ mean[:, None]])


if __name__ == "__main__":
    main()

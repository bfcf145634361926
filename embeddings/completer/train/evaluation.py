"""How often a completion is right, by kind: ``python -m embeddings.completer.train.evaluation MODEL FILES...``."""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from embeddings.completer.completer import Completer, CompletionJudge
from embeddings.reader.base import fold

from .examples import SUFFIX, Example, places_in, read_examples

POLITE = re.compile(r"请问|麻烦|帮我|一下|[呢啊呀吧嘛哦了的]|[^\w%]")
NUMERAL = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十两]+(?=[年届项条个季月])")
LEAST = 0.9  # of characters shared, as F1


def bare(text: str) -> str:
    """Without marks, politeness and particles."""
    return POLITE.sub("", fold(text))


def equal(text: str, wanted: str) -> bool:
    """Whether two questions are the same but for marks, politeness and particles."""
    return bare(text) == bare(wanted)


def alike(text: str, wanted: str) -> bool:
    """Whether two questions name the same places, years and figures, and share nine characters in ten."""
    if equal(text, wanted):
        return True
    same = all(
        Counter(part(text)).keys() == Counter(part(wanted)).keys() for part in (_places, NUMERAL.findall)
    )
    one, other = Counter(bare(text)), Counter(bare(wanted))
    shared = sum((one & other).values())
    return same and 2 * shared >= LEAST * (one.total() + other.total())


def _places(text: str) -> list[str]:
    return [SUFFIX.sub("", name) if len(name) > 2 else name for name in places_in(text)]


def measured(
    examples: Sequence[Example], complete: Callable[[str, Sequence[str]], str]
) -> tuple[dict[str, tuple[int, float, float]], list[tuple[Example, str]]]:
    """Kind → how many, share equal, share alike; ``all`` for all. And what is not alike, with what was given."""
    table: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    wrong = []
    for one in examples:
        given = complete(one.question, one.history)
        right = equal(given, one.complete), alike(given, one.complete)
        for kind in ("all", one.kind):
            table[kind].append(right)
        if not right[1]:
            wrong.append((one, given))
    figures = {
        kind: (len(rows), sum(r[0] for r in rows) / len(rows), sum(r[1] for r in rows) / len(rows))
        for kind, rows in sorted(table.items())
    }
    return figures, wrong


def table(figures: dict[str, tuple[int, float, float]]) -> str:
    """The figures of ``measured``, a line a kind."""
    return "\n".join(
        f"{kind:18}{count:5} equal {exact:.3f} alike {near:.3f}"
        for kind, (count, exact, near) in figures.items()
    )


def completed(
    completer: Completer, judge: CompletionJudge | None, question: str, history: Sequence[str]
) -> str:
    """Return the form that the judge finds likeliest meant; without one, the completer's first."""
    if judge is None or completer.whole(question, history):
        return completer.complete(question, history).text
    texts = [form.text for form in completer.forms(question, history)]
    log_odds = judge.log_odds(texts, question, history)
    return texts[log_odds.index(max(log_odds))]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.completer.train.evaluation", description=__doc__
    )
    parser.add_argument("model", type=Path, help="folder of a model")
    parser.add_argument("files", type=Path, nargs="+", help="dialogues, JSON lines in xz")
    parser.add_argument("--judge", type=Path, help="folder of the judge that chooses among the forms")
    parser.add_argument("--wrong", action="store_true", help="also print what is not alike")
    options = parser.parse_args()
    completer = Completer.open(options.model)
    judge = CompletionJudge.open(options.judge) if options.judge else None
    for path in options.files:
        figures, wrong = measured(read_examples(path), lambda q, h: completed(completer, judge, q, h))
        print(f"{path.name}\n{table(figures)}")
        for one, given in wrong if options.wrong else ():
            print(f"{one.kind}: {' / '.join(one.history)} | {one.question}\n  = {one.complete}\n  > {given}")


if __name__ == "__main__":
    main()

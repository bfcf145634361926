"""Run by a test as a process of its own: ask one library again and again until told to stop, and check each answer.

Usage: asker.py INDEX. All figures of an edition end in the same three digits (see ``indexes.corpus``): an answer, or
one list of passages, that holds figures of two editions comes from two generations.
"""

import json
import re
import sys
import threading
from pathlib import Path

from qa.library import Library

FIGURE = re.compile(r"(?<![0-9年])[0-9]+([0-9]{3})(?=[件家场人期万])")
QUESTIONS = (
    "苏州的法律援助案件办了多少件？",
    "苏州和无锡的爱心驿站谁多？",
    "昆明举办职工夜校多少期？",
    "组织劳动竞赛多少场？",
)


def main(index: str) -> None:
    library, stopped = Library(Path(index)), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stopped.set()), daemon=True).start()
    answers, editions, mixed = 0, set[str](), list[str]()
    print("ready", flush=True)
    while not stopped.is_set():
        question = QUESTIONS[answers % len(QUESTIONS)]
        answer = library.ask(question)
        hits = library.retrieve(question, 10)
        said = [
            "".join(
                (
                    answer.text,
                    *(c.quote for c in answer.citations),
                    *(h.paragraph.text for h in answer.passages),
                )
            ),
            "".join(hit.paragraph.text for hit in hits),
        ]
        for text in said:
            found = set(FIGURE.findall(text)) - {"000"}  # what a difference of two figures ends in
            editions |= found
            if len(found) > 1:
                mixed.append(f"{question}: {sorted(found)}")
        answers += 1
    print(json.dumps({"answers": answers, "editions": len(editions), "mixed": mixed}, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])

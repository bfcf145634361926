"""Find the kind of answer that a question wants, its unit and its parts, by the question reader.

Only measure words after 多少 are matched here without it.
"""

import itertools
import re
from collections.abc import Mapping, Sequence

from embeddings.reader import default_question_reader
from embeddings.words import cut, part_of_speech
from qa.question.asides import clauses
from qa.question.intents import intent_of
from qa.question.question_words import ASK, ASKED, HOW_MANY, MEASURE, asking
from qa.text.changes import change_between
from qa.text.divisions import find
from qa.text.figures import UNIT, UNIT_KINDS, amounts_in, unit_kind
from qa.types import IN_SENTENCES, Form, Part, QuestionKind, Span

_KINDS: Mapping[str, QuestionKind] = {
    "figure": "figure", "compute": "computation", "compare": "comparison", "list": "list", "name": "name",
    "date": "name", "place": "name", "reason": "reason", "manner": "manner", "summary": "summary",
    "check": "check", "chatter": "chatter",
}  # fmt: skip
# The reader's operations whose results have units of their own.
RESULTS = {"multiple": "倍", "share": "%", "growth": "%"}
CHANGE = re.compile(r"变[化的]|每一?年|这[两三四五几][一-龥]?年[一-龥]{0,4}分别")
CHECK = re.compile(r"吗[？?。\s]*$|是否|是不是")
AND = r"(?<=[数额量率])\s+|以及|和(?!谐)|(?<![普涉顾惠])及|(?<!参)与"
_RUN_ON = re.compile(rf"{HOW_MANY}(?:{UNIT})(?=[一-龥]{{1,2}}了?{HOW_MANY})")  # 慰问了多少人花了多少万
_BREAK = re.compile(r"[，,、；;？?。又\s]|[一总]共|以?[和与及]$")
_TAIL = re.compile(rf"(各|分别)?[是有为]?{HOW_MANY}.*$")
_AND = "和与及、"
JOINS = f"{_AND}，,；;？?。！!：: "  # between two things that are asked


def each_asks(parts: Sequence[Part], question: str) -> bool:
    """Whether each of several parts has question words of its own, and none are left that ask for what they give together."""
    own = [len(asking(part.text)) for part in parts]
    return len(parts) > 1 and all(own) and sum(own) >= len(asking(question))


def kind_of(question: str) -> QuestionKind:
    """Return the kind of answer that a question asks for, as the question reader says.

    Closed word lists then find figures to confirm and comparisons of years.
    """
    bare = question.strip()
    read = default_question_reader().read(bare)
    kind = _KINDS[read.kind]
    if kind == "chatter" and not (find(bare) or any(map(str.isdigit, bare))):
        if ASKED.search(bare):
            return kind if intent_of(bare) == "chatter" and not MEASURE.search(bare) else "summary"
        aside = "".join(bare[a:b] for a, b in read.asides)
        return kind if sum(map(str.isalnum, aside)) == sum(map(str.isalnum, bare)) else "summary"
    if kind == "figure" and CHECK.search(bare) and not ASKED.search(bare):
        return "check"
    if kind == "name" and read.operation == "extreme":  # 哪个市的书屋最多
        return "comparison"
    if kind in IN_SENTENCES and CHANGE.search(bare):
        return "comparison"
    return "summary" if kind == "chatter" else kind


def unit_of(text: str) -> str | None:
    """Return the kind of unit that a text asks for, by the reader, else (or where that is 个) by its measure word.

    >>> unit_of("建了多少家工会"), unit_of("覆盖率是多少"), unit_of("谁牵头"), unit_of("开了多少门课")
    ('家', '%', None, '门')
    """
    measure, read = MEASURE.search(text), default_question_reader().read(text).unit or ""
    unit = measure[1] if measure and read in ("", "个") else read
    return (unit if unit in UNIT_KINDS else unit_kind(unit)) or None


def kind_in(form: Form, kind: QuestionKind, topic: str) -> QuestionKind:
    """Return the kind in a form: a table compares, a paragraph or points about what asks nothing summarise."""
    if kind == "chatter":
        return kind
    if form.shape == "table":
        return "comparison"
    in_sentences = kind in IN_SENTENCES or not ASKED.search(topic)
    return "summary" if (form.points or form.shape == "paragraph") and in_sentences else kind


def parts_of(topic: str, kind: QuestionKind, compares: bool = False) -> tuple[Part, ...]:
    """Split a question into the things that it asks for.

    ``compares``: the whole question asks which is more, which a part alone (哪个多) hardly shows.

    >>> [p.text for p in parts_of("送了多少场？职工有多少？", "figure")]
    ['送了多少场', '职工有多少']
    """
    if kind == "check" and (stated := next(iter(amounts_in(topic)), None)):
        return (Part(topic, unit_kind(stated.unit) or None, "figure"),)
    if kind in (*IN_SENTENCES, "reason", "check", "chatter"):
        return (Part(topic, None, kind),)
    cut = (topic[a:b] for a, b in itertools.pairwise([0, *cuts(topic), len(topic)]))
    own = (conjunct for piece in cut for conjunct in _conjuncts(piece))
    pieces = [bare for piece in own if (bare := piece.strip(JOINS))] or [topic]
    return tuple(Part(piece, unit_of(piece), _part_kind(piece, kind, compares)) for piece in pieces)


def cuts(question: str) -> list[int]:
    """Return the offsets where a further thing is asked: a pause between two question words, or where one runs on.

    >>> cuts("办了多少场花了多少钱"), cuts("有多少个县多少个镇"), cuts("由多少家增至多少家")
    ([5], [], [])
    """
    found = list[int]()
    for one, other in itertools.pairwise(ASK.finditer(question)):
        if (ran_on := _RUN_ON.match(question, one.start())) and _does(question, ran_on.span(), other.start()):
            found.append(ran_on.end())
        elif pause := _BREAK.search(question, one.end(), other.start()):  # only now: 惠及 ends like 以及
            found.append(pause.start())
    return found


def _does(question: str, asked: Span, end: int) -> bool:
    """Whether the words behind what is asked say what else is done: not what is counted, nor what a figure became.

    No name and no preposition stands there: the dictionary takes 惠及 for a place, and 用 for a preposition.
    """
    first = part_of_speech(next(iter(cut(question[asked[1] : end])), ""))
    return first.startswith(("v", "p", "ns", "nr")) and not change_between(question, asked, end)


def opening(question: str) -> int:
    """Return where the first clause that asks something begins; what precedes it is the subject."""
    first = ASKED.search(question)
    end = first.start() if first else 0
    return max((last for _, last in clauses(question) if last <= end), default=0)


def _conjuncts(topic: str) -> list[str]:
    """Split coordinated nouns, each with the shared question: 高温慰问的人数和慰问金额是多少; a single noun stays whole.

    What stands before 和谁 is no noun beside it.
    """
    marked = default_question_reader().read(topic).starts
    starts = [at for at in marked if topic[at - 1] in _AND and not ASKED.match(topic, at)]
    tail = _TAIL.search(topic)
    if not starts and tail and tail[1]:  # 前三年和后三年各是多少
        own = max(topic.rfind("，", 0, tail.start()), topic.rfind(",", 0, tail.start())) + 1
        starts = [mark.end() for mark in re.finditer(rf"{AND}|、", topic) if own < mark.end() < tail.start()]
    pieces = [topic[a:b].strip(JOINS) for a, b in itertools.pairwise([0, *starts, len(topic)])]
    asked = re.search(HOW_MANY, topic)
    if starts and asked and asked.end() < starts[0]:  # 评了多少全国劳模和省劳模
        return [pieces[0], *(f"{topic[: asked.end()]}{piece}" for piece in pieces[1:])]
    return [piece if tail is None or ASK.search(piece) else f"{piece}{tail[0]}" for piece in pieces]


def _part_kind(part: str, kind: QuestionKind, compares: bool) -> QuestionKind:
    own = kind_of(part)
    if compares:
        return "summary" if own in (*IN_SENTENCES, "reason") else "figure"
    if kind in ("comparison", "computation"):
        return "figure" if own in ("comparison", "computation") else own
    return own if own in ("figure", "name", "list") else kind

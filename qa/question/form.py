"""Find the form asked for: a table, a paragraph of some length, points, or the last answer in another form.

The question reader marks the words that ask for a form; they are removed before the question is understood. The columns
of a table are the things that the rest lists.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from embeddings.reader import default_question_reader
from embeddings.words import cut, part_of_speech
from qa.question.asides import MARKS, asides, without, without_asides
from qa.question.intents import about, edits_in, intent_of
from qa.question.kinds import AND
from qa.question.question_words import ASKED
from qa.text.divisions import find
from qa.text.numerals import DIGITS, number_of
from qa.text.spans import replaced
from qa.types import Edit, Form, Span

_TABLE = re.compile("(?<![代发手])表(?:[格单里中]?$|列)")  # of a word: 列表, 表格; neither 代表 nor 表妹
_D = "".join(DIGITS)
_SIZE = re.compile(
    rf"(每[一个]{{0,2}}要?[条点句项][^，,；;。\d]{{0,8}}?)?"
    rf"(\d{{1,4}}|(?<![{_D}十百千])(?=[{_D}十百千])[{_D}]{{0,2}}千?[{_D}]{{0,2}}百?[{_D}]{{0,2}}十?[{_D}]{{0,2}})来?个?([字条点句]|要点)"
)
_ROW = "\x00"  # where a place or a time stood
_NAME = re.compile(
    rf"(?:{_ROW}|[各每所两三四五六七八九十]有?个?[报告地区省市县届年份家处]{{1,3}})(?:总?工会)?"
)
_ROWS = re.compile(
    rf"^.{{0,8}}?(?:{_NAME.pattern}(?:[、，,和与跟及届年市前后（()）\s]|地(?!区))*)+[的在里中:：]*"
)
_ONLY_ROWS = re.compile(
    rf"(?:{_NAME.pattern}|总?工会|[和与跟及的这那各每一两三四五前后届年行列是家地份里市总结报告、，,（()）\s])*"
)
SHORTEST = 3  # characters of what several columns share


def in_form(question: str, history: Sequence[str]) -> tuple[Form, str, tuple[str, ...]]:
    """Return the form, the question and the earlier questions, all without the words that ask for a form.

    A turn that asks for the last answer in another form, or changed, is merged into the turn that it is about.
    """
    turns: list[tuple[Form, str]] = []
    for turn in (*(turn for turn in history if about(turn) == ""), question):
        form, rest = form_of(turn)
        if turns and (again := of_last_answer(turn, turns[-1][0], form.shape if rest == turn else "")):
            turns[-1] = (again, turns[-1][1])
        else:
            turns.append((form, rest))
    return *turns[-1], tuple(text for _, text in turns[:-1])


def form_of(question: str) -> tuple[Form, str]:
    """Return the form, and the question without the words that ask for it.

    >>> form, rest = form_of("写一段200字介绍温州的法律援助")
    >>> form.shape, form.characters, rest
    ('paragraph', 200, '温州的法律援助')
    """
    form, stretches = Form(), list[Span]()
    for start, end in asides(question):
        aside = question[start:end]
        characters, points, each = _size(aside)
        if any(map(_TABLE.search, cut(aside))):
            form = Form("table")
        elif points:
            form = Form("points", points=points, each=each or form.each)
        elif each:
            form = replace(form, shape="points", each=each)
        elif characters or "段" in aside:
            form = Form("paragraph", characters or form.characters)
        else:
            continue
        if form.shape == "table":  # after a colon stands what it is to contain, and places are its rows
            before_colon = aside.replace("：", ":").partition(":")[0]
            places = [(start + a, start + b) for a, b, _ in find(before_colon)]
            edges = [start, *(edge for place in places for edge in place), start + len(before_colon)]
            stretches += zip(edges[::2], edges[1::2], strict=True)
        else:
            stretches.append((start, end))
    rest = without(question, stretches)
    return form, without_asides(rest) if stretches and form.shape != "table" else rest


def of_last_answer(question: str, last: Form, shape: str) -> Form | None:
    """Return the new form of the last answer that a turn asks for (缩短, 改成要点), or that is all it says (写成300字), or None.

    Changes are noted in it: of a table all, of another answer only what is taken out.
    """
    intent, table = intent_of(question), last.shape == "table"
    asks_anew = _names_anything(question) if intent == "more" else ASKED.search(question)
    if intent in ("fuller", "tone", "more") and asks_anew:  # 刚才说的讲堂，多少人听了
        return None
    characters, points, each = size = _size(question)
    if each and (begins := _SIZE.match(question)) and begins[1]:  # 每条40字
        intent = "shorter"
    edits = () if intent in ("points", "paragraph", *["shorter"] * (not table)) else edits_in(question)
    asks = any(_asks(edit) for edit in edits)
    rest = "，".join(edit.words for edit in edits if not edit.change)
    made = (again := of_last_answer(rest, last, "") if rest else None) or last
    if not asks and any(edit.change == "drop" or (edit.change and made.shape == "table") for edit in edits):
        own = (edit for edit in edits if edit.change or not (again or intent_of(edit.words) == "chatter"))
        return replace(made, edits=(*made.edits, *own), of=made.of or last.first)
    if table and intent in ("shorter", "fuller", "more") and not points:  # which a table cannot be made
        return replace(last, edits=(*last.edits, Edit("", question)), of=last.first)
    first, times = last.first, last.shorter + (not any(size))
    anew = replace(last, more=0, each=each or last.each, of=replace(first, points=points or first.points))
    room, longer = characters or (each and last.characters), first.characters and 2 * first.characters
    forms = {
        "table": Form("table", edits=last.edits),
        "points": replace(anew, shape="points"),
        "paragraph": Form("paragraph", characters, of=first if first.flows else None, edits=last.edits),
        "shorter": replace(anew, shape="points" if each else anew.shape, characters=room, shorter=times),
        "fuller": replace(first, fuller=True, characters=longer, points=first.points and 2 * first.points),
        "more": replace(first, more=last.more + 1, of=first),
        "tone": replace(last, more=0, tone=True, of=first),
    }
    return forms.get(intent) or forms.get(shape)


def _names_anything(question: str) -> bool:
    """Whether a request for more says of what, or asks something else besides: 还有劳模吗, 新能源的呢."""
    tagged = [(word, part_of_speech(word)[:1]) for word in cut(question) if word.isalnum()]
    named = any(tag in ("n", "j") or (tag in ("v", "") and word[1:].strip("有")) for word, tag in tagged)
    return named or len(_clauses(question)) > 1


def _asks(edit: Edit) -> bool:
    """Whether a clause asks for something (去掉了多少), and names nothing behind a colon; 按会员多少排 only sorts."""
    asks = ASKED.search(edit.thing) or (edit.change != "sort" and "多少" in edit.words)
    return bool(asks) and ":" not in edit.words.replace("：", ":")


def _size(words: str) -> tuple[int | None, int | None, int | None]:
    """Return how many characters, how many points or sentences, and how many characters of each point words ask for.

    Of a range (三五句) it is the last.

    >>> _size("写一段两百字"), _size("用三条要点概括，每条四十字"), _size("用一句话概括")
    ((200, None, None), (None, 3, 40), (None, 1, None))
    """
    asked = dict[str, int]()
    for found in _SIZE.finditer(words):
        size, of = _last(found[2]), "字" if found[3] == "字" else "条"
        if size and (size > 1 or found[3] == "句"):  # not 再短一点
            asked.setdefault(f"{'每' if found[1] else ''}{of}", size)
    return asked.get("字"), asked.get("条"), asked.get("每字")


def _last(numeral: str) -> int:
    """Return the number of a numeral, of a range the last: 三五 is 5, 两三百 is 300."""
    return number_of("".join(a for a, b in pairwise(f"{numeral}。") if not (DIGITS.get(a) and DIGITS.get(b))))


def columns_of(question: str, rows: Iterable[Span] = ()) -> tuple[str, tuple[str, ...]]:
    """Return the subject that all columns of a table share (``""`` if none) and the columns.

    The question has no words that ask for a table any more; at ``rows`` it names places and years.

    >>> columns_of("对比各地的职工书屋、法律援助件数和会员人数")
    ('', ('职工书屋', '法律援助件数', '会员人数'))
    >>> columns_of("温州、漳州的疗休养：去了多少人，花了多少钱", [(0, 2), (3, 5)])
    ('疗休养', ('去了多少人', '花了多少钱'))
    """
    frame, colon, listed = _masked(question, rows).strip(MARKS).replace("：", ":").rpartition(":")
    common = "，".join(_bare(clause) for clause in _clauses(_ROWS.sub("", frame)))
    things = _things(listed if colon else _ROWS.sub("", listed)) or (question,)
    return common if colon else _shared(listed, things), things


def _shared(listed: str, things: Sequence[str]) -> str:
    """Return what only the first thing names and the others are of as well: 竞赛办了多少场、多少人参加."""
    first, *others = things
    if not others or not all(map(ASKED.match, others)):
        return ""
    shared = (listed[start:end] for start, end in default_question_reader().read(listed).shared)
    fit = (own for own in shared if len(own) >= SHORTEST and own in first and not ASKED.search(own))
    return max((own for own in fit if not any(own in other for other in others)), key=len, default="")


def things_in(listed: str, rows: Iterable[Span]) -> tuple[str, ...]:
    """Return the things of a list that also names rows at some stretches.

    >>> things_in("漳州、食堂和会员数", [(0, 2)])
    ('食堂', '会员数')
    """
    return _things(replaced(listed, rows, _ROW))


def names_rows_and_columns(question: str, rows: Iterable[Span] = ()) -> bool:
    """Whether a request for a table names its rows and its columns.

    >>> names_rows_and_columns("对比各地的职工书屋"), names_rows_and_columns("对比一下各地")
    (True, False)
    """
    masked = _masked(question, rows)
    return bool(_NAME.search(masked) and _things(_ROWS.sub("", masked)))


def _masked(question: str, named: Iterable[Span]) -> str:
    """Put a mark for the places and years that name rows: the first, those close to it, those before the colon."""
    rows = list[Span]()
    colon = max(question.find(":"), question.find("："))
    for start, end in sorted(named):
        apart = rows and (rows[-1][1] <= colon or not _ONLY_ROWS.fullmatch(question[rows[-1][1] : start]))
        if end > colon and apart:
            break
        rows.append((start, end))
    return replaced(question, rows, _ROW)


def _things(listed: str) -> tuple[str, ...]:
    """Return the columns that a list names, each once, without what only names rows; a clause that asks stays whole."""
    clauses, found = _clauses(listed), list[str]()
    for clause in clauses:
        shared = default_question_reader().read(clause).shared  # 劳动和技能竞赛 is one thing
        ands = [joint.span() for joint in re.finditer(AND, clause)]
        ands = [(a, b) for a, b in ands if not any(start < a and b < end for start, end in shared)]
        edges = [0, *(edge for span in ands for edge in span), len(clause)]
        listed = "、".join(clause[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
        pieces = [piece for piece in listed.split("、") if not _ONLY_ROWS.fullmatch(piece)]
        asks = [bool(ASKED.search(piece)) for piece in pieces]
        found += [clause] if len(clauses) > 1 and any(asks[-1:]) and not all(asks) else pieces
    return tuple(dict.fromkeys(thing for thing in map(_bare, found) if len(thing) > 1))


def _clauses(text: str) -> list[str]:
    return [clause for clause in re.split("[，,；;？?。]", text) if not _ONLY_ROWS.fullmatch(clause)]


def _bare(piece: str) -> str:
    named = "" if _ONLY_ROWS.fullmatch(piece) else piece.replace(_ROW, "")
    return named.strip(f"的？?{MARKS}").lstrip("把将的各")

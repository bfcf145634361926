"""Rank evidence sentences for a part of a question that asks for words, and find the shortest answer in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from embeddings.reader import Reading
from qa.answering.candidates import Evidence
from qa.answering.reading import relevance
from qa.answering.wording import Wording, pairs_shared, run_shared
from qa.text.divisions import find, short_name
from qa.text.figures import number_of
from qa.text.normal import squeezed
from qa.types import Part

__all__ = [
    "AUTHOR",
    "SENTENCE_FEATURES",
    "asks_rank",
    "asks_who",
    "best_clause",
    "names_held",
    "people",
    "quotes",
    "sentence_features",
    "short_answer",
    "tells_where",
    "titled",
    "wanting",
]

SENTENCE_FEATURES = (
    "sentence covers part",
    "sentence and context cover topic",
    "best clause covers part",
    "rank",
    "score",
    "holds what is asked",
    "length",
    "prose",
    "run shared",
    "pairs of the question held",
    "names held",
    "read relevance",
)
_QUOTED = re.compile(r"《[^》]{2,60}》|“[^”]{1,30}”|\"[^\"]{1,30}\"")
_DATE = re.compile(
    r"[同次当翌]年\d{1,2}月|(?:20\d\d年)?\d{1,2}月\d{1,2}日|(?:19|20)\d\d年(?:\d{1,2}月)?(?:底|初)?"
)
_LISTING = re.compile(r"[^，,。；;：:、]{1,24}(?:、[^，,。；;：:、]{1,24}){1,}")
_WHO = re.compile(r"谁|(?:骑手|员|主席|小哥)叫什么|哪位")
_WHEN = re.compile(r"哪[一]?[年天]|哪个?月|什么时候|啥时候|几月|日期")
_WHERE = re.compile(r"哪(?:个|座)?(?:市|区|县|州|地方|城市)|哪[里儿]|什么地方")
_TITLE = re.compile(r"叫(?:什么|啥)|名称|哪[个一份]+(?:文件|方案|平台)|什么(?:称号|评价|平台)|口号")
_BYLINE = re.compile(r"(?:撰文|记者)[:：/\s]+([一-龥]{2,4})|^■\s*([一-龥]{2,4})$")
_INTRODUCES = re.compile(
    r"是|由|小哥|骑手|司机|师傅|同志|书记|主席|职工|工人|工匠|劳模|选手|技师|教师|医生|(?<=[解术管检服教])员|[班队组]长|干部|叫|[”\"]"
)
_HONOURED_PERSON = re.compile(r"(?<=的)([一-龥]{2,3})(?=[获夺摘斩荣]|当选|被[评授])")  # 机修厂的李强获…
AUTHOR = re.compile(r"谁写")
_KIND_ASKED = re.compile(
    r"(?:哪|什么)(?:一)?[个家所座位支项类种条]?([一-龥]{1,3}?)(?=的|被|拿|全|评|一[道起块同]|[，,？?]|$)"
)
_ENDINGS = {
    "部门": "局|委员会|办公室|部|厅|院|中心",
    "单位": "局|公司|委员会|院|中心|集团|总工会",
    "企业": "公司|集团|企业|厂",
    "公司": "公司|集团",
}
_LEADING = re.compile(r"^.*(?:联合|由|与|和|在)")
RUNS_ON = 4  # characters by which the last item of a list is longer that goes on to speak of them all
OF_ITS_KIND = 0.5  # what a clause gains that names a thing of the kind that is asked for
PAIR = 2  # two words with 、 between them stand everywhere: a list only where the sentence counts it
_SO_MANY = re.compile(r"哪[“\"]?([两二三四五六七八九十几])[”\"]?(?:[个大项家方类种点条支位名座所])?")
_WHERE_AMONG = re.compile(r"哪[两二三四五六七八九十几]个?(?:市|县|乡|地方|城市)")
_COUNTING = re.compile(
    r"(?:等)?[“\"]?(?:[两二三四五六七八九十]|\d+)[”\"]?(?:大|项|个|家|方|类|点|条|名|部门|[市县区省州地])[^，,。；;、]*"
)
_LEADS = re.compile(r"^.*(?:推进|联合|实施|举办|为|由|与|以|把|在|对)(?=.)")
_QUOTED_WORDS = re.compile(r"原话|哪个?数字")
_WHEREABOUTS = frozenset(("地方", "地区", "城市", "省份", "县市"))
_HONOUR = re.compile(r"什么(?:样的)?(?:奖项?|荣誉|称号|表彰|认可)|哪些?(?:奖项|荣誉|称号)")
_HONOURED = re.compile(
    r"(?:荣获|获评|获得?|被?评为|被?授予|入选)了?((?:20\d\d年度?)?[^，,。；;“《]{4,30}(?:奖[状章杯旗]?|案例|称号|单位|集体|先进|示范[点区]?|先锋号|品牌|榜))"
)
_WHICH = re.compile(r"(?:哪(?:几|两)?[个家所座位支]|什么(?:样的)?)([一-龥]{2,8})")
_RANK_ASKED = re.compile(r"第几(?![届次批期个])")
_RANK = re.compile(r"第[一二三四五六七八九十百\d]+[名位]?")
_WORK = re.compile(r"[那哪][本部首]片")
_DOCUMENT = re.compile(r"方案|纲要")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤竺邰"
)


def sentence_features(
    part: Part, topic: str, item: Evidence, wording: Wording, reading: Reading | None
) -> tuple[float, ...]:
    """The features of one evidence sentence, in the order of ``SENTENCE_FEATURES``."""
    text = item.text
    clauses = [text[a:b] for a, b in item.clauses]
    return (
        wording.coverage(part.text, text),
        wording.coverage(topic, (text, item.context)),
        max(wording.coverage(part.text, c) for c in clauses),
        1.0 / (1.0 + item.rank),
        item.share,
        float(_holds(part, text)),
        min(len(text) / 100.0, 2.0),
        float(item.hit.paragraph.kind == "prose"),
        run_shared(part.text, text) / 12.0,
        pairs_shared(part.text, text),
        names_held(topic, text),
        relevance(reading),
    )


def names_held(topic: str, text: str) -> float:
    """0 to 1: the share of the names quoted in the topic that the text holds; a half where none is quoted."""
    names = [re.split(r"\.{2,}|…+", q) for q in _QUOTED.findall(topic)]
    if not names:
        return 0.5
    bare = squeezed(text)
    return sum(_in_order([squeezed(p) for p in name], bare) for name in names) / len(names)


def _in_order(pieces: Sequence[str], text: str) -> bool:
    """Whether a text holds the pieces one behind the other: “一年……两年……” is quoted with gaps."""
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def best_clause(part: Part, item: Evidence, wording: Wording) -> tuple[int, int]:
    """Offsets of the clause that holds most of what is asked; a list or a quoted name that answers draws it."""
    text = item.text
    clauses = item.clauses
    asked = part.text

    def worth(span: tuple[int, int]) -> tuple[float, int]:
        clause = text[span[0] : span[1]]
        fits = 0.25 * _holds(part, clause) + OF_ITS_KIND * (not wanting(asked, clause))
        return (wording.coverage(asked, clause) + fits, -span[0])

    return max(clauses, key=worth)


def _holds(part: Part, text: str) -> bool:
    """Whether a text holds something of the kind that is asked for."""
    asked = part.text
    if _WHEN.search(asked):
        return bool(_DATE.search(text))
    if _WHERE.search(asked):
        return bool(find(text))
    if _QUOTED_WORDS.search(asked):
        return bool(_told_in_quotes(text, asked))
    if part.kind == "list":
        return bool(_LISTING.search(text)) or len(_QUOTED.findall(text)) > 1
    if AUTHOR.search(asked):
        return bool(_BYLINE.search(text))
    if _WHO.search(asked):
        return bool(_BYLINE.search(text)) or bool(_names(text, asked)) or "牵头" in text
    if _TITLE.search(asked):
        return bool([q for q in _QUOTED.findall(text) if q.strip('《》“”"‘’『』') not in asked])
    return False


def short_answer(part: Part, topic: str, said: str, sentence: str, wording: Wording) -> str | None:
    """The shortest direct answer that stands in the sentence, or None where nothing is sure.

    Args:
        part: what is asked for.
        topic: the question's words.
        said: the clauses that the answer says.
        sentence: the whole sentence.
    """
    asked = part.text
    if part.kind in ("reason", "summary", "check"):
        return None  # a sentence answers these
    counted = _SO_MANY.search(asked)
    if AUTHOR.search(asked) and (signed := list(_BYLINE.finditer(sentence))):
        meant = [m for m in signed if m.group()[:2] in asked] or signed[:1]
        return "、".join(re.sub(r"[\s、]+", "、", m[1] or m[2]) for m in meant)
    for text in (said, sentence):
        if (counted or part.kind == "list") and (found := _listed(text, counted, topic)):
            return found
        if counted and part.kind != "figure":
            continue
        if _QUOTED_WORDS.search(asked):
            return _nearest(_told_in_quotes(text, asked), text, asked, wording)
        if asks_rank(asked):
            return _nearest(_RANK.findall(text), text, asked, wording)
        if _WHEN.search(asked) and (found := _nearest(_DATE.findall(text), text, asked, wording)):
            return found
        if _WHERE.search(asked):
            named = [m.span() for m in _QUOTED.finditer(text)]  # “某省十佳县” is no place
            apart = [p for p in find(text) if not any(a < p[0] and p[1] < b for a, b in named)]
            places = [
                text[a : b + _beyond(text, b)] for a, b, _ in apart if short_name(text[a:b]) not in topic
            ]
            if found := _nearest(places, text, asked, wording):
                return found
        if found := _nearest(_of_kind(text, asked, topic), text, asked, wording):
            return found
        if _TITLE.search(asked) or re.search(r"哪[个项条份部]|什么", asked):
            quoted = [q for q in _QUOTED.findall(text) if q.strip('《》“”"‘’『』') not in topic]
            if found := _nearest(quoted, text, asked, wording):
                return found if found.startswith("《") else found.strip('“”"‘’『』')
        if _HONOUR.search(asked) and (found := _nearest(_HONOURED.findall(text), text, asked, wording)):
            return found
        if _WHO.search(asked) or AUTHOR.search(asked):
            byline = _BYLINE.search(text)
            if byline:
                return byline[1] or byline[2]
            if found := _nearest([*_names(text, topic), *_doers(text, asked)], text, asked, wording):
                return found
    return None


def _listed(text: str, counted: re.Match[str] | None, topic: str) -> str | None:
    """An enumeration of the sentence, as it is printed: 哪三方 → 会、企、校; None where none has as many items.

    Quoted names count too, and places where places are asked for.
    """
    most = number_of(counted[1]) if counted and counted[1] != "几" else None
    found: list[tuple[str, ...]] = []
    names = tuple(q for q in _QUOTED.findall(text) if q.strip('《》“”"‘’『』') not in topic)
    if _WHO.search(topic) or "有谁" in topic:
        return "、".join(dict.fromkeys(_names(text, topic))) or None
    if counted and _WHERE_AMONG.search(topic):
        found.append(_places(text, topic))
    found.append(names)
    told = _COUNTING.sub("，", text)
    closed: list[tuple[str, ...]] = []
    for match in _LISTING.finditer(told) if most != PAIR or told != text else ():
        listing, among, _ = match.group().partition("等")
        items = [i for i in re.split(r"、|(?<=[一-龥])[和及与](?=[一-龥])", listing) if i]
        if items:
            found.append(_nouns((_tail(items), *items[1:])))
            closed += found[-1:] if among else []
    fitting = [f for f in found if (len(f) == most if most else len(f) > 2 or (f in closed and len(f) > 1))]
    return "、".join(fitting[0]) if fitting else None


def _nouns(items: tuple[str, ...]) -> tuple[str, ...]:
    """The items of a list, the last without the verb that says something of them all: 甲、乙、丙列入计划."""
    from embeddings.words import cut, part_of_speech

    def verb(item: str) -> int:
        at = 0
        for word in cut(item):
            at = item.find(word, at)
            behind = len(item) - at - len(word)
            if at > 1 and len(word) > 1 and behind > 1 and part_of_speech(word) == "v":
                return at
        return -1

    end = verb(items[-1])
    longer = len(items) > 1 and len(items[-1]) > max(map(len, items[:-1])) + RUNS_ON
    if end < 0 or (not longer and any(verb(i) >= 0 for i in items[:-1])):
        return items
    return (*items[:-1], items[-1][:end].rstrip("被均皆已"))


def _told_in_quotes(text: str, asked: str) -> list[str]:
    """What a text says in quotation marks and the question does not; with figures, where figures are asked for."""
    quoted = [q.strip('“”"‘’『』') for q in _QUOTED.findall(text)]
    figured = "数字" in asked
    return [q for q in quoted if q not in asked and (not figured or any(c.isdigit() for c in q))]


def asks_who(asked: str) -> bool:
    """Whether a person is asked for."""
    return bool(_WHO.search(asked))


def tells_where(asked: str, short: str) -> bool:
    """Whether a place is asked for, and an answer is one."""
    return bool(_WHERE.search(asked)) and any(start == 0 for start, _, _ in find(short))


def asks_rank(asked: str) -> bool:
    """Whether a place in a ranking or a prize is asked for, which is no amount."""
    return bool(_RANK_ASKED.search(asked))


def wanting(asked: str, text: str) -> bool:
    """Whether the kind of name that is asked for (哪家出版社, 哪个行业) stands nowhere in a text."""
    from embeddings.words import cut, part_of_speech

    told = [word for m in _WHICH.finditer(asked) for word in cut(m[1]) if len(word) > 1]
    heads = [word for word in told if part_of_speech(word).startswith("n")]
    heads = [head for head in heads if head not in _WHEREABOUTS]  # the place of its report answers
    return bool(heads) and not any(_stands(head, text) for head in heads)


def _stands(head: str, text: str) -> bool:
    """Whether a kind of thing stands in a text, as a name that ends so or as a word: 社会, not 社会主义."""
    from embeddings.words import cut

    if head in _ENDINGS:
        return bool(re.search(_ENDINGS[head], text))
    return head in text and any(word.endswith(head) for word in cut(text))


def quotes(asked: str, text: str) -> bool:
    """Whether the very words of somebody are asked for, and a text gives some in quotation marks."""
    return bool(_QUOTED_WORDS.search(asked)) and bool(_told_in_quotes(text, asked))


def titled(asked: str, text: str) -> bool:
    """Whether a document is asked for by its kind (那份办法叫什么), and a text gives the title of one."""
    if _WORK.search(asked) and "《" in text:
        return True
    kinds = _DOCUMENT.findall(asked) if _TITLE.search(asked) else []
    return any(re.search(rf"《[^》]*{kind}[^》]{{0,12}}》", text) for kind in kinds)


def _places(text: str, topic: str) -> tuple[str, ...]:
    """The places of a text as they are printed, a province with what lies in it as one: 新疆木垒县."""
    spans: list[tuple[int, int]] = []
    for start, end, _ in find(text):
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        elif short_name(text[start:end]) not in topic:
            spans.append((start, end))
    return tuple(text[a:b] for a, b in spans)


def _tail(items: Sequence[str]) -> str:
    """The first item of a list without the words that lead to it: as long as the others where these are alike."""
    lengths = {len(i) for i in items[1:]}
    if len(lengths) == 1 and len(items[0]) > (own := lengths.pop()):
        return items[0][-own:]
    return _LEADS.sub("", items[0]) or items[0]


def _beyond(text: str, end: int) -> int:
    """How far a place name goes on: 苏州 in 苏州工业园区."""
    match = re.match(r"[一-龥]{0,4}?[镇乡村]", text[end : end + 10])
    return match.end() if match else 0


def _of_kind(text: str, asked: str, topic: str) -> list[str]:
    """Names that end in what is asked for: 哪个行业 → 民办教育培训行业, 哪个部门 → 市场监管局."""
    heads = [m[1] for m in _KIND_ASKED.finditer(asked)]
    found: list[str] = []
    for head in heads:
        endings = _ENDINGS.get(head, re.escape(head))
        for match in re.finditer(rf"[一-龥A-Za-z]{{2,16}}?(?:{endings})(?![一-龥]{{0,1}}(?:们|性|化))", text):
            before = text[: match.start()]
            if before.rfind("《") > before.rfind("》"):
                continue  # a title is told whole
            inside = next((a for a, _, _ in find(match.group())), 0)
            name = match.group()[inside:] if inside else _LEADING.sub("", match.group())
            if len(name) > len(head) and name not in topic and not name.endswith(topic[:2]):
                found.append(name)
    return found


def _doers(text: str, asked: str) -> list[str]:
    """Who does what the question names the doing of: 是谁开发的 → 区总工会 in 区总工会开发的."""
    from embeddings.words import part_of_speech

    verb = re.search(r"谁([一-龥]{2})的?|由谁([一-龥]{2})|([一-龥]{2})是谁", asked)
    if verb is None:
        return []
    word = verb[1] or verb[2] or verb[3]
    if not part_of_speech(word).startswith("v"):
        return []  # 主席是谁 names no doing
    return [_LEADING.sub("", m[1]) for m in re.finditer(rf"([一-龥]{{2,14}}?){word}", text)]


def _nearest(found: Sequence[str], text: str, asked: str, wording: Wording) -> str | None:
    """The one whose surroundings hold most of what is asked; the first of equals."""
    if not found:
        return None

    def worth(item: str) -> float:
        at = text.find(item)
        around = text[max(0, at - 14) : at] + " " + text[at + len(item) : at + len(item) + 14]
        return wording.coverage(asked, around)

    return max(dict.fromkeys(found), key=worth)


def _names(text: str, topic: str) -> list[str]:
    """Names of people, after the words that introduce them (小哥李刚, 由王芳)."""
    found = [_name_at(text[m.end() : m.end() + 5]) for m in _INTRODUCES.finditer(text)]
    found += [m[1] for m in _HONOURED_PERSON.finditer(text) if m[1][0] in _SURNAMES]
    return [name for name in found if name and name not in topic]


def _name_at(text: str) -> str:
    """The name that a text begins with: a surname and one or two characters that make no other word."""
    from embeddings.words import cut

    alone = re.match(r"[一-龥]{2,3}(?=[、，,。；;“”\"（(]|和|等|获|被|$)", text)
    if alone and text[0] in _SURNAMES:
        return alone.group()
    if in_office := re.match(r"[一-龥]{3}(?=[担出兼]任)", text):
        return in_office.group()  # whatever the surname
    tokens = cut(re.split(r"[^一-龥]", text)[0])
    if not tokens or tokens[0][0] not in _SURNAMES:
        return ""
    name = tokens[0] if len(tokens[0]) > 1 or len(tokens) == 1 else tokens[0] + tokens[1]
    return name if 2 <= len(name) <= 3 else ""


def people(text: str) -> list[str]:
    """Names of people in a text, as far as their surnames, a byline or a title give them away."""
    byline = _BYLINE.search(text)
    return [
        *([byline.group()] if byline else []),
        *_names(text, ""),
    ]

"""The words of a question that are to be matched: without time, politeness and places."""

from __future__ import annotations

import re

from qa.question.asides import without_asides
from qa.question.periods import When, find_when
from qa.question.places import Named, Where

__all__ = ["ASKED", "QUOTED", "topic_of"]

ASKED = re.compile(r"多少|几|什么|哪|谁|怎")
QUOTED = re.compile(r"[“\"『「《][^”\"』」》]{1,40}[”\"』」》]")
_TIME_WORDS = re.compile(
    r"(?:最近|过去)?[这那近]?[五5]年(?:来|里|间)?(?!规划|计划)|[前后两]+个五年|(?<!往)[前后]一?个?五年|从?(?:算起|起算)|这?[两二2三]届|上一?届和这一?届|(?:上|这|本|前|后)一?届|换届(?:[以之]?[前后]|时|那会儿)|以[来后]|之后的?|之前|以前|(?:召开)?前(?=[，,])|那会儿|那几年|那年|期间|如今|眼下|目前|现在|最近|至今|截至|到(?=$|[，,])"
)
_LEVEL = re.compile(
    r"(?:从|就)?(?:全[省市区县]|[省市区县]级)(?:层面|范围)(?:来[看说讲])?[，,]?"
)  # which reports are meant, not what is asked
_ONE_OF = re.compile(r"的?那[个座一](?:城市|市)")  # 福建那座城市
_NAMED_CONGRESS = re.compile(
    r"(?:工会)?(?:第[一二三四五六七八九十]+次(?:(?:工会)?代表大会|工代会)|(?<!的)(?<!十)十[一二三四五六七八九]大)(?:召开前|前|后)?"
)
_OWN_BODY = re.compile(r"[一-龥]{0,10}?总?工会(?=[与和跟同及、])")  # 甲省交通系统与…
_SIDE_BY_SIDE = re.compile(r"[摆放]到?在?一起(?:看|比)?|(?<!环)(?<!同)相比(?:如何|怎么?样)?(?=[？?。]*$)")
_GAP = "\x00"  # where a place stood
_GAPS = re.compile(
    r"(?:[,，、/和跟与及同]*\x00(?:全[省市区县](?=[、,，/和跟与及\x00]))?)+(?:两[市地]的?|[三四]地的?)?"
)


def topic_of(text: str, when: When, where: Where, keep: Named | None) -> str:
    """The words to match: without time, politeness and places; ``keep`` stays where it is part of a quoted name."""
    quoted = [m.span() for m in QUOTED.finditer(text)]
    pieces, at = [], 0
    for named in sorted(where.named, key=lambda n: n.start):
        pieces.append(text[at : named.start])
        inside_quote = any(a < named.start and named.end < b for a, b in quoted)
        if (named.mention and (named is keep or len(where.named) == 1)) or (inside_quote and named is keep):
            pieces.append(text[named.start : named.end])
            at = named.end
        else:
            pieces.append(_GAP)
            levelled = text[named.end : named.end + 1] == "级" and text[named.end - 1] in "省市县区"
            at = named.end - 1 if levelled else named.end  # 市级劳模 stays whole
            if named.wider and (one := _ONE_OF.match(text, at)):
                at = one.end()
            body = _OWN_BODY.match(text, at)
            if body and named is not keep and any(0 < n.start - body.end() < 3 for n in where.named):
                at = body.end()  # of that place alone
    pieces.append(text[at:])
    rest = _GAPS.sub(_closed, "".join(pieces))
    rest = find_when(rest).text if when.periods else rest
    rest = _SIDE_BY_SIDE.sub("", rest)
    rest = without_asides(_LEVEL.sub("", _TIME_WORDS.sub("", rest)))
    rest = _NAMED_CONGRESS.sub("", rest)
    rest = re.sub(r"[(（]\s*[)）]", "", rest)
    return (
        re.sub(
            r"^[\s,，、。的和跟与:：]+|(?<![\s,，、。;；])[\s,，、。;；]+$|(?<![\s,，、;；:：])[\s,，、;；:：]++(?=[？?]*$)",
            "",
            rest,
        )
        or text
    )


def _closed(gap: re.Match[str]) -> str:
    """What is left where places stood: the comma between two questions, else nothing."""
    apart = re.search(r"[,，]", gap.group()) and ASKED.search(gap.string[: gap.start()])
    return "，" if apart and ASKED.search(gap.string[gap.end() :]) else ""

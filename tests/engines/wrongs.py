"""Right statements about the sample reports, and wrong ones made of them: a way for each thing that a model gets wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from qa.answering.statement import Evidence
from qa.reading import read_report
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.types import Figure, Hit, Paragraph, Scores
from tests.reports import Desk, report_of

FOLDER = Path(__file__).parent
SAMPLE = FOLDER.parents[1] / "qa" / "sample"

PLANS = """# 嘉兴市总工会2024年工作打算

## 一、明年的目标任务

力争新建职工书屋120家，配书3.6万册。

计划培训职工8.5万人次，预计投入经费640万元。

争取年底前发展会员2.4万人，目标是组建基层工会310家。

将实施“暖心行动”，帮扶困难职工1900户。

到2026年，户外劳动者驿站要达到450个。

下一步推进工人文化宫改造，预计明年投用。
"""
RESULTS = (
    (0, "嘉兴市新建职工书屋120家"),
    (0, "嘉兴市职工书屋已配书3.6万册"),
    (1, "嘉兴市培训职工8.5万人次"),
    (1, "嘉兴市投入经费640万元"),
    (2, "嘉兴市发展会员2.4万人"),
    (2, "嘉兴市组建了310家基层工会"),
    (3, "嘉兴市帮扶困难职工1900户"),
    (3, "嘉兴市实施“暖心行动”，已帮扶困难职工1900户"),
    (4, "嘉兴市户外劳动者驿站已达到450个"),
    (4, "嘉兴市建成户外劳动者驿站450个"),
)
PLANNED = (
    (0, "嘉兴市力争新建职工书屋120家"),
    (1, "嘉兴市计划培训职工8.5万人次，预计投入经费640万元"),
    (2, "嘉兴市的目标是组建基层工会310家"),
    (3, "嘉兴市将帮扶困难职工1900户"),
    (4, "嘉兴市计划到2026年使户外劳动者驿站达到450个"),
)
CLAIMS = (
    "受到全国总工会通报表扬",
    "规模居全省第一位",
    "比上一届有明显增长",
    "得到社会各界广泛赞誉",
    "群众满意度大幅提高",
    "资金由省财政全额承担",
    "主要原因是企业积极配合",
    "相关经验写入省级条例",
    "其中大部分是女职工",
    "引来多家媒体集中报道",
    "已经提前完成目标",
    "并通过了国家级验收",
    "受到好评",
    "全国领先",
    "覆盖所有乡镇和社区",
    "还带动了周边城市",
)
NAMES = ("王志强", "陈国华", "刘慧敏", "赵海涛", "林晓东")
HONOURS = ("“金钥匙奖”", "“先锋杯”", "《职工权益白皮书》", "“蓝海计划”", "“匠心大讲坛”")
UNITS = {
    "人": "户",
    "人次": "家次",
    "家": "人",
    "个": "人",
    "件": "人",
    "场": "家",
    "元": "人",
    "项": "人",
    "户": "人",
    "%": "个",
}
PLACES = ("温州", "漳州", "浙江", "钱塘", "苍南", "鹿城", "平阳", "桐乡")


@dataclass(frozen=True, slots=True)
class Case:
    kind: str
    text: str
    cites: tuple[int, ...]  # numbers of sentences


@lru_cache(maxsize=1)
def desk() -> Desk:
    """The sample reports, and one of plans."""
    reports = [read_report(path) for path in sorted(SAMPLE.glob("*.md"))]
    return Desk.over(*reports, report_of(PLANS, "嘉兴.md", "嘉兴市", (2024,)))


def evidence_at(number: int) -> Evidence:
    sentence = desk().index.sentences[number]
    report = desk().index.report(sentence.report_id)
    paragraph: Paragraph = report.paragraphs[sentence.paragraph]
    return Evidence(Hit(report, paragraph, (), Scores(0.0, 0.0, 0.0)), sentence.start, sentence.end, 0)


@lru_cache(maxsize=1)
def rights() -> tuple[Case, ...]:
    sentences = desk().index.sentences
    found = []
    for line in (FOLDER / "right.txt").read_text(encoding="utf-8").splitlines():
        cites, _, text = line.partition("|")
        found.append(Case("right", text, tuple(map(int, cites.split(",")))))
    first = next(i for i, s in enumerate(sentences) if "120家" in s.text and "力争" in s.text)
    return (*found, *(Case("right", text, (first + at,)) for at, text in PLANNED))


def wrongs() -> Iterator[Case]:
    first = next(i for i, s in enumerate(desk().index.sentences) if "120家" in s.text and "力争" in s.text)
    yield from (Case("plan for result", text, (first + at,)) for at, text in RESULTS)
    for number, case in enumerate(rights()):
        if len(case.cites) > 1:
            yield from _swapped(case)
            continue
        for kind, way in WAYS.items():
            for text in way(case, number):
                if text != case.text:
                    yield Case(kind, text, case.cites)
        yield from _elsewhere(case, number)


def _amounts(text: str) -> list[Figure]:
    return [f for f in figures(text) if not is_year(f) and any(c.isdigit() for c in f.text)]


def _put(text: str, figure: Figure, other: str) -> str:
    return text[: figure.start] + other + text[figure.end :]


def _figure(case: Case, number: int) -> Iterator[str]:
    for figure in _amounts(case.text)[:1]:
        digits = [m.start() for m in re.finditer(r"\d", figure.text)]
        at = digits[number % len(digits)]
        new = str((int(figure.text[at]) + 3) % 9 + 1)
        yield _put(case.text, figure, figure.text[:at] + new + figure.text[at + 1 :])


def _magnitude(case: Case, number: int) -> Iterator[str]:
    for figure in _amounts(case.text)[:1]:
        if "万" in figure.text or "亿" in figure.text:
            swap = {"万": "亿", "亿": "万"} if number % 2 else {"万": "", "亿": "千万"}
            yield _put(case.text, figure, "".join(swap.get(c, c) for c in figure.text))
        else:
            yield _put(
                case.text,
                figure,
                re.sub(r"(\d)(?=\D|$)", r"\g<1>0" if number % 2 else r"\1万", figure.text, count=1),
            )


def _unit(case: Case, number: int) -> Iterator[str]:
    for figure in _amounts(case.text)[:1]:
        other = UNITS.get(unit_kind(figure.unit))
        if other and figure.unit:
            yield _put(case.text, figure, figure.text.replace(figure.unit, other))


def _approximator(case: Case, number: int) -> Iterator[str]:
    for figure in _amounts(case.text)[:1]:
        if figure.approximator:
            swap = {
                "超": "近",
                "近": "超",
                "以上": "以下",
                "余": "",
                "多": "",
                "超过": "不到",
                "突破": "接近",
            }
            yield _put(case.text, figure, figure.text.replace(figure.approximator, swap[figure.approximator]))
        else:
            yield _put(case.text, figure, ("超", "近", "约", "不到")[number % 4] + figure.text)


def _place(case: Case, number: int) -> Iterator[str]:
    own = [p for p in PLACES if p in case.text]
    if "嘉兴" in case.text or "李刚" in case.text:
        return  # 浙江 would be right
    other = PLACES[number % len(PLACES)]
    other = other if other not in own else PLACES[(number + 3) % len(PLACES)]
    if own:
        yield case.text.replace(
            own[0] + ("区" if own[0] == "钱塘" else ""), {"钱塘": "钱塘区"}.get(other, other), 1
        )
    elif other not in "".join(desk().index.sentences[n].text for n in case.cites) and not own:
        report = desk().index.report(desk().index.sentences[case.cites[0]].report_id)
        if other[:2] not in report.place.name:
            yield f"{other}{case.text}"


def _term(case: Case, number: int) -> Iterator[str]:
    sentence = desk().index.sentences[case.cites[0]]
    period = str(desk().index.report(sentence.report_id).period)
    if re.search(r"\d{4}", case.text):
        yield re.sub(r"20(\d\d)", lambda m: f"20{(int(m[1]) + 4) % 30:02}", case.text)
    else:
        wrong = "2013—2018年" if period != "2013–2018" else "2018—2023年"
        yield f"{wrong if number % 2 else '2011年'}，{case.text}"


def _plan(case: Case, number: int) -> Iterator[str]:
    for figure in _amounts(case.text)[:1]:
        if not re.search("计划|力争|争取|目标|将|累计|共", case.text):
            yield _put(case.text, figure, f"{('计划达到', '力争达到', '预计达到')[number % 3]}{figure.text}")


def _name(case: Case, number: int) -> Iterator[str]:
    person, honour = NAMES[number % 5], HONOURS[number % 5]
    if number % 3 == 0:
        yield f"在{person}的带领下，{case.text}"
    elif number % 3 == 1:
        yield f"{case.text}，并获得{honour}"
    elif found := re.search(r"“([^”]{2,12})”", case.text):
        yield case.text.replace(found[0], honour, 1)
    else:
        yield f"由{person}主持，{case.text}"


def _other(case: Case, number: int) -> Iterator[str]:
    """Another figure of the sentence, of the same measure, in the place of the right one."""
    quote = desk().index.sentences[case.cites[0]].text
    for figure in _amounts(case.text):
        for other in _amounts(quote):
            alike = unit_kind(other.unit) == unit_kind(figure.unit)
            if alike and not same_value(other.value, figure.value) and other.text not in case.text:
                yield _put(case.text, figure, other.text)


def _claim(case: Case, number: int) -> Iterator[str]:
    yield f"{case.text}，{CLAIMS[number % len(CLAIMS)]}"


def _swapped(case: Case) -> Iterator[Case]:
    one, two = (_amounts(case.text) * 2)[:2]
    if not same_value(one.value, two.value):
        text = (
            case.text[: one.start]
            + two.text
            + case.text[one.end : two.start]
            + one.text
            + case.text[two.end :]
        )
        yield Case("other thing", text, case.cites)


def _elsewhere(case: Case, number: int) -> Iterator[Case]:
    """The statement with the mark of another sentence; and with that sentence's figure, too."""
    sentences = desk().index.sentences
    own = case.cites[0]
    other = next(
        n % len(sentences)
        for n in range(own + 1 + number % 7, own + len(sentences))
        if sentences[n % len(sentences)].report_id == sentences[own].report_id and n % len(sentences) != own
    )
    yield Case("wrong mark", case.text, (other,))
    for figure in _amounts(case.text)[:1]:
        for n, sentence in enumerate(sentences):
            if sentence.report_id == sentences[own].report_id and n != own and (n + number) % 3 == 0:
                alike = [f for f in _amounts(sentence.text) if unit_kind(f.unit) == unit_kind(figure.unit)]
                if alike and not same_value(alike[0].value, figure.value):
                    yield Case("other thing", _put(case.text, figure, alike[0].text), (n,))
                    return


WAYS: dict[str, Callable[[Case, int], Iterator[str]]] = {
    "figure": _figure,
    "magnitude": _magnitude,
    "unit": _unit,
    "approximator": _approximator,
    "place": _place,
    "term": _term,
    "plan": _plan,
    "name": _name,
    "other thing": _other,
    "claim": _claim,
}

"""What does not hold is taken out: marks, citations, lines, short answers, formulas."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.checking import UNVERIFIED, check
from qa.checking.verify import adds_up, citation_stands, verify_figures
from qa.types import Answer, Citation
from tests.checking.attacks import answer_of, cite
from tests.reports import report_of

YICHANG = report_of(
    """# 宜昌市总工会工作报告

## 一、三项行动

全市建成骑手驿站150个，惠及职工3.6万人次。

发放慰问金820万元，走访困难职工4100人。
""",
    "宜昌.md",
    "宜昌市",
    (2018, 2023),
)
JINGZHOU = report_of(
    "# 荆州市总工会工作报告\n\n全市建成骑手驿站96个，惠及职工1.2万人次。\n",
    "荆州.md",
    "荆州市",
    (2018, 2023),
)
REPORTS = {r.id: r for r in (YICHANG, JINGZHOU)}
STATIONS = cite(YICHANG, YICHANG.paragraphs[0], 0, len(YICHANG.paragraphs[0].text))
MONEY = cite(YICHANG, YICHANG.paragraphs[1], 0, len(YICHANG.paragraphs[1].text), 2)
OTHER = cite(JINGZHOU, JINGZHOU.paragraphs[0], 0, len(JINGZHOU.paragraphs[0].text))
TRUE = "宜昌（2018–2023）：全市建成骑手驿站150个[1]。"


def checked(text: str, *citations: Citation, **fields: object) -> Answer:
    return check(replace(answer_of(text, *citations), **fields), REPORTS)  # type: ignore[arg-type]


def test_a_true_answer_stays_as_it_was() -> None:
    answer = checked(TRUE, STATIONS, short="150个")
    assert (answer.text, answer.short, answer.citations) == (TRUE, "150个", (STATIONS,))
    assert [(f.text, f.state, f.marker) for f in answer.figures] == [
        ("2018", "quoted", 1),
        ("2023", "quoted", 1),
        ("150个", "quoted", 1),
    ]


@pytest.mark.parametrize("mark", ["[0]", "[2]", "[99]", "[999]"])
def test_a_forged_mark_is_not_shown(mark: str) -> None:
    answer = checked(f"宜昌建成骑手驿站150个{mark}。", STATIONS)
    assert mark not in answer.text and answer.text == UNVERIFIED
    beside = checked(f"{TRUE}\n宜昌慰问职工{mark}。", STATIONS)
    assert beside.text == TRUE


@pytest.mark.parametrize(
    "false",
    [
        replace(STATIONS, spans=tuple((a + 1, b + 1) for a, b in STATIONS.spans)),
        replace(STATIONS, spans=()),
        replace(STATIONS, spans=((0, 10**9),)),
        replace(STATIONS, spans=((-5, 3),)),
        replace(STATIONS, spans=((5, 5),)),
        replace(STATIONS, quote=STATIONS.quote.replace("150", "151")),
        replace(STATIONS, quote=JINGZHOU.paragraphs[0].text),
        replace(STATIONS, report_id=JINGZHOU.id),
        replace(STATIONS, report_id="unknown"),
        replace(STATIONS, quote="", spans=()),
    ],
)
def test_a_citation_that_does_not_stand_is_dropped_with_its_line(false: Citation) -> None:
    assert not citation_stands(false, REPORTS)
    answer = checked(TRUE, false, short="150个")
    assert (answer.text, answer.citations, answer.short) == (UNVERIFIED, (), None)
    assert answer.abstained and answer.reason == "no_support" and not answer.figures


def test_a_quote_too_short_or_too_long_does_not_stand() -> None:
    short = cite(YICHANG, YICHANG.paragraphs[0], 0, 4)
    assert not citation_stands(short, REPORTS)
    long = report_of(f"# 长\n\n{'职工书屋' * 100}。\n")
    quote = cite(long, long.paragraphs[0], 0, 400)
    assert not citation_stands(quote, {long.id: long})


def test_white_space_and_asterisks_of_a_quote_are_free() -> None:
    loose = replace(STATIONS, quote=STATIONS.quote.replace("，", "， **"))
    assert citation_stands(loose, REPORTS)


def test_only_the_false_line_goes_and_marks_are_numbered_anew() -> None:
    text = "- 宜昌：建成骑手驿站900个[1]。\n- 宜昌：发放慰问金820万元[2]。"
    answer = checked(text, STATIONS, MONEY)
    assert answer.text == "- 宜昌：发放慰问金820万元[1]。"
    assert [(c.marker, c.quote) for c in answer.citations] == [(1, MONEY.quote)]
    assert [(f.text, f.marker) for f in answer.figures] == [("820万元", 1)]


def test_a_figure_must_stand_in_what_its_own_line_cites() -> None:
    text = "- 宜昌：建成骑手驿站150个[1]。\n- 宜昌：发放慰问金150个[2]。"
    assert checked(text, STATIONS, MONEY).text == "- 宜昌：建成骑手驿站150个[1]。"


@pytest.mark.parametrize(
    "figure",
    [
        "50个",
        "15个",
        "1500个",
        "150万个",
        "150元",
        "150人",
        "151个",
        "1.50个",
        "150.5个",
        "10150个",
        "百分之五十",
    ],
)
def test_a_figure_is_compared_whole(figure: str) -> None:
    assert checked(f"宜昌建成骑手驿站{figure}[1]。", STATIONS).text == UNVERIFIED


@pytest.mark.parametrize(
    "figure", ["150个", "150", "１５０个", "3.6万人次", "36000人次", "36,000人次", "三项"]
)
def test_the_same_figure_may_be_printed_otherwise(figure: str) -> None:
    assert figure in checked(f"宜昌的驿站：{figure}[1]。", STATIONS).text


def test_years_of_the_cited_period_may_be_said_and_no_others() -> None:
    assert "2023年" in checked("到2023年，宜昌建成骑手驿站150个[1]。", STATIONS).text
    assert checked("到2021年，宜昌建成骑手驿站150个[1]。", STATIONS).text == UNVERIFIED
    assert checked("宜昌建成骑手驿站2018个[1]。", STATIONS).text == UNVERIFIED


def test_a_line_headed_with_one_report_may_not_cite_another_alone() -> None:
    assert checked("宜昌（2018–2023）：全市建成骑手驿站96个[1]。", OTHER).text == UNVERIFIED
    assert "96个" in checked("荆州（2018–2023）：全市建成骑手驿站96个[1]。", OTHER).text


def test_an_uncited_figure_is_not_shown() -> None:
    assert checked("宜昌建成骑手驿站160个。").text == UNVERIFIED


def test_a_short_answer_must_stand_in_the_text_or_a_quote() -> None:
    assert checked(TRUE, STATIONS, short="999个").short is None
    assert checked(TRUE, STATIONS, short="3.6万人次").short == "3.6万人次"
    assert checked(TRUE, STATIONS, short="骑手驿站").short == "骑手驿站"


FORMULA = "820万元 / 4100人 = 2000元/人"
COMPUTED = f"宜昌：发放慰问金820万元，走访4100人[2]。\n计算：{FORMULA}。"


def test_a_derived_figure_rests_on_quoted_operands() -> None:
    answer = checked(COMPUTED, STATIONS, MONEY, calculation=(FORMULA,), short="2000元/人")
    assert FORMULA in answer.text and answer.short == "2000元/人" and answer.calculation == (FORMULA,)
    assert [(f.text, f.state, f.marker) for f in answer.figures][-1] == ("2000元", "derived", None)


@pytest.mark.parametrize(
    "formula",
    [
        "820万元 / 4100人 = 3000元/人",
        "820万元 / 4000人 = 2050元/人",
        "900万元 / 4100人 = 2195元/人",
        "820万元 + 4100人 = 2000元/人",
        "2000元/人",
        "= 2000元/人",
    ],
)
def test_a_false_formula_is_not_shown(formula: str) -> None:
    text = COMPUTED.replace(FORMULA, formula)
    answer = checked(text, MONEY, calculation=(formula,), short=formula.rpartition("= ")[2])
    assert "计算" not in answer.text and answer.calculation == () and "820万元" in answer.text
    assert answer.short is None


@pytest.mark.parametrize(
    ("formula", "right"),
    [
        ("3.5万元 + 1.2万元 = 4.7万元", True),
        ("1.45万件 - 3943件 = 1.0557万件", True),
        ("(120件 - 80件) / 80件 = 50%", True),
        ("(90件 - 120件) / 120件 = -25%", True),
        ("-560万元 + 120万元 = -440万元", True),
        ("-560万元 + 120万元 = 440万元", False),
        ("120场 / 40场 = 3倍", True),
        ("100元 / 3人 = 33.33元/人", True),
        ("100元 / 3人 = 33.4元/人", False),
        ("3万元 + 2万元 = 6万元", False),
        ("90件 - 120件 = 30件", False),
        ("3家 / 0家 = 0倍", False),
        ("3家", False),
        ("", False),
        ("((((3家 = 3家", False),
        ("3家 ** 99 = 1家", False),
    ],
)
def test_formulas_are_recomputed(formula: str, right: bool) -> None:
    assert adds_up(formula) is right


def test_a_refusal_may_repeat_the_figures_of_the_question_and_the_years_of_reports() -> None:
    said = "报告里没有写明宜昌（2018–2023）的骑手驿站900个。"
    answer = replace(answer_of(said), abstained=True, reason="no_support")
    assert check(answer, REPORTS, echoed="宜昌建成骑手驿站900个吗？").text == said
    assert check(answer, REPORTS).text != said
    asserted = replace(answer, abstained=False, reason=None)
    assert check(asserted, REPORTS, echoed="宜昌建成骑手驿站900个吗？").text == UNVERIFIED


def test_a_friendly_word_without_figures_passes() -> None:
    assert checked("您好，请告诉我想查的地区和时间。").text == "您好，请告诉我想查的地区和时间。"


def test_checking_twice_is_checking_once() -> None:
    once = checked("- 宜昌：建成骑手驿站900个[1]。\n- 宜昌：发放慰问金820万元[2]。", STATIONS, MONEY)
    assert check(once, REPORTS) == once
    nothing = checked("宜昌建成骑手驿站900个[1]。", STATIONS)
    assert check(nothing, REPORTS) == nothing


def test_a_figure_without_any_citation_is_unsupported() -> None:
    (figure,) = verify_figures("建成150个", (), ())
    assert (figure.state, figure.marker) == ("unsupported", None)


EXACT = report_of(
    """# 襄阳市总工会工作报告

2019年培训超36万人，建成驿站50余家，兴山县每期安排3—5名学员；2021年入会率提高3个百分点，园区占地20亩。
""",
    "襄阳.md",
    "襄阳市",
    (2018, 2023),
)
SAID = cite(EXACT, EXACT.paragraphs[0], 0, len(EXACT.paragraphs[0].text))


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("培训超36万人", True),
        ("培训超过36万人", True),
        ("培训逾360000人", True),
        ("培训近36万人", False),
        ("培训36万人", False),
        ("培训约36万人", False),
        ("培训不少于36万人", False),
        ("培训超36万人次", False),
        ("建成驿站50多家", True),
        ("建成驿站超50家", True),
        ("建成驿站50家", False),
        ("建成驿站50家左右", False),
        ("每期安排3至5名学员", True),
        ("每期安排5名学员", False),
        ("每期安排3—6名学员", False),
        ("入会率提高3个百分点", True),
        ("入会率提高3%", False),
        ("入会率提高3成", False),
        ("园区占地20亩", True),
        ("园区占地20平方米", False),
        ("2021年入会率提高3个百分点", True),
        ("2023年入会率提高3个百分点", False),
        ("2019年入会率提高3个百分点", False),
        ("2021年培训超36万人", False),
        ("兴山县每期安排3—5名学员", True),
        ("保康县每期安排3—5名学员", False),
        ("宁波建成驿站50余家", False),
        ("“满天星”驿站建成50余家", False),
    ],
)
def test_a_figure_is_quoted_as_exactly_as_it_is_printed(said: str, stands: bool) -> None:
    text = f"襄阳（2018–2023）：{said}[1]。"
    answer = check(answer_of(text, SAID), {EXACT.id: EXACT})
    assert answer.text == (text if stands else UNVERIFIED)


def test_each_piece_of_a_line_rests_on_its_own_marks() -> None:
    true = "宜昌：建成骑手驿站150个[1]，发放慰问金820万元[2]。"
    assert checked(true, STATIONS, MONEY).text == true
    assert checked("宜昌：发放慰问金820万元[1]，建成骑手驿站150个[2]。", STATIONS, MONEY).text == UNVERIFIED


@pytest.mark.parametrize("label", ["荆州（2018–2023）", "宁波（2018–2023）", "宜昌（2013–2018）", "荆州"])
def test_a_line_is_headed_with_the_place_and_period_that_it_cites(label: str) -> None:
    assert checked(f"{label}：全市建成骑手驿站150个[1]。", STATIONS).text == UNVERIFIED


def test_what_a_formula_gives_from_soft_figures_may_be_called_about() -> None:
    quote = cite(EXACT, EXACT.paragraphs[0], 0, len(EXACT.paragraphs[0].text))
    formula = "36万人 + 50人 = 36.005万人"
    text = f"襄阳：培训超36万人[1]。\n合计约36.005万人（{formula}）。"
    other = report_of("# 襄阳市总工会工作报告\n\n另有50人参加了培训。\n", "襄阳2.md", "襄阳市", (2018, 2023))
    more = cite(other, other.paragraphs[0], 0, len(other.paragraphs[0].text), 2)
    states = verify_figures(text, (quote, more), (formula,))
    assert [f.state for f in states] == ["quoted", "derived", "quoted", "quoted", "derived"]


ELSEWHERE = replace(OTHER, marker=2)
COMPARED = """- 宜昌（2018–2023）：全市建成骑手驿站900个[1]。
- 荆州（2018–2023）：全市建成骑手驿站96个[2]。
"""
LEFT = "- 荆州（2018–2023）：全市建成骑手驿站96个[1]。"


@pytest.mark.parametrize("short", ["宜昌", "荆州", "96个"])
def test_a_conclusion_falls_with_a_line_that_it_rests_on(short: str) -> None:
    answer = checked(
        f"各地报告分别写道：\n{COMPARED}相比之下，宜昌更多。",
        STATIONS,
        ELSEWHERE,
        short=short,
        reason="different_period",
    )
    assert (answer.text, answer.short, answer.reason) == (LEFT, None, None)
    assert answer.outcome == "answered" and [c.quote for c in answer.citations] == [ELSEWHERE.quote]


def test_what_is_not_here_and_the_label_of_a_report_rest_on_no_line() -> None:
    text = "荆州（2018–2023）：\n- 建成骑手驿站900个[1]。\n- 建成骑手驿站96个[2]。\n- 武汉：报告没有写明这一项。\n"
    told = checked(f"{text}另外问到的，没有确定的答案：谁来管。", STATIONS, ELSEWHERE, missing=("谁来管",))
    kept = "荆州（2018–2023）：\n- 建成骑手驿站96个[1]。\n- 武汉：报告没有写明这一项。\n"
    assert told.text == f"{kept}另外问到的，没有确定的答案：谁来管。"


def test_a_correction_needs_what_it_cites() -> None:
    corrected = "报告的记载与问题不符：\n全市建成骑手驿站{}个[1]。"
    fields = {"abstained": True, "reason": "false_premise"}
    right = checked(corrected.format(150), STATIONS, **fields)
    assert (right.text, right.outcome, right.reason) == (corrected.format(150), "answered", "false_premise")
    for text in (corrected.format(900), "报告的记载与问题不符："):
        wrong = checked(text, STATIONS, **fields)
        assert (wrong.text, wrong.outcome, wrong.citations) == (UNVERIFIED, "not_reported", ())


def test_a_correction_of_which_a_line_falls_corrects_no_more() -> None:
    answer = checked(
        f"报告的记载与问题不符：\n{COMPARED.strip()}",
        STATIONS,
        ELSEWHERE,
        abstained=True,
        reason="false_premise",
    )
    assert (answer.text, answer.abstained, answer.reason) == (LEFT, False, None)


DIFFERENCE = "150个 - 96个 = 54个"


@pytest.mark.parametrize("repeated", ["", "- 荆州：两地相差54个[2]。\n"])
def test_a_formula_falls_with_the_line_of_an_operand(repeated: str) -> None:
    lines = "- 宁波：全市建成骑手驿站150个[1]。\n- 荆州：全市建成骑手驿站96个[2]。\n"
    answer = checked(
        f"{lines}{repeated}计算：{DIFFERENCE}。", STATIONS, ELSEWHERE, calculation=(DIFFERENCE,), short="54个"
    )
    assert answer.text == "- 荆州：全市建成骑手驿站96个[1]。"
    assert (answer.calculation, answer.short) == ((), None)
    assert all(figure.state == "quoted" for figure in answer.figures)
    assert check(answer, REPORTS) == answer


def test_a_result_may_stand_without_its_formula_whose_operands_are_quoted() -> None:
    formula = "1.45万件 - 3943件 = 10557件，约1.06万件"
    cited = replace(STATIONS, quote="法律援助由3943件增加到1.45万件")
    assert [f.state for f in verify_figures("相差约1.06万件。", (cited,), (formula,))] == ["derived"]
    assert [f.state for f in verify_figures("相差约1.07万件。", (cited,), (formula,))] == ["unsupported"]
    answer = checked(f"{TRUE}\n相差54个。", STATIONS, calculation=(DIFFERENCE,))
    assert "54个" not in answer.text and answer.calculation == ()  # only one operand is quoted


def test_a_short_answer_falls_with_the_formula_that_gives_it() -> None:
    formula = "820万元 / 4100人 = 150元/人"
    answer = checked(
        "宜昌：发放慰问金820万元，走访4100人[2]，另有驿站150个[1]。\n计算：" + formula + "。",
        *(STATIONS, MONEY),
        calculation=(formula,),
        short="150",
    )
    assert (answer.calculation, answer.short) == ((), None)


def test_of_an_answer_to_a_part_nothing_is_left_if_its_figure_is_false() -> None:
    rest = "\n另外问到的，没有确定的答案：谁来管。"
    part = {"abstained": True, "reason": "unsure", "missing": ("谁来管",)}
    kept = checked(TRUE + rest, STATIONS, **part)
    assert kept.text == TRUE + rest and kept.outcome == "not_sure"
    assert checked(TRUE.replace("150", "151") + rest, STATIONS, **part).text == UNVERIFIED
    two = checked(f"{TRUE}\n宜昌走访困难职工4200人[2]。{rest}", STATIONS, MONEY, **part)
    assert two.text == TRUE + rest and two.outcome == "not_sure" and two.citations == (STATIONS,)

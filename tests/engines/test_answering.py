"""From a model's replies to the answer: what is said, reckoned, corrected, refused, mended and searched once more."""

from __future__ import annotations

from collections.abc import Callable

from qa.answering import answer as extractive
from qa.answering.refusal import UNSURE
from qa.checking import check
from qa.engines import LLMFailure, Step, answer_by_rules, answer_with
from qa.engines.answering import LEFT_OUT
from qa.engines.composing import NOT_VERIFIED
from qa.retrieval import interleave, search
from qa.types import Answer
from tests.engines.service import QUESTION, asked_in, conversation, desk, number_of, plans, said_by
from tests.reports import assert_sound

Reads = Callable[[str], str]


def answer(plan: str, reads: Reads, question: str = QUESTION, *history: str) -> Answer:
    told = said_by(
        lambda _, material: plan if plans(material) else reads(material), desk(), question, *history
    )
    assert_sound(told, desk())
    return told


def cited(words: str, said: str) -> Reads:
    """A reply in which ``[]`` is the number of the sentence with these words."""
    return lambda material: said.replace("[]", f"[{number_of(material, words)}]")


def test_the_rules_answer_through_the_same_door() -> None:
    for question in (QUESTION, "宁波和绍兴的职工书屋各有多少家？", "昆明有多少家？", "你好"):
        held = desk()
        told = answer_by_rules(held.index, conversation(held, question))
        query = held.understand(question)
        found = search(held.index, query, 20)
        plain = check(extractive(held.index, query, found, interleave(found, 20)), held.index.by_id, question)
        assert (told.text, told.short, told.citations) == (plain.text, plain.short, plain.citations)


def test_a_statement_is_cited_and_its_figures_are_checked() -> None:
    told = answer("查：宁波职工书屋", cited("1340家", "答：宁波市建成职工书屋1340家[]。\n短：1340家"))
    assert told.text == "宁波市建成职工书屋1340家[1]。"
    assert told.short == "1340家"
    assert [f.state for f in told.figures] == ["quoted"]
    assert told.outcome == "answered"


def test_it_answers_where_the_rules_refuse() -> None:
    question = "宁波的娃放学以后能去书屋里待着的地方有几处？"
    told = answer(
        "查：宁波职工书屋托管班多少个", cited("612个", "答：宁波市职工书屋办的托管班有612个[]。"), question
    )
    assert "612个" in told.text
    assert not told.abstained


def test_it_refuses_where_the_rules_answer() -> None:
    told = answer("查：职工书屋", lambda material: "没有：只有五年合计，没有这一年的")
    assert (told.abstained, told.outcome, told.reason) == (True, "not_reported", "no_support")
    assert told.text.startswith("报告里没有")
    assert told.nearest


def test_a_false_premise_is_corrected_with_the_right_fact() -> None:
    told = answer(
        "查：宁波职工书屋",
        cited("1340家", "更正：宁波市五年建成职工书屋1340家[]。"),
        "宁波为什么只建成了200家职工书屋？",
    )
    assert (told.abstained, told.reason, told.outcome) == (True, "false_premise", "answered")
    assert "1340家[1]" in told.text


def both(material: str) -> str:
    place, figure = ("宁波市", "1340家") if "宁波" in asked_in(material) else ("绍兴市", "985家")
    return f"答：{place}建成职工书屋{figure}[{number_of(material, figure)}]。\n短：{figure}"


def test_the_program_reckons_what_the_model_names() -> None:
    told = answer(
        "查：宁波市职工书屋多少家\n查：绍兴市职工书屋多少家\n算：相差", both, "宁波和绍兴的职工书屋差多少家？"
    )
    assert told.calculation == ("1340家 - 985家 = 355家",)
    assert told.short == "355家"
    assert "计算：1340家 - 985家 = 355家。" in told.text
    assert {f.text: f.state for f in told.figures}["355家"] == "derived"


def test_the_largest_is_named() -> None:
    told = answer(
        "查：宁波市职工书屋多少家\n查：绍兴市职工书屋多少家\n算：最多", both, "宁波和绍兴哪里的职工书屋多？"
    )
    assert told.text.endswith("其中最多的是宁波（1340家）。")


def test_operands_within_one_reading() -> None:
    def reads(material: str) -> str:
        books, rooms = number_of(material, "26.5万册"), number_of(material, "1340家")
        said = f"答：宁波市职工书屋1340家，配书26.5万册[{books}]。"
        return f"{said}\n算：平均｜26.5万册[{books}]｜1340家[{rooms}]"

    told = answer("查：宁波职工书屋配书", reads, "宁波平均每家职工书屋配多少册书？")
    assert told.calculation == ("26.5万册 / 1340家 = 197.76册/家，约198册/家",)


def test_what_is_missing_of_several_things_is_said() -> None:
    def reads(material: str) -> str:
        return both(material) if "宁波" in asked_in(material) else "没有：绍兴的托管班"

    told = answer("查：宁波市职工书屋\n查：绍兴市托管班", reads, "宁波的书屋和绍兴的托管班各有多少？")
    assert "绍兴：报告没有写明这一项。" in told.text
    assert "1340家[1]" in told.text


def test_what_fell_of_several_things_is_not_said_to_be_missing() -> None:
    def reads(material: str) -> str:
        if "宁波" in asked_in(material):
            return both(material)
        return f"答：绍兴市建成职工书屋895家[{number_of(material, '985家')}]。"

    told = answer("查：宁波市职工书屋\n查：绍兴市职工书屋", reads, "宁波和绍兴各有多少家职工书屋？")
    assert told.text == f"- 宁波市建成职工书屋1340家[1]。\n- 绍兴：{NOT_VERIFIED}\n{LEFT_OUT}"


def test_a_statement_that_fails_is_pointed_out_once_and_mended() -> None:
    seen: list[str] = []

    def reads(material: str) -> str:
        seen.append(material)
        figure = "1340家" if "未采用" in material else "1430家"
        return f"答：宁波市建成职工书屋{figure}[{number_of(material, '1340家')}]。"

    assert answer("查：宁波职工书屋", reads).text == "宁波市建成职工书屋1340家[1]。"
    assert len(seen) == 2


def test_what_does_not_hold_is_left_out_and_that_is_said() -> None:
    told = answer(
        "查：宁波职工书屋",
        cited("1340家", "答：宁波市建成职工书屋1340家[]。\n答：其中大部分受到省里表彰[]。"),
    )
    assert told.text == f"宁波市建成职工书屋1340家[1]。\n{LEFT_OUT}"


def test_when_nothing_is_left_it_is_not_sure() -> None:
    told = answer("查：宁波职工书屋", cited("1340家", "答：绍兴市建成职工书屋1340家[]。"))
    assert (told.text, told.outcome) == (UNSURE, "not_sure")
    assert told.nearest
    assert told.citations == ()


def test_another_search_twice_at_most() -> None:
    seen: list[str] = []

    def reads(material: str) -> str:
        seen.append(material)
        return "没有：照看孩子的班\n再查：托管班"

    assert answer("查：照看孩子", reads).abstained
    assert len(seen) == 3


def test_an_endpoint_that_fails_while_it_plans_leaves_the_plan_to_the_rules() -> None:
    def model(_: str, material: str) -> str:
        if plans(material):
            raise LLMFailure("busy")
        return both(material)

    told = said_by(model, desk(), "宁波和绍兴的职工书屋各有多少家？")
    assert told.text == "- 宁波市建成职工书屋1340家[1]。\n- 绍兴市建成职工书屋985家[2]。"


def test_each_step_is_reported_as_it_begins() -> None:
    from qa.engines import LanguageModel

    held, steps = desk(), list[Step]()
    reads = cited("1340家", "答：宁波市建成职工书屋1340家[]。")
    engine = LanguageModel(
        lambda _, material: "查：职工书屋" if plans(material) else reads(material),
        *(held.catalogue, held.understand, 4096),
    )
    answer_with(engine, held.index, conversation(held, QUESTION), steps.append)
    assert [step.kind for step in steps] == ["plan", "search", "read", "check", "stated"]
    assert steps[2].count > 0

"""A sham model with the habits of 1.5B: it drops marks, adds pleasantries, breaks lines, thinks aloud, invents."""

from __future__ import annotations

import random

import pytest

from tests.engines.service import desk, items, plans, said_by
from tests.reports import assert_sound

QUESTIONS = (
    "宁波市建成职工书屋多少家？",
    "宁波和绍兴谁的职工书屋多？",
    "调解成功率是多少？",
    "杭州有多少家？",
    "你好",
)
PLEASANT = (
    "好的！",
    "根据您提供的资料，",
    "当然可以，以下是回答：",
    "希望以上回答对您有帮助。",
    "如有疑问请随时提问！",
)


def sham(seed: int, material: str) -> str:
    dice = random.Random(f"{seed}{len(material)}")
    if plans(material):
        return dice.choice(
            [
                "查：职工书屋多少家",
                "问题：职工书屋\n查找：宁波 书屋\n计算：比较",
                "好的，我会查找资料。",
                '{"查": "书屋"}',
                "闲聊吗",
            ]
        )
    shown = items(material)
    lines = []
    for _ in range(dice.randint(0, 4)):
        item = dice.choice(shown)
        text, mark = item["原文"].rstrip("。"), f"[{item['编号']}]"
        text = dice.choice(
            [text, text[: len(text) // 2], text.replace("家", "座"), f"{text}，受到好评", text[::-1]]
        )
        mark = dice.choice([mark, mark, "", "[99]", f"【{item['编号']}】", f"（资料{item['编号']}）", "[]"])
        lines.append(
            dice.choice(["答：", "", "答案: ", "- ", "1. ", "更正："]) + text + mark + dice.choice(["。", ""])
        )
    lines.insert(0, dice.choice(PLEASANT))
    lines.append(dice.choice([*PLEASANT, "短：很多", "没有", "算：相差｜1340家｜985家", "再查：书屋"]))
    said = "\n".join(lines)
    if dice.random() < 0.3:
        said = f"<think>\n我想想{said}\n</think>\n{said}"
    return said.replace("职工", "职\n工") if dice.random() < 0.2 else said


@pytest.mark.parametrize("question", QUESTIONS)
def test_whatever_a_small_model_says_the_answer_is_sound(question: str) -> None:
    held = desk()
    for seed in range(12):
        told = said_by(lambda _, material, seed=seed: sham(seed, material), held, question)  # type: ignore[misc]
        assert_sound(told, held)
        assert told.outcome in ("answered", "not_sure", "not_reported")
        assert told.citations or told.abstained or told.text.startswith("您好")
        assert "受到好评" not in told.text

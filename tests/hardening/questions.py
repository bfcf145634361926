"""Any number of questions to the sample reports: facts, comparisons, follow-ups, unanswerable ones, noise."""

from itertools import cycle, islice, product

__all__ = ["questions"]

_PLACES = ("温州", "漳州", "钱塘", "浙江", "宁波", "漳洲", "")
_TOPICS = ("法律援助办了多少件", "职工疗休养基地有多少家", "驿站建了多少个", "劳动竞赛参赛多少人次", "工匠学院有几所", "技能培训情况怎样", "困难职工帮扶了多少户", "新就业形态劳动者入会多少人")  # fmt: skip
_FORMS = ("{0}{1}？", "{0}的工会{1}?", "请问2018年以来{0}{1}", "{0}和温州谁的更多：{1}", "概括{0}的维权工作", "how many {0} {1}", "{1}{1}")  # fmt: skip


def questions(n: int) -> tuple[str, ...]:
    """``n`` of them, repeated after some hundred with a number that makes each new."""
    every = [form.format(place, topic) for form, topic, place in product(_FORMS, _TOPICS, _PLACES)]
    return tuple(f"{text}{'' if i < len(every) else i}" for i, text in enumerate(islice(cycle(every), n)))

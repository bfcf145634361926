"""The Chinese texts about engines: what a statement lacks, and why a model gave no reply."""

from __future__ import annotations

from qa.checking.statements import FaultKind
from qa.engines.client import Failure

NOT_WRITTEN = "报告没有写明这一项。"
NOT_VERIFIED = "这一项没有能核对无误的回答。"
LEFT_OUT = "另有说法没有通过核对，已略去。"
FAULTS: dict[FaultKind, str] = {
    "mark": "没有写出处的编号，或编号不在资料里",
    "form": "不是一句平常的话",
    "figure": "数、单位或“超”“近”“余”等字与所引原文不同",
    "place": "地区与所引原文不同",
    "period": "时间与所引原文不同",
    "plan": "把计划说成结果，或把结果说成计划",
    "name": "名称不在所引原文里",
    "other thing": "这个数在原文里说的是另一件事",
    "gist": "所引原文没有这样说",
}
_INSTEAD = "，以上是直接摘自报告的回答。"
NOTES: dict[Failure, str] = {
    "timeout": f"语言模型没有及时答完{_INSTEAD}",
    "unreachable": f"连不上语言模型{_INSTEAD}",
    "busy": f"语言模型的服务正忙或出了错{_INSTEAD}",
    "denied": f"语言模型的服务没有接受请求（请检查地址、模型名和密钥）{_INSTEAD}",
    "redirected": f"语言模型的服务要求转到别的地址，没有照办{_INSTEAD}",
    "malformed": f"语言模型的回答不完整或读不懂{_INSTEAD}",
    "refused": f"语言模型没有作答{_INSTEAD}",
}

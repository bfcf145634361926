"""Small reports and a small encoder for tests: real files, real indexes, nothing trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from qa.index import Index, RebuildSummary, open_index, rebuild

__all__ = ["KUNMING", "SUZHOU", "WUXI", "Built", "HashedBigrams", "write_reports"]

SUZHOU = """# 苏州市总工会第十五届委员会工作报告（2018—2023年）

## 一、维护职工权益

五年来，全市工会办理法律援助案件3210件，替职工追回工资4560万元。各级工会调解室受理劳动争议8800余起，调解成功率达到91.5%。

## 二、服务职工生活

全市建成爱心驿站1026家，夏季高温时慰问一线职工23.6万人次。每年暑期开办托管班，五年共有1.8万名孩子参加。
"""

WUXI = """# 无锡市总工会工作报告（2019—2023年）

## 一、建功立业

组织劳动和技能竞赛4100场，参赛职工67万人次，评出市级工匠150名。

## 二、困难帮扶

发放助学金1300万元，帮助困难职工家庭子女2600人上学。
"""

KUNMING = """# 昆明市总工会工作报告（2018—2023年）

## 一、组织建设

新建基层工会5200家，新发展会员41万人，其中货车司机和外卖送餐员3.3万人。

## 二、法律服务

办理法律援助案件1875件，为农民工讨回欠薪2980万元。
"""


class HashedBigrams:
    """Unit vectors of hashed pairs of characters: deterministic, and near where texts share words."""

    def __init__(self, dimension: int = 256, name: str = "bigrams") -> None:
        self.dimension = dimension
        self.identity = f"{name}-{dimension}"
        self.encoded = 0

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += len(texts)
        return (
            np.stack([self.encode_query(text) for text in texts])
            if texts
            else np.zeros((0, self.dimension), np.float32)
        )

    def encode_query(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for pair in pairwise(text):
            vector[crc32("".join(pair).encode()) % self.dimension] += 1
        return vector / max(float(np.linalg.norm(vector)), 1e-9)


def write_reports(folder: Path, **texts: str) -> Path:
    """Write ``name=text`` as ``folder/name.md`` and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Built:
    """A folder of reports and the index that is built from it."""

    reports: Path
    index: Path
    encoder: HashedBigrams

    def rebuild(self, **options: object) -> RebuildSummary:
        return rebuild([self.reports], self.index, **({"encoder": self.encoder} | options))  # type: ignore[arg-type]

    def open(self) -> Index:
        return open_index(self.index, self.encoder)

"""What the benchmark itself works out: its texts, its figures, its tables and charts."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from embeddings import open_encoder
from tests.bench.charts import bars
from tests.bench.child import Measured, hit_rate, quantile
from tests.bench.peers import PEERS
from tests.bench.peers.ours import reports_of
from tests.bench.peers.shared import reciprocal
from tests.bench.public import Texts, searched
from tests.bench.sets import PublicSet
from tests.bench.tables import peers_table
from tests.bench.texts import Task, joined


def test_articles_are_joined_in_order_while_they_fit() -> None:
    texts = list(joined(["甲" * 4, "乙" * 4, "丙" * 20, "丁"], most=10))
    assert texts == [("甲甲甲甲\n乙乙乙乙", 2), ("丙" * 20, 1), ("丁", 1)]


def test_a_task_comes_back_from_its_file(tmp_path) -> None:
    task = Task(("文",), ("问？",), ((0,),))
    task.save(tmp_path / "task.json")
    assert Task.load(tmp_path / "task.json") == task


def test_reports_say_where_their_texts_begin() -> None:
    texts = [f"第{n}篇\n第二段" for n in range(150)]
    reports = list(reports_of(texts))
    assert [name for name, _, _ in reports] == ["0000000.md", "0000100.md"]
    for name, content, starts in reports:
        for at, start in enumerate(starts, int(name.removesuffix(".md"))):
            assert content[start:].split()[:2] == texts[at].split("\n")


def test_figures() -> None:
    assert hit_rate(((1,), (2, 3)), [[1, 9], [9, 3]], 1) == 0.5
    assert hit_rate(((1,), (2, 3)), [[1, 9], [9, 3]], 2) == 1.0
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([3.0, 1.0, 2.0], 0.95) == 3.0
    assert reciprocal([[7, 8], [8, 9]]) == [8, 7, 9]


def test_a_table_has_a_cell_for_every_column_and_a_chart_is_an_image() -> None:
    measured = [
        Measured(name, 10, 2, 2.0, 1.0, 5_000_000, 1_000_000, 0.002, 0.003, 0.002, 0.5, 1.0) for name in PEERS
    ]
    head, rule, *rows = peers_table(measured).splitlines()
    assert len(rows) == len(PEERS)
    assert {row.count("|") for row in (head, rule, *rows)} == {11}
    chart = ET.fromstring(bars("<秒>", [("甲 & 乙", 2.0, True), ("丙", 1.0, False)], "{:.1f}"))
    widths = [float(bar.get("width", "")) for bar in chart.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths[0] == 2 * widths[1] > 0


def test_every_way_of_searching_public_texts_gives_an_order_of_them() -> None:
    things = ("书屋", "驿站", "讲堂", "竞赛")
    texts = tuple(f"全市新建职工{thing}多处。各级工会都很重视{thing}。" for thing in things)
    public = PublicSet(
        "small", texts, tuple(f"{t}建了吗？" for t in things), tuple(frozenset({n}) for n in range(4))
    )
    library = Texts(open_encoder(None))
    found = searched(library.index(public), public, range(4), [0.5])
    assert {len(orders) for orders in found.values()} == {4}
    for orders in found.values():
        assert [order[0] for order in orders] == [0, 1, 2, 3]

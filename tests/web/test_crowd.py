"""The people of the load measurement do what a browser does: they are answered, and told where they are not."""

from tests.bench.load import crowd, share_within, summary
from tests.web.conftest import Served, waited

QUESTION = "云岭市走访慰问困难职工多少人次？"


def test_two_people_ask_one_after_the_other(served: Served) -> None:
    figures = summary(waited(crowd(served.url, [QUESTION], users=2, seconds=1)))
    assert figures["failed"] == 0
    assert figures["questions"] >= 2
    assert 0 < figures["first_p95"] <= figures["whole_p95"]
    assert served.asked()[0] == QUESTION


def test_shares() -> None:
    assert share_within([0.004, 0.001, 0.003, 0.002], 0.5) == 2
    assert share_within([0.004, 0.001, 0.003, 0.002], 1.0) == 4
    assert share_within([], 0.5) is None

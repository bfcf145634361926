"""Status tells what serves and how fast, monitors hear it without names, and no question is kept."""

from dataclasses import replace

import httpx
import pytest

from qa.engines import Stopped
from qa.errors import QuestionError, StoreError
from qa.library import LibraryStatus
from qa.types import Answer
from qa.web.failures import without_folders
from qa.web.shelf import Shelf
from qa.web.small_pages import health, hit_list, quantile, status_view
from tests.web.conftest import Served
from tests.web.small_library import HOSTILE, SmallLibrary


def test_times_of_questions_are_kept_and_their_words_are_not() -> None:
    shelf = Shelf(SmallLibrary())
    assert "还没有人提问" in status_view(shelf, 0)
    shelf.ask("云岭市走访慰问困难职工多少人次？")
    shelf.ask("有几艘潜水艇？")
    with pytest.raises(ZeroDivisionError):
        shelf.ask("除以零")
    shelf.library.ask("芦川县送文化进车间多少场？")
    assert [t.outcome for t in shelf.timings] == ["failed", "not_reported", "answered"]
    view = status_view(shelf, 0)
    assert "潜水艇" not in view
    assert "最近 3 个问题" in view
    assert "&lt;b&gt;encoder" in view
    assert "注意 &lt;i&gt;索引" in view


class Answering(SmallLibrary):
    """Answers a question that is a reason with that reason; an error in its place where there is one."""

    error: Exception | None = None

    def ask(self, question: str, **options: object) -> Answer:
        if self.error is not None:
            raise self.error
        answer = super().ask("有几艘潜水艇？")
        return replace(answer, reason=question)  # type: ignore[arg-type]


def test_each_outcome_is_told_as_what_it_is() -> None:
    shelf = Shelf(library := Answering())
    for reason in ("false_premise", "unsure", "no_support"):
        shelf.ask(reason)
    for error in (Stopped(), QuestionError("问题是空的。"), StoreError("索引坏了")):
        library.error = error
        with pytest.raises(type(error)):
            shelf.ask("问")
    outcomes = ["failed", "refused", "stopped", "not_reported", "not_sure", "answered"]
    assert [t.outcome for t in shelf.timings] == outcomes
    view = status_view(shelf, 0)
    assert view.count("出错") == 1
    for words in ("已回答", "没有把握", "报告未提", "已停止", "问题不能用"):
        assert view.count(words) == 1


def test_shelf_answers_from_what_was_put_on_it_last() -> None:
    shelf = Shelf(SmallLibrary())
    shelf.library = SmallLibrary(reports=())
    assert shelf.reports == ()


class Broken(SmallLibrary):
    def status(self) -> LibraryStatus:
        raise StoreError("索引坏了")


def test_health_fails_where_the_library_does() -> None:
    assert health(Shelf(Broken())) == (503, {"status": "failed"})


def test_monitors_get_json_without_names(served: Served) -> None:
    response = httpx.get(f"{served.url}/health")
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["generation"], body["reports"]) == ("warning", 3, 2)
    assert "云岭" not in response.text
    assert response.headers["cache-control"] == "no-store"


def test_quantiles() -> None:
    assert quantile([], 0.5) is None
    assert quantile([0.1], 0.95) == 0.1
    assert quantile([float(n) for n in range(1, 101)], 0.95) == 95.0


def test_hits_come_with_scores_and_stay_text() -> None:
    html = hit_list(SmallLibrary().retrieve("法律援助多少件？", 2), 0.0123)
    assert html.count("qa-card") == 2
    assert "2 段，用时 12 毫秒" in html
    assert "<b>3.000</b>" in html
    assert "<script" not in html
    assert HOSTILE[:10] in html


def test_folders_of_the_server_are_for_its_administrator() -> None:
    class Elsewhere(SmallLibrary):
        def status(self) -> LibraryStatus:
            return replace(
                super().status(), store="/srv/union/index（FAISS）", warnings=("“/srv/union/x.md”缺失",)
            )

    shelf = Shelf(Elsewhere())
    assert "/srv/union" in status_view(shelf, 0)
    assert "/srv" not in (view := status_view(shelf, 0, folders=False))
    assert "index（FAISS）" in view


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("写不进 /srv/a b/index（磁盘已满）", "写不进 index（磁盘已满）"),
        ("读不出“C:\\Users\\甲\\报告.docx”。", "读不出“报告.docx”。"),
        ("打开 http://127.0.0.1:7860/?a=/b/c", "打开 http://127.0.0.1:7860/?a=c"),
        ("1/2 和 2018/2019 年", "1/2 和 2018/2019 年"),
    ],
)
def test_errors_name_files_without_their_folders(said: str, shown: str) -> None:
    assert without_folders(said) == shown

"""``union-qa llm check``: test whether the configured language model can be reached and follows instructions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from qa.cli.terminal import say, show
from qa.errors import QAError

if TYPE_CHECKING:
    from qa.engines import Step
    from qa.settings import Endpoint
    from qa.types import Answer

QUESTION = "温州市2018—2023年设立了市级劳动关系监测点多少个？"
RIGHT = 164.0  # of the sample report
FAILED = 1
commands = typer.Typer(name="llm", help="语言模型：检查能不能用。", no_args_is_help=True)
_NOT_SET = (
    "没有设置语言模型。请设置 UNION_QA_LLM_URL 和 UNION_QA_LLM_MODEL 再试，例如本机的 Ollama：\n"
    "  export UNION_QA_LLM_URL=http://127.0.0.1:11434/v1\n  export UNION_QA_LLM_MODEL=qwen2.5:7b"
)


@dataclass
class _Steps:
    """Count the corrections that were asked for and the cited sentences that were accepted."""

    corrections: int = 0
    accepted: int = 0

    def __call__(self, step: Step) -> None:
        self.corrections += step.kind == "mend"
        self.accepted += step.kind == "stated"


@commands.command()
def check() -> None:
    """连上所设的语言模型，问一个自带的问题，说明哪里合用、哪里不合用，用了多少时间和词元。

    例：union-qa llm check
    """
    from qa.engines.client import require_client
    from qa.settings import read_settings

    endpoint = read_settings().llm
    if endpoint is None:
        raise QAError(_NOT_SET)
    require_client()
    show(f"地址  {endpoint.url}\n模型  {endpoint.model}\n密钥  {'有' if endpoint.key else '没有'}")
    show(f"上下文  {endpoint.context} 个词元，每个问题最多 {endpoint.seconds:g} 秒")
    if not _reached(endpoint):
        raise typer.Exit(FAILED)
    steps, started = _Steps(), time.monotonic()
    answer = _answer_sample(endpoint, steps)
    right = _show_verdict(answer, steps, time.monotonic() - started)
    raise typer.Exit(0 if right else FAILED)


def _reached(endpoint: Endpoint) -> bool:
    """Return whether a first call succeeds; it also loads the model, which may take long."""
    from qa.engines.client import NOTES, Calls, LLMFailure

    started = time.monotonic()
    try:
        model = Calls(endpoint)
        model("只回答一个字。", "写：好")
    except LLMFailure as failure:
        say(f"连接  失败：{NOTES[failure.kind].partition('，以上')[0]}。")
        return False
    show(f"连接  正常，第一次回复用了 {time.monotonic() - started:.1f} 秒（含载入模型）")
    return True


def _answer_sample(endpoint: Endpoint, steps: _Steps) -> Answer:
    from qa.engines import Conversation
    from qa.index.opened import memory_index
    from qa.library.answering import answer_of
    from qa.library.opening import SAMPLE_REPORTS
    from qa.question import catalogue_of, understand
    from qa.reading import read_report
    from qa.types import Query

    reports = [read_report(path) for path in sorted(SAMPLE_REPORTS.glob("*.md"))]
    index, catalogue = memory_index(reports), catalogue_of(reports)

    def grammar(text: str) -> Query:
        return understand(text, (), catalogue)

    conversation = Conversation(QUESTION, (), grammar(QUESTION))
    return answer_of(index, catalogue, conversation, grammar, endpoint, steps)


def _show_verdict(answer: Answer, steps: _Steps, seconds: float) -> bool:
    """Show what the model did well and badly; return whether the answer is right."""
    right = any(figure.value == RIGHT for figure in answer.figures)
    right = right and answer.work is not None and bool(answer.work.engine)
    show(f"提问  {QUESTION}\n回答  {answer.text}")
    show(f"格式  {'合用，写了出处' if steps.accepted else '不合用：没有一句话带着对得上的出处'}")
    show(f"核对  {'一次通过' if not steps.corrections else '先有说法没有通过，已请它改过一次'}")
    show(f"结果  {'答对了' if right else '没有答对'}")
    if answer.work:
        counted = "" if answer.work.counted else "约 "
        show(f"用量  {counted}{answer.work.tokens} 个词元，{seconds:.1f} 秒")
    if not right:
        show("建议  换大一些的模型，或加长时间（UNION_QA_LLM_SECONDS）和上下文（UNION_QA_LLM_CONTEXT）再试。")
    return right

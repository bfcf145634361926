"""``union-qa llm check``: test whether the configured language model can be reached and follows instructions."""

from __future__ import annotations

import time
from collections import Counter

import typer

from qa.cli.terminal import say, show
from qa.errors import QAError
from qa.scratch import scratch_folder
from qa.settings import read_settings

QUESTION = "温州市2018—2023年设立了市级劳动关系监测点多少个？"
RIGHT = 164.0  # of the sample report
llm_commands = typer.Typer(name="llm", help="语言模型：检查能不能用。", no_args_is_help=True)


@llm_commands.command()
def check() -> None:
    """连上所设的语言模型，问一个自带的问题，说明哪里合用、哪里不合用，用了多少时间和词元。

    例：union-qa llm check
    """
    from qa.engines.client import NOTES, Calls, LLMFailure, require_client
    from qa.index import rebuild
    from qa.library import SAMPLE_REPORTS, Library

    endpoint = read_settings().llm
    if endpoint is None:
        raise QAError(
            "没有设置语言模型。请设置 UNION_QA_LLM_URL 和 UNION_QA_LLM_MODEL 再试，例如本机的 Ollama：\n"
            "  export UNION_QA_LLM_URL=http://127.0.0.1:11434/v1\n  export UNION_QA_LLM_MODEL=qwen2.5:7b"
        )
    require_client()
    show(f"地址  {endpoint.url}\n模型  {endpoint.model}\n密钥  {'有' if endpoint.key else '没有'}")
    show(f"上下文  {endpoint.context} 个词元，每个问题最多 {endpoint.seconds:g} 秒")
    started = time.monotonic()
    try:
        Calls(endpoint)("只回答一个字。", "写：好")  # it also loads the model, which may take long
    except LLMFailure as failure:
        say(f"连接  失败：{NOTES[failure.kind].partition('，以上')[0]}。")
        raise typer.Exit(1) from None
    show(f"连接  正常，第一次回复用了 {time.monotonic() - started:.1f} 秒（含载入模型）")
    steps: Counter[str] = Counter()
    with scratch_folder() as index:
        rebuild([SAMPLE_REPORTS], index)
        sample = Library(index, llm=endpoint)
        answer = sample.ask(QUESTION, watch=lambda step: steps.update([step.kind]))
    right = any(figure.value == RIGHT for figure in answer.figures)
    right = right and answer.work is not None and answer.work.engine != ""
    show(f"提问  {QUESTION}\n回答  {answer.text}")
    show(f"格式  {'合用，写了出处' if steps['stated'] else '不合用：没有一句话带着对得上的出处'}")
    show(f"核对  {'先有说法没有通过，已请它改过一次' if steps['mend'] else '一次通过'}")
    show(f"结果  {'答对了' if right else '没有答对'}")
    if answer.work:
        counted = "" if answer.work.counted else "约 "
        show(f"用量  {counted}{answer.work.tokens} 个词元，{answer.work.seconds:.1f} 秒")
    if not right:
        show("建议  换大一些的模型，或加长时间（UNION_QA_LLM_SECONDS）和上下文（UNION_QA_LLM_CONTEXT）再试。")
        raise typer.Exit(1)

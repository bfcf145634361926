"""``union-qa evaluate`` measures answers, ``feedback`` collects questions for that, ``llm check`` tests a language model."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.terminal import (
    AsJson,
    Encoder,
    Index,
    Store,
    opened,
    print_json,
    print_table,
    say,
    settings_with,
    show,
    value,
)
from qa.errors import QAError, refuse_same, writing
from qa.scratch import scratch_folder
from qa.settings import read_settings
from qa.text.normal import local_time

if TYPE_CHECKING:
    from qa.answer_json import Json
    from qa.evaluate import Change, Evaluation, Interval

_VERDICTS = {"useful": "有用", "useless": "无用"}

QUESTION = "温州市2018—2023年设立了市级劳动关系监测点多少个？"
RIGHT = 164.0  # of the sample report

llm_commands = typer.Typer(name="llm", help="语言模型：检查能不能用。", no_args_is_help=True)
feedback_commands = typer.Typer(
    name="feedback", help="网页上收到的反馈（有用、无用、意见）：列出、导出、删除。", no_args_is_help=True
)


def evaluate(
    questions: Annotated[
        Path,
        typer.Argument(
            metavar="QUESTIONS", help="问题文件，每行一个 {question, answer_groups, evidence, …}。"
        ),
    ],
    answers: Annotated[Path | None, value("FILE", "不提问，只评 ask --questions 写出的回答。")] = None,
    output: Annotated[Path | None, value("FILE", "把结果存下来。")] = None,
    against: Annotated[Path | None, value("FILE", "与 --output 存下的一次结果比较。")] = None,
    misses: Annotated[bool, typer.Option("--misses", help="列出没答对的问题。")] = False,
    index: Index = None,
    store: Store = None,
    encoder: Encoder = None,
    as_json: AsJson = False,
) -> None:
    """用带标准答案的问题评一评：检索、回答、引用、拒答各有指标，并给出 95 % 区间；比较时标出哪些差别超出偶然。

    recall@k 是前 k 段里有几成证据（recall@1500c：前 1500 字里），mrr、ndcg@10 看证据排得多靠前；short_em 是短答案全对，
    correct 是该说的都说了、没有凑数；marks_valid、citation_valid、citation_right 是有角标的都有出处、引文与原文一致、引对了地方；
    faithful 是数字都有出处；abstain_recall 是该拒答的拒答了，false_abstain 是不该拒答的拒答了。

    例：union-qa evaluate 问题.jsonl --misses

    例：union-qa evaluate 问题.jsonl --output 新.json --against 旧.json
    """
    from qa import evaluate as scoring

    gold = scoring.read_gold(questions)
    before = scoring.read_earlier(against) if against else None
    given = scoring.read_answers(answers) if answers else None
    if output:
        for source in filter(None, (questions, answers)):
            refuse_same(source, output, "所评的文件")
    result = scoring.evaluate(gold, opened(settings_with(index, store), encoder), given)
    if output:
        text = json.dumps(_result_json(result), ensure_ascii=False, indent=1)
        with writing(output) as file:
            file.write_text(f"{text}\n", encoding="utf-8")
    if as_json:
        print_json(_result_json(result))
        return
    rows = ((name, _shown(own), _range(result.intervals.get(name))) for name, own in result.figures.items())
    print_table(("指标", "值", "95 % 区间"), rows)
    types = ((name or "（未注明）", _shown(value)) for name, value in result.by_type.items())
    print_table(("类型", "答对"), types)
    if before is not None:
        _show_changes(scoring.compare(result, before))
    if misses:
        _show_misses(result)


@feedback_commands.command("list")
def listed(as_json: AsJson = False) -> None:
    """列出全部反馈，先收到的在前。

    例：union-qa feedback list
    """
    from qa.feedback import RETENTION_DAYS, expected, load_all

    found = load_all(read_settings().feedback_file)
    if as_json:
        for each in found:
            print_json(expected(each))
        return
    if not found:
        show("还没有反馈。网页上每个回答下面有“有用”“无用”。")
        return
    rows = ((local_time(f.at), _VERDICTS[f.verdict], f.question, f.comment) for f in found)
    title = f"反馈 {len(found)} 条，{RETENTION_DAYS} 天后删除"
    print_table(("时间", "评价", "问题", "意见"), rows, title)


@feedback_commands.command()
def export(file: Annotated[Path, typer.Argument(metavar="FILE", help="写到这里，每行一个问题。")]) -> None:
    """把反馈写成 union-qa evaluate 能读的问题文件：有用的回答成为标准答案，无用的留待填写 answer_groups。

    例：union-qa feedback export 反馈.jsonl
    """
    from qa.feedback import expected, load_all

    found = load_all(read_settings().feedback_file)
    if not found:
        raise QAError("还没有反馈，没有可导出的。网页上每个回答下面有“有用”“无用”。")
    lines = "".join(json.dumps(expected(each), ensure_ascii=False) + "\n" for each in found)
    with writing(file) as new:
        new.write_text(lines, encoding="utf-8", newline="\n")
    unclear = sum(each.verdict == "useless" for each in found)
    rest = f"，其中 {unclear} 个还要填写 answer_groups。" if unclear else "。"
    say(f"已写入 {file}：{len(found)} 个问题{rest}")


@feedback_commands.command()
def forget(
    older_than: Annotated[int, value("DAYS", "只删这么多天以前的；默认全部。", min=0, max=36_500)] = 0,
) -> None:
    """删除反馈，连同其中的问题和意见，不可恢复。

    例：union-qa feedback forget --older-than 30
    """
    from qa.feedback import delete_old

    say(f"已删除 {delete_old(read_settings().feedback_file, older_than)} 条反馈。")


@llm_commands.command()
def check() -> None:
    """连上所设的语言模型，问一个自带的问题，说明哪里合用、哪里不合用，用了多少时间和词元。

    例：union-qa llm check
    """
    from qa.engines.client import NOTES, Calls, LLMFailure
    from qa.index import rebuild
    from qa.library import SAMPLE_REPORTS, Library

    endpoint = read_settings().llm
    if endpoint is None:
        raise QAError(
            "没有设置语言模型。请设置 UNION_QA_LLM_URL 和 UNION_QA_LLM_MODEL 再试，例如本机的 Ollama：\n"
            "  export UNION_QA_LLM_URL=http://127.0.0.1:11434/v1\n  export UNION_QA_LLM_MODEL=qwen2.5:7b"
        )
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


def _show_changes(changes: Sequence[Change]) -> None:
    if not changes:
        show("与之前相比：指标都没有变化。")
        return
    rows = (
        (c.figure, _shown(c.before), _shown(c.now), _range(c.interval, "+"), "是" if c.beyond_chance else "")
        for c in changes
    )
    print_table(("指标", "之前", "现在", "差的 95 % 区间", "超出偶然"), rows, "有变化的指标")


def _show_misses(result: Evaluation) -> None:
    show(f"没答对的 {len(result.misses)} 个：")
    for row in (row for row in result.rows if row.gold.id in result.misses):
        answer = result.answers.get(row.gold.id, {})
        found = row.value("recall@5")
        recall = "" if found is None else f"  recall@5 {found:.2f}"
        show(f"- {row.gold.id} {row.gold.type}{recall}  {' → '.join((*row.gold.history, row.gold.question))}")
        show(f"    应答：{'；'.join(' / '.join(group) for group in row.gold.groups) or '（应拒答）'}")
        show(f"    实答：{answer.get('short') or ''} | {str(answer.get('answer') or '（没有回答）')[:160]}")


def _result_json(result: Evaluation) -> Json:
    return {
        "figures": result.figures,
        "intervals": result.intervals,
        "correct by type": result.by_type,
        "misses": result.misses,
        "parts": result.parts,
    }


def _range(interval: Interval | None, sign: str = "") -> str:
    return "—" if interval is None else f"{interval[0]:{sign}.3f} … {interval[1]:{sign}.3f}"


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"

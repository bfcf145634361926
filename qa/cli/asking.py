"""``union-qa search`` and ``union-qa ask``: find passages, answer questions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from qa.answer_json import answer_json, hit_json
from qa.cli.terminal import (
    AsJson,
    Encoder,
    Index,
    Period,
    Place,
    Report,
    Store,
    opened,
    print_json,
    say,
    settings_with,
    show,
    value,
)
from qa.types import Answer, Hit, Reasons, Scope

MOST_REPORTS = 5  # listed by name


def search(
    question: Annotated[str, typer.Argument(help="要找的内容。")],
    k: Annotated[int, typer.Option("-k", metavar="N", help="返回几个段落。")] = 5,
    place: Place = None,
    period: Period = None,
    report: Report = None,
    explain: Annotated[bool, typer.Option("--explain", help="说明每一段为什么被找到。")] = False,
    index: Index = None,
    store: Store = None,
    encoder: Encoder = None,
    as_json: AsJson = False,
) -> None:
    """只检索，不作答：列出最相关的段落。

    例：union-qa search 法律援助办了多少件 -k 3 --place 温州 --period 2018-2023

    例：union-qa search 妈妈小屋建了多少间 --explain
    """
    library = opened(settings_with(index, store), encoder)
    hits = library.retrieve(question, k, place=place, period=period, report=report, explain=explain)
    if as_json:
        print_json([hit_json(hit) for hit in hits])
        return
    if not hits:
        why = "问题里没有可以检索的词，或所限的报告里没有相近的内容"
        say(f"没有找到相关的段落：{why}。请换个说法，或放宽条件。")
    if explain:
        _show_searches(hits)
    for number, hit in enumerate(hits, start=1):
        show(f"{number}. {_origin(hit)}  〔{hit.scores.fused:.2f}〕")
        if reasons := hit.reasons:
            show(
                f"   得分 {hit.scores.fused:.2f} = 语义 {reasons.dense:.2f}（余弦 {hit.scores.dense:.3f}）"
                f" + 词语 {reasons.sparse:.2f}（BM25 {hit.scores.sparse:.2f}） + 覆盖 {reasons.coverage:.2f}"
            )
            matched = (f"{m.word} {m.score:.2f}{'（近义）' if m.synonym else ''}" for m in reasons.matched)
            show(f"   命中：{_listed(matched)}")
        show(f"   {hit.paragraph.text}\n")


def ask(
    question: Annotated[str | None, typer.Argument(help="问题。")] = None,
    questions: Annotated[
        Path | None,
        value("FILE", "一次问许多：每行一个 {id, question, history}，或一张问题表（xlsx、csv）。"),
    ] = None,
    output: Annotated[
        Path | None, value("FILE", "回答写到这里：--questions 的与问题同一形式，一个问题的写成 xlsx。")
    ] = None,
    history: Annotated[list[str] | None, value("问题", "前面问过的，先问的在前，可重复。")] = None,
    place: Place = None,
    period: Period = None,
    report: Report = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="不用语言模型，只从报告原文摘录。")] = False,
    index: Index = None,
    store: Store = None,
    encoder: Encoder = None,
    as_json: AsJson = False,
) -> None:
    """提问：回答里的每个说法都带出处，报告里没有的就说没有。

    例：union-qa ask 温州的法律援助办了多少件？

    例：union-qa ask 那漳州呢？ --history 温州的法律援助办了多少件？

    例：union-qa ask 用表格对比各地的职工书屋和法律援助件数 --output 表格.xlsx

    例：union-qa ask --questions 问题.jsonl --output 回答.jsonl

    例：union-qa ask --questions 问题.xlsx --output 回答.xlsx
    """
    if (question is None) == (questions is None):
        raise typer.BadParameter("请给出一个问题，或用 --questions 给出问题文件（二者选一）")
    if questions is not None and output is None:
        raise typer.BadParameter("--questions 与 --output 要一起用")
    if questions is not None and history:
        raise typer.BadParameter("--questions 的每行自己写 history，不能与 --history 同用")
    if question is not None and output and output.suffix.lower() != ".xlsx":
        raise typer.BadParameter("一个问题的回答只能存成 xlsx，--output 应以 .xlsx 结尾")
    settings = settings_with(index, store)
    if no_llm:
        settings = replace(settings, llm=None)
    if questions is not None and output is not None:
        from qa.cli.batch import answer_file

        filters = {"place": place, "period": period, "report": report}
        answer_file(settings, encoder, questions, output, filters)
        return
    library = opened(settings, encoder)
    answer = library.ask(question or "", history=history or (), place=place, period=period, report=report)
    if as_json:
        print_json(answer_json(answer))
    else:
        _show(answer)
    if output is not None:
        from qa.answer_sheet import write_answers

        write_answers(output, (answer,))
        say(f"已写入 {output}。")


def _show(answer: Answer) -> None:
    show(answer.text)
    if work := answer.work:
        who = f"由 {work.engine} 阅读，逐句核对过" if work.engine else "没有用语言模型"
        say(f"（{who}，{'' if work.counted else '约 '}{work.tokens} 个词元，{work.seconds:.1f} 秒）")
    if answer.citations:
        show("\n出处")
    for citation in answer.citations:
        where = "，".join(filter(None, (citation.title, citation.heading, citation.report)))
        show(f"[{citation.marker}] {where}\n    “{citation.quote}”")
    if answer.nearest:
        show("\n最接近的段落")
    for passage in answer.nearest:
        show(f"- {_origin(passage.hit)}\n    {passage.text}")


def _origin(hit: Hit) -> str:
    return "，".join(filter(None, (hit.report.title, *hit.paragraph.heading, hit.report.source.name)))


def _show_searches(hits: Sequence[Hit]) -> None:
    searches = {hit.reasons.scope: hit.reasons for hit in hits if hit.reasons}
    for standalone in dict.fromkeys(reasons.standalone for reasons in searches.values()):
        show(f"问题：{standalone}")
    for scope, reasons in searches.items():
        show(f"检索：{scope.topic}")
        show(f"  词语：{_listed(reasons.words)}")
        show(f"  近义词：{_listed(reasons.synonyms)}")
        show(f"  范围：{_range(scope, reasons)}")
    if searches:
        show("得分：最近的一句的语义 + 整段的词语（都以候选段落间的标准差计）+ 整段含有问题的多少\n")


def _range(scope: Scope, reasons: Reasons) -> str:
    names = _listed(reasons.reports[:MOST_REPORTS])
    parts = [
        f"地区 {scope.place.name}" if scope.place else "",
        f"时期 {scope.period}" if scope.period else "",
        f"须提到“{scope.mention}”" if scope.mention else "",
        f"{len(reasons.reports)} 份报告：{names}{'……' if len(reasons.reports) > MOST_REPORTS else ''}",
    ]
    return "；".join(filter(None, parts))


def _listed(names: Iterable[str]) -> str:
    return "、".join(names) or "（无）"

"""The words of the interface, Chinese and English side by side.

Labels of components go through Gradio's own translation (``translations``). HTML that the server writes carries
both languages (``both``) and the style sheet shows the one that ``<html lang>`` names: a switch needs no server.
"""

from __future__ import annotations

from qa.web.escaping import escape

__all__ = ["both", "chinese", "has", "translations"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("工会报告问答", "Union Report Q&A"),
    "tagline": (
        "只依据已收录的报告回答，每个数字都能核对到原文",
        "Answers only from the indexed reports; every figure traces back to its source",
    ),
    "starting": (
        "正在启动，一般几秒钟；好了会自动打开。",
        "Starting, a few seconds as a rule; the page will open by itself.",
    ),
    "switch": ("English", "中文"),
    "user_name": ("用户名", "User name"),
    "password": ("密码", "Password"),
    "log_in": ("登录", "Log in"),
    "log_out": ("退出", "Log out"),
    "wrong_password": (
        "用户名或密码不对，请再试一次。忘记密码请找管理员重设。",
        "Wrong user name or password. An administrator can set a new password.",
    ),
    "slowed": (
        "密码输错的次数太多，请 {seconds} 秒后再试。",
        "Too many wrong passwords. Please try again in {seconds} seconds.",
    ),
    "readers_only": (
        "您可以提问和阅读；增删报告、重建索引请找管理员。",
        "You can ask and read; an administrator adds and deletes reports.",
    ),
    "page_ask": ("问答", "Ask"),
    "page_figures": ("数据台账", "Figures"),
    "page_batch": ("批量", "Batch"),
    "page_draft": ("核稿", "Check a draft"),
    "draft": ("稿件", "Draft"),
    "draft_here": (
        "把稿件粘贴在这里。每个数字、日期、荣誉和文件名称都会到报告里查一遍",
        "Paste a draft: every figure, date and name of it is looked up in the reports",
    ),
    "draft_check": ("核对", "Check"),
    "draft_choose": ("或选择稿件文件，也可拖到这里", "Or choose a file, or drop it here"),
    "draft_limits": (
        "docx、txt、md、pdf 等，最多 {megabytes} MB；原稿不会被改动，服务器上不留",
        "docx, txt, md, pdf …, up to {megabytes} MB; the file is never changed, nothing stays on the server",
    ),
    "draft_working": ("正在核对，已完成 {done} / {total}", "Checking, {done} of {total} done"),
    "draft_done": ("共 {count} 处，与报告一致 {good} 处。", "{count} items, {good} agree with the reports."),
    "draft_right": ("报告里是：", "The report has: "),
    "draft_back": ("回到稿件", "Back to the draft"),
    "draft_cut": (
        "稿件很长，网页上只显示前面一部分；下载的文件里是全部。",
        "A long draft: the page shows its beginning, the files have all of it.",
    ),
    "draft_docx": ("下载带批注的 Word", "Download Word with comments"),
    "draft_json": ("下载 JSON", "Download JSON"),
    "verdict_agrees": ("与报告一致", "agrees"),
    "verdict_agrees_otherwise": ("一致，写法不同", "agrees, worded otherwise"),
    "verdict_differs": ("与报告不符", "differs"),
    "verdict_wrong_name": ("名称或日期不符", "wrong name or date"),
    "verdict_other_term": ("另一届的数字", "of another term"),
    "verdict_other_place": ("别处的数字", "of another place"),
    "verdict_plan_for_result": ("报告里是计划", "a plan in the report"),
    "verdict_not_in_reports": ("报告里没有找到", "not in the reports"),
    "page_reports": ("资料", "Reports"),
    "page_search": ("检索测试", "Search test"),
    "page_status": ("状态", "Status"),
    "chat": ("对话", "Conversation"),
    "question": ("问题", "Question"),
    "ask_here": ("输入问题，按回车发送", "Type a question and press Enter"),
    "welcome": ("想了解什么？可以从这些问题开始", "What would you like to know? Start with one of these"),
    "place": ("地区", "Place"),
    "all_places": ("全部地区", "All places"),
    "period": ("时期", "Period"),
    "all_periods": ("全部时期", "All periods"),
    "report": ("报告", "Report"),
    "report_title": ("题目", "Title"),
    "subtitle": ("副题", "Subtitle"),
    "data_until": ("数据截止", "Figures until"),
    "published": ("发表日期", "Date of publication"),
    "delivered": ("报告日期", "Date given"),
    "all_reports": ("全部报告", "All reports"),
    "unit": ("单位", "Unit"),
    "all_units": ("全部单位", "All units"),
    "open": ("在原文中打开", "Open in the report"),
    "indicator": ("指标", "Indicator"),
    "indicator_here": ("找什么指标，如 法律援助", "What is counted, such as 法律援助"),
    "indicator_group": ("选一个指标", "Choose an indicator"),
    "figure": ("数字", "Figure"),
    "view": ("看法", "View"),
    "view_list": ("列表", "List"),
    "view_matrix": ("对照", "Matrix"),
    "view_chart": ("图", "Chart"),
    "order": ("排序", "Order"),
    "order_text": ("按相关与原文顺序", "By fit and text"),
    "order_value": ("数值从大到小", "Largest first"),
    "order_place": ("按地区", "By place"),
    "order_time": ("按时期", "By period"),
    "previous": ("上一页", "Previous"),
    "next": ("下一页", "Next"),
    "no_figures": (
        "没有符合条件的数字。可以去掉一个条件，或换一种说法。",
        "No figure fits. Drop a filter, or try other words.",
    ),
    "no_chart": (
        "没有两个地区或两届都写到的指标。可以去掉一个条件。",
        "No indicator is given by two places or terms. Drop a filter.",
    ),
    "planned": ("{period} 计划", "{period} planned"),
    "as_of": ("截至 {year} 年", "end of {year}"),
    "corrected": ("已更正：", "Corrected: "),
    "correct": ("更正", "Correct"),
    "correct_this": ("原文印作", "Printed as"),
    "right_value": ("正确的数值（3.2万写作 32000）", "Right value (3.2万 is 32000)"),
    "right_indicator": ("指标", "Indicator"),
    "reason": ("理由", "Reason"),
    "author": ("署名", "Author"),
    "correction_kept": (
        "已更正。原来的数字保留在旁边，更正人和日期也一并显示。",
        "Corrected. What is printed is kept beside it, with author and date.",
    ),
    "withdraw": ("撤销", "Take back"),
    "withdrawn": ("已撤销，恢复原文的数字。", "Taken back; what is printed counts again."),
    "corrections": ("更正记录（{count}）", "Corrections ({count})"),
    "readers_correct_nothing": (
        "您可以查看和导出；更正数字请找管理员。",
        "You can look and export; an administrator corrects figures.",
    ),
    "figures_found": ("{figures} 个数字，来自 {reports} 份报告", "{figures} figures from {reports} reports"),
    "rows_shown": ("，第 {first}–{last} 行，共 {total} 行", ", rows {first}–{last} of {total}"),
    "organisation": ("单位", "Organisation"),
    "paragraphs": ("段落", "Paragraphs"),
    "contents": ("目录", "Contents"),
    "source": ("原始文本", "Source text"),
    "source_cut": (
        "文件很长，只显示这一处前后",
        "The file is long; only the text around this place is shown",
    ),
    "earlier": ("↑ 前面的段落", "↑ Earlier paragraphs"),
    "later": ("↓ 后面的段落", "↓ Later paragraphs"),
    "link_here": ("指向这一段的链接", "Link to this paragraph"),
    "place_lost": ("链接所指的位置不在这份报告里", "The link points to no place of this report"),
    "all_reports_back": ("← 全部资料", "← All reports"),
    "doubt": (
        "只有 {percent}% 的把握（依据：{basis}）",
        " is only {percent}% sure (from: {basis})",
    ),
    "unread": ("阅读时的提醒：", "Notes of the reading:"),
    "write_toml": (
        "若不对，请在报告旁的 reports.toml 里写明：",
        "If wrong, say it in reports.toml beside the report:",
    ),
    "upload": (
        "上传报告：txt、md、html、docx、pdf、xlsx、csv；每份不超过 64 MB，一次最多 50 份",
        "Upload reports: txt, md, html, docx, pdf, xlsx, csv; 64 MB each, 50 at once",
    ),
    "confirm_metadata": (
        "请核对，可直接修改标题、地区、时期",
        "Please check; title, place and period can be edited",
    ),
    "take_in": ("确认收录", "Add to the library"),
    "discard": ("不收录", "Discard"),
    "choose_report": ("选择要删除的报告", "Report to delete"),
    "delete": ("删除", "Delete"),
    "delete_sure": ("确认删除，不可恢复", "Delete for good"),
    "keep": ("不删除", "Keep"),
    "looked": ("{total} 份中有 {good} 份可以收录", "Of {total}, {good} can be added"),
    "taken_in": ("已收录 {count} 份，现在就可以提问", "{count} added; they can be asked about now"),
    "deleted": ("已删除“{name}”", "Deleted {name}"),
    "sample_gives_way": (
        "现在回答问题的是自带的示例报告。上传自己的报告后，就只用您的报告回答；示例不会被改动。",
        "The bundled sample reports answer now. Once you upload your own, only yours are used.",
    ),
    "not_here": (
        "增删报告只能在运行本程序的电脑上进行，请在那里打开网页。",
        "Reports can only be added or deleted on the computer that runs this program.",
    ),
    "reindex": ("重新建立索引", "Rebuild the index"),
    "reindexed": (
        "索引已是最新：{reports} 份报告，第 {generation} 代",
        "Up to date: {reports} reports, generation {generation}",
    ),
    "step_looking": ("正在检查文件…", "Checking the files…"),
    "step_lock": ("正在准备…", "Preparing…"),
    "step_read": ("正在读取报告…", "Reading the reports…"),
    "step_embed": ("正在计算向量…", "Computing vectors…"),
    "step_other": ("正在写入索引，对话照常可用…", "Writing the index; the chat stays available…"),
    "batch_help": (
        "把问题写在第一列，或写在标为“问题”的一列，每行一个；有“地区”“时期”“报告”列的，就只在里面查。原表会加上结果、回答、引文和出处还给您，服务器上不留。",
        "One question a row, in the first column or in one headed 问题; columns 地区, 时期, 报告 restrict it. The sheet comes back with answers and sources.",
    ),
    "batch_choose": ("选择问题表，或拖到这里", "Choose a sheet of questions, or drop it here"),
    "batch_limits": (
        "xlsx 或 csv，最多 {questions} 个问题、{megabytes} MB",
        "xlsx or csv, up to {questions} questions and {megabytes} MB",
    ),
    "batch_working": ("正在回答，已完成 {done} / {total}", "Answering, {done} of {total} done"),
    "batch_done": (
        "{count} 个问题已回答。下载的表格里另有地区、时期和引文。",
        "{count} questions answered. The file also has places, periods and quotes.",
    ),
    "answer": ("回答", "Answer"),
    "source_column": ("出处", "Source"),
    "stop": ("停止", "Stop"),
    "save_xlsx": ("下载 XLSX", "Download XLSX"),
    "save_csv": ("下载 CSV", "Download CSV"),
    "search_question": ("要检索的问题", "Question to search for"),
    "search_here": ("输入问题，看能检索到哪些段落", "Type a question to see which passages are found"),
    "search_empty": (
        "这里只检索、不回答：看一个问题找到哪些段落、为什么排在前面，便于核对地区、时期和用词。",
        "Searches without answering: which passages a question finds, and the scores that rank them.",
    ),
    "hits_wanted": ("要几段", "Passages"),
    "hits_found": ("{count} 段，用时 {milliseconds} 毫秒", "{count} passages in {milliseconds} ms"),
    "score_fused": ("综合", "fused"),
    "score_dense": ("语义", "dense"),
    "score_sparse": ("字面", "sparse"),
    "matched": ("匹配到的句子", "Matched sentences"),
    "status_index": ("索引", "Index"),
    "status_created": ("建于", "Built"),
    "status_at": ("{at}（UTC），第 {generation} 代", "{at} UTC, generation {generation}"),
    "status_encoder": ("编码器", "Encoder"),
    "status_content": ("资料", "Content"),
    "status_amounts": (
        "{reports} 份报告，{paragraphs} 个段落，{sentences} 个句子",
        "{reports} reports, {paragraphs} paragraphs, {sentences} sentences",
    ),
    "status_feedback": ("反馈", "Feedback"),
    "status_kept": (
        "{count} 条，{days} 天后自动删除；用 union-qa feedback 列出、导出或立即删除",
        "{count}, deleted after {days} days; union-qa feedback lists, exports or deletes them now",
    ),
    "status_versions": ("版本", "Versions"),
    "status_sample": ("现在使用自带的示例报告", "The bundled sample reports are in use"),
    "look_again": ("刷新", "Refresh"),
    "no_questions_yet": (
        "启动以来还没有人提问；提问之后，这里显示用时（不记录问题内容）。",
        "No questions yet. Their times, never their words, will show here.",
    ),
    "timings": (
        "最近 {count} 个问题：中位 {median} 秒，95% 在 {p95} 秒内",
        "Last {count} questions: median {median} s, 95% within {p95} s",
    ),
    "outcome_answered": ("已回答", "answered"),
    "outcome_not_sure": ("没有把握", "not sure"),
    "outcome_not_reported": ("报告未提", "not reported"),
    "outcome_stopped": ("已停止", "stopped"),
    "outcome_refused": ("问题不能用", "question refused"),
    "outcome_failed": ("出错", "failed"),
    "comparison": ("对照", "Comparison"),
    "copy_reference": ("复制文献格式", "Copy reference"),
    "conversations": ("对话记录", "Conversations"),
    "no_conversations": (
        "问过的会留在这里，只保存在这个浏览器里。",
        "What you ask stays here, in this browser alone.",
    ),
    "rename": ("改名", "Rename"),
    "delete_conversation": ("删除这个对话？", "Delete this conversation?"),
    "answer_changed": (
        "这个回答是按现有报告重新得出的，与当时不同。",
        "The reports give another answer now than they did then.",
    ),
    "limited": ("只看", "Limited to"),
    "useful": ("有用", "Useful"),
    "useless": ("无用", "Not useful"),
    "comment": ("意见", "Comment"),
    "comment_here": ("哪里好、哪里不对？可不填", "What is right or wrong? You may leave it empty"),
    "close": ("关闭", "Close"),
    "thanks": (
        "已记下，存在运行本程序的电脑上，{days} 天后删除。",
        "Noted, on the computer that runs this program, for {days} days.",
    ),
    "comment_kept": ("谢谢，意见已记下。", "Thank you, your comment is noted."),
    "again": ("重新回答", "Answer again"),
    "as_markdown": ("存 Markdown", "Markdown"),
    "as_docx": ("存 Word", "Word"),
    "as_xlsx": ("存 Excel", "Excel"),
    "first_5": ("前 5 段", "First 5"),
    "first_10": ("前 10 段", "First 10"),
    "first_20": ("前 20 段", "First 20"),
    "first_50": ("前 50 段", "First 50"),
    "not_mentioned": ("报告未提", "not reported"),
    "not_matched": ("没有匹配上", "no match"),
    "clear": ("新对话", "New conversation"),
    "copy": ("复制回答与出处", "Copy with sources"),
    "copied": ("已复制", "Copied"),
    "reading": ("正在查阅报告…", "Reading the reports…"),
    "doing_plan": ("正在理解问题…", "Understanding the question…"),
    "doing_search": ("正在查找：{about}…", "Searching: {about}…"),
    "doing_read": ("正在读 {count} 段…", "Reading {count} passages…"),
    "doing_check": ("正在核对…", "Checking…"),
    "doing_mend": ("有的说法与原文对不上，正在改正…", "Some of it does not match the source, mending…"),
    "by_model": ("由 {name} 阅读，逐句核对过", "Read by {name}, checked sentence by sentence"),
    "by_rules": ("没有用语言模型", "Without the language model"),
    "tokens": ("· {count} 个词元 · {seconds} 秒", "· {count} tokens · {seconds} s"),
    "tokens_about": ("· 约 {count} 个词元 · {seconds} 秒", "· some {count} tokens · {seconds} s"),
    "without_model": ("不用语言模型", "Without the language model"),
    "stopped": ("已停止", "Stopped"),
    "evidence": ("依据", "Evidence"),
    "empty": (
        "回答中的每个 [1] 都对应这里的一张卡片：出自哪份报告、哪个地区和时期，所引的句子在原段落中标亮。",
        "Every mark [1] has a card here: its report, place, period, and the quote highlighted in its paragraph.",
    ),
    "empty_library": (
        "还没有收录任何报告。请先用 union-qa rebuild 建立索引。",
        "No reports are indexed yet. Build an index with union-qa rebuild first.",
    ),
    "understood": ("理解为", "Understood as"),
    "back": ("回到回答", "Back to the answer"),
    "unplaced": (
        "引文在报告中的位置暂时无法显示，以下为引文本身",
        "The paragraph cannot be shown now; this is the quote itself",
    ),
    "inferred": ("地区或时期由系统推断，请留意", "Place or period was inferred; please check"),
    "quotes_checked": (
        "{count} 处引文逐字见于原文（是否答到点上，请看引文）",
        "Quotes found word for word: {count} (read them to judge the answer)",
    ),
    "quotes_missing": ("{count} 处引文未能定位", "Quotes not located: {count}"),
    "figures_quoted": ("{count} 个数字见于引文", "Figures in the quotes: {count}"),
    "figures_derived": ("{count} 个数字由引文算出", "Figures computed from the quotes: {count}"),
    "figures_unsupported": ("{count} 个数字未能核对", "Figures not verified: {count}"),
    "nothing_cited": ("没有引用原文", "Nothing is cited"),
    "calculation": ("计算过程", "Calculation"),
    "nearest": ("最接近的段落（未必回答了问题）", "Nearest passages (they may not answer the question)"),
    "reason_unknown_place": ("资料中没有这个地区的报告", "No report covers this place"),
    "reason_unknown_indicator": ("资料中没有这项内容", "The reports do not mention this"),
    "reason_outside_period": ("资料不涉及这个时期", "The reports do not cover this period"),
    "reason_false_premise": (
        "问题的前提与资料不符",
        "The question rests on a premise the reports contradict",
    ),
    "reason_unsure": (
        "找到了相近的内容，但不能确定它就是答案",
        "Found something close, but not sure it answers",
    ),
    "reason_no_support": ("资料中没有足够的依据", "The reports do not support an answer"),
    "reason_different_measure": ("口径与所问不同，请留意", "The measure differs from the one asked for"),
    "reason_different_period": ("时期与所问不同，请留意", "The period differs from the one asked for"),
    "reason_earlier_figure": ("涉及较早时期的数字，请留意时期", "Holds figures of an earlier term"),
}


def chinese(key: str) -> str:
    """The Chinese words alone, for places that cannot switch."""
    return _WORDS[key][0]


def has(key: str) -> bool:
    """Whether there are words under this key."""
    return key in _WORDS


def both(key: str, **values: object) -> str:
    """Escaped HTML with both languages, one of which the style sheet hides.

    >>> both("copied")
    '<span class="zh" lang="zh-CN">已复制</span><span class="en" lang="en">Copied</span>'
    """
    zh, en = (escape(words.format(**values) if values else words) for words in _WORDS[key])
    return f'<span class="zh" lang="zh-CN">{zh}</span><span class="en" lang="en">{en}</span>'


def translations() -> dict[str, dict[str, str]]:
    """Words by locale, as Gradio's ``I18n`` takes them."""
    zh = {key: words[0] for key, words in _WORDS.items()}
    return {"zh-CN": zh, "zh-TW": zh, "en": {key: words[1] for key, words in _WORDS.items()}}

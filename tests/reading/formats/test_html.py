import time
from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading import read_report
from qa.reading.formats.html import extract, read
from tests.reading.formats.made import PROSE, ROWS, TABLE, TITLE, coverage, parts, plain

MENU = "".join(
    f'<li><a href="/{i}">{word}</a></li>'
    for i, word in enumerate(("首页", "机构概况", "新闻中心", "互动交流", "专题"))
)
LINKS = "".join(
    f'<li><a href="/n{i}">另一条新闻的标题写在第{i}行这里</a><span>05-0{i}</span></li>' for i in range(1, 7)
)
BODY = "".join(f"<h2>{t}</h2>" if kind == "heading" else f"<p>　　{t}</p>" for kind, t in parts(1))
CELLS = "".join("<tr>" + "".join(f"<td><p>{c}</p></td>" for c in row) + "</tr>" for row in TABLE)
FOOT = "<div><p>主办：青禾市总工会，电话：000-1234567</p><p>某ICP备00000000号-1　公网安备 0000号</p></div>"
PAGE = f"""<html><head><title>{TITLE}_青禾工会网</title><style>p{{}}</style><script>alert("坏")</script></head><body>
<div class="top-nav"><ul>{MENU}</ul></div><div>您现在的位置：<a>首页</a> &gt; <a>新闻</a></div>
<div class="main"><h1>{TITLE}</h1>{BODY}<table>{CELLS}</table><div><a>打印本页</a> <a>关闭窗口</a></div>
<div>上一篇：<a href="x">别的文章</a></div></div>
<div><h3>相关阅读</h3><ul>{LINKS}</ul></div>{FOOT}</body></html>"""
WANTED = [TITLE, *(t for _, t in parts(1)), *ROWS]


def lines(markup: str) -> list[str]:
    return read(markup, "utf-8", "x.html").text.splitlines()


def test_an_article_comes_back_without_its_surroundings() -> None:
    assert lines(PAGE) == WANTED


def test_lists_comments_and_advertising_around_an_article_are_no_text() -> None:
    advert = '<div class="adbox"><a href="x">限时特惠！山货节 满200减30 点击抢购&gt;&gt;&gt;</a></div>'
    linked = '<p><a href="y">下载职工之家APP领福利</a></p>'
    aside = (
        "<div><h3>热点排行</h3><ol><li>怎样算加班费？</li><li>一张图看懂法律</li></ol></div>"
        "<div><h3>网友评论（2条）</h3><p>网友 小李：写得好，学到了。</p></div>"
    )
    page = PAGE.replace("</h1>", f"</h1>{advert}", 1).replace("</table>", f"</table>{linked}", 1)
    assert lines(page.replace(FOOT, aside + FOOT)) == WANTED
    flat = "<p>相关链接</p><p><a href='z'>另一条新闻</a></p><p>新建驿站三座。</p>"
    article = [TITLE, *(t for _, t in parts(1)), "新建驿站三座。"]
    assert lines(f"<title>{TITLE}</title><h1>{TITLE}</h1>{BODY}{flat}") == article


def test_a_look_back_at_the_week_is_text() -> None:
    section = "<section><h2>本周工作回顾</h2><p>新建驿站三座。</p><p>慰问职工42人。</p></section>"
    assert lines(PAGE.replace("<table>", f"{section}<table>", 1))[-6:-3] == [
        "本周工作回顾",
        "新建驿站三座。",
        "慰问职工42人。",
    ]


@pytest.mark.parametrize("head", ["往期回顾", "精彩内容", "更多内容（3条）", "相关新闻"])
def test_a_list_of_other_articles_ends_where_its_links_do(head: str) -> None:
    items = "<li><a href='z'>甲市召开会议</a> 2023-05-06</li><li><a href='z'>乙市召开会议</a></li>"
    found = lines(f"<h1>{TITLE}</h1>{BODY}<h3>{head}</h3><ul>{items}</ul><p>新建驿站三座。</p>")
    assert found == [TITLE, *(t for _, t in parts(1)), "新建驿站三座。"]


def test_comments_end_at_a_running_paragraph() -> None:
    said = "<p>网友评论</p><p>张三：写得好。</p><p>李四：我们单位慰问了500人</p>"
    assert lines(f"<h1>{TITLE}</h1>{BODY}{said}") == [TITLE, *(t for _, t in parts(1))]


def test_the_bar_of_a_site_above_the_title_is_no_text() -> None:
    bar = '<div class="t"><a href="/l">登录</a> | <a href="/r">注册</a> | 今天是2025年1月17日 星期五</div>'
    bar += "<div>首页 &gt; 新闻 &gt; 部门动态</div>"
    kicker = "<p>青禾工会这一年</p>"
    assert lines(PAGE.replace("<body>", f"<body>{bar}{kicker}")) == ["青禾工会这一年", *WANTED]


@pytest.mark.parametrize("title", [TITLE, "青禾市总工会2019—2023年工作报告", "青禾市职工之家"])
def test_links_below_the_title_are_text(title: str) -> None:
    linked = '<p>会员名册见<a href="x">附件一</a>，共三份</p>'
    for printed in ("", f"<div>{title}</div>", f"<div>{title}（摘要）</div>"):
        page = f"<title>{title}_青禾工会网</title>{printed}{BODY.replace('h2', 'p')}{linked}"
        found = lines(page)
        assert found[0].startswith(title)
        assert found[-1] == "会员名册见附件一，共三份"


def test_a_figure_of_a_table_stays_whole_and_hidden_text_is_none() -> None:
    cell = '<span>36</span><b>.5</b><span style="display: none">9</span><br>人'
    heads = "<tr><td>县区</td><td>会员</td><td>率</td></tr>"
    page = f"<table>{heads}<tr><td>东<i>溪</i>区</td><td>{cell}</td><td>92.3%</td></tr></table>"
    assert lines(page) == ["县区：东溪区；会员：36.5 人；率：92.3%"]


def test_roles_and_levels() -> None:
    found = read(PAGE, "utf-8", "x.html")
    headings = [(b.level, found.text[b.start : b.end]) for b in found.blocks if b.role == "heading"]
    assert headings == [(1, TITLE), *((2, t) for kind, t in parts(1) if kind == "heading")]
    assert sum(b.role == "table row" for b in found.blocks) == len(ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gb2312", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312"])
def test_the_declared_charset_may_lie(tmp_path: Path, encoding: str, declared: str) -> None:
    markup = PAGE.replace("·", "").replace("<head>", f'<head><meta charset="{declared}">')
    path = tmp_path / "x.htm"
    path.write_bytes(markup.encode(encoding))
    assert coverage(plain(1), extract(path).text) == 1


def test_a_page_laid_out_with_tables() -> None:
    text = "<br><br>\n".join(f"　　{t}" for _, t in parts(1))
    page = f"<title>{TITLE}</title><table><tr><td colspan=2><a>首页</a></td></tr><tr><td><ul>{LINKS}</ul></td><td>"
    page += f"<table><tr><td><b>{TITLE}</b></td></tr><tr><td>{text}</td></tr></table></td></tr></table>"
    found = lines(page)
    assert [t for t in found if t != "首页"] == [TITLE, *(t for _, t in parts(1))]


@pytest.mark.parametrize("side", ["", "<td>栏目导航</td>"])
@pytest.mark.parametrize("between", ["</p><p>", ""])
def test_a_table_around_an_article_is_no_data(side: str, between: str) -> None:
    menu = ("<tr>" + "".join(f"<td>栏目{i}</td>" for i in range(8)) + "</tr>") * 3
    texts = [t for kind, t in parts(1) if kind != "heading"] * 2
    page = f"<table>{menu}<tr>{side}<td><p>{between.join(texts)}</p></td></tr></table>"
    found = read(page, "utf-8", "x.html")
    assert 300 < sum(map(len, texts)) < 2500
    assert {b.role for b in found.blocks} == {"paragraph"}
    assert found.text.splitlines()[-1].endswith(texts[-1])


def test_a_table_of_three_texts_is_no_data() -> None:
    rows = "<tr><td>第一章</td><td>第二章</td></tr><tr><td>第三章</td><td></td></tr>"
    assert lines(f"<p>目录</p><table>{rows}</table>") == ["目录", "第一章", "第二章", "第三章"]


def test_what_a_reader_does_not_see_is_not_read() -> None:
    page = (
        '<p style="display: none">暗一</p><p style="font-size:0">暗二</p><span hidden>暗三</span><!-- 暗四 -->'
        "<noscript>暗五</noscript><template>暗六</template><textarea>暗七</textarea><p>看得见<b style='visibility:hidden'>暗八</b>的字。</p>"
    )
    assert lines(page) == ["看得见的字。"]


def test_inline_markup_does_not_cut_figures_or_words() -> None:
    assert lines("<p>发放<span>12</span><strong>86.5</strong>万元，\n惠及<i>九</i>千户。</p>") == [
        "发放1286.5万元，惠及九千户。"
    ]


def test_the_paragraphs_of_preformatted_text_stay_apart_and_their_lines_together() -> None:
    first = (
        "\n一、工作回顾\n　　新建驿站<b>八座。</b>\n全市共有会员\n88000人。\n\n二、帮扶\n全年慰问职工42人。"
    )
    assert lines(f"<pre>{first}</pre><p>完。\n</p>") == [
        "一、工作回顾",
        "新建驿站八座。",
        "全市共有会员 88000人。",
        "二、帮扶",
        "全年慰问职工42人。",
        "完。",
    ]


def test_the_number_of_a_note_and_what_is_struck_out_join_no_figure() -> None:
    assert lines(
        "<p>建成书屋123<sup>1</sup>家，驿站<del>999</del>45个、<s>8</s>小屋6间<sup>[2]</sup>，园地78m<sup>2</sup>。</p>"
    ) == ["建成书屋123家，驿站45个、小屋6间，园地78m2。"]


def test_cells_that_cover_rows_and_columns() -> None:
    page = (
        "<table><caption>表一 会员</caption><tr><th rowspan=2>县区</th><th colspan=2>会员（人）</th></tr>"
        "<tr><th>男</th><th>女</th></tr><tr><td>东溪区</td><td>1200</td><td>1350</td></tr></table>"
    )
    assert lines(page) == ["表一 会员", "县区：东溪区；会员 男：1200人；会员 女：1350人"]


def test_a_cell_of_no_stated_height_covers_the_rest_of_its_section() -> None:
    sections = "".join(
        f'<tbody><tr><td rowspan="0">{kind}</td><td>{first}</td><td>12</td></tr>'
        + f"<tr><td>{second}</td><td>20</td></tr>" * 2
        + "</tbody>"
        for kind, first, second in (("城区", "东溪区", "东山区"), ("农村", "西岭县", "西山县"))
    )
    page = f"<table><thead><tr><th>类别</th><th>县区</th><th>会员（人）</th></tr></thead>{sections}</table>"
    assert lines(page) == [
        "类别：城区；县区：东溪区；会员：12人",
        *["类别：城区；县区：东山区；会员：20人"] * 2,
        "类别：农村；县区：西岭县；会员：12人",
        *["类别：农村；县区：西山县；会员：20人"] * 2,
    ]


@pytest.mark.parametrize(
    "title", ['<tr><th colspan="3">各县区会员</th></tr>', "", "<tr><td colspan=3>各县区会员</td></tr>"]
)
@pytest.mark.parametrize("tag", ["td", "th"])
def test_the_heads_below_a_title_are_heads_in_any_markup(title: str, tag: str) -> None:
    heads = "".join(f"<{tag}>{text}</{tag}>" for text in ("县区", "会员（人）", "经费（万元）"))
    row = "<tr><td>东溪区</td><td>1200</td><td>13.5</td></tr>"
    page = f"<table>{title}<tr>{heads}</tr>{row}{row.replace('溪', '山')}</table>"
    wanted = [f"县区：{name}；会员：1200人；经费：13.5万元" for name in ("东溪区", "东山区")]
    assert lines(page) == ["各县区会员"] * bool(title) + wanted


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "font", "li", "p"])
def test_deep_nesting_takes_bounded_time(tag: str) -> None:
    start = time.process_time()
    deep = f"<{tag}>" * 100_000 + "深处的话。" + f"</{tag}>" * 100_000
    assert "深处的话。" in read(deep, "utf-8", "x.html").text
    assert time.process_time() - start < 40


def test_hostile_spans_are_bounded() -> None:
    page = '<table><tr><td colspan="99999999" rowspan="99999999">头</td><td colspan="-1">值</td></tr><tr><td>行</td><td>3</td></tr></table>'
    assert read(page, "utf-8", "x.html").text


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "空.html"
    path.write_text("<html><body><script>var a = 1</script></body></html>", encoding="utf-8")
    with pytest.raises(ReportError, match=r"空\.html"):
        extract(path)


def test_an_article_that_a_script_will_show_is_read(tmp_path: Path) -> None:
    body = "".join(
        f"<section><p><span>{text[:9]}</span><strong><span>{text[9:]}</span></strong></p></section>"
        for text in PROSE
    )
    page = (
        '<html><head><title>公众平台</title><meta property="og:title" content="青禾工会这五年"></head><body>'
        f'<div class="media_content" id="js_content" style="visibility: hidden; opacity: 0;">{body}</div>'
        '<div style="opacity:0">看不见的话。</div><p>微信扫一扫<br>关注该公众号</p></body></html>'
    )
    extract = read(page, "utf-8", "a.html")
    texts = [extract.text[b.start : b.end] for b in extract.blocks]
    assert texts == ["青禾工会这五年", *PROSE]


def test_a_bold_subtitle_heads_no_section(tmp_path: Path) -> None:
    body = "".join(f"<b>{t}</b><br>" if kind == "heading" else f"　　{t}<br>" for kind, t in parts(1))
    page = f"<title>{TITLE} - 青禾网</title><div><b>{TITLE}</b><br><b>——青禾市总工会五年工作综述</b><br>{body}</div>"
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8")
    found = read_report(path)
    assert (found.title, found.subtitle) == (TITLE, "——青禾市总工会五年工作综述")
    assert all("综述" not in h for p in found.paragraphs for h in p.heading)


def test_the_lines_of_one_heading_are_one(tmp_path: Path) -> None:
    page = f"<title>在青禾市总工会五届六次全委会上的工作报告-工作报告</title><h1>在青禾市总工会五届六次<br>全委会上的工作报告</h1><p>{PROSE[0]}</p>"
    found = read(page, "utf-8", "a.html")
    assert found.text[: found.blocks[0].end] == "在青禾市总工会五届六次全委会上的工作报告"
    assert [b.role for b in found.blocks] == ["heading", "paragraph"]
    below = read(f"<h1>凝心聚力开新局<br>——青禾市总工会五年工作综述</h1><p>{PROSE[0]}</p>", "utf-8", "a.html")
    assert [below.text[b.start : b.end] for b in below.blocks][1] == "——青禾市总工会五年工作综述"


def test_a_site_prints_its_name_above_the_title_and_labels_below_it(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    name, title = "青禾市总工会", "青禾市总工会2023年工作总结"
    for head in (
        f"<h1>{name}</h1><h2>{title}</h2>",
        f"<h1>{title}<br>来源：{name} 发布时间：2024-01-05</h1>",
    ):
        path.write_text(f"<title>{title}</title>{head}<p>{PROSE[0]}</p>", encoding="utf-8")
        assert read_report(path).title == title


def test_items_that_end_with_commas_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "".join(f"<p>{t}</p>" for t in ("一是加强引领，", "二是加强维权，", "三是加强服务。", PROSE[0])),
        "utf-8",
    )
    assert [p.text for p in read_report(path).paragraphs][:3] == [
        "一是加强引领，",
        "二是加强维权，",
        "三是加强服务。",
    ]


def test_a_title_of_dashes_is_read_in_linear_time() -> None:
    start = time.process_time()
    read(f"<title>a{'—' * 40_000}2</title><p>{PROSE[0]}</p>", "utf-8", "a.html")
    assert time.process_time() - start < 10


def test_a_title_that_the_page_prints_alone_is_without_the_name_of_the_site_before_it() -> None:
    printed = f"<table><tr><td><strong>{TITLE}</strong></td></tr></table>"
    assert lines(f"<title>青禾工人报数字报-{TITLE}</title>{printed}{BODY}")[0] == TITLE

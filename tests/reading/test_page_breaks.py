"""What the ends of columns and pages part is put together again, and nothing else."""

import pytest

from qa.reading.formats import Extract
from qa.reading.formats.text import text_blocks
from qa.reading.layout import Restored, restore

LENGTH = 24  # characters of a printed line
PARAGRAPHS = (
    "过去一年，全市各级工会围绕中心、服务大局，各项工作都迈上了新的台阶，受到了职工的好评。我们坚持把服务送到"
    "职工身边，把培训办到车间班组，把矛盾化解在基层一线，工会组织的吸引力和影响力都有了明显的提高。",
    "（一）服务职工更有温度。全年新建户外劳动者驿站86座，配备饮水机和急救箱，服务环卫工人和快递员31万人次。",
    "（二）全年受理劳动争议案件146件，调解成功121件，为农民工和女职工追回工资等238.4万元。",
    "（三）技能培训。开设电工、焊工、护理等培训班38期，培训职工3960人次。",
    "（四）受理1465件，追回2380.45万元，帮助女职工和农民工312人次。",
    "在看到成绩的同时，也要看到工会工作还有不少差距，基层工会的力量还不够强，需要加以解决。对此，我们将从职工最关心"
    "的事情做起，把力量更多地放到车间班组，把阵地建到职工身边，把制度立在前面，努力使工会组织更加充满活力、更加坚强有力。",
)


def restored(text: str) -> Restored:
    return restore(Extract(text, "utf-8", "txt", tuple(text_blocks(text))))


def wrapped(paragraph: str) -> list[str]:
    printed = f"　　{paragraph}"
    return [printed[k : k + LENGTH] for k in range(0, len(printed), LENGTH)]


@pytest.mark.parametrize("mark", ["— 1 —", "第 1 页", "- 1 -"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_numbered_paragraph_goes_on_over_the_number_of_a_page(number: int, mark: str) -> None:
    lines = [wrapped(paragraph) for paragraph in PARAGRAPHS]
    lines[number].insert(1, f"\n{mark}\n")
    result = restored("一、工作回顾\n\n" + "\n\n".join("\n".join(part) for part in lines) + "\n")
    assert [p.text for p in result.paragraphs if p.kind == "prose"] == list(PARAGRAPHS)
    assert [p.text for p in result.paragraphs if p.kind == "furniture"] == ["".join(mark.split())]
    assert [h.text for h in result.headings] == ["一、工作回顾"]


def test_a_page_that_ends_with_a_paragraph_or_a_heading_goes_on_with_another() -> None:
    first, second, *_, last = ("\n".join(wrapped(paragraph)) for paragraph in PARAGRAPHS)
    text = f"{first}\n\n— 1 —\n\n{second}\n\n二、存在的差距\n\n— 2 —\n\n{last}\n"
    result = restored(f"一、工作回顾\n\n{text}")
    assert [p.text for p in result.paragraphs if p.kind == "prose"] == [*PARAGRAPHS[:2], PARAGRAPHS[-1]]
    assert [h.text for h in result.headings] == ["一、工作回顾", "二、存在的差距"]


def test_a_numbered_line_that_stops_in_its_second_sentence_is_no_heading() -> None:
    start = "（二）关爱职工落到实处。全年慰问困难职工208人次，发放慰问金71.4万元；大病救助19人，"
    end = "救助金额46万元。组织疗休养360人，为一线职工健康体检5120人次，职工食堂都已改造。"
    result = restored(f"一、工作回顾\n\n{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n\n{start}\n\n{end}\n")
    assert [p.text for p in result.paragraphs] == [*PARAGRAPHS[:2], start + end]
    assert [h.text for h in result.headings] == ["一、工作回顾"]


@pytest.mark.parametrize("mark", ["1.", "一、"])
def test_the_first_item_of_a_list_continues_no_line_above_it(mark: str) -> None:
    lead = "重点做好下面两件实事："
    first = mark + "启动新一轮工资集体协商，3月底前签订，争取一线岗位工资增幅高于平均增幅2个百分点。"
    second = mark.translate(str.maketrans("1一", "2二")) + "做好维权服务，劳动争议调解成功率达到91%以上。"
    text = f"一、2030年工作\n\n{PARAGRAPHS[0]}\n\n二、2031年安排\n\n{lead}\n\n{first}\n\n{second}\n"
    assert [p.text for p in restored(text).paragraphs] == [PARAGRAPHS[0], lead, first, second]

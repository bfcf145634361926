"""What is written is what is read back, whatever the text holds."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qa.index.segment import reports_from_lines, sentence_lines, sentences_from_lines, to_lines
from qa.index.sources import distinct_names
from qa.types import Inference, Paragraph, Period, Place, Report, Sentence, Source

texts = st.text(st.characters(), max_size=30)  # lone surrogates too: odd files hold them
spans = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3).map(tuple)
paragraphs = st.builds(
    Paragraph,
    texts,
    st.integers(0, 99),
    st.lists(texts, max_size=2).map(tuple),
    texts,
    st.just("prose"),
    spans,
)
years = st.none() | st.builds(Period, st.integers(1900, 2100), st.integers(1900, 2100))
tellings = st.tuples(st.sampled_from(("result", "plan", "")), years)
reports = st.builds(
    Report,
    id=texts,
    source=st.builds(Source, texts, texts, texts, texts, texts),
    title=texts,
    subtitle=texts,
    organisation=texts,
    place=st.builds(Place, texts, st.lists(texts, max_size=2).map(tuple), st.just("city")),
    period=years,
    delivered=st.sampled_from(("", "2026-01-20")),
    speaker=st.sampled_from(("", "林一舟")),
    plans=years,
    inferences=st.lists(st.builds(Inference, texts, texts, st.floats(0, 1)), max_size=2).map(tuple),
    paragraphs=st.lists(paragraphs, max_size=2).map(tuple),
)


@given(st.lists(reports, max_size=3).map(tuple))
def test_reports_survive(written: tuple[Report, ...]) -> None:
    assert reports_from_lines(to_lines(written)) == written


@given(reports, st.data())
def test_sentences_survive(report: Report, data: st.DataObject) -> None:
    held = {p.number: replace(p, report_id=report.id) for p in report.paragraphs}
    written = [
        Sentence(
            report.id,
            p.number,
            start,
            start + 2,
            p.text[start : start + 2],
            data.draw(texts),
            *data.draw(tellings),
        )
        for p in held.values()
        for start in range(0, len(p.text), 2)
    ]
    kept = replace(report, paragraphs=tuple(held.values()))
    assert sentences_from_lines(sentence_lines(written), [kept]) == tuple(
        replace(s, end=s.start + 2) for s in written
    )


@given(st.sets(st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=4).map("/".join), max_size=8))
def test_names_are_distinct_and_tell_the_file(paths: set[str]) -> None:
    from pathlib import Path

    names = distinct_names([Path(p) for p in sorted(paths)])
    assert len(set(names.values())) == len(paths)
    assert all(path.as_posix().endswith(name) for path, name in names.items())


def test_names_that_look_alike_are_numbered() -> None:
    from pathlib import Path

    names = distinct_names([Path("甲"), Path("甲\u200b"), Path("甲 (2)"), Path("乙/甲")])
    assert len(set(names.values())) == 4
    assert names[Path("甲")] == "甲"
    assert names[Path("乙/甲")] == "乙/甲"

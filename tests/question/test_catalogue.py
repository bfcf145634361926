"""The tables of a catalogue hold what a walk through its reports finds, and are made once."""

from dataclasses import replace

import pytest

from qa.question import Catalogue, catalogue_of, understand
from qa.question.catalogue import Term, in_titled_report
from qa.text.divisions import short_name
from qa.types import Report
from tests.reports import report_of

PLACES = ("苏州市", "昆山市", "昆明市", "杭州市", "")
REPORTS: tuple[Report, ...] = tuple(
    report_of(
        f"# {place or '某厂'}工作报告{first}\n\n第十{'一二三'[n % 3]}次代表大会以来，{first + 1}年在太仓办起夜校{n}所。\n",
        f"{n}.md",
        place,
        (first, first + 5),
    )
    for n, (place, first) in enumerate((p, y) for p in PLACES for y in (2008, 2013, 2018))
)


@pytest.fixture
def catalogue() -> Catalogue:
    return catalogue_of(REPORTS)


def names(terms: tuple[Term, ...]) -> list[str]:
    return [term.name for term in terms]


@pytest.mark.parametrize("name", ["苏州市", "昆山市", "江苏省", "云南省", "福建省", ""])
def test_terms_by_place_are_those_of_a_walk(name: str, catalogue: Catalogue) -> None:
    assert catalogue.of_place(name) == tuple(t for t in catalogue.terms if t.place.name == name)
    assert catalogue.under(name) == tuple(t for t in catalogue.terms if name in t.place.parents)


def test_groups_cover_every_term_once_and_keep_the_order_of_time(catalogue: Catalogue) -> None:
    assert sorted(names(sum(catalogue.by_place, ()))) == sorted(names(catalogue.terms))
    for group in catalogue.by_place:
        assert len({t.place for t in group}) == 1
        assert [t.period for t in group] == sorted(t.period for t in group if t.period)


def test_places_and_periods_are_those_of_the_reports(catalogue: Catalogue) -> None:
    assert {p.name for p in catalogue.places} == set(PLACES) - {""}
    assert [str(p) for p in catalogue.periods] == ["2008–2013", "2013–2018", "2018–2023"]
    for place in catalogue.places:
        for name in (place.name, *place.parents):
            assert catalogue.divisions[name] == catalogue.divisions[short_name(name)] == name


def test_years_and_congresses_are_read_out_of_the_text(catalogue: Catalogue) -> None:
    for term in catalogue.terms:
        assert term.period is not None and term.years == {term.period.start + 1}
        assert len(term.congresses) == 1


@pytest.mark.parametrize("question", ["2019年办起几所夜校？", "第十二次代表大会以来办起几所夜校？", "夜校"])
def test_a_question_without_a_place_is_asked_of_the_reports_of_its_time(
    question: str, catalogue: Catalogue
) -> None:
    (scope,) = understand(question, (), catalogue).scopes
    found = [t for t in catalogue.terms if t.report_id in scope.report_ids]
    wanted = [
        t
        for t in catalogue.terms
        if ("2019" not in question or (t.period and t.period.start == 2018))
        and ("第十二" not in question or "十二" in t.congresses)
    ]
    assert found == wanted


def test_a_report_is_named_by_its_subtitle_too() -> None:
    own = replace(REPORTS[0], id="own", title="奋楫扬帆", subtitle="苏州工会五年工作综述")
    (scope,) = understand(
        "《苏州工会五年工作综述》里办起几所夜校？", (), catalogue_of((own, *REPORTS[1:]))
    ).scopes
    assert scope.report_ids == ("own",) and "综述" not in scope.topic
    others = catalogue_of((replace(own, subtitle="2023年工作报告"), *REPORTS[1:]))  # ends the title of more
    assert in_titled_report(others, "《绍兴市总工会2023年工作报告》里办起几所夜校？")[0] is others


def test_a_choice_is_made_once_for_the_same_question(catalogue: Catalogue) -> None:
    made: list[str] = []

    def of(catalogue: Catalogue, name: str) -> tuple[Term, ...]:
        made.append(name)
        return catalogue.of_place(name)

    first = catalogue.narrowed(of, "苏州市")
    assert catalogue.narrowed(of, "苏州市") is first and first.terms == catalogue.of_place("苏州市")
    assert catalogue.narrowed(of, "昆明市").terms == catalogue.of_place("昆明市")
    assert made == ["苏州市", "昆明市"]


def test_words_are_found_in_the_texts_and_another_catalogue_does_not_share_them(catalogue: Catalogue) -> None:
    assert catalogue.mentioning("太仓") == catalogue.terms and catalogue.mentioning("喀什") == ()
    told = catalogue.terms[0]
    elsewhere = Catalogue((told,), lambda name: {told.report_id} if name == "喀什" else ())
    assert elsewhere.mentioning("喀什") == (told,) and elsewhere.mentioning("太仓") == ()

"""The bundled sample reports and an invented one as a register, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.drafts.ranking import Register, register_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of
from tests.reports import sample

INVENTED = Path(__file__).parent / "data" / "invented_report.md"


@pytest.fixture(scope="session")
def register() -> Register:
    reports = (*sample().index.reports, read_report(INVENTED))
    figures = (figure for report in reports for figure in figures_of(report, sentences_of(report)))
    return register_of(reports, Ledger(reports, figures))

"""The bundled sample reports as a register, made once."""

from __future__ import annotations

import pytest

from qa.drafts import Register, register_of
from qa.ledger import Ledger
from tests.reports import sample


@pytest.fixture(scope="session")
def register() -> Register:
    index = sample().index
    return register_of(index.reports, Ledger.of(index))

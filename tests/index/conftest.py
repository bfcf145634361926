"""An index of two small reports, built anew for each test."""

from pathlib import Path

import pytest

from tests.index.made import SUZHOU, WUXI, Built, HashedBigrams, write_reports


@pytest.fixture
def built(tmp_path: Path) -> Built:
    made = Built(
        write_reports(tmp_path / "reports", suzhou=SUZHOU, wuxi=WUXI), tmp_path / "index", HashedBigrams()
    )
    made.rebuild()
    return made

"""The register of the index that serves, that drafts are checked against: made when first asked for, then kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from qa.ledger import Ledger
from qa.library.holder import Held

if TYPE_CHECKING:
    from qa.drafts import Register


class Registers:
    """Holds one register; safe to share between threads."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._kept: tuple[Ledger, Register] | None = None

    def get(self, held: Held, ledger: Ledger) -> Register:
        """The register of this index with what its ledger says."""
        with self._making:
            if self._kept is None or self._kept[0] is not ledger:
                from qa.drafts import register_of

                self._kept = (ledger, register_of(held.index.reports, ledger))
            return self._kept[1]

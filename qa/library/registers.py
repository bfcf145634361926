"""The register of the index that serves, against which drafts are checked: made on first use, then kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from qa.ledger import Ledger
from qa.library.index_keeper import Snapshot

if TYPE_CHECKING:
    from qa.drafts import Register


class Registers:
    """Keeps one register; safe to share between threads."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._kept: tuple[Ledger, Register] | None = None

    def get(self, snapshot: Snapshot, ledger: Ledger) -> Register:
        """Return the register of this index and its ledger."""
        with self._making:
            if self._kept is None or self._kept[0] is not ledger:
                from qa.drafts import Register

                self._kept = (ledger, Register(snapshot.index.reports, ledger))
            return self._kept[1]

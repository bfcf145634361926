"""What more than one check looks for in an answer: its marks and the names in quotes."""

from __future__ import annotations

import re

MARK = re.compile(r"\[(\d{1,3})\]")
QUOTED = re.compile(r"[“「『《]([^“”「」『』《》]{2,40})[”」』》]")

"""Patterns that several checks share: citation marks and quoted names."""

from __future__ import annotations

import re

MARK = re.compile(r"\[(\d{1,3})\]")
QUOTED = re.compile(r"[“「『《]([^“”「」『』《》]{2,40})[”」』》]")

"""Normal forms for comparing: never shown, never quoted."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"[\s*“”\"'‘’《》「」·,，。;；:：、!！?？()（）\[\]【】—\-–~～…|]")


def normal(text: str) -> str:
    """Return the text in NFKC and lower case: ``３６％`` and ``36%`` are one."""
    return unicodedata.normalize("NFKC", text).lower()


def without_punctuation(text: str) -> str:
    """Return the normal form without white space and punctuation, for comparing wordings."""
    return _MARKS.sub("", normal(text))

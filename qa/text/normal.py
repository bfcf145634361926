"""Normal forms for comparing: never shown, never quoted."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"[\s*“”\"'‘’《》「」·,，。;；:：、!！?？()（）\[\]【】—\-–~～…|]")


def normal(text: str) -> str:
    """NFKC and lower case: ``３６％`` and ``36%`` are one."""
    return unicodedata.normalize("NFKC", text).lower()


def squeezed(text: str) -> str:
    """The normal form without white space and punctuation, for comparing wordings."""
    return _MARKS.sub("", normal(text))

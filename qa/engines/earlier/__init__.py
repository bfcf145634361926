"""Compute with the figures that the answers before gave, where a follow-up asks for that: 两样加起来多少, 一减差多少.

As for a single question (``qa.answering.programs``), every formula over these figures that their units allow is a candidate, and
none of them is one, too: a follow-up may ask for something new. Which is meant is learned; each figure is cited as it was.
"""

from qa.engines.earlier.answer import computed_from_earlier

__all__ = ["computed_from_earlier"]

"""Answers in the words of a language model, where one is set and where its words hold. Optional.

A model sees the retrieved sentences and nothing else. What it writes passes the same check as every answer;
what does not hold is dropped, and where too little is left the extractive answer stays, with a note.
"""

from __future__ import annotations

from qa.writing.client import LLMFailure, Model, model_of, require_client
from qa.writing.rewording import reworded
from qa.writing.write import written

__all__ = ["LLMFailure", "Model", "model_of", "require_client", "reworded", "written"]

"""A small cross-encoder over characters: which sentence answers a question, and where in it.

``encoding`` makes rows of a question and a sentence, ``reader`` runs the shipped network over them without torch;
``train`` and ``model`` are the recipe and what it made. Importing this package imports no onnxruntime.
"""

from __future__ import annotations

from .reader import Reader, Reading, default_reader

__all__ = ["Reader", "Reading", "default_reader"]

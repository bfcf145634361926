"""Question and history → Query, by grammar and the question reader, without a language model."""

from qa.question.catalogue import Catalogue, catalogue_of
from qa.question.followup import recent
from qa.question.understand import meanings, understand

__all__ = ["Catalogue", "catalogue_of", "meanings", "recent", "understand"]

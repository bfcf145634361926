"""The characters that all shipped networks know; a recipe that begins anew finds its own."""

from pathlib import Path

from embeddings.reader.base import CHARACTERS, Alphabet
from embeddings.reader.passages import PassageReader


def alphabet_of(folder: Path = PassageReader.FOLDER) -> Alphabet:
    """The alphabet of a model folder, by default the shipped one."""
    return Alphabet((folder / CHARACTERS).read_bytes().decode("utf-8"))

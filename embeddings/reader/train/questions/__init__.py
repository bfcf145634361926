"""The recipe of the question reader: ``rows`` are what it learns, ``network`` is what learns, ``export`` ships it."""

__all__: list[str] = []

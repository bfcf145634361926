"""Train the classifier of what a message wants; run in a checkout."""

__all__: list[str] = []

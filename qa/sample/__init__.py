"""Hold five sample reports to try the program on: facts of public reports, retold in sentences of ours."""

__all__: list[str] = []

"""Whatever format an article is written in, it comes back."""

from pathlib import Path

import pytest

from tests.reading.measure import articles, mean
from tests.reading.prose import ARTICLES
from tests.reading.round_trip import WRITERS, read_back

NEWS = Path(__file__).parents[3] / "shared" / "data" / "dev" / "news_headlines.corpus.jsonl.xz"


@pytest.mark.parametrize("kind", WRITERS)
def test_our_own_articles_come_back(kind: str, tmp_path: Path) -> None:
    for article in ARTICLES:
        result, _ = read_back(kind, (("河湾纪事", ()), *article), tmp_path)
        assert result.coverage >= 0.99
        assert result.foreign <= 0.01


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.skipif(not NEWS.exists(), reason="the news articles lie beside the repository, not in it")
def test_news_comes_back(kind: str, tmp_path: Path) -> None:
    found, _ = articles(NEWS)
    result = mean([read_back(kind, article, tmp_path)[0] for article in found[:30]])
    assert result.coverage >= 0.99
    assert result.foreign <= 0.01

"""How much of a damaged article comes back: on our own prose, and on news that the models never saw."""

from pathlib import Path

import pytest

from tests.reading.damage import DAMAGES, Score
from tests.reading.measure import articles, mean, read
from tests.reading.prose import ARTICLES, CAPTIONS

NEWS = Path(__file__).parents[3] / "shared" / "data" / "dev" / "news_headlines.corpus.jsonl.xz"
HARMLESS = ("one line a paragraph", "blank lines", "stray spaces", "asterisks")
HARMFUL = [kind for kind in DAMAGES if kind not in HARMLESS]


@pytest.mark.parametrize("kind", HARMLESS)
def test_clean_articles_pass_unharmed(kind: str) -> None:
    for article in ARTICLES:
        result = read(article, kind, 0, CAPTIONS)
        assert (result.coverage, result.foreign, result.paragraph_f1) == (1.0, 0.0, 1.0)


@pytest.mark.parametrize("kind", HARMFUL)
def test_our_own_prose_comes_back(kind: str) -> None:
    result = mean([read(article, kind, seed, CAPTIONS) for article in ARTICLES for seed in range(4)])
    assert result.coverage >= 0.97
    assert result.foreign <= 0.015
    assert result.paragraph_f1 >= (0.8 if kind == "torn far apart" else 0.9)


@pytest.mark.skipif(not NEWS.exists(), reason="the news articles lie beside the repository, not in it")
def test_news_that_nobody_tuned_for_comes_back() -> None:
    found, captions = articles(NEWS)
    scores: dict[str, list[Score]] = {kind: [] for kind in HARMFUL}
    for seed, article in enumerate(found[:200]):  # each article twice, each kind as often as any other
        for kind in (HARMFUL[seed % len(HARMFUL)], HARMFUL[(seed + 3) % len(HARMFUL)]):
            scores[kind].append(read(article, kind, seed, captions))
    overall = mean([one for kind in HARMFUL for one in scores[kind]])
    assert overall.paragraph_f1 >= 0.93
    assert overall.foreign <= 0.005
    assert min(mean(scores[kind]).paragraph_f1 for kind in HARMFUL) >= 0.85

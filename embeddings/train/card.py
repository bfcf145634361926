"""Writes the trained rows as a folder in sentence-transformers form, with model card and checksums."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from embeddings.train.checksums import write_checksums

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]
CONFIG = {
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}

CARD = """---
language: zh
library_name: sentence-transformers
pipeline_tag: sentence-similarity
license: cc-by-sa-4.0
---

# 工会报告检索用的中文静态词向量 (Chinese static embeddings for search in trade-union reports)

一段文字的向量是其中各词向量之和（取单位长度）：{count} 个词和字，{dimension} 维，不需要显卡，也不需要联网。
A text's vector is the normalised mean of its words' rows; `SentenceTransformer(folder)` loads it without custom code
from sentence-transformers 6.2 on, which reads rows rounded to eight bits with a scale each.
The tokenizer is a Unigram model whose scores are word frequencies, so it cuts much as jieba does.

## 训练 (training)

    {command}

Seed {seed}, {steps} steps of {batch} pairs on {threads} CPU thread, no GPU, in-batch negatives,
temperature {temperature:g}. A word's row is learned as `weight × (own vector + Σ share × vector of a character or shorter
word in it)` and folded into one row afterwards. Negatives of a pair are of the same source. Prose is trained on as well: a few
words of a sentence, or a sentence taken out, find the three to fourteen sentences they come from, with other
passages of the same article among the negatives. What else was tried, with figures: `embeddings/train/DESIGNS.md`.

| data | licence |
|---|---|
| CMRC 2018 train (questions → passages, titles) | CC BY-SA 4.0 |
| SQuAD 1.1, part, machine translated into Chinese | CC BY-SA 4.0 |
| anti-terror news questions (train) | none stated |
| evening-news headlines and articles; 2,640 questions written over them | MIT (collection); CC0 (questions) |
| statutes and regulations, by heading and article | public law texts |
| law-case questions (CAIL 2019, development part) | none stated |
| LCQMC, AFQMC, BUSTM, OPPO, STS-B, PAWS-X (development parts), SimCLUE and TriCLUE samples, QBQTC | not stated |
| OCNLI, MNLI, SNLI in Chinese (development parts, entailment) | not stated |
| CSL keywords → abstracts | not stated |
| medical questions and answers (Toyhom) | MIT |
| synonyms of the union register (`embeddings/words/terms.txt`) | this project |

Paragraphs of `news_qa_dev` and `antiterror_dev` were kept out.

## 开发集数字 (development figures)

Each set over its own texts only, cosine alone, no BM25. "By best sentence": a passage counts as its nearest sentence,
which is how search uses the model; a sum over a long passage blurs it. `news_qa_dev`: questions that stand alone → their sentence,
among all sentences of the set.

| figure | value |
|---|---|
{figures}

## 局限 (limits)

Word order is lost; place and number differences weigh little compared with the topic, so search combines it with BM25 and
filters. Rare names fall to characters. English is carried by a few hundred words only.
"""


def write_model(
    folder: Path,
    tokenizer: Tokenizer,
    rows: npt.NDArray[np.int8],
    scales: npt.NDArray[np.float32],
    figures: Mapping[str, float],
    facts: Mapping[str, object],
) -> None:
    """Fills ``folder``; ``facts`` are the fields of the card that this function cannot know.

    The weights stand under the names of model2vec, which has a scale a row.
    """
    (folder / "1_Normalize").mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    save_file({"embeddings": rows, "weights": scales}, folder / "model.safetensors")
    _write_json(folder / "modules.json", MODULES)
    _write_json(folder / "config_sentence_transformers.json", CONFIG)
    _write_json(folder / "1_Normalize" / "config.json", {})
    table = "\n".join(f"| {name} | {value:.4f} |" for name, value in figures.items())
    card = CARD.format(count=rows.shape[0], dimension=rows.shape[1], figures=table, **facts)
    (folder / "README.md").write_text(card, "utf-8")
    write_checksums(folder)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")

"""A tiny Llama that says one sentence, whatever it is asked: its weights are set by hand, nothing is trained."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

__all__ = ["write_parrot"]

_WIDTH = 8


def write_parrot(folder: Path, sentence: str) -> None:
    """Write the model: after ``<answer>`` it says ``sentence``, then it ends."""
    folder.mkdir(parents=True)
    words = ["<unk>", "<end>", "<answer>", sentence]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.add_special_tokens([AddedToken(w, normalized=False) for w in words[:3]])
    tokenizer.save(str(folder / "tokenizer.json"))
    _write(
        folder / "tokenizer_config.json",
        tokenizer_class="PreTrainedTokenizerFast",
        unk_token="<unk>",
        eos_token="<end>",
        pad_token="<end>",
        chat_template="{% for m in messages %}{{ m['content'] }} {% endfor %}<answer>",
    )
    _write(
        folder / "config.json",
        architectures=["LlamaForCausalLM"],
        model_type="llama",
        vocab_size=len(words),
        hidden_size=_WIDTH,
        intermediate_size=_WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=8192,
        tie_word_embeddings=False,
        bos_token_id=1,
        eos_token_id=1,
        pad_token_id=1,
        dtype="float32",
    )
    _write(folder / "generation_config.json", max_new_tokens=8, eos_token_id=1, pad_token_id=1)
    save_file(_weights(len(words)), folder / "model.safetensors", {"format": "pt"})


def _weights(count: int) -> dict[str, np.ndarray]:
    """Each word is a direction of its own, attention and perceptron add nothing, the head turns a word to its next."""
    square, ones = np.zeros((_WIDTH, _WIDTH), np.float32), np.ones(_WIDTH, np.float32)
    words = np.eye(count, _WIDTH, dtype=np.float32)
    head = np.zeros((count, _WIDTH), np.float32)
    for word, following in {0: 1, 1: 1, 2: 3, 3: 1}.items():
        head[following, word] = 9.0
    layer = "model.layers.0"
    inner = (*(f"self_attn.{n}_proj" for n in "qkvo"), *(f"mlp.{n}_proj" for n in ("gate", "up", "down")))
    return {
        "model.embed_tokens.weight": words,
        "model.norm.weight": ones,
        "lm_head.weight": head,
        f"{layer}.input_layernorm.weight": ones.copy(),
        f"{layer}.post_attention_layernorm.weight": ones.copy(),
        **{f"{layer}.{name}.weight": square.copy() for name in inner},
    }


def _write(path: Path, **values: object) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")

"""Encoders: the shipped model by both of its readers, and a tiny transformer made here."""

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings import MODEL_FOLDER, Encoder, EncoderError, StaticEncoder, is_static, open_encoder
from embeddings.checksums import CHECKSUMS, verified
from embeddings.train.checksums import write_checksums

PASSAGES = [
    "全市新建妈妈小屋一百多家，方便上班的母亲哺乳。",
    "法律援助律师替被欠薪的农民工追回了工资。",
    "劳动竞赛带动万名职工练本领、比技能。",
    "向困难职工家庭的学生发放助学金。",
    "快递员和外卖骑手加入工会的人数增长很快。",
]
ODD = ["", " ", "？！……", "😀😀", "ABC xyz 3.14", "１２３％", "工" * 3000, "\u0000\ufffd", "한국어 текст"]


@pytest.fixture(scope="module")
def shipped() -> Encoder:
    return open_encoder()


def test_each_passage_is_nearest_to_itself_and_to_its_question(shipped: Encoder) -> None:
    vectors = shipped.encode_passages(PASSAGES)
    assert (np.argmax(vectors @ vectors.T, axis=1) == np.arange(len(PASSAGES))).all()
    questions = [
        "母婴室建了几家",
        "帮工人讨薪的情况",
        "技能比赛有多少人参加",
        "金秋助学",
        "新就业形态劳动者入会",
    ]
    for row, question in enumerate(questions):
        assert int(np.argmax(vectors @ shipped.encode_query(question))) == row, question


def test_vectors_are_unit_vectors_or_zero(shipped: Encoder) -> None:
    vectors = shipped.encode_passages(PASSAGES + ODD)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(PASSAGES) + len(ODD), shipped.dimension)
    lengths = np.linalg.norm(vectors, axis=1)
    assert (np.isclose(lengths, 1, atol=1e-5) | (lengths == 0)).all()
    assert np.isclose(lengths[: len(PASSAGES)], 1, atol=1e-5).all()
    assert not shipped.encode_query("").any()


def test_a_query_is_encoded_like_a_passage(shipped: Encoder) -> None:
    for text in PASSAGES + ODD:
        np.testing.assert_allclose(shipped.encode_query(text), shipped.encode_passages([text])[0], atol=1e-6)


def test_no_texts_give_no_rows(shipped: Encoder) -> None:
    assert shipped.encode_passages([]).shape == (0, shipped.dimension)


def test_the_fast_reader_gives_the_vectors_of_sentence_transformers(shipped: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(MODEL_FOLDER), device="cpu")
    texts = PASSAGES + ODD
    np.testing.assert_allclose(shipped.encode_passages(texts), model.encode(texts), atol=1e-5)
    np.testing.assert_allclose(shipped.encode_query(texts[0]), model.encode_query(texts[0]), atol=1e-5)


def test_the_shipped_folder_is_small_and_complete() -> None:
    files = [path for path in MODEL_FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 24_000_000
    named = json.loads((MODEL_FOLDER / CHECKSUMS).read_text("utf-8"))
    assert {"model.safetensors", "tokenizer.json", "modules.json", "1_Normalize/config.json"} <= set(named)


def test_importing_and_encoding_brings_neither_torch_nor_faiss_nor_rjieba() -> None:
    script = (
        "import sys, embeddings\n"
        "heavy = {'torch', 'faiss', 'rjieba', 'scipy', 'sentence_transformers', 'tokenizers', 'safetensors'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "embeddings.open_encoder().encode_query('工会')\n"
        "assert not (heavy - {'tokenizers', 'safetensors'}) & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr == ""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODEL_FOLDER, tmp_path / "model"))


def test_identity_is_of_the_content_not_of_the_place(shipped: Encoder, copy: Path) -> None:
    assert open_encoder(str(copy)).identity == shipped.identity
    tokenizer = copy / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text("utf-8") + "\n", "utf-8")
    write_checksums(copy)
    assert open_encoder(str(copy)).identity != shipped.identity


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "1_Normalize/config.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    with pytest.raises(EncoderError, match=f"缺少 {name}"):
        verified(copy / CHECKSUMS, [name])  # a path that is a file is no model either
    (copy / name).unlink()
    with pytest.raises(EncoderError, match=f"缺少 {name}"):
        open_encoder(str(copy))


@pytest.mark.parametrize("name", ["model.safetensors", CHECKSUMS])
def test_a_file_that_may_not_be_read_is_named(copy: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    opened = Path.open

    def refused(path: Path, *arguments: object, **options: object) -> object:
        if path.name == name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(EncoderError, match=f"{name} 读不出（Permission denied）"):
        open_encoder(str(copy))


def test_an_altered_file_is_refused(copy: Path) -> None:
    with (copy / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    with pytest.raises(EncoderError, match="校验和"):
        open_encoder(str(copy))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_file_of_another_form_is_refused(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"{}")
    (copy / CHECKSUMS).unlink()
    with pytest.raises(EncoderError, match="无法读取"):
        open_encoder(str(copy))


def test_unreadable_checksums_are_refused(copy: Path) -> None:
    (copy / CHECKSUMS).write_text("[", "utf-8")
    with pytest.raises(EncoderError, match="校验和文件"):
        open_encoder(str(copy))


EIGHT_BITS = np.ones((3, 4), dtype=np.int8)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"embedding.weight": np.full((3, 4), np.nan, dtype=np.float32)}, "非数值"),
        ({"embedding.weight": np.ones((3, 4), dtype=np.float32)}, "不是同一个模型"),
        ({"embeddings": EIGHT_BITS, "weights": np.ones(3, dtype=np.float32)}, "不是同一个模型"),
        ({"embeddings": EIGHT_BITS, "weights": np.ones(2, dtype=np.float32)}, "不是静态词向量"),
        ({"embeddings": EIGHT_BITS, "weights": np.full(3, np.inf, dtype=np.float32)}, "非数值"),
        ({"embeddings": EIGHT_BITS}, "不是静态词向量"),
        ({"weights": np.ones(3, dtype=np.float32)}, "不是静态词向量"),
    ],
)
def test_rows_that_do_not_fit_are_refused(copy: Path, weights: dict[str, np.ndarray], message: str) -> None:
    from safetensors.numpy import save_file

    save_file(weights, copy / "model.safetensors")
    write_checksums(copy)
    with pytest.raises(EncoderError, match=message):
        open_encoder(str(copy))


def test_rows_with_a_scale_each_are_read_as_sentence_transformers_reads_them(copy: Path) -> None:
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer

    random = np.random.default_rng(0)
    count = StaticEncoder.open(copy)._rows.shape[0]
    rows = random.integers(-127, 128, size=(count, 6)).astype(np.int8)
    scales = random.random(count).astype(np.float32)
    save_file({"embeddings": rows, "weights": scales}, copy / "model.safetensors")
    write_checksums(copy)
    expected = SentenceTransformer(str(copy), device="cpu").encode(PASSAGES)
    np.testing.assert_allclose(open_encoder(str(copy)).encode_passages(PASSAGES), expected, atol=1e-5)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="找不到模型文件夹"):
        open_encoder(str(tmp_path / "nowhere"))
    with pytest.raises(EncoderError, match="找不到模型文件夹 ~nobody-here/x"):
        open_encoder("~nobody-here/x")
    with pytest.raises(EncoderError, match="不是完整的"):
        open_encoder(str(tmp_path))
    assert not is_static(tmp_path)
    with pytest.raises(EncoderError, match="缺少"):
        StaticEncoder.open(tmp_path)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer over single characters, with prompts, saved as sentence-transformers save it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    characters = sorted(set("".join(PASSAGES) + "母婴室建了几家查询：文段"))
    base = folder / "base"
    base.mkdir()
    (base / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]), "utf-8"
    )
    BertTokenizerFast(str(base / "vocab.txt")).save_pretrained(base)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=5 + len(characters), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=128,
    )  # fmt: skip
    BertModel(config).save_pretrained(base)
    transformer = modules.Transformer(str(base))
    model = SentenceTransformer(
        modules=[transformer, modules.Pooling(32)],
        prompts={"query": "查询：", "document": "文段："},
        device="cpu",
    )
    model.save(str(folder / "model"))
    return folder / "model"


def test_a_transformer_with_its_prompts(tiny: Path) -> None:
    encoder = open_encoder(str(tiny))
    assert encoder.dimension == 32
    vectors = encoder.encode_passages(PASSAGES)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for row, text in enumerate(PASSAGES):
        assert int(np.argmax(vectors @ encoder.encode_passages([text])[0])) == row
    assert encoder.encode_passages([]).shape == (0, 32)
    query = encoder.encode_query(PASSAGES[0])
    assert query.shape == (32,)
    assert not np.allclose(query, vectors[0], atol=1e-4)  # another prompt, another vector
    assert open_encoder(str(tiny)).identity == encoder.identity != open_encoder().identity


def test_a_damaged_transformer_is_refused(tiny: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(tiny, tmp_path / "broken"))
    (broken / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(EncoderError, match="已损坏"):
        open_encoder(str(broken))


def test_a_transformer_whose_weights_are_no_numbers_is_refused(tiny: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    broken = Path(shutil.copytree(tiny, tmp_path / "broken"))
    weights = load_file(broken / "model.safetensors")
    spoilt = {name: np.full_like(rows, np.nan) for name, rows in weights.items()}
    save_file(spoilt, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EncoderError, match="非数值"):
        open_encoder(str(broken))


def test_a_prompt_that_is_added_to_the_folder_counts_for_questions_alone(tiny: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(tiny, tmp_path / "changed"))
    path = changed / "config_sentence_transformers.json"
    config = json.loads(path.read_text("utf-8"))
    config["prompts"]["query"] = "文段查询："
    path.write_text(json.dumps(config), "utf-8")
    before, after = open_encoder(str(tiny)), open_encoder(str(changed))
    assert not np.allclose(before.encode_query(PASSAGES[0]), after.encode_query(PASSAGES[0]), atol=1e-4)
    np.testing.assert_allclose(before.encode_passages(PASSAGES), after.encode_passages(PASSAGES), atol=1e-6)
    assert before.identity != after.identity


@pytest.mark.filterwarnings("ignore")
def test_a_name_that_cannot_be_had_offline_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match=r"^无法取得模型 somebody/some-model"):
        open_encoder("somebody/some-model")


@pytest.mark.filterwarnings("ignore")
def test_a_name_that_a_file_gives_is_looked_for_on_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A look-up would fail the test: the network guard remembers it, whoever swallows its refusal."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with pytest.raises(EncoderError, match=r"^这台电脑上没有索引用的模型 somebody/some-model.*--encoder"):
        open_encoder("somebody/some-model", fetch=False)

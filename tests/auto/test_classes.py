"""Named classes and what is read from and written to a folder, beside transformers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.support.places import shared

pytestmark = pytest.mark.parity

TEXTS = [
    "Hello, I'm a Single sentence! naïve",
    "日本 text <s>  [MASK] x<mask> <|im_start|> y <|endoftext|>",
    "  a  b",
]
LLAMA = {
    "tokenizer_class": "LlamaTokenizer",
    "pad_token": None,
    "add_bos_token": True,
    "bos_token": {
        "__type": "AddedToken",
        "content": "<s>",
        "lstrip": False,
        "normalized": False,
        "rstrip": False,
        "single_word": False,
    },
}
CASES: list[tuple[str, str, dict[str, Any] | None, dict[str, Any] | None]] = [
    ("AutoTokenizer", "bert_uncased", {"model_max_length": 512}, {"model_type": "bert"}),
    (
        "AutoTokenizer",
        "bert_cased",
        {"do_lower_case": False, "tokenizer_class": "BertTokenizer"},
        None,
    ),
    ("BertTokenizer", "bert_uncased", {"do_lower_case": False}, None),
    (
        "BertTokenizerFast",
        "bert_uncased",
        {"do_lower_case": True, "strip_accents": False, "tokenize_chinese_chars": False},
        None,
    ),
    ("DistilBertTokenizerFast", "bert_uncased", {"do_lower_case": True}, None),
    (
        "AutoTokenizer",
        "gpt2",
        {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True},
        {"model_type": "gpt2"},
    ),
    ("GPT2TokenizerFast", "gpt2", {}, None),
    ("RobertaTokenizerFast", "gpt2", {"add_prefix_space": True}, None),
    ("LlamaTokenizer", "llama2", {"add_bos_token": True, "bos_token": "<s>"}, None),
    ("AutoTokenizer", "llama2", LLAMA, {"model_type": "llama"}),
    ("AutoTokenizer", "llama3", {"tokenizer_class": "LlamaTokenizer"}, {"model_type": "llama"}),
    ("AutoTokenizer", "xlmr", None, {"model_type": "xlm-roberta"}),
    ("T5TokenizerFast", "xlmr", {}, None),
]


def report(tokenizer: Any, folder: Path) -> dict[str, Any]:
    """Everything that can be seen of a tokenizer, the written files included."""
    encoded = [dict(tokenizer(text)) for text in TEXTS]
    found = {
        "length": len(tokenizer),
        "special": tokenizer.special_tokens_map,
        "extra": tokenizer.extra_special_tokens,
        "special ids": tokenizer.all_special_ids,
        "inputs": tokenizer.model_input_names,
        "sides": (tokenizer.padding_side, tokenizer.truncation_side),
        "longest": tokenizer.model_max_length,
        "counts": [tokenizer.num_special_tokens_to_add(pair) for pair in (False, True)],
        "encoded": encoded,
        "pair": dict(tokenizer(TEXTS[0], TEXTS[1])),
        "tokens": [tokenizer.tokenize(text) for text in TEXTS],
        "decoded": [
            tokenizer.decode(row["input_ids"], clean_up_tokenization_spaces=clean)
            for row in encoded
            for clean in (True, False)
        ],
        "mask": tokenizer.get_special_tokens_mask(
            encoded[0]["input_ids"], already_has_special_tokens=True
        ),
    }
    found["added"] = [
        tokenizer.add_tokens(["newtok1", "[E1]"]),
        tokenizer.add_special_tokens(
            {"additional_special_tokens": ["<ent>"], "pad_token": "<PAD!>"}
        ),
        len(tokenizer),
        tokenizer.tokenize("a newtok1 <ent> [E1]<PAD!>"),
        tokenizer.extra_special_tokens,
        tokenizer.get_added_vocab()["<ent>"],
    ]
    written = tokenizer.save_pretrained(folder)
    found["files"] = [Path(path).name for path in written]
    found["config"] = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("name", "vocabulary", "config", "model"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES]
)
def test_classes_are_equal(
    name: str,
    vocabulary: str,
    config: dict[str, Any] | None,
    model: dict[str, Any] | None,
    transformers: ModuleType,
    model_folder: Callable[..., Path],
    tmp_path: Path,
) -> None:
    folder = model_folder(vocabulary, config, model)
    opened = getattr(fissile, name).from_pretrained(folder)
    expected = getattr(transformers, name).from_pretrained(folder)
    found, wanted = (
        report(opened, tmp_path / "fissile"),
        report(expected, tmp_path / "transformers"),
    )
    assert found == wanted
    # And what was written is read by the other: the same text, the same ids.
    crossed = transformers.AutoTokenizer.from_pretrained(tmp_path / "fissile")
    back = fissile.AutoTokenizer.from_pretrained(tmp_path / "transformers")
    for text in (*TEXTS, "a newtok1 <ent> [E1]<PAD!>"):
        assert dict(crossed(text)) == dict(back(text)) == dict(opened(text))


@pytest.mark.parametrize("name", ["qwen3", "llama3"])
def test_folders_as_they_are(name: str, transformers: ModuleType, tmp_path: Path) -> None:
    place = shared()
    if place is None:
        pytest.skip("no shared folder on this machine")
    folder = place / "tokenizers" / name
    opened = fissile.AutoTokenizer.from_pretrained(folder)
    expected = transformers.AutoTokenizer.from_pretrained(folder)
    assert report(opened, tmp_path / "a") == report(expected, tmp_path / "b")


def test_distilbert_takes_no_types(
    model_folder: Callable[..., Path], transformers: ModuleType
) -> None:
    folder = model_folder("bert_uncased", {"model_max_length": 512}, {"model_type": "distilbert"})
    assert "token_type_ids" in transformers.AutoTokenizer.from_pretrained(folder)("a")
    assert list(fissile.AutoTokenizer.from_pretrained(folder)("a")) == [
        "input_ids",
        "attention_mask",
    ]


def test_word_pieces_are_cleaned_up_by_default(
    model_folder: Callable[..., Path], transformers: ModuleType
) -> None:
    folder = model_folder("bert_uncased", {}, {"model_type": "bert"})
    opened = fissile.AutoTokenizer.from_pretrained(folder)
    expected = transformers.AutoTokenizer.from_pretrained(folder)
    ids = opened("I've been here.")["input_ids"]
    assert opened.decode(ids) == "[CLS] i've been here. [SEP]"
    assert expected.decode(ids) == "[CLS] i ' ve been here. [SEP]"
    assert opened.decode(ids, clean_up_tokenization_spaces=False) == expected.decode(ids)


def test_a_cased_file_stays_cased(
    model_folder: Callable[..., Path], transformers: ModuleType
) -> None:
    folder = model_folder("bert_cased")
    assert transformers.BertTokenizer.from_pretrained(folder).tokenize("Hello") == ["hello"]
    assert fissile.BertTokenizer.from_pretrained(folder).tokenize("Hello") == ["Hello"]


def test_xlnet_fills_with_type_three() -> None:
    pieces = ["<unk>", "<s>", "</s>", "<pad>", "<cls>", "<sep>", "<mask>", "▁a"]
    tokenizer = fissile.XLNetTokenizer(vocab=[(piece, 0.0) for piece in pieces])
    encoded = tokenizer(["a", "a a"], padding=True, return_token_type_ids=True)
    assert encoded["token_type_ids"] == [[3, 0, 0, 2], [0, 0, 0, 2]]


def test_older_files_are_read(model_folder: Callable[..., Path], transformers: ModuleType) -> None:
    folder = model_folder(
        "bert_uncased",
        {"tokenizer_class": "BertTokenizer"},
        None,
        special_tokens_map={
            "pad_token": {
                "content": "[PAD]", "lstrip": False, "rstrip": False, "normalized": False,
                "single_word": False,
            },
            "additional_special_tokens": ["<ent>"],
        },
        added_tokens={"<ent>": 30522, "plain": 30523},
    )  # fmt: skip
    opened = fissile.AutoTokenizer.from_pretrained(folder)
    expected = transformers.AutoTokenizer.from_pretrained(folder)
    assert opened.special_tokens_map == expected.special_tokens_map
    assert opened.extra_special_tokens == expected.extra_special_tokens
    text = "a <ent> plain b"
    assert dict(opened(text)) == dict(expected(text))
    assert opened.get_added_vocab() == expected.get_added_vocab()


def test_templates_are_written_as_files_and_read_again(small: Any, tmp_path: Path) -> None:
    small.chat_template = {"default": "{{ messages[0].content }}", "tool_use": "{{ tools }}"}
    written = small.save_pretrained(tmp_path)
    assert {Path(path).name for path in written} == {
        "tokenizer_config.json", "chat_template.jinja", "tool_use.jinja", "tokenizer.json",
    }  # fmt: skip
    assert fissile.AutoTokenizer.from_pretrained(tmp_path).chat_template == small.chat_template
    small.chat_template = {"../evil": "x"}
    with pytest.raises(ValueError, match="Invalid chat template name"):
        small.save_pretrained(tmp_path)


def test_training_a_new_one_is_equal(transformers: ModuleType) -> None:
    from tests.auto.conftest import SMALL

    texts = [["the quick brown fox", "jumps over the lazy dog"] * 20]
    for name in ("byte_level_roberta", "word_pieces"):
        file = str(SMALL / f"{name}.json")
        trained = [
            library.PreTrainedTokenizerFast(tokenizer_file=file).train_new_from_iterator(
                texts, 300, new_special_tokens=["<new>"]
            )
            for library in (fissile, transformers)
        ]
        first, second = trained
        assert len(first) == len(second)
        assert first.extra_special_tokens == second.extra_special_tokens
        assert first.tokenize("the lazy <new> fox") == second.tokenize("the lazy <new> fox")
        if name == "byte_level_roberta":
            assert first.get_vocab() == second.get_vocab()


def test_the_plain_class_has_two_names(small: Any, tmp_path: Path) -> None:
    assert fissile.TokenizersBackend is fissile.PreTrainedTokenizerFast
    assert fissile.PreTrainedTokenizerBase is fissile.PreTrainedTokenizerFast
    assert repr(small).startswith("PreTrainedTokenizerFast(name_or_path=")
    small.save_pretrained(tmp_path)
    config = json.loads((tmp_path / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert config["tokenizer_class"] == "TokenizersBackend"
    for name in ("TokenizersBackend", "PreTrainedTokenizerFast"):
        config["tokenizer_class"] = name
        (tmp_path / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
        opened = fissile.AutoTokenizer.from_pretrained(tmp_path)
        assert type(opened) is fissile.PreTrainedTokenizerFast

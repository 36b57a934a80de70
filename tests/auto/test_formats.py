"""Folders that hold a vocabulary in another form than tokenizer.json."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import fissile
import pytest

from tests.auto.conftest import SMALL
from tests.support.places import shared

TEXT = "Hello world, naïve 日本 text <mask> x"


def folder(place: Path, *files: str, **documents: dict[str, Any]) -> Path:
    data = shared()
    if data is None or not all((data / "tokenizers" / file).is_file() for file in files):
        pytest.skip(f"no {files[0]} on this machine")
    for file in files:
        os.symlink(data / "tokenizers" / file, place / Path(file).name)
    for name, document in documents.items():
        (place / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("files", "like"),
    [
        (("bert_cased/vocab.txt",), "bert_cased"),
        (("bert_uncased/vocab.txt",), "bert_uncased"),
        (("gpt2/vocab.json", "gpt2/merges.txt"), "gpt2"),
        (("cl100k/cl100k_base.tiktoken",), "cl100k"),
        (("llama2/tokenizer.model",), None),
        (("mistral_tekken/tekken.json",), None),
    ],
)
def test_any_form_is_read(tmp_path: Path, files: tuple[str, ...], like: str | None) -> None:
    tokenizer = fissile.AutoTokenizer.from_pretrained(folder(tmp_path, *files))
    ids = tokenizer("Hello world")["input_ids"]
    assert tokenizer.decode(ids, skip_special_tokens=True).lower() == "hello world"
    data = shared()
    if like is not None and data is not None:
        same = fissile.AutoTokenizer.from_pretrained(data / "tokenizers" / like)
        assert ids == same("Hello world")["input_ids"]


def test_a_sentencepiece_file_names_its_tokens(tmp_path: Path) -> None:
    tokenizer = fissile.AutoTokenizer.from_pretrained(folder(tmp_path, "llama2/tokenizer.model"))
    assert tokenizer.special_tokens_map == {
        "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
    }  # fmt: skip
    named = fissile.LlamaTokenizer.from_pretrained(tmp_path, add_bos_token=True)
    assert named("Hello world")["input_ids"] == [1, 15043, 3186]


def test_xlm_roberta_has_numbers_of_its_own(tmp_path: Path) -> None:
    place = folder(tmp_path, "xlmr/sentencepiece.bpe.model", config={"model_type": "xlm-roberta"})
    tokenizer = fissile.AutoTokenizer.from_pretrained(place)
    data = shared()
    assert data is not None
    same = fissile.XLMRobertaTokenizer.from_pretrained(data / "tokenizers" / "xlmr")
    assert len(tokenizer) == len(same) == 250002
    assert dict(tokenizer(TEXT, "b")) == dict(same(TEXT, "b"))


def test_t5_puts_its_sentinels_behind(tmp_path: Path) -> None:
    tokenizer = fissile.T5Tokenizer.from_pretrained(
        folder(tmp_path, "llama2/tokenizer.model", tokenizer_config={"extra_ids": 3})
    )
    size = tokenizer.vocab_size
    assert tokenizer.convert_tokens_to_ids(["<extra_id_2>", "<extra_id_0>"]) == [size, size + 2]


def test_registered_classes_are_opened(tmp_path: Path) -> None:
    class MineTokenizer(fissile.PreTrainedTokenizerFast):
        """A class of a program."""

    fissile.AutoTokenizer.register("mine-for-tests", MineTokenizer, exist_ok=True)
    (tmp_path / "config.json").write_text('{"model_type": "mine-for-tests"}', encoding="utf-8")
    (tmp_path / "tokenizer.json").write_bytes((SMALL / "word_pieces.json").read_bytes())
    assert type(fissile.AutoTokenizer.from_pretrained(tmp_path)) is MineTokenizer
    opened = fissile.AutoTokenizer.from_pretrained(tmp_path, tokenizer_type="bert")
    assert type(opened) is fissile.BertTokenizer
    with pytest.raises(ValueError, match="already used"):
        fissile.AutoTokenizer.register("mine-for-tests", MineTokenizer)
    with pytest.raises(ValueError, match="does not exist"):
        fissile.AutoTokenizer.from_pretrained(tmp_path, tokenizer_type="nothing")


def test_the_files_of_the_model_alone(tmp_path: Path) -> None:
    tokenizer = fissile.AutoTokenizer.from_pretrained(SMALL / "word_pieces.json")
    written = tokenizer.save_vocabulary(tmp_path)
    assert [Path(path).name for path in written] == ["vocab.txt"]


def test_numbers_are_never_guessed(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        "xlmr/sentencepiece.bpe.model",
        tokenizer_config={"tokenizer_class": "MBartTokenizer"},
    )
    with pytest.raises(NotImplementedError, match=r"MBartTokenizer numbers.*tokenizer\.json"):
        fissile.AutoTokenizer.from_pretrained(place)
    with pytest.raises(NotImplementedError, match="CamembertTokenizer numbers"):
        fissile.CamembertTokenizer.from_pretrained(place)

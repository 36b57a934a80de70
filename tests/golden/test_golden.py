"""The golden cases that describe whole components, run in Python too.

The Rust tests run all of them; here are those whose input and expected value have a Python form.
"""

from __future__ import annotations

import functools
import json
import pickle
import re
from pathlib import Path
from typing import Any

import fissile
import pytest

from tests.parity.allowed import tomllib
from tests.support.places import ROOT

HERE = Path(__file__).parent
CORE = ROOT / "rust/core/tests/golden"


def cases(path: Path, table: str = "case") -> list[dict[str, Any]]:
    """The cases of a file."""
    if not path.is_file():
        return []
    found = tomllib.loads(path.read_text(encoding="utf-8")).get(table, [])
    return list(found)


EMPTY = {"type": "BPE", "vocab": {}, "merges": []}


def of_document(name: str, document: str) -> Any:
    """The part `name` of a tokenizer that has nothing else."""
    loaded = fissile.Tokenizer.from_str(json.dumps({name: json.loads(document), "model": EMPTY}))
    return getattr(loaded, name)


@pytest.mark.parametrize(
    "case", cases(CORE / "normalizers.toml"), ids=lambda case: case["normalizer"][:40]
)
def test_normalizers(case: dict[str, Any]) -> None:
    normalizer = of_document("normalizer", case["normalizer"])
    assert normalizer.normalize_str(case["input"]) == case["normalized"]


@pytest.mark.parametrize("case", cases(HERE / "pre_tokenizers.toml"), ids=lambda case: case["name"])
def test_pre_tokenizers(case: dict[str, Any]) -> None:
    found = of_document("pre_tokenizer", case["pre_tokenizer"]).pre_tokenize_str(case["input"])
    assert [[piece, *span] for piece, span in found] == case["pieces"]


@pytest.mark.parametrize("case", cases(HERE / "tokenizer_json.toml"), ids=lambda case: case["name"])
def test_documents(case: dict[str, Any]) -> None:
    if "output" not in case:
        with pytest.raises(fissile.FissileError):
            fissile.Tokenizer.from_str(case["input"])
        return
    tokenizer = fissile.Tokenizer.from_str(case["input"])
    assert tokenizer.to_str() == case["output"]
    assert pickle.loads(pickle.dumps(tokenizer)).to_str() == case["output"]


def _matches(kind: str) -> list[tuple[dict[str, Any], str, list[str]]]:
    document = tomllib.loads((HERE / "regex.toml").read_text(encoding="utf-8"))
    return [
        (entry, text, pieces)
        for entry in document["match"]
        for text, pieces in zip(document["texts"], entry[kind], strict=True)
    ]


@pytest.mark.parametrize(("kind", "behavior"), [("isolated", "isolated"), ("removed", "removed")])
def test_patterns(kind: str, behavior: str) -> None:
    for entry, text, pieces in _matches(kind):
        split = fissile.pre_tokenizers.Split(fissile.Regex(entry["pattern"]), behavior)
        assert [piece for piece, _ in split.pre_tokenize_str(text)] == pieces, entry["pattern"]


def _shares_ids(case: dict[str, Any]) -> bool:
    """Whether two tokens have one id: which of them a dict keeps is chance in the reference."""
    ids = [token for _, token in case["vocab"]]
    return len(set(ids)) < len(ids)


def _check(model: Any, texts: list[Any]) -> None:
    """A model's tokens of each text, or its error."""
    for text, tokens in texts:
        if isinstance(tokens, str):
            with pytest.raises(fissile.FissileError, match=re.escape(tokens)):
                model.tokenize(text)
        else:
            found = [(token.id, token.value) for token in model.tokenize(text)]
            assert found == [(token, value) for token, value, *_ in tokens], text


BYTE_PAIRS = [case for case in cases(HERE / "models.toml", "bpe") if not _shares_ids(case)]


@pytest.mark.parametrize("case", BYTE_PAIRS, ids=lambda case: case["name"])
def test_byte_pairs(case: dict[str, Any]) -> None:
    own = ("name", "vocab", "merges", "pieces", "error")
    options = {key: value for key, value in case.items() if key not in own}
    vocab, merges = dict(case["vocab"]), [tuple(pair) for pair in case["merges"]]
    if "error" in case:
        with pytest.raises(fissile.FissileError, match=re.escape(case["error"].split(": ")[-1])):
            fissile.models.BPE(vocab, merges, **options)
        return
    _check(fissile.models.BPE(vocab, merges, **options), case["pieces"])


@pytest.mark.parametrize("case", cases(HERE / "unigram.toml"), ids=lambda case: case["name"])
def test_unigrams(case: dict[str, Any]) -> None:
    pieces = [tuple(piece) for piece in case["pieces"]]
    make = functools.partial(
        fissile.models.Unigram, pieces, case.get("unk_id"), case["byte_fallback"]
    )
    if case.get("unk_id", -1) >= len(pieces):
        with pytest.raises(fissile.FissileError):
            make()
        return
    _check(make(), case["texts"])


@pytest.mark.parametrize(
    "case", cases(HERE / "formats.toml", "sentencepiece"), ids=lambda case: case["file"]
)
def test_sentencepiece_files(case: dict[str, Any]) -> None:
    tokenizer = fissile.Tokenizer.from_file(ROOT / "rust/core/tests/data" / case["file"])
    for text, ids, decoded in case["texts"]:
        assert tokenizer.encode(text, add_special_tokens=False).ids == ids, text
        assert tokenizer.decode(ids) == decoded, text


@pytest.mark.parametrize("case", cases(HERE / "stream.toml"), ids=lambda case: case["name"])
def test_streams(case: dict[str, Any]) -> None:
    tokenizer = fissile.Tokenizer.from_str(case["tokenizer"])
    for entry in case["streams"]:
        skip = entry["skip_special_tokens"]
        stream = fissile.decoders.DecodeStream(ids=entry["start"], skip_special_tokens=skip)
        for ids, expected in entry["steps"]:
            if expected.startswith("!"):
                with pytest.raises(fissile.FissileError, match="Invalid prefix encountered"):
                    stream.step(tokenizer, ids)
            else:
                assert (stream.step(tokenizer, ids) or "") == expected

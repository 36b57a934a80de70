"""Cache files: the same tokenizer with them and without."""

from __future__ import annotations

import shutil
from pathlib import Path

import fissile
import pytest

from tests.support.vocabularies import (
    JSON,
    SENTENCEPIECE,
    TEKKEN,
    VOCAB_TXT,
    Vocabulary,
    vocabularies,
)

EVERY = [
    vocabulary
    for vocabulary in vocabularies()
    if vocabulary.kind in {JSON, SENTENCEPIECE, TEKKEN, VOCAB_TXT}
]


@pytest.mark.parametrize("vocabulary", EVERY, ids=str)
def test_a_tokenizer_out_of_its_cache_is_the_same(
    vocabulary: Vocabulary, texts: list[str], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    plain = fissile.Tokenizer.from_file(vocabulary.path)
    for _ in range(2):
        cached = fissile.Tokenizer.from_file(vocabulary.path, cache=cache)
        assert cached.to_str() == plain.to_str()
        assert cached.encode_ids_batch(texts).to_list() == plain.encode_ids_batch(texts).to_list()
        assert cache.exists()


def test_the_cache_lies_beside_the_file_or_where_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    fissile.Tokenizer(fissile.models.WordLevel({"a": 3}, unk_token="a")).save(str(path))
    fissile.Tokenizer.from_file(path, cache=False)
    assert [entry.name for entry in tmp_path.iterdir()] == ["tokenizer.json"]
    fissile.Tokenizer.from_file(tmp_path, cache=True)
    beside = tmp_path / "tokenizer.json.fissile"
    elsewhere = tmp_path / "elsewhere"
    fissile.Tokenizer.from_file(str(path), cache=str(elsewhere))
    assert beside.read_bytes() == elsewhere.read_bytes()
    with pytest.raises(TypeError, match="cache must be True, False or a path, not 7"):
        fissile.Tokenizer.from_file(path, cache=7)  # type: ignore[arg-type]


def test_a_cache_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    fissile.Tokenizer(fissile.models.WordLevel({"a": 3}, unk_token="a")).save(str(path))
    with pytest.warns(UserWarning, match="the cache file was not written: .*nowhere"):
        tokenizer = fissile.Tokenizer.from_file(path, cache=tmp_path / "nowhere" / "cache")
    assert tokenizer.encode("a").ids == [3]


def test_a_cache_of_another_file_does_not_count(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    for path, id in [(first, 3), (second, 4)]:
        fissile.Tokenizer(fissile.models.WordLevel({"a": id}, unk_token="a")).save(str(path))
    fissile.Tokenizer.from_file(first, cache=True)
    shutil.copy(tmp_path / "first.json.fissile", tmp_path / "second.json.fissile")
    assert fissile.Tokenizer.from_file(second, cache=True).encode("a").ids == [4]

"""The four models: options, attributes, files."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.support.build import letters


def tokens(model: Any, text: str) -> list[tuple[int, str, tuple[int, int]]]:
    """The tokens of a piece, as tuples."""
    return [token.as_tuple() for token in model.tokenize(text)]


def test_bpe(library: ModuleType) -> None:
    model = letters(library).model
    assert tokens(model, "abcd") == [(8, "abcd", (0, 4))]
    assert tokens(model, "abcab") == [(6, "abc", (0, 3)), (5, "ab", (3, 5))]
    assert [t.id for t in model.tokenize("axé")] == [0, 4]
    assert model.token_to_id("abc") == 6
    assert model.id_to_token(6) == "abc"
    assert repr(model).startswith(
        "BPE(dropout=None, unk_token=None, continuing_subword_prefix=None"
    )


def test_bpe_unknown(library: ModuleType) -> None:
    assert letters(library, unk_token="d").encode("xxb").ids == [3, 3, 1]
    assert letters(library, unk_token="d", fuse_unk=True).encode("xxb").ids == [3, 1]


def test_bpe_bytes(library: ModuleType) -> None:
    vocab = {"<unk>": 0, "a": 1} | {f"<0x{byte:02X}>": 2 + byte for byte in range(256)}
    model = library.models.BPE(vocab, [], unk_token="<unk>", byte_fallback=True)
    assert [token.id for token in model.tokenize("aé")] == [1, 2 + 0xC3, 2 + 0xA9]


def test_bpe_ignore_merges(library: ModuleType) -> None:
    vocab = {"a": 0, "b": 1, "c": 2, "abc": 3}
    options = {"vocab": vocab, "merges": []}
    assert [t.id for t in library.models.BPE(**options).tokenize("abc")] == [0, 1, 2]
    assert [t.id for t in library.models.BPE(**options, ignore_merges=True).tokenize("abc")] == [3]


def test_bpe_dropout(library: ModuleType) -> None:
    model = letters(library, dropout=1.0).model
    assert [token.value for token in model.tokenize("abcd")] == ["a", "b", "c", "d"]
    assert letters(library, dropout=0.0).encode("abcd").ids == [8]
    some = letters(library, dropout=0.5)
    assert len({tuple(some.encode("abcdabcd").ids) for _ in range(60)}) > 1


def test_bpe_files(library: ModuleType, tmp_path: Path) -> None:
    model = letters(library).model
    saved = model.save(str(tmp_path), "my")
    assert [Path(path).name for path in saved] == ["my-vocab.json", "my-merges.txt"]
    assert Path(saved[1]).read_text(encoding="utf-8") == "#version: 0.2\na b\nc d\nab c\nab cd\n"
    vocab, merges = library.models.BPE.read_file(*saved)
    assert (vocab["abcd"], merges[0]) == (8, ("a", "b"))
    for again in (
        library.models.BPE.from_file(*saved, unk_token="a"),
        library.models.BPE(vocab, merges, unk_token="a"),
    ):
        assert [token.id for token in again.tokenize("xabc")] == [0, 6]


def test_word_piece(library: ModuleType, tmp_path: Path) -> None:
    vocab = {"[UNK]": 0, "un": 1, "##aff": 2, "##able": 3, "a": 4}
    model = library.models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=9)
    assert tokens(model, "unaffable") == [
        (1, "un", (0, 2)),
        (2, "##aff", (2, 5)),
        (3, "##able", (5, 9)),
    ]
    assert [t.id for t in model.tokenize("unaffablex")] == [0]
    assert [t.id for t in model.tokenize("ab")] == [0]
    (path,) = model.save(str(tmp_path))
    assert Path(path).read_text(encoding="utf-8") == "".join(f"{word}\n" for word in vocab)
    assert library.models.WordPiece.read_file(path) == vocab
    assert library.models.WordPiece.from_file(path).unk_token == "[UNK]"
    model.continuing_subword_prefix = "@@"
    assert [t.id for t in model.tokenize("una")] == [0]


def test_word_level(library: ModuleType, tmp_path: Path) -> None:
    model = library.models.WordLevel({"a": 0, "u": 1}, unk_token="u")
    assert [t.id for t in model.tokenize("a")] == [0]
    assert [t.id for t in model.tokenize("bb")] == [1]
    (path,) = model.save(str(tmp_path))
    assert json.loads(Path(path).read_text(encoding="utf-8")) == {"a": 0, "u": 1}
    assert library.models.WordLevel.from_file(path, unk_token="u").unk_token == "u"


def test_unigram(library: ModuleType) -> None:
    vocab = [("<unk>", 0.0), ("a", -1.0), ("b", -1.5), ("ab", -2.0), ("abb", -9.0)]
    model = library.models.Unigram(vocab, unk_id=0)
    assert tokens(model, "abb") == [(3, "ab", (0, 2)), (2, "b", (2, 3))]
    assert [t.id for t in model.tokenize("axxb")] == [1, 0, 2]
    sampled = library.models.Unigram(vocab, 0, alpha=0.1, nbest_size=8)
    assert len({tuple(t.id for t in sampled.tokenize("abab")) for _ in range(200)}) > 1
    best = library.models.Unigram(vocab, 0, alpha=0.1, nbest_size=1)
    assert {tuple(t.id for t in best.tokenize("abab")) for _ in range(20)} == {(3, 3)}


def test_empty_models(library: ModuleType) -> None:
    for model in (
        library.models.BPE(),
        library.models.WordPiece(),
        library.models.WordLevel(),
        library.models.Unigram(),
    ):
        assert isinstance(model, library.models.Model)
        assert pickle.loads(pickle.dumps(model)).__class__ is model.__class__


@pytest.mark.parametrize("build", ["BPE", "WordPiece", "WordLevel", "Unigram"])
def test_trainers(library: ModuleType, build: str) -> None:
    model = getattr(library.models, build)()
    assert type(model.get_trainer()).__name__ == {"BPE": "Bpe"}.get(build, build) + "Trainer"


def test_changes_count_at_once() -> None:
    tokenizer = letters(fissile, unk_token="d")
    assert tokenizer.encode("xb").ids == [3, 1]
    tokenizer.model.unk_token = "c"
    assert tokenizer.encode("xb").ids == [2, 1]
    assert tokenizer.encode_ids("xb").to_list() == [2, 1]
    tokenizer.model.dropout = 1.0
    assert tokenizer.encode("ab").ids == [0, 1]
    with pytest.raises(ValueError, match=r"[Dd]ropout.*1\.5"):
        tokenizer.model.dropout = 1.5
    vocab = {"<unk>": 0} | {f"<0x{byte:02X}>": 1 + byte for byte in range(256)}
    model = fissile.models.BPE(vocab, [], unk_token="<unk>")
    assert [t.id for t in model.tokenize("x")] == [0]
    model.byte_fallback = True
    assert [t.id for t in model.tokenize("x")] == [1 + ord("x")]


def test_long_words_are_quick() -> None:
    """Nothing quadratic: the pytest timeout would tell."""
    vocab = {"[UNK]": 0, "a": 1, "##a": 2, "##aa": 3}
    model = fissile.models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=10_000_000)
    assert len(model.tokenize("a" * 1_000_001)) == 500_001
    assert letters(fissile).encode("ab" * 500_000).ids == [5] * 500_000
    pieces = [("<unk>", 0.0), ("a", -1.0), ("aa", -1.5)]
    assert len(fissile.models.Unigram(pieces, 0).tokenize("a" * 1_000_000)) == 500_000

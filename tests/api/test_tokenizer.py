"""`Tokenizer`: its parts, its vocabulary, saving and loading, copies."""

from __future__ import annotations

import copy
import json
import pickle
import weakref
from pathlib import Path
from types import ModuleType

import fissile
import pytest

from tests.support.build import WORDS, byte_level, letters, words


def test_parts_are_live(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.normalizer = library.normalizers.BertNormalizer(lowercase=False)
    tokenizer.normalizer.lowercase = True
    assert tokenizer.encode("HELLO").ids == [1, 9, 2]
    tokenizer.pre_tokenizer = library.pre_tokenizers.Sequence([library.pre_tokenizers.Whitespace()])
    tokenizer.pre_tokenizer[0] = library.pre_tokenizers.CharDelimiterSplit("-")
    assert tokenizer.encode("my-name").ids == [1, 4, 5, 2]
    assert tokenizer.model is not tokenizer.model
    tokenizer.model.unk_token = "[PAD]"
    assert tokenizer.encode("zzz").ids == [1, 3, 2]


def test_an_object_given_to_a_setter_stays_linked(library: ModuleType) -> None:
    tokenizer = words(library)
    normalizer = library.normalizers.BertNormalizer(lowercase=False)
    tokenizer.normalizer = normalizer
    normalizer.lowercase = True
    assert tokenizer.encode("HELLO").ids == [1, 9, 2]


def test_parts_can_be_taken_away(library: ModuleType) -> None:
    tokenizer = words(library)
    for part in ("normalizer", "pre_tokenizer", "post_processor", "decoder"):
        setattr(tokenizer, part, None)
        assert getattr(tokenizer, part) is None
    assert tokenizer.encode("hello").ids == [9]
    with pytest.raises(TypeError):
        tokenizer.model = None


def test_types_of_parts(library: ModuleType) -> None:
    tokenizer = letters(library)
    assert type(tokenizer.model).__name__ == "BPE"
    assert isinstance(tokenizer.model, library.models.Model)
    tokenizer.pre_tokenizer = library.pre_tokenizers.Metaspace()
    assert isinstance(tokenizer.pre_tokenizer, library.pre_tokenizers.Metaspace)


def test_vocabulary(library: ModuleType) -> None:
    tokenizer = words(library)
    assert tokenizer.get_vocab_size() == len(WORDS)
    assert tokenizer.token_to_id("café") == 11
    assert tokenizer.token_to_id("nothing") is None
    assert tokenizer.id_to_token(9) == "hello"
    assert tokenizer.id_to_token(99_999) is None
    tokenizer.add_tokens(["new"])
    assert tokenizer.get_vocab() == {word: index for index, word in enumerate([*WORDS, "new"])}
    assert (
        len(tokenizer.get_vocab(with_added_tokens=False))
        == tokenizer.get_vocab_size(False)
        == len(WORDS)
    )


def test_vocabulary_is_in_order_of_id() -> None:
    tokenizer = words(fissile)
    tokenizer.add_tokens(["z", "y"])
    assert list(tokenizer.get_vocab()) == [*WORDS, "z", "y"]


def test_ids_out_of_range(library: ModuleType) -> None:
    tokenizer = words(library)
    assert tokenizer.decode([9, 1_000_000, 10]) == "hello world"
    for wrong in (-1, 1 << 32):
        with pytest.raises(OverflowError):
            tokenizer.decode([wrong])
        with pytest.raises(OverflowError):
            tokenizer.id_to_token(wrong)


def test_decode(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.add_special_tokens(["[CLS]", "[SEP]"])
    ids = tokenizer.encode("my café").ids
    assert tokenizer.decode(ids) == "my café"
    assert tokenizer.decode(tuple(ids), skip_special_tokens=False) == "[CLS] my café [SEP]"
    assert tokenizer.decode_batch([ids, [9]]) == ["my café", "hello"]
    assert byte_level(library).decode([0xC3, 300]) is not None


def test_saved_and_loaded(library: ModuleType, tmp_path: Path) -> None:
    tokenizer = words(library)
    tokenizer.add_special_tokens(["[CLS]"])
    tokenizer.enable_padding(length=8)
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    assert path.read_text(encoding="utf-8") == tokenizer.to_str(pretty=True)
    assert json.loads(tokenizer.to_str())["padding"]["strategy"] == {"Fixed": 8}
    for again in (
        library.Tokenizer.from_file(str(path)),
        library.Tokenizer.from_str(tokenizer.to_str()),
        library.Tokenizer.from_buffer(tokenizer.to_str().encode()),
        pickle.loads(pickle.dumps(tokenizer)),
        copy.deepcopy(tokenizer),
        copy.copy(tokenizer),
    ):
        assert again.to_str() == tokenizer.to_str()
        assert again.encode("my café").ids == tokenizer.encode("my café").ids


def test_saved_document_is_the_references(oracle: ModuleType) -> None:
    for build in (words, letters, byte_level):
        assert build(fissile).to_str() == build(oracle).to_str()
        assert build(fissile).to_str(pretty=True) == build(oracle).to_str(pretty=True)
        assert repr(build(fissile)) == repr(build(oracle))
        assert str(build(fissile)) == str(build(oracle))


def test_state_does_not_change_by_use() -> None:
    tokenizer = letters(fissile)
    before = tokenizer.__getstate__()
    tokenizer.encode_batch(["abcd", "ba dc"] * 20)
    assert tokenizer.__getstate__() == before
    assert isinstance(before, bytes)


def test_a_copy_is_its_own() -> None:
    tokenizer = words(fissile)
    other = copy.deepcopy(tokenizer)
    other.add_tokens(["new"])
    other.enable_truncation(1)
    assert tokenizer.get_vocab_size() == len(WORDS)
    assert tokenizer.truncation is None


def test_attributes_and_weak_references(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.decode = lambda ids: "mine"  # as CLIP's tokenizer in transformers does
    assert tokenizer.decode([1]) == "mine"
    assert weakref.ref(tokenizer)() is tokenizer


def test_cannot_be_subclassed(library: ModuleType) -> None:
    with pytest.raises(TypeError):
        type("Mine", (library.Tokenizer,), {})
    with pytest.raises(TypeError):
        type("Mine", (library.models.BPE,), {})


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(fissile.FissileError):
        words(fissile).save(path)
    assert list(tmp_path.iterdir()) == [path]


def test_special_tokens_to_add(library: ModuleType) -> None:
    tokenizer = words(library)
    assert tokenizer.num_special_tokens_to_add(False) == 2
    assert tokenizer.num_special_tokens_to_add(is_pair=True) == 3


def test_post_process(library: ModuleType) -> None:
    tokenizer = words(library)
    first = tokenizer.encode("my name", add_special_tokens=False)
    second = tokenizer.encode("hello", add_special_tokens=False)
    assert tokenizer.post_process(first, second).ids == [1, 4, 5, 2, 9, 2]
    assert tokenizer.post_process(first, add_special_tokens=False).ids == [4, 5]


def test_numbers_of_many_digits(oracle: ModuleType) -> None:
    """Read and written as the reference does it, which can lose the last digit of a long number once."""
    scores = ["123412.345678901234567", "-0.10000000000000000555", "-9.313225746154785e-10", "-7"]
    vocab = ",".join(f'["{index}", {score}]' for index, score in enumerate(scores))
    made = '{"model": {"type": "Unigram", "unk_id": 0, "vocab": [' + vocab + "]}}"
    ours = theirs = made
    for _ in range(3):
        ours = fissile.Tokenizer.from_str(ours).to_str()
        theirs = oracle.Tokenizer.from_str(theirs).to_str()
        assert ours == theirs

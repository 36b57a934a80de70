"""Every object that has a state can be pickled and copied."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import fissile
import pytest

BOTH: list[Callable[[ModuleType], Any]] = [
    lambda lib: lib.models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")], dropout=0.5),
    lambda lib: lib.models.WordPiece({"[UNK]": 0}),
    lambda lib: lib.models.WordLevel({"a": 0}, unk_token="a"),
    lambda lib: lib.models.Unigram([("a", -0.5)], 0),
    lambda lib: lib.normalizers.BertNormalizer(lowercase=False),
    lambda lib: lib.normalizers.Sequence(
        [lib.normalizers.NFC(), lib.normalizers.Strip(right=False)]
    ),
    lambda lib: lib.normalizers.Prepend("x"),
    lambda lib: lib.pre_tokenizers.ByteLevel(add_prefix_space=False),
    lambda lib: lib.pre_tokenizers.Sequence([lib.pre_tokenizers.Digits(True)]),
    lambda lib: lib.pre_tokenizers.Metaspace("_", "never", False),
    lambda lib: lib.pre_tokenizers.CharDelimiterSplit("-"),
    lambda lib: lib.pre_tokenizers.FixedLength(3),
    lambda lib: lib.processors.RobertaProcessing(("</s>", 1), ("<s>", 0), False, False),
    lambda lib: lib.processors.BertProcessing(("</s>", 1), ("<s>", 0)),
    lambda lib: lib.processors.TemplateProcessing("[A] $0", "$A $B", [("[A]", 1)]),
    lambda lib: lib.decoders.Sequence([lib.decoders.Fuse(), lib.decoders.Strip("x", 1, 2)]),
    lambda lib: lib.decoders.CTC("p", "w", False),
    lambda lib: lib.trainers.BpeTrainer(vocab_size=7, special_tokens=["<s>"]),
    lambda lib: lib.trainers.WordPieceTrainer(vocab_size=7),
    lambda lib: lib.trainers.WordLevelTrainer(min_frequency=7),
    lambda lib: lib.trainers.UnigramTrainer(shrinking_factor=0.5),
]


@pytest.mark.parametrize("build", BOTH)
def test_parts(library: ModuleType, build: Callable[[ModuleType], Any]) -> None:
    part = build(library)
    for again in (pickle.loads(pickle.dumps(part)), copy.copy(part), copy.deepcopy(part)):
        assert type(again) is type(part)
        assert str(again) == str(part)
        assert again.__getstate__() == part.__getstate__()


@pytest.mark.parametrize("build", BOTH)
def test_states_are_the_references(oracle: ModuleType, build: Callable[[ModuleType], Any]) -> None:
    assert build(fissile).__getstate__() == build(oracle).__getstate__()
    assert str(build(fissile)) == str(build(oracle))


def test_split_keeps_its_pattern(library: ModuleType) -> None:
    split = library.pre_tokenizers.Split(library.Regex(r"\d"), "isolated", invert=True)
    again = pickle.loads(pickle.dumps(split))
    assert again.pre_tokenize_str("a1b") == split.pre_tokenize_str("a1b")


def test_what_the_reference_cannot_pickle() -> None:
    def again(value: Any) -> Any:
        return pickle.loads(pickle.dumps(value))

    assert again(fissile.normalizers.Replace("a", "b")).normalize_str("aa") == "bb"
    assert again(fissile.decoders.Replace("a", "b")).decode(["aa"]) == "bb"
    assert again(fissile.Regex(r"\d+")).pattern == r"\d+"
    token = fissile.models.WordLevel({"a": 0}, unk_token="a").tokenize("a")[0]
    assert again(token).as_tuple() == token.as_tuple()


WAYS = [lambda value: pickle.loads(pickle.dumps(value)), copy.copy, copy.deepcopy]


@pytest.mark.parametrize("again", WAYS)
def test_texts_keep_their_alignment(again: Callable[[Any], Any]) -> None:
    text = fissile.NormalizedString("  Ünï cödé ")
    text.nfd()
    text.filter(lambda character: character.isascii())
    text.strip()
    copied = again(text)
    assert repr(copied) == repr(text)
    for part in (slice(0, 3), slice(2, 6), slice(4, 8)):
        assert repr(copied[part]) == repr(text[part])
        assert repr(again(text[part])) == repr(text[part])
    copied.uppercase()
    assert (str(copied), str(text)) == ("UNI CODE", "Uni code")


@pytest.mark.parametrize("again", WAYS)
def test_pieces_keep_offsets_and_tokens(again: Callable[[Any], Any]) -> None:
    pieces = fissile.PreTokenizedString("Häuser am See")
    pieces.normalize(lambda text: text.lowercase())
    pieces.split(lambda _, text: text.split(" ", "removed"))
    copied = again(pieces)
    assert copied.get_splits() == pieces.get_splits()
    copied.tokenize(lambda text: [fissile.Token(7, text, (0, len(text.encode())))])
    assert again(copied).to_encoding().offsets == [(0, 6), (7, 9), (10, 13)]
    assert all(tokens is None for _, _, tokens in pieces.get_splits())


@pytest.mark.parametrize("again", WAYS)
def test_streams_go_on_where_they_were(again: Callable[[Any], Any]) -> None:
    vocab = {"<0xC3>": 0, "<0xA9>": 1, "a": 2, "b": 3}
    tokenizer = fissile.Tokenizer(fissile.models.BPE(vocab, []))
    tokenizer.decoder = fissile.decoders.ByteFallback()
    stream = fissile.decoders.DecodeStream()
    assert [stream.step(tokenizer, id) for id in (2, 0)] == ["a", None]
    copied = again(stream)
    assert [copied.step(tokenizer, id) for id in (1, 3)] == ["é", "b"]
    assert stream.flush(tokenizer) == "\ufffd"


@pytest.mark.parametrize("again", WAYS)
def test_buffers_of_ids(again: Callable[[Any], Any]) -> None:
    tokenizer = fissile.Tokenizer(fissile.models.WordLevel({"a": 0, "b": 70_000}, unk_token="a"))
    tokenizer.pre_tokenizer = fissile.pre_tokenizers.WhitespaceSplit()
    ids = tokenizer.encode_ids("a b a b")
    rows = tokenizer.encode_ids_batch(["a", "", "b a"])
    assert again(ids) == ids
    assert again(ids[1:3]) == [70_000, 0]
    assert again(rows) == rows
    assert again(rows).to_list() == [[0], [], [70_000, 0]]
    assert again(rows.row_splits) == [0, 1, 1, 3]


def test_buffers_can_be_made_of_numbers_and_bytes() -> None:
    assert fissile.Ids([1, 2]) == fissile.Ids(b"\x01\0\0\0\x02\0\0\0") == [1, 2]
    assert fissile.Ragged([5, 6, 7], [0, 1, 3]).to_list() == [[5], [6, 7]]
    with pytest.raises(ValueError, match="3 bytes"):
        fissile.Ids(b"abc")
    for splits in ([], [0, 4], [2, 1], [-1, 3]):
        with pytest.raises(ValueError, match="row_splits"):
            fissile.Ragged([5, 6, 7], splits)


def test_damaged_states_are_refused() -> None:
    made = [fissile.NormalizedString("a"), fissile.PreTokenizedString("a")]
    for value in [*made, fissile.decoders.DecodeStream([1])]:
        state = value.__getstate__()
        for broken in (b"", b"{}", b"\xff", state[:-1]):
            with pytest.raises(Exception, match=r"unpickle|utf-8"):
                value.__setstate__(broken)
        assert value.__getstate__() == state

"""`AddedToken`, and how added tokens are found in texts and left out of them."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from types import ModuleType

import fissile
import pytest

from tests.support.build import WORDS, words


def test_fields(library: ModuleType) -> None:
    token = library.AddedToken("x", rstrip=True)
    assert (token.content, token.single_word, token.lstrip, token.rstrip) == (
        "x",
        False,
        False,
        True,
    )
    assert (token.normalized, token.special) == (True, False)
    assert library.AddedToken("x", special=True).normalized is False
    assert library.AddedToken("x", special=True, normalized=True).normalized is True
    assert str(token) == "x"
    assert repr(token) == (
        'AddedToken("x", rstrip=True, lstrip=False, single_word=False, normalized=True, special=False)'
    )
    token.special = True
    token.content = "y"
    assert (token.special, token.content) == (True, "y")
    with pytest.raises(AttributeError):
        token.lstrip = True


def test_equality_and_hash(library: ModuleType) -> None:
    token = library.AddedToken("x")
    assert token == library.AddedToken("x")
    assert token != library.AddedToken("x", lstrip=True)
    assert hash(token) == hash(library.AddedToken("x", lstrip=True))
    assert (token == "x") is False
    assert not token < library.AddedToken("y")


def test_state(library: ModuleType) -> None:
    token = library.AddedToken("x", lstrip=True, special=True)
    state = token.__getstate__()
    assert state == {
        "content": "x",
        "single_word": False,
        "lstrip": True,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }
    assert library.AddedToken(**state) == token
    assert pickle.loads(pickle.dumps(token)) == copy.deepcopy(token) == token


def test_counts(library: ModuleType) -> None:
    tokenizer = words(library)
    assert tokenizer.add_tokens(["new", "hello", ""]) == 2
    assert tokenizer.add_tokens(["new"]) == 0
    assert tokenizer.add_special_tokens(["new", library.AddedToken("<x>")]) == 2
    added = tokenizer.get_added_tokens_decoder()
    assert list(added) == [9, len(WORDS), len(WORDS) + 1]
    assert added[len(WORDS) + 1].special is True


def test_a_passed_token_becomes_special(library: ModuleType) -> None:
    token = library.AddedToken("<x>")
    words(library).add_special_tokens([token])
    assert token.special is True


@pytest.mark.parametrize(
    ("options", "text", "tokens"),
    [
        ({}, "my<x>name", ["my", "<x>", "name"]),
        ({"single_word": True}, "my<x> <x>", ["my", "[UNK]", "[UNK]", "[UNK]", "<x>"]),
        ({"lstrip": True}, "my   <x> name", ["my", "   <x>", "name"]),
        ({"rstrip": True}, "my <x>  name", ["my", "<x>  ", "name"]),
        ({"normalized": False}, "my <X> <x>", ["my", "[UNK]", "[UNK]", "[UNK]", "<x>"]),
        ({"normalized": True}, "my <X> <x>", ["my", "<x>", "<x>"]),
    ],
)
def test_found_in_texts(
    library: ModuleType, options: dict[str, bool], text: str, tokens: list[str]
) -> None:
    tokenizer = words(library, special=False)
    tokenizer.normalizer = library.normalizers.Lowercase()
    tokenizer.add_tokens([library.AddedToken("<x>", **options)])
    found = tokenizer.encode(text)
    spans = [text[start:end].lower() for start, end in found.offsets]
    expected = [token if token != "[UNK]" else None for token in tokens]
    assert [
        span if token else None for span, token in zip(spans, expected, strict=True)
    ] == expected


def test_leftmost_longest(library: ModuleType) -> None:
    tokenizer = words(library, special=False)
    tokenizer.add_tokens(["<a>", "<a><b>", "<b><c>"])
    assert tokenizer.encode("<a><b><c>").tokens[0] == "<a><b>"


def test_special_tokens_as_text(library: ModuleType) -> None:
    tokenizer = words(library, special=False)
    tokenizer.add_special_tokens(["[CLS]"])
    assert tokenizer.encode("[CLS]").ids == [1]
    tokenizer.encode_special_tokens = True
    assert tokenizer.encode_special_tokens is True
    assert tokenizer.encode("[CLS]").ids != [1]


def test_of_equal_tokens_the_lowest_id_is_found() -> None:
    code = (
        "import fissile; from tests.support.build import words\n"
        "t = words(fissile, special=False); t.normalizer = fissile.normalizers.Lowercase()\n"
        "t.add_tokens(['Foo', 'foo', 'FOO']); print(t.encode('a foo').ids)"
    )
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == f"[12, {len(WORDS)}]"


def test_ids_do_not_collide() -> None:
    model = fissile.models.WordLevel({"a": 0, "b": 5}, unk_token="a")
    tokenizer = fissile.Tokenizer(model)
    tokenizer.add_tokens(["c", "d", "e", "f", "g"])
    vocab = tokenizer.get_vocab()
    assert len(vocab) == 7
    assert len(set(vocab.values())) == 7


def test_special_tokens_that_normalize_are_skipped() -> None:
    tokenizer = words(fissile, special=False)
    tokenizer.normalizer = fissile.normalizers.Lowercase()
    tokenizer.add_special_tokens([fissile.AddedToken("<EOS>", normalized=True, special=True)])
    ids = tokenizer.encode("hello <eos>").ids
    assert ids == [9, len(WORDS)]
    assert tokenizer.decode(ids) == "hello"


def test_many_one_at_a_time() -> None:
    """Nothing quadratic: the pytest timeout would tell."""
    tokenizer = words(fissile, special=False)
    for number in range(3_000):
        tokenizer.add_tokens([f"<{number}>"])
    assert tokenizer.encode("a<2999>b").ids == [12, len(WORDS) + 2_999, 13]

"""Bad input: an error that says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fissile import AutoTokenizer, PreTrainedTokenizerFast

from tests.auto.conftest import SMALL


def test_a_folder_without_a_tokenizer(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(OSError, match=r"holds config.json, and none of the files.*tokenizer\.json"):
        AutoTokenizer.from_pretrained(tmp_path)


def test_no_folder() -> None:
    with pytest.raises(OSError, match="no such folder"):
        AutoTokenizer.from_pretrained("./no/such/folder")


def test_a_name_that_is_not_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(OSError, match="not in the local cache"):
        AutoTokenizer.from_pretrained("nobody/nothing", local_files_only=True)


def test_a_name_is_found_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "models--some--model"
    snapshot = repository / "snapshots" / "0123abc"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0123abc", encoding="utf-8")
    (snapshot / "tokenizer.json").write_bytes((SMALL / "word_pieces.json").read_bytes())
    (snapshot / "tokenizer_config.json").write_text('{"model_max_length": 7}', encoding="utf-8")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert AutoTokenizer.from_pretrained("some/model").model_max_length == 7
    assert AutoTokenizer.from_pretrained("some/model", revision="0123abc").model_max_length == 7


def test_broken_small_files(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes((SMALL / "word_pieces.json").read_bytes())
    for content in ("{", "[1]", b"\xff"):
        path = tmp_path / "tokenizer_config.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(ValueError, match=r"tokenizer_config\.json"):
            AutoTokenizer.from_pretrained(tmp_path)


def test_a_config_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes((SMALL / "word_pieces.json").read_bytes())
    (tmp_path / "tokenizer_config.json").write_text(
        '{"tokenizer_file": "/etc/passwd", "vocab_file": "/etc/passwd"}', encoding="utf-8"
    )
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    assert "/etc/passwd" not in repr(tokenizer.init_kwargs)


def test_no_padding_token() -> None:
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=SMALL / "unigram.json")
    with pytest.raises(ValueError, match=r"does not have a padding token.*pad_token = tokenizer"):
        tokenizer(["a", "b"], padding=True)
    with pytest.raises(ValueError, match="does not have a padding token"):
        tokenizer.pad({"input_ids": [[1], [2, 3]]})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"paddding": True}, "did you mean 'padding'"),
        ({"nonsense": 1}, "unexpected argument 'nonsense'"),
    ],
)
def test_unknown_arguments(small: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        small("a", **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"padding": "longst"}, "'longst' is not a valid PaddingStrategy"),
        ({"truncation": "first"}, "'first' is not a valid TruncationStrategy"),
        ({"return_tensors": "jax"}, "'jax' is not a valid TensorType"),
        ({"padding_side": "top"}, "between 'right' and 'left'"),
        (
            {"truncation": True, "padding": True, "max_length": 9, "pad_to_multiple_of": 8},
            "not a multiple of pad_to_multiple_of",
        ),
        ({"truncation": True, "max_length": 1}, "max_length"),
        ({"truncation": True, "max_length": 6, "stride": 5}, "stride"),
        ({"truncation": "only_second", "max_length": 3}, "Second sequence not provided"),
    ],
)
def test_contradictory_settings(small: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        small("a b c d e f g", **options)


@pytest.mark.parametrize("text", [None, 3, [3], {"a": 1}, b"bytes", [[["too", "deep"]], 1]])
def test_what_is_no_text(small: Any, text: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        small(text)


def test_pairs_that_do_not_match(small: Any) -> None:
    with pytest.raises(ValueError, match="batch length of `text`: 2 does not match"):
        small(["a", "b"], ["c"])
    with pytest.raises(TypeError, match="same length"):
        small(["a", "b"], "c")


def test_ragged_rows_make_no_tensor(small: Any) -> None:
    pytest.importorskip("torch")
    with pytest.raises(ValueError, match="padding=True"):
        small(["a", "a b"], return_tensors="pt")


def test_without_torch_the_error_says_so(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(ImportError, match="PyTorch is not installed"):
        small("a", return_tensors="pt")


def test_the_empty_batch(small: Any) -> None:
    assert dict(small([])) == {"input_ids": [], "attention_mask": []}


def test_special_tokens_have_to_be_text(small: Any) -> None:
    with pytest.raises(ValueError, match="not a valid special token"):
        small.add_special_tokens({"no_token": "x"})
    with pytest.raises(ValueError, match="non-string"):
        small.pad_token = 3
    with pytest.raises(TypeError, match="str or AddedToken"):
        PreTrainedTokenizerFast(tokenizer_file=SMALL / "unigram.json", pad_token=3)
    with pytest.raises(ValueError, match="tokenizer_file="):
        PreTrainedTokenizerFast()
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = small.no_such_thing


def test_columns_of_data_frames_are_taken(small: Any) -> None:
    numpy = pytest.importorskip("numpy")
    expected = dict(small(["a", "b"]))
    assert dict(small(numpy.array(["a", "b"], dtype=object))) == expected
    assert dict(small(("a", "b"))) == expected


def test_options_that_would_be_ignored_are_refused() -> None:
    for options, message in (
        ({"fix_mistral_regex": True}, r"fix_mistral_regex=True.*pre_tokenizer\[0\]"),
        ({"src_lang": "fra_Latn"}, r"src_lang='fra_Latn'.*post_processor"),
        ({"language": "french", "task": "transcribe"}, r"language='french'.*post_processor"),
    ):
        for opened in (AutoTokenizer, PreTrainedTokenizerFast):
            with pytest.raises(NotImplementedError, match=message):
                opened.from_pretrained(SMALL / "word_pieces.json", **options)
    with pytest.raises(NotImplementedError, match="gguf_file"):
        AutoTokenizer.from_pretrained(SMALL, gguf_file="a.gguf")

"""Files larger than a part give the ids of their documents, and are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fissile import InvalidValueError, Tokenizer, models, pre_tokenizers
from fissile.cli.__main__ import main
from fissile.tools import encode_batches, encode_file
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def tokenizer() -> Tokenizer:
    tokens = ["[UNK]", "so", "it", "is", "é", "中"]
    vocab = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordLevel(vocab, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


@given(
    documents=st.lists(st.text("soit é中\r\x1e<", max_size=20), max_size=12),
    separator=st.sampled_from(["\n", "\x1e\n", "<|>", "é"]),
    part=st.integers(1, 40),
    ends=st.booleans(),
)
def test_batches_are_the_documents(
    tmp_path_factory: pytest.TempPathFactory,
    documents: list[str],
    separator: str,
    part: int,
    ends: bool,
) -> None:
    tokens = ["[UNK]", "so", "it", "is", "é", "中"]
    tokenizer = Tokenizer(models.WordLevel({t: n for n, t in enumerate(tokens)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    text = separator.join(documents) + (separator if ends else "")
    path = tmp_path_factory.mktemp("texts") / "text"
    path.write_bytes(text.encode())
    expected = text.split(separator)
    if not expected[-1]:
        expected.pop()
    rows = [
        row
        for batch in encode_batches(tokenizer, path, separator=separator, part=part)
        for row in batch.to_list()
    ]
    assert rows == tokenizer.encode_ids_batch(expected).to_list()


@pytest.mark.parametrize("dtype", ["uint16", "uint32"])
def test_written_ids_are_raw_numbers(tokenizer: Tokenizer, tmp_path: Path, dtype: str) -> None:
    (tmp_path / "text").write_text("so it\nis é\n", encoding="utf-8")
    done = encode_file(tokenizer, tmp_path / "text", tmp_path / "ids", dtype=dtype, part=3)
    assert (done.documents, done.ids, done.bytes) == (2, 4, 12)
    assert np.fromfile(tmp_path / "ids", dtype=dtype).tolist() == [1, 2, 3, 4]
    encode_file(
        tokenizer, tmp_path / "text", tmp_path / "ids", dtype=dtype, end_of_document=0, part=3
    )
    assert np.fromfile(tmp_path / "ids", dtype=dtype).tolist() == [1, 2, 0, 3, 4, 0]


def test_a_failure_leaves_what_was_there(tokenizer: Tokenizer, tmp_path: Path) -> None:
    (tmp_path / "ids").write_bytes(b"before")
    (tmp_path / "text").write_bytes(b"so it\nso \xff\n")
    with pytest.raises(InvalidValueError, match="not UTF-8: the byte 0xff"):
        encode_file(tokenizer, tmp_path / "text", tmp_path / "ids", part=4)
    (tmp_path / "text").write_bytes(b"so it\n")
    with pytest.raises(InvalidValueError, match="too large for uint16"):
        encode_file(
            tokenizer, tmp_path / "text", tmp_path / "ids", dtype="uint16", end_of_document=1 << 16
        )
    with pytest.raises(InvalidValueError, match="separator is empty"):
        encode_file(tokenizer, tmp_path / "text", tmp_path / "ids", separator="")
    with pytest.raises(InvalidValueError, match="unknown dtype 'int8'"):
        encode_file(tokenizer, tmp_path / "text", tmp_path / "ids", dtype="int8")
    assert (tmp_path / "ids").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ids", "text"]


def test_the_command(
    tokenizer: Tokenizer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "text").write_text("so it;is", encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("tokenizer.json", "text", "ids")]
    assert main(["encode-file", *paths, "--separator", ";", "--dtype", "uint16", "--end", "0"]) == 0
    assert "2 documents, 5 ids" in capsys.readouterr().out
    assert np.fromfile(tmp_path / "ids", dtype="uint16").tolist() == [1, 2, 0, 3, 0]

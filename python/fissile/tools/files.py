"""Files of any size into ids: read a part at a time, documents kept whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fissile import InvalidValueError, Ragged, Tokenizer
from fissile._writing import whole

PART = 1 << 20
"""Bytes of text that are encoded at a time."""

_SIZES = {"uint16": 2, "uint32": 4}


@dataclass(frozen=True)
class EncodedFile:
    """What `encode_file` has written.

    Attributes:
        documents: How many documents the text had.
        ids: How many ids they have.
        bytes: How long the text is, in bytes.
    """

    documents: int
    ids: int
    bytes: int


def encode_batches(
    tokenizer: Tokenizer,
    path: str | os.PathLike[str],
    *,
    separator: str = "\n",
    add_special_tokens: bool = True,
    part: int = PART,
    num_threads: int | None = None,
) -> Iterator[Ragged]:
    r"""Encode the documents of a file that may be larger than memory.

    Example:
        >>> import pathlib, tempfile
        >>> from fissile import Tokenizer, models, pre_tokenizers
        >>> tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "so": 1, "it": 2}, "[UNK]"))
        >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        >>> path = pathlib.Path(tempfile.mkdtemp(), "texts")
        >>> _ = path.write_text("so it\nit so\n")
        >>> [batch.to_list() for batch in encode_batches(tokenizer, path)]
        [[[1, 2], [2, 1]]]

    Args:
        tokenizer: What encodes.
        path: A file of UTF-8 text.
        separator: What stands between two documents; it belongs to none.
        add_special_tokens: Put the tokens of the post-processor around each document.
        part: How many bytes are read at a time. No more than that, the longest document and their ids
            are in memory.
        num_threads: At most so many threads.

    Yields:
        The ids of the next documents. Nothing behind the last separator is no document.

    Raises:
        ValueError: When the separator is empty, or the file is not UTF-8.
    """
    for documents in _documents(path, separator, part):
        yield tokenizer.encode_ids_batch(
            documents, add_special_tokens=add_special_tokens, num_threads=num_threads
        )


def encode_file(
    tokenizer: Tokenizer,
    path: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    separator: str = "\n",
    dtype: Literal["uint16", "uint32"] = "uint32",
    end_of_document: int | None = None,
    add_special_tokens: bool = True,
    part: int = PART,
    num_threads: int | None = None,
) -> EncodedFile:
    r"""Write the ids of a file's documents to another file, one behind the other.

    The ids are raw numbers of this machine's byte order, as `numpy.memmap` reads them. The file is
    there when it is whole, and not before.

    Example:
        >>> import pathlib, tempfile
        >>> from fissile import Tokenizer, models, pre_tokenizers
        >>> tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "so": 1, "it": 2}, "[UNK]"))
        >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> _ = (folder / "texts").write_text("so it\nit so")
        >>> encode_file(tokenizer, folder / "texts", folder / "ids", dtype="uint16", end_of_document=0)
        EncodedFile(documents=2, ids=6, bytes=11)
        >>> list(memoryview((folder / "ids").read_bytes()).cast("H"))
        [1, 2, 0, 2, 1, 0]

    Args:
        tokenizer: What encodes.
        path: A file of UTF-8 text.
        output: The file to write.
        separator: What stands between two documents.
        dtype: "uint32" or "uint16".
        end_of_document: An id to put behind each document.
        add_special_tokens: Put the tokens of the post-processor around each document.
        part: How many bytes are read at a time.
        num_threads: At most so many threads.

    Returns:
        How much it was.

    Raises:
        ValueError: When the file is not UTF-8, the type is unknown, or an id is too large for it.
    """
    if dtype not in _SIZES:
        raise InvalidValueError(f"unknown dtype {dtype!r}: expected one of {', '.join(_SIZES)}")
    documents = ids = 0
    with whole(Path(output)) as place, open(place, "wb") as file:
        for batch in encode_batches(
            tokenizer, path, separator=separator, add_special_tokens=add_special_tokens,
            part=part, num_threads=num_threads,
        ):  # fmt: skip
            numbers = batch.tobytes(dtype=dtype, end=end_of_document)
            file.write(numbers)
            documents += len(batch)
            ids += len(numbers) // _SIZES[dtype]
    return EncodedFile(documents, ids, os.path.getsize(path))


def _documents(path: str | os.PathLike[str], separator: str, part: int) -> Iterator[list[str]]:
    """Documents, as many at a time as a part of the file holds."""
    mark = separator.encode()
    if not mark:
        raise InvalidValueError("the separator is empty")
    begun: list[bytes] = []  # of a document whose end has not been read
    with open(path, "rb") as file:
        while read := file.read(max(part, 1)):
            # The mark itself may lie across two parts.
            edge = begun.pop() + read if begun else read
            cut = edge.rfind(mark)
            if cut < 0:
                begun += (
                    [edge[: 1 - len(mark)], edge[1 - len(mark) :]] if len(mark) > 1 else [edge, b""]
                )
                continue
            whole = b"".join([*begun, edge[:cut]])
            begun = [edge[cut + len(mark) :]]
            yield _decoded(whole, path).split(separator)
    rest = b"".join(begun)
    if rest:
        yield [_decoded(rest, path)]


def _decoded(text: bytes, path: str | os.PathLike[str]) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        at = text[error.start : error.start + 1].hex()
        raise InvalidValueError(f"{os.fspath(path)} is not UTF-8: the byte 0x{at}") from error

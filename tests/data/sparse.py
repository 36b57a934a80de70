"""Make the vocabularies of `sparse/`: of a real one, what the printed examples can touch.

    FISSILE_SHARED=… python tests/data/sparse.py

An entry that is no part of any word of `tests/auto/test_examples_*.py` cannot show in the tokens of those
words. Leaving all such entries out gives the same tokens and ids in a fiftieth of the size, for machines
that have nothing larger.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.support.places import TESTS, shared  # noqa: E402

NAMES = ("bert_cased", "gpt2")


def texts() -> Iterator[str]:
    """Every string that the tests of examples write."""
    for path in sorted((TESTS / "auto").glob("test_examples_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from (node.value, " " + node.value)


def parts(tokenizer: Tokenizer) -> set[str]:
    """Every part of every word of the texts."""
    found: set[str] = set()
    for text in texts():
        if tokenizer.normalizer is not None:
            text = tokenizer.normalizer.normalize_str(text)
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text):
            for start in range(len(word)):
                for end in range(start + 1, len(word) + 1):
                    found.add(word[start:end])
    return found


def thinned(document: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    """The tokenizer without the entries that cannot show."""
    model = document["model"]
    prefix = model.get("continuing_subword_prefix") or ""
    always = {token["content"] for token in document["added_tokens"]}
    if "merges" in model:
        model["merges"] = [
            merge
            for merge in model["merges"]
            if "".join(merge if isinstance(merge, list) else merge.split(" ")) in kept
        ]
    model["vocab"] = {
        token: id
        for token, id in model["vocab"].items()
        if token in always
        or token in kept
        or (prefix and token.startswith(prefix) and token[len(prefix) :] in kept)
        or ("merges" in model and len(token) == 1)
    }
    return document


def main() -> None:
    """Write them all."""
    folder = shared()
    if folder is None:
        sys.exit("no folder with whole vocabularies: set FISSILE_SHARED")
    (HERE / "sparse").mkdir(exist_ok=True)
    for name in NAMES:
        path = folder / "tokenizers" / name / "tokenizer.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        made = thinned(document, parts(Tokenizer.from_file(str(path))))
        text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
        (HERE / "sparse" / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(name, len(made["model"]["vocab"]))


if __name__ == "__main__":
    main()

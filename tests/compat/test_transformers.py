"""`transformers` on fissile: the same program under the reference's name gives the same output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import shared

PROGRAM = """
import json, pickle, sys
import tokenizers
from transformers import PreTrainedTokenizerFast
texts = ["Hello world!", "Don't panic: 42 naive cafes \\u4e2d\\u6587", "", "  two  spaces\\n"]
rows = {"is_fissile": getattr(tokenizers, "__fissile__", False), "version": tokenizers.__version__}
for path in sys.argv[1:]:
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=path)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.convert_ids_to_tokens(0)
    batch = tokenizer(
        texts, padding=True, truncation=True, max_length=8, stride=2,
        return_overflowing_tokens=True, return_offsets_mapping=True,
    )
    copy = pickle.loads(pickle.dumps(tokenizer))
    rows[path] = [
        {key: batch[key] for key in sorted(batch)},
        [batch.tokens(i) for i in range(len(batch["input_ids"]))],
        tokenizer.batch_decode(batch["input_ids"]),
        copy(texts)["input_ids"],
        len(tokenizer),
    ]
print(json.dumps(rows))
"""


def _files() -> list[str]:
    folder = Path(__file__).parents[1] / "data" / "tokenizers"
    small = sorted(folder.glob("*.json")) + sorted(folder.glob("*/tokenizer.json"))
    real = shared()
    names = ("gpt2", "bert_uncased", "llama3", "qwen3") if real else ()
    large = [Path(real) / "tokenizers" / name / "tokenizer.json" for name in names] if real else []
    return [str(path) for path in small[:3] + large]


def _run(arguments: list[str]) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    rows: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return rows


def test_the_same_program_gives_the_same_output(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="the program that runs on fissile")
    pytest.importorskip("tokenizers", reason="the reference is the oracle")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    files = _files()
    assert files
    theirs = _run([str(program), *files])
    ours = _run(["-m", "fissile.compat", str(program), *files])
    assert (theirs.pop("is_fissile"), ours.pop("is_fissile")) == (False, True)
    assert ours == theirs

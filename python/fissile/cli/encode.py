"""`fissile encode`: texts into ids or tokens."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from fissile import Encoding, Tokenizer
from fissile.cli.show import coloured


def add_to(commands: Any) -> None:
    """Declare the sub-command."""
    command = commands.add_parser("encode", help="texts into ids, tokens or offsets")
    command.add_argument("tokenizer", help="a tokenizer file of any format")
    command.add_argument("text", nargs="*", help="texts; none: lines of standard input")
    command.add_argument(
        "--as",
        dest="form",
        choices=("ids", "tokens", "json", "colour", "count"),
        default="ids",
        help="what to print (default: ids)",
    )
    command.add_argument("--bare", action="store_true", help="no special tokens around the text")
    command.add_argument("--max-length", type=int, help="truncate to so many tokens")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print one line a text."""
    tokenizer = Tokenizer.from_file(options.tokenizer)
    if options.max_length is not None:
        tokenizer.enable_truncation(options.max_length)
    for text in options.text or _lines():
        encoding = tokenizer.encode(text, add_special_tokens=not options.bare)
        print(_shown(encoding, text, options.form))


def _lines() -> Iterator[str]:
    return (line.removesuffix("\n") for line in sys.stdin)


def _shown(encoding: Encoding, text: str, form: str) -> str:
    if form == "tokens":
        return " ".join(encoding.tokens)
    if form == "count":
        return str(len(encoding))
    if form == "colour":
        return coloured(text, encoding)
    if form == "json":
        columns = {"ids": encoding.ids, "tokens": encoding.tokens, "offsets": encoding.offsets}
        return json.dumps(columns, ensure_ascii=False)
    return " ".join(map(str, encoding.ids))

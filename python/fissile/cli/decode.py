"""`fissile decode`: ids into texts."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from fissile import Tokenizer


def add_to(commands: Any) -> None:
    """Declare the sub-command."""
    command = commands.add_parser("decode", help="ids into texts")
    command.add_argument("tokenizer", help="a tokenizer file of any format")
    command.add_argument("ids", nargs="*", help="ids of one text; none: lines of standard input")
    command.add_argument(
        "--keep-special", action="store_true", help="special tokens stay in the text"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print one text a list of ids."""
    tokenizer = Tokenizer.from_file(options.tokenizer)
    lines = [options.ids] if options.ids else (line.split() for line in sys.stdin)
    for line in lines:
        try:
            ids = [int(word) for word in line]
        except ValueError as error:
            print(f"fissile decode: ids are whole numbers: {error}", file=sys.stderr)
            return 2
        print(tokenizer.decode(ids, skip_special_tokens=not options.keep_special))
    return 0

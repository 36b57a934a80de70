"""`fissile convert`: any tokenizer file into a tokenizer.json."""

from __future__ import annotations

import argparse
from typing import Any

from fissile import Tokenizer


def add_to(commands: Any) -> None:
    """Declare the sub-command."""
    command = commands.add_parser("convert", help="any tokenizer file into a tokenizer.json")
    command.add_argument("source", help="a tokenizer file of any format")
    command.add_argument("target", help="the tokenizer.json to write")
    command.add_argument("--compact", action="store_true", help="on one line")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the file, whole or not at all."""
    tokenizer = Tokenizer.from_file(options.source)
    tokenizer.save(options.target, pretty=not options.compact)
    print(f"{options.target}: {tokenizer.get_vocab_size():,} tokens")

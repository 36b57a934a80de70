"""`fissile encode-file`: a file of any size into a file of ids."""

from __future__ import annotations

import argparse
from typing import Any

from fissile import Tokenizer
from fissile.tools.files import encode_file


def add_to(commands: Any) -> None:
    """Declare the sub-command."""
    command = commands.add_parser("encode-file", help="a file of any size into a file of raw ids")
    command.add_argument("tokenizer", help="a tokenizer file of any format")
    command.add_argument("source", help="a file of UTF-8 text")
    command.add_argument("target", help="the file of ids to write")
    command.add_argument(
        "--separator",
        default="\\n",
        help="what stands between documents, escapes understood (default: the end of a line)",
    )
    command.add_argument("--dtype", choices=("uint32", "uint16"), default="uint32")
    command.add_argument("--end", type=int, help="an id to put behind each document")
    command.add_argument("--bare", action="store_true", help="no special tokens around documents")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the file, whole or not at all."""
    separator = options.separator.encode("latin-1", "backslashreplace").decode("unicode_escape")
    done = encode_file(
        Tokenizer.from_file(options.tokenizer), options.source, options.target,
        separator=separator, dtype=options.dtype, end_of_document=options.end,
        add_special_tokens=not options.bare,
    )  # fmt: skip
    print(f"{options.target}: {done.documents:,} documents, {done.ids:,} ids")

"""Reads the command line and calls the sub-command.

Standard input and output carry texts, one a line, unless a file is named; `-` is standard input.
"""

from __future__ import annotations

import argparse
import sys

from fissile import FissileError, __version__
from fissile.cli import convert, decode, encode, encode_file, inspect


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="fissile",
        description="Split text into tokens and join tokens into text, with any tokenizer file: "
        "tokenizer.json, SentencePiece .model, .tiktoken, tekken.json, vocab.txt, vocab.json.",
    )
    top.add_argument("--version", action="version", version=f"fissile {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (encode, encode_file, decode, inspect, convert):
        command.add_to(commands)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except (FissileError, OSError) as error:
        print(f"fissile: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    sys.exit(main())

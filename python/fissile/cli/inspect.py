"""`fissile inspect`: what a tokenizer file holds, and what happens to a text in it."""

from __future__ import annotations

import argparse
import json
from typing import Any

from fissile import Tokenizer
from fissile.cli.show import coloured


def add_to(commands: Any) -> None:
    """Declare the sub-command."""
    command = commands.add_parser(
        "inspect", help="what a tokenizer file holds; what happens to a text"
    )
    command.add_argument("tokenizer", help="a tokenizer file of any format")
    command.add_argument("text", nargs="?", help="a text to follow through the stages")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print the parts, then the stages of the text."""
    tokenizer = Tokenizer.from_file(options.tokenizer)
    document = json.loads(tokenizer.to_str())
    for stage in ("normalizer", "pre_tokenizer", "post_processor", "decoder"):
        print(f"{stage:15} {_brief(document[stage])}")
    print(f"{'model':15} {type(tokenizer.model).__name__}")
    print(f"{'vocabulary':15} {tokenizer.get_vocab_size():,} tokens")
    added = tokenizer.get_added_tokens_decoder()
    specials = [token.content for token in added.values() if token.special]
    print(f"{'added tokens':15} {len(added)}, special: {' '.join(specials[:12])}")
    if options.text is not None:
        _follow(tokenizer, options.text)


def _brief(part: Any) -> str:
    if part is None:
        return "-"
    shown = json.dumps(part, ensure_ascii=False)
    return shown if len(shown) <= 160 else shown[:157] + "..."


def _follow(tokenizer: Tokenizer, text: str) -> None:
    normalized = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text
    print(f"\n{'text':15} {text!r}\n{'normalized':15} {normalized!r}")
    if tokenizer.pre_tokenizer:
        pieces = [piece for piece, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normalized)]
        print(f"{'pieces':15} {pieces!r}")
    encoding = tokenizer.encode(text)
    print(f"\n{'id':>8}  {'token':24} {'offsets':12} text")
    rows = zip(encoding.ids, encoding.tokens, encoding.offsets, strict=True)
    for token_id, token, (start, end) in rows:
        print(f"{token_id:>8}  {token!r:24} {f'{start}-{end}':12} {text[start:end]!r}")
    print(f"\n{coloured(text, encoding)}")

"""Ids that a SentencePiece file does not tell.

Some models number the pieces of their file in a way of their own: first come special tokens that the file
does not hold, or languages behind the pieces. Who does not know the rule must not guess.
"""

from __future__ import annotations

ANY = "TokenizersBackend"
"""The name of the class that takes every file as it is."""

FOLLOWS_FROM_FILE = frozenset(
    [
        *("AlbertTokenizer", "GemmaTokenizer", "LlamaTokenizer", "T5Tokenizer"),
        *("XLMRobertaTokenizer", "XLNetTokenizer", "CodeLlamaTokenizer"),
        *(ANY, "PreTrainedTokenizer"),
    ]
)
"""Classes whose ids follow from the file, as it is or by a rule that is known here."""


def renumbered(name: str) -> str:
    """The words for a class whose ids do not follow from its SentencePiece file."""
    return (
        f"{name} numbers the pieces of a SentencePiece file in a way of its own, which is not known here: "
        "put the tokenizer.json of the model beside it"
    )

"""What a trained vocabulary is worth: how much text a token holds, what stays unknown, what nobody can reach."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from fissile import Tokenizer

_WIDE = 32


@dataclass(frozen=True)
class Source:
    """One source of text, as the tokenizer sees it."""

    name: str
    bytes: int
    tokens: int
    visible: int
    """Characters that are no white space."""
    covered: int
    """Those of them that lie in a token which is not the unknown one."""

    @property
    def bytes_per_token(self) -> float:
        """Bytes of text in a token, on average."""
        return self.bytes / self.tokens if self.tokens else 0.0

    @property
    def coverage(self) -> float:
        """The share of visible characters that are not lost."""
        return self.covered / self.visible if self.visible else 1.0


@dataclass(frozen=True)
class Report:
    """What `report` found out. `print` it, or leave it at the end of a notebook's cell."""

    sources: tuple[Source, ...]
    size: int
    """Tokens in the vocabulary, added ones included."""
    unreachable: tuple[str, ...]
    """Tokens that no text becomes, as far as their own text shows."""

    def __str__(self) -> str:
        """A bar for each source: bytes in a token."""
        longest = max((len(source.name) for source in self.sources), default=0)
        most = max((source.bytes_per_token for source in self.sources), default=1.0) or 1.0
        lines = [f"{self.size:,} tokens, {len(self.unreachable):,} of them out of reach"]
        for source in self.sources:
            bar = "█" * max(1, round(_WIDE * source.bytes_per_token / most))
            lines.append(
                f"{source.name:>{longest}} {bar:<{_WIDE}} {source.bytes_per_token:5.2f} bytes a token, "
                f"{source.coverage:7.2%} covered"
            )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        most = max((source.bytes_per_token for source in self.sources), default=1.0) or 1.0
        rows = "".join(
            f"<tr><td>{escape(source.name)}</td><td><div style='background:#4a7;height:1em;width:"
            f"{200 * source.bytes_per_token / most:.0f}px'></div></td>"
            f"<td>{source.bytes_per_token:.2f}</td><td>{source.coverage:.2%}</td></tr>"
            for source in self.sources
        )
        return (
            f"<p>{self.size:,} tokens, {len(self.unreachable):,} of them out of reach</p><table>"
            f"<tr><th></th><th></th><th>bytes a token</th><th>covered</th></tr>{rows}</table>"
        )


def report(tokenizer: Tokenizer, sources: Mapping[str, Iterable[str]]) -> Report:
    """Say what a vocabulary is worth on texts of several sources (languages, domains, files).

    Args:
        tokenizer: The tokenizer; it is not changed.
        sources: Names and texts; some hundred kilobytes of each are enough. Texts that were not trained on say
            more than those that were.

    Returns:
        Bytes a token and coverage of each source, and tokens that cannot be reached.

    Example:
        >>> from fissile import Tokenizer, models, pre_tokenizers, trainers
        >>> from fissile.tools.report import report
        >>> tokenizer = Tokenizer(models.BPE(unk_token="?"))
        >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        >>> trainer = trainers.BpeTrainer(vocab_size=12, special_tokens=["?"], show_progress=False)
        >>> tokenizer.train_from_iterator(["hug hug pug pun bun hugs"], trainer)
        >>> found = report(tokenizer, {"known": ["hug pug"], "new": ["mug"]})
        >>> [round(source.coverage, 2) for source in found.sources]
        [1.0, 0.67]
    """
    model = json.loads(tokenizer.to_str())["model"]
    unknown = _unknown(model)
    return Report(
        sources=tuple(
            _source(tokenizer, name, list(texts), unknown) for name, texts in sources.items()
        ),
        size=tokenizer.get_vocab_size(),
        unreachable=tuple(_unreachable(tokenizer, model)),
    )


def _unknown(model: Mapping[str, Any]) -> str | None:
    if model["type"] == "Unigram":
        return None if model["unk_id"] is None else str(model["vocab"][model["unk_id"]][0])
    found = model.get("unk_token")
    return None if found is None else str(found)


def _source(tokenizer: Tokenizer, name: str, texts: list[str], unknown: str | None) -> Source:
    tokens = visible = covered = 0
    id_of_unknown = None if unknown is None else tokenizer.token_to_id(unknown)
    for text, encoding in zip(
        texts, tokenizer.encode_batch(texts, add_special_tokens=False), strict=True
    ):
        tokens += len(encoding)
        hidden = [character.isspace() for character in text]
        visible += hidden.count(False)
        for id, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            if id != id_of_unknown:
                covered += hidden[start:end].count(False)
                # Tokens of parts of a character all have the whole of it.
                hidden[start:end] = [True] * (end - start)
    size = sum(len(text.encode()) for text in texts)
    return Source(name=name, bytes=size, tokens=tokens, visible=visible, covered=covered)


def _unreachable(tokenizer: Tokenizer, model: Mapping[str, Any]) -> Iterable[str]:
    """Tokens whose own text becomes something else; with affixes, only those that have none."""
    added = {token.content for token in tokenizer.get_added_tokens_decoder().values()}
    affixes = [model.get("continuing_subword_prefix"), model.get("end_of_word_suffix")]
    vocab = model["vocab"]
    tokens = [piece for piece, _ in vocab] if isinstance(vocab, list) else list(vocab)
    decorated = tuple(affix for affix in affixes if affix)
    for token in tokens:
        if token in added or (
            decorated and (token.startswith(decorated) or token.endswith(decorated))
        ):
            continue
        if len(token) > 1 and [part.value for part in tokenizer.model.tokenize(token)] != [token]:
            yield token

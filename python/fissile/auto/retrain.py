"""Training a tokenizer of the same kind on other texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._rust import AddedToken, InvalidValueError, Tokenizer, pre_tokenizers, trainers

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast

_TRAINERS = {
    "BPE": trainers.BpeTrainer,
    "Unigram": trainers.UnigramTrainer,
    "WordLevel": trainers.WordLevelTrainer,
    "WordPiece": trainers.WordPieceTrainer,
}


def train_new(
    tokenizer: PreTrainedTokenizerFast,
    texts: Iterable[Any],
    vocab_size: int,
    length: int | None = None,
    new_special_tokens: Sequence[str | AddedToken] | None = None,
    special_tokens_map: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> PreTrainedTokenizerFast:
    """Train a tokenizer with the same pipeline and special tokens on other texts.

    Args:
        tokenizer: The one whose kind it is to be.
        texts: Texts, or lists of texts.
        vocab_size: The size of the vocabulary.
        length: How many texts there are, to show progress.
        new_special_tokens: Further special tokens.
        special_tokens_map: New names of special tokens, by their old ones.
        options: Further arguments of the trainer.

    Returns:
        The new tokenizer.

    Raises:
        ValueError: When a special token of the post-processor is not in the new vocabulary.
    """
    renamed = dict(special_tokens_map or {})
    document = json.loads(tokenizer.backend_tokenizer.to_str())
    added = document.pop("added_tokens")
    post_processor = document.pop("post_processor")
    kind = document["model"].get("type")
    if kind not in _TRAINERS:
        raise InvalidValueError(
            f"This method does not support this type of tokenizer (found {kind}) only BPE, Unigram, "
            "WordLevel and WordPiece."
        )
    unknown = _emptied(document["model"], kind, renamed)
    core = Tokenizer.from_str(json.dumps(document))
    special = [_renamed(token, renamed) for token in added if kind == "Unigram" or token["special"]]
    special += [
        token if isinstance(token, AddedToken) else AddedToken(token, special=True)
        for token in new_special_tokens or ()
    ]
    arguments = {**_arguments(document, kind, unknown), **(options or {})}
    trainer = _TRAINERS[kind](vocab_size=vocab_size, special_tokens=special, **arguments)
    core.train_from_iterator(texts, trainer=trainer, length=length)
    if post_processor is not None:
        document = json.loads(core.to_str())
        document["post_processor"] = _with_new_ids(post_processor, core, renamed)
        core = Tokenizer.from_str(json.dumps(document))
    return type(tokenizer)(
        tokenizer_object=core, **_options(tokenizer, new_special_tokens or (), renamed)
    )


def _emptied(model: dict[str, Any], kind: str, renamed: Mapping[str, str]) -> str | None:
    """Take the vocabulary out of a model.

    Returns:
        The unknown token, where the model names it by its id.
    """
    unknown = None
    if kind == "Unigram":
        if model["unk_id"] is not None:
            unknown = model["vocab"][model["unk_id"]][0]
            unknown = renamed.get(unknown, unknown)
            model["unk_id"] = 0
            model["vocab"] = [[unknown, 0.0]]
        return unknown
    model["vocab"] = {}
    if kind == "BPE":
        model["merges"] = []
    if model.get("unk_token") in renamed:
        model["unk_token"] = renamed[model["unk_token"]]
    return None


def _renamed(token: Mapping[str, Any], renamed: Mapping[str, str]) -> AddedToken:
    content = renamed.get(token["content"], token["content"])
    flags = ("single_word", "lstrip", "rstrip", "normalized")
    return AddedToken(content, **{flag: token[flag] for flag in flags})


def _arguments(document: Mapping[str, Any], kind: str, unknown: str | None) -> dict[str, Any]:
    """What the trainer has to know of the pipeline."""
    arguments: dict[str, Any] = {}
    if kind == "BPE":
        for name in ("continuing_subword_prefix", "end_of_word_suffix"):
            if document["model"].get(name) is not None:
                arguments[name] = document["model"][name]
    if unknown is not None:
        arguments["unk_token"] = unknown
    held = document.get("pre_tokenizer") or {}
    if any(part.get("type") == "ByteLevel" for part in (held, *held.get("pretokenizers", ()))):
        arguments["initial_alphabet"] = pre_tokenizers.ByteLevel.alphabet()
    return arguments


def _with_new_ids(
    post_processor: dict[str, Any], core: Tokenizer, renamed: Mapping[str, str]
) -> dict[str, Any]:
    for entry in (post_processor.get("special_tokens") or {}).values():
        entry["tokens"] = [renamed.get(token, token) for token in entry["tokens"]]
        entry["ids"] = [_id(core, token) for token in entry["tokens"]]
    for part in ("cls", "sep"):
        if part in post_processor:
            token = renamed.get(post_processor[part][0], post_processor[part][0])
            post_processor[part] = [token, _id(core, token)]
    return post_processor


def _id(core: Tokenizer, token: str) -> int:
    id = core.token_to_id(token)
    if id is None:
        raise InvalidValueError(
            "Attempted to set a token in the post processor that does not exist in the mapping: "
            f"{token!r}; give it to `new_special_tokens`, or rename it with `special_tokens_map`"
        )
    return id


def _options(
    tokenizer: PreTrainedTokenizerFast,
    new: Sequence[str | AddedToken],
    renamed: Mapping[str, str],
) -> dict[str, Any]:
    """The options of the new tokenizer: those of the old one, special tokens renamed."""
    options = dict(tokenizer.init_kwargs)
    # They name tokens by ids that the new vocabulary does not have.
    options.pop("added_tokens_decoder", None)
    for part, content in tokenizer.special_tokens_map.items():
        token = tokenizer._special_tokens_map[part]
        content = renamed.get(content, content)
        if isinstance(token, AddedToken):
            flags = {
                flag: getattr(token, flag)
                for flag in ("single_word", "lstrip", "rstrip", "normalized")
            }
            options[part] = AddedToken(content, **flags, special=True)
        else:
            options[part] = content
    extra = [renamed.get(token, token) for token in tokenizer.extra_special_tokens] + list(new)
    if extra:
        options["extra_special_tokens"] = extra
    return options

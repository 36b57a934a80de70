"""One vocabulary, loaded by fissile and by the reference."""

from __future__ import annotations

from typing import Any

from tests.support.vocabularies import BPE_FILES, JSON, VOCAB_TXT, Vocabulary

# What the reference can read by itself; the other formats have oracles of their own (`foreign.py`).
KINDS = (JSON, VOCAB_TXT, BPE_FILES)


def reference(vocabulary: Vocabulary) -> Any:
    """The reference's tokenizer of a vocabulary."""
    import tokenizers

    path = str(vocabulary.path)
    if vocabulary.kind == JSON:
        loaded = tokenizers.Tokenizer.from_file(path)
    elif vocabulary.kind == VOCAB_TXT:
        cased = "cased" in vocabulary.name and "uncased" not in vocabulary.name
        loaded = tokenizers.BertWordPieceTokenizer(path, lowercase=not cased)._tokenizer
    else:
        merges = str(vocabulary.path.with_name("merges.txt"))
        loaded = _byte_level(tokenizers, tokenizers.models.BPE.from_file(path, merges))
    return _plain(loaded)


def fissile(vocabulary: Vocabulary) -> Any:
    """fissile's tokenizer of a vocabulary."""
    import fissile

    return _plain(fissile.Tokenizer.from_file(vocabulary.path))


def load(engine: str, vocabulary: Vocabulary) -> Any:
    """The tokenizer of an engine by name."""
    return reference(vocabulary) if engine == "tokenizers" else fissile(vocabulary)


def _byte_level(tokenizers: Any, model: Any) -> Any:
    """What GPT-2 puts around its model."""
    made = tokenizers.Tokenizer(model)
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.post_processor = tokenizers.processors.ByteLevel(trim_offsets=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    if model.token_to_id("<|endoftext|>") is not None:
        made.add_special_tokens(["<|endoftext|>"])
    return made


def _plain(tokenizer: Any) -> Any:
    """Without the settings that a file may carry: modes make their own."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def added_tokens(tokenizer: Any) -> list[str]:
    """The texts of the added tokens, a handful of them."""
    contents = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    return contents[:12] + contents[-4:]


def facts(tokenizer: Any, saved: bool = True) -> dict[str, Any]:
    """What a tokenizer says about itself, `saved` documents included."""
    ids = [*range(300), *range(0, tokenizer.get_vocab_size() + 3, 97)]
    vocabulary = tokenizer.get_vocab()
    found = {
        "size": [tokenizer.get_vocab_size(), tokenizer.get_vocab_size(with_added_tokens=False)],
        "vocabulary": vocabulary,
        "vocabulary without added tokens": tokenizer.get_vocab(with_added_tokens=False),
        "tokens": [tokenizer.id_to_token(token) for token in ids],
        "ids": [
            tokenizer.token_to_id(token)
            for token in [*sorted(vocabulary)[:300], "", "no such token"]
        ],
        "added tokens": {
            token: added.__getstate__()
            for token, added in tokenizer.get_added_tokens_decoder().items()
        },
        "special tokens to add": [
            tokenizer.num_special_tokens_to_add(pair) for pair in (False, True)
        ],
    }
    return found | _settings(tokenizer) | (_documents(tokenizer) if saved else {})


def _settings(tokenizer: Any) -> dict[str, Any]:
    tokenizer.enable_truncation(20, stride=3, strategy="only_first", direction="left")
    tokenizer.enable_padding(
        direction="left", pad_id=1, pad_token="<pad>", length=30, pad_to_multiple_of=8
    )
    head = tokenizer.to_str()[:600]
    found = {
        "settings": [tokenizer.truncation, tokenizer.padding],
        "saved settings": head[: head.index('"added_tokens"')],
    }
    _plain(tokenizer)
    return found


def _documents(tokenizer: Any) -> dict[str, Any]:
    return {
        "saved": tokenizer.to_str(),
        "saved pretty": tokenizer.to_str(pretty=True),
        "repr": repr(tokenizer),
        "state": bytes(tokenizer.__getstate__()),
    }

"""`IncrementalEncoder`: at every step the ids of the whole."""

from __future__ import annotations

import pytest
from fissile import IncrementalEncoder, Tokenizer, models, pre_tokenizers, processors


@pytest.fixture
def tokenizer() -> Tokenizer:
    vocab = {token: number for number, token in enumerate(["[UNK]", "<s>", "so", "it", "i", "t"])}
    tokenizer = Tokenizer(models.WordLevel(vocab, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(["<s>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A <s>", special_tokens=[("<s>", 1)]
    )
    return tokenizer


@pytest.mark.parametrize("add_special_tokens", [True, False])
def test_every_step_is_the_whole(tokenizer: Tokenizer, add_special_tokens: bool) -> None:
    encoder = tokenizer.incremental(add_special_tokens=add_special_tokens)
    assert encoder.is_incremental
    text, ids = "", encoder.ids
    for part in ["so i", "t", " it so", "", "<", "s> it", " so" * 50, "!"]:
        text += part
        settled = encoder.settled
        dropped, added = encoder.append(part)
        assert dropped <= len(ids) - settled
        ids = ids[: len(ids) - dropped] + added
        assert (
            ids == encoder.ids == tokenizer.encode(text, add_special_tokens=add_special_tokens).ids
        )
        assert len(encoder) == len(ids)
    assert encoder.settled > 40


def test_truncation_and_later_changes_do_not_count(tokenizer: Tokenizer) -> None:
    tokenizer.enable_truncation(3)
    encoder = IncrementalEncoder(tokenizer, add_special_tokens=False)
    tokenizer.pre_tokenizer = pre_tokenizers.CharDelimiterSplit("o")
    encoder.append("so it so it so")
    assert encoder.ids == [2, 3, 2, 3, 2]


def test_what_is_not_known_to_be_safe_is_encoded_anew(tokenizer: Tokenizer) -> None:
    tokenizer.pre_tokenizer = pre_tokenizers.UnicodeScripts()
    encoder = tokenizer.incremental(add_special_tokens=False)
    assert not encoder.is_incremental
    assert encoder.append("i") == (0, [4])
    assert encoder.append("t") == (1, [3])

"""Smaller vocabularies: what stays, under which id, and that texts are cut as before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import fissile
import pytest
from fissile import decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXTS = [
    "the cat sat on the mat and the hat",
    "a cat, a dog; the dog dug a hole",
    "naïve cafés, 東京 and 大阪",
    "unbelievable believers believe in unbelief",
] * 3
OTHERS = ["the dog sat", "a hole in the hat", "believe in cats", "東京 café"]


def byte_level() -> fissile.Tokenizer:
    made = fissile.Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.train_from_iterator(
        TEXTS,
        trainers.BpeTrainer(
            vocab_size=360,
            show_progress=False,
            special_tokens=["<s>", "</s>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    made.add_tokens(["<added>"])
    return made


def affixed() -> fissile.Tokenizer:
    made = fissile.Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.train_from_iterator(
        TEXTS,
        trainers.BpeTrainer(
            vocab_size=140,
            show_progress=False,
            special_tokens=["<unk>"],
            continuing_subword_prefix="##",
            end_of_word_suffix="</w>",
        ),
    )
    return made


def every_cut() -> fissile.Tokenizer:
    """As rank files are read: a merge for every way to cut a token in two."""
    made = byte_level()
    vocab = made.get_vocab(with_added_tokens=False)
    for length in (2, 3, 5, 9):
        for word in made.count_words(TEXTS):
            for at in range(len(word) - length + 1):
                vocab.setdefault(word[at : at + length], len(vocab))
    merges = [
        (token[:at], token[at:])
        for token in sorted(vocab, key=lambda token: vocab[token])
        for at in range(1, len(token))
        if token[:at] in vocab and token[at:] in vocab
    ]
    assert len(merges) > len({left + right for left, right in merges})
    made = fissile.Tokenizer(models.BPE(vocab, merges, ignore_merges=True))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.add_special_tokens(["<s>", "<end>"])
    return made


def wordpiece() -> fissile.Tokenizer:
    made = fissile.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    made.train_from_iterator(
        TEXTS,
        trainers.WordPieceTrainer(vocab_size=130, show_progress=False, special_tokens=special),
    )
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    made.enable_padding(pad_id=0, pad_token="[PAD]")
    return made


def unigram() -> fissile.Tokenizer:
    made = fissile.Tokenizer(models.Unigram())
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.train_from_iterator(
        TEXTS,
        trainers.UnigramTrainer(
            vocab_size=90, show_progress=False, unk_token="<unk>", special_tokens=["<s>", "<unk>"]
        ),
    )
    made.add_special_tokens(["<last>"])
    return made


def wordlevel() -> fissile.Tokenizer:
    made = fissile.Tokenizer(models.WordLevel(unk_token="?"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.train_from_iterator(
        TEXTS, trainers.WordLevelTrainer(show_progress=False, special_tokens=["?"])
    )
    return made


KINDS = [byte_level, affixed, every_cut, wordpiece, unigram, wordlevel]


def words(tokenizer: fissile.Tokenizer, texts: list[str]) -> Iterator[tuple[str, list[int]]]:
    """Words of texts, as a text each, with their ids."""
    for text in texts:
        for word in text.split():
            for form in (word, f" {word}"):
                yield form, tokenizer.encode(form).ids


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 1.0])
def test_words_whose_tokens_stay_are_cut_as_before(kind: Any, share: float) -> None:
    whole = kind()
    before = whole.to_str()
    least = smallest(whole)
    size = least + round(share * (whole.get_vocab_size() - least))
    pruned = whole.prune(size, texts=OTHERS)
    small, new_ids = pruned.tokenizer, pruned.new_ids
    assert whole.to_str() == before
    assert small.get_vocab_size() <= size
    kept = 0
    for word, ids in words(whole, TEXTS + OTHERS):
        if all(new_ids[id] is not None for id in ids):
            kept += 1
            assert small.encode(word).ids == [new_ids[id] for id in ids], word
    assert kept or share == 0.0
    if share == 1.0:
        assert small.get_vocab() == whole.get_vocab()
    reread = fissile.Tokenizer.from_str(small.to_str())
    assert reread.get_vocab() == small.get_vocab()
    assert [reread.encode(text).ids for text in TEXTS] == [small.encode(t).ids for t in TEXTS]


def smallest(tokenizer: fissile.Tokenizer) -> int:
    """The smallest size there is, as the error says."""
    with pytest.raises(fissile.FissileError, match="no room") as raised:
        tokenizer.prune(0)
    return int(str(raised.value).split("at least ")[1].split(",")[0].split(")")[0].split(";")[0])


@pytest.mark.parametrize("kind", KINDS)
def test_ids_lead_back(kind: Any) -> None:
    whole = kind()
    pruned = whole.prune(smallest(whole) + 10, texts=OTHERS)
    old = whole.get_vocab()
    vocab = pruned.tokenizer.get_vocab()
    assert sorted(vocab.values()) == list(range(len(vocab))) == list(range(len(pruned.old_ids)))
    assert all(pruned.old_ids[id] == old[token] for token, id in vocab.items())
    assert len(pruned.new_ids) == max(old.values()) + 1
    assert [new for new in pruned.new_ids if new is not None] == sorted(vocab.values())


def test_an_embedding_matrix_shrinks_along() -> None:
    torch = pytest.importorskip("torch")
    whole = wordpiece()
    embedding = torch.nn.Embedding(whole.get_vocab_size(), 3)
    pruned = whole.prune(100, texts=OTHERS)
    smaller = torch.nn.Embedding.from_pretrained(embedding.weight[pruned.old_ids])
    for token, id in pruned.tokenizer.get_vocab().items():
        assert torch.equal(smaller.weight[id], embedding.weight[whole.token_to_id(token)])


def test_the_most_used_stay() -> None:
    whole = fissile.Tokenizer(models.WordLevel({"?": 0, "a": 1, "b": 2, "c": 3, "d": 4}, "?"))
    counts = {"b": 1, "d": 9, "c": 1}
    assert list(whole.prune(3, counts=counts).tokenizer.get_vocab()) == ["?", "b", "d"]
    assert list(whole.prune(min_count=1, counts=counts).tokenizer.get_vocab()) == [
        "?",
        "b",
        "c",
        "d",
    ]
    assert list(whole.prune(3, counts=counts, keep=["a"]).tokenizer.get_vocab()) == ["?", "a", "d"]
    assert list(whole.prune(3).tokenizer.get_vocab()) == ["?", "a", "b"]
    assert list(whole.prune(drop=["d"]).tokenizer.get_vocab()) == ["?", "a", "b", "c"]


def test_what_a_token_is_merged_from_stays_or_goes_with_it() -> None:
    merges = [("a", "b"), ("ab", "c"), ("c", "d")]
    vocab = {token: id for id, token in enumerate(["a", "b", "c", "d", "ab", "cd", "abc"])}
    whole = fissile.Tokenizer(models.BPE(vocab, merges))
    pruned = whole.prune(5, counts={"abc": 7, "d": 1})
    assert list(pruned.tokenizer.get_vocab()) == ["a", "b", "c", "ab", "abc"]
    assert json.loads(pruned.tokenizer.to_str())["model"]["merges"] == [["a", "b"], ["ab", "c"]]
    without = whole.prune(drop=["ab"]).tokenizer
    assert list(without.get_vocab()) == ["a", "b", "c", "d", "cd"]
    assert without.encode("abcd").tokens == ["a", "b", "cd"]
    with pytest.raises(fissile.FissileError, match="merged from"):
        whole.prune(keep=["abc"], drop=["ab"])


def test_frames_and_padding_have_the_new_ids() -> None:
    whole = fissile.Tokenizer(
        models.WordLevel({"a": 0, "b": 1, "[SEP]": 2, "[PAD]": 3, "?": 4}, "?")
    )
    whole.enable_padding(pad_id=3, pad_token="[PAD]")
    single = processors.TemplateProcessing("$A [SEP]", "$A [SEP] $B", [("[SEP]", 2)])
    for frame in (
        single,
        processors.Sequence([processors.ByteLevel(), single]),
        processors.BertProcessing(("[SEP]", 2), ("[SEP]", 2)),
        processors.RobertaProcessing(("[SEP]", 2), ("[SEP]", 2)),
    ):
        whole.post_processor = frame
        small = whole.prune(drop=["a"]).tokenizer
        batch = small.encode_batch([["b"], ["b", "b"]], is_pretokenized=True)
        names = {id: token for token, id in small.get_vocab().items()}
        assert names == {0: "b", 1: "[SEP]", 2: "[PAD]", 3: "?"}
        for encoding in batch:
            assert [names[id] for id in encoding.ids] == encoding.tokens


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"drop": ["never"]}, "never"),
        ({"keep": ["never"]}, "never"),
        ({"drop": ["<s>"]}, "cannot be dropped"),
        ({"drop": ["a"]}, "cannot be dropped"),
        ({"size": 12}, "at least 25"),
    ],
)
def test_what_cannot_be(given: dict[str, Any], message: str) -> None:
    with pytest.raises(fissile.FissileError, match=message):
        byte_level().prune(**given)


def test_texts_or_counts() -> None:
    with pytest.raises(TypeError, match="not both"):
        wordlevel().prune(5, texts=["a"], counts={"a": 1})


def test_sampling_leaves_no_trace() -> None:
    whole = byte_level()
    assert isinstance(whole.model, models.BPE)
    steady = whole.prune(300, texts=OTHERS).old_ids
    whole.model.dropout = 0.5
    assert whole.prune(300, texts=OTHERS).old_ids == steady

"""The examples that courses work out by hand: what is printed there comes out here.

Four of the printed things are slips, by the course's own formulas. The probabilities of "p" "u" "g" and of "pu" "g"
are worked out with 5 for "p" and "pu", which occur 17 times (the scores of the words further down are right, and so
is the loss). The third merge of WordPiece is said to be a tie at 1/15; ("hu", "##g") has 10/(15 x 15), so "hugs"
comes first. And the program for Unigram starts at 1 instead of 0: all its costs are 1 higher for each word, which
no difference shows.
"""

from __future__ import annotations

import json
import math
from collections import Counter

import fissile
import pytest
from fissile import models, pre_tokenizers, trainers

from tests.reference import textbook

HUGS = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}
SENTENCES = [
    "This is the Hugging Face Course.",
    "This chapter is about tokenization.",
    "This section shows several tokenizer algorithms.",
    "Hopefully, you will be able to understand how they are trained and generate tokens.",
]


def words(cut: pre_tokenizers.PreTokenizer) -> dict[str, int]:
    return dict(Counter(word for text in SENTENCES for word, _ in cut.pre_tokenize_str(text)))


def trained_bpe(counts: dict[str, int], size: int) -> tuple[fissile.Tokenizer, list[list[str]]]:
    tokenizer = fissile.Tokenizer(models.BPE(unk_token="[UNK]"))
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["[UNK]"], show_progress=False)
    tokenizer.train_from_counts(counts, trainer)
    return tokenizer, json.loads(tokenizer.to_str())["model"]["merges"]


def test_bpe_by_hand() -> None:
    tokenizer, merges = trained_bpe(HUGS, 11)
    vocab = tokenizer.get_vocab()
    assert list(vocab) == ["[UNK]", *"bghnpsu", "ug", "un", "hug"]
    assert merges == [["u", "g"], ["u", "n"], ["h", "ug"]]
    for word, tokens in (
        ("bug", ["b", "ug"]),
        ("mug", ["[UNK]", "ug"]),
        ("thug", ["[UNK]", "hug"]),
        ("unhug", ["un", "hug"]),
    ):
        assert tokenizer.encode(word).tokens == tokens


def test_bpe_by_the_textbook() -> None:
    split = textbook.spell(HUGS)
    assert textbook.pairs(split, HUGS)["h", "u"] == 15
    assert textbook.pairs(split, HUGS)["u", "g"] == 20
    assert textbook.bpe(HUGS, 3) == [("u", "g"), ("u", "n"), ("h", "ug")]


def test_the_next_merge() -> None:
    _, merges = trained_bpe(HUGS, 12)
    assert merges[3] == ["p", "un"] == list(textbook.bpe(HUGS, 4)[3])


PRINTED_MERGES = (
    "Ġ t,i s,e r,Ġ a,Ġt o,e n,T h,Th is,o u,s e,Ġto k,Ġtok en,n d,Ġ is,Ġt h,Ġth e,i n,Ġa b,Ġtoken i"
)


def test_four_sentences_bpe() -> None:
    counts = words(pre_tokenizers.ByteLevel(add_prefix_space=False))
    assert (counts["This"], counts["Ġis"], counts["."], len(counts)) == (3, 2, 4, 30)
    first = textbook.pairs(textbook.spell(counts), counts)
    printed = {"Th": 3, "hi": 3, "is": 5, "Ġi": 2, "Ġt": 7, "th": 3}
    assert {left + right: n for (left, right), n in list(first.items())[:6]} == printed
    learned = textbook.bpe(counts, 19)
    assert ",".join(map(" ".join, learned)) == PRINTED_MERGES


def test_four_sentences_bpe_trained() -> None:
    """The trainer breaks ties by id: the merges differ where pairs are equally frequent, never in count."""
    counts = words(pre_tokenizers.ByteLevel(add_prefix_space=False))
    tokenizer, merges = trained_bpe(counts, 50)
    assert tokenizer.get_vocab_size() == 50
    split, other = textbook.spell(counts), textbook.spell(counts)
    for trained, printed in zip(merges, textbook.bpe(counts, 19), strict=True):
        mine = textbook.pairs(split, counts)
        assert mine[tuple(trained)] == max(mine.values())  # type: ignore[index]
        theirs = textbook.pairs(other, counts)
        assert theirs[printed] == max(theirs.values())
        textbook.merge(split, *trained)
        textbook.merge(other, *printed)
    assert merges[0] == ["Ġ", "t"]


def test_wordpiece_by_hand() -> None:
    split = textbook.spell(HUGS, "##")
    found = textbook.scores(split, HUGS)
    assert found["##u", "##g"] == found["h", "##u"] == pytest.approx(1 / 36)
    assert found["##g", "##s"] == pytest.approx(1 / 20)
    assert textbook.wordpiece(HUGS, 2) == ["##gs", "hu"]
    after = textbook.spell(HUGS, "##")
    textbook.merge(after, "##g", "##s")
    textbook.merge(after, "h", "##u")
    found = textbook.scores(after, HUGS)
    assert found["hu", "##gs"] == pytest.approx(1 / 15)
    assert found["p", "##u"] == pytest.approx(1 / 21)
    assert found["hu", "##g"] == pytest.approx(10 / (15 * 15))


def test_wordpiece_tokenizes_by_the_longest() -> None:
    tokens = ["[UNK]", "b", "h", "p", "##g", "##n", "##s", "##u", "##gs", "hu", "hug"]
    vocab = {token: id for id, token in enumerate(tokens)}
    tokenizer = fissile.Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    for word, wanted in (
        ("hugs", ["hug", "##s"]),
        ("bugs", ["b", "##u", "##gs"]),
        ("mug", ["[UNK]"]),
        ("bum", ["[UNK]"]),
        ("pugs", ["p", "##u", "##gs"]),
    ):
        assert tokenizer.encode(word).tokens == wanted


PRINTED_PIECES = (
    "ab ##fu Fa Fac ##ct ##ful ##full ##fully Th ch ##hm cha chap chapt ##thm Hu Hug Hugg sh th is "
    "##thms ##za ##zat ##ut"
)


def test_four_sentences_wordpiece() -> None:
    counts = words(pre_tokenizers.BertPreTokenizer())
    first = textbook.scores(textbook.spell(counts, "##"), counts)
    printed = [
        ("T", "##h", 0.125),
        ("##h", "##i", 0.03409090909090909),
        ("##i", "##s", 0.02727272727272727),
        ("i", "##s", 0.1),
        ("t", "##h", 0.03571428571428571),
        ("##h", "##e", 0.011904761904761904),
    ]
    assert [(*pair, score) for pair, score in list(first.items())[:6]] == printed
    assert max(first.items(), key=lambda item: item[1]) == (("a", "##b"), 0.2)
    assert " ".join(textbook.wordpiece(counts, 25)) == PRINTED_PIECES


def test_the_trainer_merges_by_count() -> None:
    """As the reference, and unlike the textbook: "##ug" comes first, not "##gs"."""
    tokenizer = fissile.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.train_from_counts(HUGS, trainers.WordPieceTrainer(vocab_size=13, show_progress=False))
    vocab = tokenizer.get_vocab()
    assert "##ug" in vocab
    assert "##gs" not in vocab


def test_unigram_by_hand() -> None:
    all_strict = [
        "h",
        "u",
        "g",
        "hu",
        "ug",
        "p",
        "pu",
        "n",
        "un",
        "b",
        "bu",
        "s",
        "hug",
        "gs",
        "ugs",
    ]
    often = {
        token: sum(
            n * sum(word.startswith(token, at) for at in range(len(word)))
            for word, n in HUGS.items()
        )
        for token in all_strict
    }
    assert list(often.values()) == [15, 36, 20, 15, 20, 17, 17, 16, 16, 4, 4, 5, 15, 5, 5]
    assert sum(often.values()) == 210
    model = textbook.Unigram(often)
    for word, chance in (
        ("hug", 0.071428),
        ("pug", 0.007710),
        ("pun", 0.006168),
        ("bun", 0.001451),
        ("hugs", 0.001701),
    ):
        assert math.exp(-model.encode(word)[1]) == pytest.approx(chance, abs=1e-6)
    assert model.loss(HUGS) == pytest.approx(169.8, abs=0.05)
    assert model.rise("pu", HUGS) == pytest.approx(0.0, abs=1e-9)
    assert model.rise("hug", HUGS) == pytest.approx(23.5, abs=0.05)
    tokens, cost = model.encode("unhug")
    assert tokens == ["un", "hug"]
    assert math.exp(-cost) == pytest.approx(0.005442, abs=1e-6)


def test_four_sentences_unigram() -> None:
    counts = words(pre_tokenizers.Metaspace())
    model = textbook.substrings(counts, 300)
    longer = [pair for pair in model.often.items() if len(pair[0]) > 1][:10]
    printed = [("▁t", 7), ("is", 5), ("er", 5), ("▁a", 5), ("▁to", 4), ("to", 4), ("en", 4)]
    assert longer == [*printed, ("▁T", 3), ("▁Th", 3), ("▁Thi", 3)]
    tokens, cost = model.encode("Hopefully")
    assert tokens == ["H", "o", "p", "e", "f", "u", "ll", "y"]
    assert cost + 1 == pytest.approx(41.5157494601402)
    assert model.encode("This")[1] + 1 == pytest.approx(6.288267030694535)
    assert model.loss(counts) + sum(counts.values()) == pytest.approx(413.10377642940875)
    assert model.rise("ll", counts) == pytest.approx(6.376412403623874)
    assert model.rise("his", counts) == 0.0


@pytest.mark.slow
def test_four_sentences_unigram_pruned() -> None:
    counts = words(pre_tokenizers.Metaspace())
    model = textbook.substrings(counts, 300)
    while len(model.often) > 100:
        model = model.prune(counts, 0.1)
    cut = pre_tokenizers.Metaspace().pre_tokenize_str("This is the Hugging Face course.")
    tokens = [token for word, _ in cut for token in model.encode(word)[0]]
    assert tokens == [
        "▁This",
        "▁is",
        "▁the",
        "▁Hugging",
        "▁Face",
        "▁",
        "c",
        "ou",
        "r",
        "s",
        "e",
        ".",
    ]


def test_the_unigram_trainer_keeps_what_matters() -> None:
    tokenizer = fissile.Tokenizer(models.Unigram())
    trainer = trainers.UnigramTrainer(vocab_size=9, show_progress=False)
    tokenizer.train_from_counts(HUGS, trainer)
    assert set("hugpnbs") <= tokenizer.get_vocab().keys()
    assert tokenizer.get_vocab_size() == 9

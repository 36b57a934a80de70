"""The examples of the course's chapter on tokenizers: trained anew, used by pipelines, built block by block.

Named by section. Training texts are our own: what a text prints of tokenizers trained on others is no
test; what holds for any training text is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fissile import (
    AutoTokenizer,
    BatchEncoding,
    BertTokenizerFast,
    GPT2TokenizerFast,
    PreTrainedTokenizerFast,
    Regex,
    XLNetTokenizerFast,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from fissile import Tokenizer as Core

from tests.support.corpora import documents

Load = Callable[[str], Any]
SYLVAIN = "My name is Sylvain and I work at Hugging Face in Brooklyn."
SPLIT_ANYWAY = "This sentence is not too long but we are going to split it anyway."
LETS = "Let's test this tokenizer."
CODE = '''def add_numbers(a, b):
    """Add the two numbers `a` and `b`."""
    return a + b'''
CORPUS = [
    "This is the Hugging Face Course.",
    "This chapter is about tokenization.",
    "This section shows several tokenizer algorithms.",
    "Hopefully, you will be able to understand how they are trained and generate tokens.",
]
HUGS = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}


def batches(name: str, count: int = 200) -> Iterator[list[str]]:
    texts = documents(name, count)
    return (texts[start : start + 50] for start in range(0, len(texts), 50))


@pytest.fixture(scope="module")
def prose() -> list[str]:
    name = "natural" if _has("natural") else "en"
    # Of one script, so that a small vocabulary has room for all characters.
    return [text for document in documents(name, 200) if (text := _plain(document))]


def _plain(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.isascii())


def _has(name: str) -> bool:
    from tests.support.corpora import corpus_names

    return name in corpus_names()


# Section 2: a new tokenizer from an old one.


def test_c6_2_gpt2_on_code(load: Load) -> None:
    assert load("gpt2").tokenize(CODE) == [
        "def", "Ġadd", "_", "n", "umbers", "(", "a", ",", "Ġb", "):", "Ċ", "Ġ", "Ġ", "Ġ", 'Ġ"""',
        "Add", "Ġthe", "Ġtwo", "Ġnumbers", "Ġ`", "a", "`", "Ġand", "Ġ`", "b", "`", '."', '""', "Ċ",
        "Ġ", "Ġ", "Ġ", "Ġreturn", "Ġa", "Ġ+", "Ġb",
    ]  # fmt: skip


def test_c6_2_trained_on_code(load: Load, tmp_path: Path) -> None:
    old = load("gpt2")
    new = old.train_new_from_iterator(batches("code"), 2_000)
    assert type(new) is type(old)
    assert len(new) <= 2_000
    assert new.special_tokens_map == old.special_tokens_map
    tokens = new.tokenize(CODE)
    # Shorter than with the English one, with a token for an indentation.
    assert len(tokens) < len(old.tokenize(CODE)) == 36
    assert any(token.startswith("Ċ") and token.endswith("ĠĠĠ") for token in tokens)
    assert new.decode(new(CODE)["input_ids"]) == CODE
    again = old.train_new_from_iterator(batches("code"), 2_000)
    assert again.get_vocab() == new.get_vocab()
    new.save_pretrained(tmp_path)
    assert AutoTokenizer.from_pretrained(tmp_path)(CODE).data == new(CODE).data


@pytest.mark.parametrize("name", ["bert-base-uncased", "bert-base-cased"])
def test_c6_2_trained_word_pieces(load: Load, prose: list[str], name: str) -> None:
    old = load(name)
    new = old.train_new_from_iterator(prose, 1_500, new_special_tokens=["[NEW]"])
    encoded = new("A [NEW] text", "and another")
    tokens = encoded.tokens()
    assert (tokens[0], tokens[-1], tokens.count("[SEP]")) == ("[CLS]", "[SEP]", 2)
    assert "[NEW]" in tokens
    assert encoded["token_type_ids"][-1] == 1
    assert new.special_tokens_map == old.special_tokens_map


# Section 3a: what an encoding knows.


def test_c6_3_batch_encoding(load: Load) -> None:
    tokenizer = load("bert-base-cased")
    encoding = tokenizer(SYLVAIN)
    assert isinstance(encoding, BatchEncoding)
    assert tokenizer.is_fast
    assert encoding.is_fast
    assert encoding.tokens()[5] == "##yl"
    assert encoding.token_to_word(5) == 3
    start, end = encoding.word_to_chars(3)
    assert SYLVAIN[start:end] == "Sylvain"
    assert SYLVAIN[slice(*encoding.token_to_chars(5))] == "yl"
    assert encoding.char_to_word(SYLVAIN.index("Sylvain")) == 3
    assert encoding.char_to_token(SYLVAIN.index("ylvain")) == 5


def test_c6_3_what_a_word_is(load: Load) -> None:
    # Letters behind figures are the same word for BERT.
    assert load("bert-base-cased")("81s").word_ids() == [None, 0, 0, None]


def test_c6_3_entities_from_predictions(load: Load) -> None:
    """The pipeline by hand: predictions as printed, groups and spans from the tokenizer."""
    tokenizer = load("bert-base-cased")
    inputs = tokenizer(SYLVAIN, return_offsets_mapping=True)
    predictions = [0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0, 6, 6, 6, 0, 8, 0, 0]
    labels = {0: "O", 4: "I-PER", 6: "I-ORG", 8: "I-LOC"}
    single = [
        (labels[kind], token, *span)
        for kind, token, span in zip(
            predictions, inputs.tokens(), inputs["offset_mapping"], strict=True
        )
        if kind
    ]
    assert single[:2] == [("I-PER", "S", 11, 12), ("I-PER", "##yl", 12, 14)]
    assert single[-1] == ("I-LOC", "Brooklyn", 49, 57)
    groups: list[list[Any]] = []
    for label, _, start, end in single:
        if groups and groups[-1][0] == label[2:]:
            groups[-1][2] = end
        else:
            groups.append([label[2:], start, end])
    assert [(label, SYLVAIN[a:b], a, b) for label, a, b in groups] == [
        ("PER", "Sylvain", 11, 18), ("ORG", "Hugging Face", 33, 45), ("LOC", "Brooklyn", 49, 57),
    ]  # fmt: skip


# Section 3b: questions and long contexts.


def test_c6_3b_pair_of_question_and_context(load: Load) -> None:
    torch = pytest.importorskip("torch")
    tokenizer = load("distilbert-base-cased")
    question = "Which deep learning libraries back it?"
    context = "It is backed by three libraries: Jax, PyTorch and TensorFlow. They go together."
    inputs = tokenizer(question, context, return_tensors="pt", return_offsets_mapping=True)
    assert list(inputs) == ["input_ids", "attention_mask", "offset_mapping"]
    offsets = inputs.pop("offset_mapping")[0].tolist()
    kinds = inputs.sequence_ids()
    mask = torch.tensor([kind != 1 for kind in kinds])
    mask[0] = False
    # A model that is sure of the answer, and surer still of a place that is masked.
    first = inputs.char_to_token(context.index("Jax"), sequence_index=1)
    last = inputs.char_to_token(context.index("Flow.") + 3, sequence_index=1)
    start_logits, end_logits = torch.zeros(len(kinds)), torch.zeros(len(kinds))
    start_logits[first], end_logits[last] = 9.0, 9.0
    start_logits[2], end_logits[2] = 99.0, 99.0
    start_logits[mask] = end_logits[mask] = -10000.0
    scores = torch.triu(start_logits.softmax(-1)[:, None] * end_logits.softmax(-1)[None, :])
    start, end = divmod(int(scores.argmax()), scores.shape[1])
    assert context[offsets[start][0] : offsets[end][1]] == "Jax, PyTorch and TensorFlow"


def test_c6_3b_overlapping_parts(load: Load) -> None:
    tokenizer = load("distilbert-base-cased")
    options = {"truncation": True, "return_overflowing_tokens": True, "max_length": 6, "stride": 2}
    inputs = tokenizer(SPLIT_ANYWAY, **options)
    assert tokenizer.batch_decode(inputs["input_ids"]) == [
        "[CLS] This sentence is not [SEP]",
        "[CLS] is not too long [SEP]",
        "[CLS] too long but we [SEP]",
        "[CLS] but we are going [SEP]",
        "[CLS] are going to split [SEP]",
        "[CLS] to split it anyway [SEP]",
        "[CLS] it anyway. [SEP]",
    ]
    assert list(inputs) == ["input_ids", "attention_mask", "overflow_to_sample_mapping"]
    assert inputs["overflow_to_sample_mapping"] == [0] * 7
    both = tokenizer(
        [SPLIT_ANYWAY, "This sentence is shorter but will still get split."], **options
    )
    assert both["overflow_to_sample_mapping"] == [0] * 7 + [1] * 4


def test_c6_3b_long_context_in_rows_of_384(load: Load) -> None:
    torch = pytest.importorskip("torch")
    tokenizer = load("distilbert-base-cased")
    context = "Filling. " * 300 + "The answer is Jax, PyTorch and TensorFlow. " + "More. " * 20
    inputs = tokenizer(
        "Which libraries?",
        context,
        stride=128,
        max_length=384,
        padding="longest",
        truncation="only_second",
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    assert set(inputs.pop("overflow_to_sample_mapping")) == {0}
    offsets = inputs.pop("offset_mapping")
    inputs = inputs.convert_to_tensors("pt")
    rows = inputs["input_ids"].shape[0]
    assert inputs["input_ids"].shape == (len(offsets), 384)
    assert inputs["attention_mask"].dtype == torch.int64
    place = context.index("Jax")
    found = [
        row
        for row in range(rows)
        if any(
            kind == 1 and span[0] == place
            for kind, span in zip(inputs.sequence_ids(row), offsets[row], strict=True)
        )
    ]
    assert found
    for row in found:
        kinds = inputs.sequence_ids(row)
        token = next(i for i, s in enumerate(offsets[row]) if s[0] == place and kinds[i] == 1)
        start, end = offsets[row][token][0], offsets[row][token + 6][1]
        assert context[start:end].startswith("Jax, PyTorch")


# Section 4: normalization and pre-tokenization.


def test_c6_4_sentencepiece_pre_tokenizer() -> None:
    # As T5 has it: spaces fold, and each word has the mark in front.
    cut = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    assert cut.pre_tokenize_str("Hello, how are  you?") == [
        ("▁Hello,", (0, 6)), ("▁how", (7, 10)), ("▁are", (11, 14)), ("▁you?", (16, 20)),
    ]  # fmt: skip


# Sections 5 to 7: the three algorithms on a handful of words.


def trained(model: Any, trainer: Any, words: dict[str, int]) -> Core:
    core = Core(model)
    core.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    core.train_from_iterator([word for word, count in words.items() for _ in range(count)], trainer)
    return core


def test_c6_5_merges_of_five_words() -> None:
    core = trained(
        models.BPE(unk_token="[UNK]"),
        trainers.BpeTrainer(vocab_size=11, special_tokens=["[UNK]"], show_progress=False),
        HUGS,
    )
    vocabulary = [token for token, _ in sorted(core.get_vocab().items(), key=lambda item: item[1])]
    assert vocabulary == ["[UNK]", *"bghnpsu", "ug", "un", "hug"]
    for word, tokens in (
        ("bug", ["b", "ug"]),
        ("mug", ["[UNK]", "ug"]),
        ("thug", ["[UNK]", "hug"]),
        ("unhug", ["un", "hug"]),
    ):
        assert core.encode(word).tokens == tokens


def test_c6_5_merges_of_four_sentences(load: Load) -> None:
    core = Core(models.BPE())
    core.pre_tokenizer = load("gpt2").backend_tokenizer.pre_tokenizer
    counts: dict[str, int] = {}
    for text in CORPUS:
        for word, _ in core.pre_tokenizer.pre_tokenize_str(text):
            counts[word] = counts.get(word, 0) + 1
    assert (counts["This"], counts["Ġis"], counts["."]) == (3, 2, 4)
    assert len(sorted(set("".join(counts)))) == 30
    trainer = trainers.BpeTrainer(
        vocab_size=50, special_tokens=["<|endoftext|>"], show_progress=False
    )
    core.train_from_iterator(CORPUS, trainer)
    vocabulary = core.get_vocab()
    assert len(vocabulary) == 50
    assert vocabulary["<|endoftext|>"] == 0
    # The first merge has no rival; later ones have, and the text takes another of equals.
    assert vocabulary["Ġt"] == 31
    merges = [
        ("Ġ", "t"), ("i", "s"), ("e", "r"), ("Ġ", "a"), ("Ġt", "o"), ("e", "n"), ("T", "h"),
        ("Th", "is"), ("o", "u"), ("s", "e"), ("Ġto", "k"), ("Ġtok", "en"), ("n", "d"), ("Ġ", "is"),
        ("Ġt", "h"), ("Ġth", "e"), ("i", "n"), ("Ġa", "b"), ("Ġtoken", "i"),
    ]  # fmt: skip
    pieces = [*sorted(set("".join(counts))), *("".join(merge) for merge in merges)]
    core.model = models.BPE({piece: id for id, piece in enumerate(pieces)}, merges)
    assert core.encode("This is not a token.").tokens == [
        "This", "Ġis", "Ġ", "n", "o", "t", "Ġa", "Ġtoken", ".",
    ]  # fmt: skip


def test_c6_6_word_pieces_longest_first() -> None:
    pieces = ["[UNK]", "b", "h", "p", "##g", "##n", "##s", "##u", "##gs", "hu", "hug"]
    core = Core(models.WordPiece({piece: id for id, piece in enumerate(pieces)}, unk_token="[UNK]"))
    for word, tokens in (
        ("hugs", ["hug", "##s"]),
        ("bugs", ["b", "##u", "##gs"]),
        ("mug", ["[UNK]"]),
        ("bum", ["[UNK]"]),
        ("pugs", ["p", "##u", "##gs"]),
    ):
        assert core.encode(word).tokens == tokens


def test_c6_6_word_pieces_of_the_text() -> None:
    learned = [
        "ab",
        "##fu",
        "Fa",
        "Fac",
        "##ct",
        "##ful",
        "##full",
        "##fully",
        "Th",
        "ch",
        "##hm",
        "cha",
        "chap",
        "chapt",
        "##thm",
        "Hu",
        "Hug",
        "Hugg",
        "sh",
        "th",
        "is",
        "##thms",
        "##za",
        "##zat",
        "##ut",
    ]
    letters = [f"##{letter}" for letter in "abcdefghiklmnoprstuvwyz"] + list(",.CFHTabcghistuwy")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *learned]
    assert len(pieces) == 70
    core = Core(models.WordPiece({piece: id for id, piece in enumerate(pieces)}, unk_token="[UNK]"))
    core.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    assert core.encode("Hugging").tokens == ["Hugg", "##i", "##n", "##g"]
    assert core.encode("HOgging").tokens == ["[UNK]"]
    assert core.encode("This is the Hugging Face course!").tokens == [
        "Th", "##i", "##s", "is", "th", "##e", "Hugg", "##i", "##n", "##g", "Fac", "##e",
        "c", "##o", "##u", "##r", "##s", "##e", "[UNK]",
    ]  # fmt: skip


def test_c6_7_the_likeliest_pieces() -> None:
    counts = {
        "h": 15, "u": 36, "g": 20, "hu": 15, "ug": 20, "p": 17, "pu": 17, "n": 16, "un": 16,
        "b": 4, "bu": 4, "s": 5, "hug": 15, "gs": 5, "ugs": 5,
    }  # fmt: skip
    total = sum(counts.values())
    # The text says 210, and reckons with 5 for "p" and "pu"; its own table sums to 210 and has 17.
    assert total == 210
    scores = {piece: math.log(count / total) for piece, count in counts.items()}
    core = Core(models.Unigram([("<unk>", -99.0), *scores.items()], unk_id=0, byte_fallback=False))
    assert core.encode("unhug").tokens == ["un", "hug"]
    assert math.exp(scores["un"] + scores["hug"]) == pytest.approx(0.005442, abs=1e-6)
    # Two ways are equally likely; the text allows either.
    assert core.encode("pug").tokens in (["p", "ug"], ["pu", "g"])
    assert core.encode("huggun").tokens in (["hug", "g", "un"], ["hug", "gu", "n"])
    assert core.encode("hugs").tokens in (["hug", "s"], ["hu", "gs"], ["h", "ugs"])
    # The losses printed for the five words are those of its own scores.
    printed = {"hug": 0.071428, "pug": 0.007710, "pun": 0.006168, "bun": 0.001451, "hugs": 0.001701}
    loss = sum(count * -math.log(printed[word]) for word, count in HUGS.items())
    assert loss == pytest.approx(169.8, abs=0.1)


# Section 8: block by block.


def test_c6_8_normalizers_by_hand() -> None:
    by_hand = normalizers.Sequence(
        [normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()]
    )
    ready = normalizers.BertNormalizer(lowercase=True)
    for normalizer in (by_hand, ready):
        assert normalizer.normalize_str("Héllò hôw are ü?") == "hello how are u?"
    assert by_hand.normalize_str("a\u0085b") != ready.normalize_str("a\u0085b")
    xlnet = normalizers.Sequence(
        [
            normalizers.Replace("``", '"'),
            normalizers.Replace("''", '"'),
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    assert xlnet.normalize_str("``é''   x") == '"e" x'


def test_c6_8_pre_tokenizers_by_hand() -> None:
    text = "Let's test my pre-tokenizer."
    apart = [
        ("Let", (0, 3)), ("'", (3, 4)), ("s", (4, 5)), ("test", (6, 10)), ("my", (11, 13)),
        ("pre", (14, 17)), ("-", (17, 18)), ("tokenizer", (18, 27)), (".", (27, 28)),
    ]  # fmt: skip
    spaces, marks = pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()
    assert pre_tokenizers.Whitespace().pre_tokenize_str(text) == apart
    assert pre_tokenizers.Sequence([spaces, marks]).pre_tokenize_str(text) == apart
    assert spaces.pre_tokenize_str(text) == [
        ("Let's", (0, 5)), ("test", (6, 10)), ("my", (11, 13)), ("pre-tokenizer.", (14, 28)),
    ]  # fmt: skip
    bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False)
    assert bytes_.pre_tokenize_str("Let's test pre-tokenization!") == [
        ("Let", (0, 3)), ("'s", (3, 5)), ("Ġtest", (5, 10)), ("Ġpre", (10, 14)), ("-", (14, 15)),
        ("tokenization", (15, 27)), ("!", (27, 28)),
    ]  # fmt: skip
    assert pre_tokenizers.Metaspace().pre_tokenize_str("Let's test the pre-tokenizer!") == [
        ("▁Let's", (0, 5)), ("▁test", (5, 10)), ("▁the", (10, 14)), ("▁pre-tokenizer!", (14, 29)),
    ]  # fmt: skip


def test_c6_8_bert_from_scratch(prose: list[str], tmp_path: Path) -> None:
    core = Core(models.WordPiece(unk_token="[UNK]"))
    core.normalizer = normalizers.BertNormalizer(lowercase=True)
    core.pre_tokenizer = pre_tokenizers.Whitespace()
    special = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=3_000, special_tokens=special, show_progress=False
    )
    core.train_from_iterator(iter(prose), trainer=trainer)
    from_texts = core.get_vocab()
    (tmp_path / "texts.txt").write_text("\n".join(prose), encoding="utf-8")
    core.model = models.WordPiece(unk_token="[UNK]")
    core.train([str(tmp_path / "texts.txt")], trainer=trainer)
    assert core.get_vocab_size() == len(from_texts)
    first, last = core.token_to_id("[CLS]"), core.token_to_id("[SEP]")
    assert (first, last) == (2, 3)
    core.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", first), ("[SEP]", last)],
    )
    core.decoder = decoders.WordPiece(prefix="##")
    encoding = core.encode("Let's test this tokenizer...", "on a pair of sentences.")
    middle = encoding.tokens.index("[SEP]")
    assert encoding.type_ids == [0] * (middle + 1) + [1] * (len(encoding) - middle - 1)
    # The text prints "let's", which a decoder that sees one token at a time does not give; what wraps
    # the tokenizer joins the two below.
    said = "let{0}s test this tokenizer... on a pair of sentences."
    assert core.decode(encoding.ids) == said.format(" ' ")
    core.save(str(tmp_path / "tokenizer.json"))
    again = Core.from_file(str(tmp_path / "tokenizer.json"))
    assert again.encode(LETS).tokens == core.encode(LETS).tokens
    names = {name: f"[{name[:-6].upper()}]" for name in
             ("unk_token", "pad_token", "cls_token", "sep_token", "mask_token")}  # fmt: skip
    by_object = PreTrainedTokenizerFast(tokenizer_object=core, **names)
    by_file = PreTrainedTokenizerFast(tokenizer_file=str(tmp_path / "tokenizer.json"), **names)
    named = BertTokenizerFast(tokenizer_object=core)
    ids = core.encode(LETS).ids
    assert by_object(LETS)["input_ids"] == by_file(LETS)["input_ids"] == named(LETS)["input_ids"]
    assert named(LETS)["input_ids"] == ids
    for wrapped in (by_object, by_file, named):
        assert wrapped.decode(encoding.ids, skip_special_tokens=True) == said.format("'")
    assert named.special_tokens_map == by_object.special_tokens_map
    by_object.save_pretrained(tmp_path / "saved")
    assert AutoTokenizer.from_pretrained(tmp_path / "saved")(LETS)["input_ids"] == ids


def test_c6_8_gpt2_from_scratch(prose: list[str]) -> None:
    core = Core(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=2_000, special_tokens=["<|endoftext|>"], show_progress=False
    )
    core.train_from_iterator(iter(prose), trainer=trainer)
    core.post_processor = processors.ByteLevel(trim_offsets=False)
    core.decoder = decoders.ByteLevel()
    encoding = core.encode(LETS)
    place = next(i for i, token in enumerate(encoding.tokens) if token.startswith("Ġt"))
    # The blank before a word is part of its token.
    assert LETS[slice(*encoding.offsets[place])].startswith(" t")
    assert core.decode(encoding.ids) == LETS
    end = "<|endoftext|>"
    wrapped = PreTrainedTokenizerFast(tokenizer_object=core, bos_token=end, eos_token=end)
    named = GPT2TokenizerFast(tokenizer_object=core)
    assert wrapped(LETS)["input_ids"] == named(LETS)["input_ids"] == encoding.ids
    assert named.decode(encoding.ids) == LETS


def test_c6_8_xlnet_from_scratch(prose: list[str]) -> None:
    core = Core(models.Unigram())
    core.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<cls>", "<sep>", "<unk>", "<pad>", "<mask>", "<s>", "</s>"]
    trainer = trainers.UnigramTrainer(
        vocab_size=800, special_tokens=special, unk_token="<unk>", show_progress=False
    )
    core.train_from_iterator(iter(prose), trainer=trainer)
    end, gap = core.token_to_id("<cls>"), core.token_to_id("<sep>")
    assert (end, gap) == (0, 1)
    core.post_processor = processors.TemplateProcessing(
        single="$A:0 <sep>:0 <cls>:2",
        pair="$A:0 <sep>:0 $B:1 <sep>:1 <cls>:2",
        special_tokens=[("<sep>", gap), ("<cls>", end)],
    )
    core.decoder = decoders.Metaspace()
    encoding = core.encode("Let's test this tokenizer...", "on a pair of sentences!")
    first = encoding.tokens.index("<sep>") + 1
    assert encoding.tokens[-2:] == ["<sep>", "<cls>"]
    assert encoding.type_ids == [0] * first + [1] * (len(encoding) - first - 1) + [2]
    assert core.decode(encoding.ids) == "Let's test this tokenizer... on a pair of sentences!"
    names = {f"{name}_token": f"<{name}>" for name in ("unk", "pad", "cls", "sep", "mask")}
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=core, bos_token="<s>", eos_token="</s>", padding_side="left", **names
    )
    named = XLNetTokenizerFast(tokenizer_object=core)
    for tokenizer in (wrapped, named):
        rows = tokenizer(["a", LETS], padding=True)["input_ids"]
        assert rows[0][0] == core.token_to_id("<pad>")
        assert len(rows[0]) == len(rows[1])

"""The printed examples of the introductory texts: encoding, decoding, pairs. Named as in their inventory.

Where a text prints what no tokenizer gives, the test says so and holds the right value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
CASED = "bert-base-cased"
UNCASED = "bert-base-uncased"
COURSE = "I've been waiting for a HuggingFace course my whole life."
COURSE_IDS = [
    101,
    1045,
    1005,
    2310,
    2042,
    3403,
    2005,
    1037,
    17662,
    12172,
    2607,
    2026,
    2878,
    2166,
    1012,
    102,
]
HATE_IDS = [101, 1045, 5223, 2023, 2061, 2172, 999, 102]
TITAN = [101, 138, 18696, 155, 1942, 3190, 1144, 1572, 13745, 1104, 159, 9664, 2107, 102]
SINGLE = [101, 8667, 117, 146, 112, 182, 170, 1423, 5650, 106, 102]
HOW = [101, 1731, 1132, 1128, 136, 102]
FINE = [101, 146, 112, 182, 2503, 117, 6243, 1128, 106, 102]

Load = Callable[[str], Any]


def test_t01_distilbert_takes_no_token_types(load: Load) -> None:
    encoded = load(SST2)(COURSE)
    assert dict(encoded) == {"input_ids": COURSE_IDS, "attention_mask": [1] * 16}


def test_t02_to_t06_tokens_ids_text(load: Load) -> None:
    tokenizer = load(SST2)
    tokens = tokenizer.tokenize(COURSE)
    assert tokens == (
        "i ' ve been waiting for a hugging ##face course my whole life .".split()  # noqa: SIM905
    )
    ids = tokenizer.convert_tokens_to_ids(tokens)
    assert ids == COURSE_IDS[1:-1]
    assert tokenizer.decode(COURSE_IDS) == (
        "[CLS] i've been waiting for a huggingface course my whole life. [SEP]"
    )
    assert tokenizer.decode(ids) == "i've been waiting for a huggingface course my whole life."


def test_t07_padding_lengths(load: Load) -> None:
    tokenizer = load(SST2)
    lengths = [
        len(tokenizer(COURSE, padding=padding, max_length=max_length)["input_ids"])
        for padding, max_length in (("longest", None), ("max_length", None), ("max_length", 8))
    ]
    assert lengths == [16, 512, 16]


def test_t08_truncation(load: Load) -> None:
    tokenizer = load(SST2)
    texts = [COURSE, "So have I!"]
    assert tokenizer(texts, truncation=True)["input_ids"][0] == COURSE_IDS
    short = tokenizer(texts, max_length=8, truncation=True)["input_ids"]
    assert short[0] == [101, 1045, 1005, 2310, 2042, 3403, 2005, 102]
    assert len(short[1]) == 6


def test_t09_tensorflow_is_refused_by_name(load: Load) -> None:
    with pytest.raises(ValueError, match=r"'tf' is not a valid TensorType.*'np'"):
        load(SST2)([COURSE, "So have I!"], padding=True, truncation=True, return_tensors="tf")


def test_t10_emoji_is_unknown(load: Load) -> None:
    encoded = load(SST2)("We are very happy to show you the 🤗 Transformers library.")
    assert encoded["input_ids"] == [
        101, 2057, 2024, 2200, 3407, 2000, 2265, 2017, 1996, 100, 19081, 3075, 1012, 102,
    ]  # fmt: skip
    assert encoded["attention_mask"] == [1] * 14


def test_t11_to_t13_titan(load: Load) -> None:
    tokenizer = load(CASED)
    text = "A Titan RTX has 24GB of VRAM"
    assert tokenizer.tokenize(text) == [
        "A", "Titan", "R", "##T", "##X", "has", "24", "##GB", "of", "V", "##RA", "##M",
    ]  # fmt: skip
    assert tokenizer(text)["input_ids"] == TITAN
    assert tokenizer.decode(TITAN) == "[CLS] A Titan RTX has 24GB of VRAM [SEP]"


def test_t14_t15_padded_rows(load: Load) -> None:
    tokenizer = load(CASED)
    first = "This is a short sequence."
    second = "This is a rather long sequence. It is at least longer than the sequence A."
    assert [len(tokenizer(text)["input_ids"]) for text in (first, second)] == [8, 19]
    padded = tokenizer([first, second], padding=True)
    # The text prints twelve zeros in the first row, one too many.
    assert padded["input_ids"][0] == [101, 1188, 1110, 170, 1603, 4954, 119, 102] + [0] * 11
    assert padded["input_ids"][1] == [
        101, 1188, 1110, 170, 1897, 1263, 4954, 119, 1135, 1110, 1120, 1655, 2039, 1190, 1103, 4954,
        138, 119, 102,
    ]  # fmt: skip
    assert padded["attention_mask"] == [[1] * 8 + [0] * 11, [1] * 19]


def test_t16_t17_pair(load: Load) -> None:
    tokenizer = load(CASED)
    encoded = tokenizer("HuggingFace is based in NYC", "Where is HuggingFace based?")
    assert tokenizer.decode(encoded["input_ids"]) == (
        "[CLS] HuggingFace is based in NYC [SEP] Where is HuggingFace based? [SEP]"
    )
    # The text prints 17 of the 19 types.
    assert encoded["token_type_ids"] == [0] * 10 + [1] * 9


def test_t18_t19_t50_single_sentence(load: Load) -> None:
    tokenizer = load(CASED)
    encoded = tokenizer("Hello, I'm a single sentence!")
    # One text prints the ids of another sentence here, the other a mixture of two vocabularies.
    assert list(encoded) == ["input_ids", "token_type_ids", "attention_mask"]
    assert dict(encoded) == {
        "input_ids": SINGLE,
        "token_type_ids": [0] * 11,
        "attention_mask": [1] * 11,
    }
    assert tokenizer.decode(SINGLE) == "[CLS] Hello, I'm a single sentence! [SEP]"


def test_t20_t21_pair_of_sentences(load: Load) -> None:
    tokenizer = load(CASED)
    encoded = tokenizer("How old are you?", "I'm 6 years old")
    assert dict(encoded) == {
        "input_ids": [101, 1731, 1385, 1132, 1128, 136, 102, 146, 112, 182, 127, 1201, 1385, 102],
        "token_type_ids": [0] * 7 + [1] * 7,
        "attention_mask": [1] * 14,
    }
    assert tokenizer.decode(encoded["input_ids"]) == (
        "[CLS] How old are you? [SEP] I'm 6 years old [SEP]"
    )


def test_t22_batch_of_pairs(load: Load) -> None:
    tokenizer = load(CASED)
    encoded = tokenizer(
        ["Hello I'm a single sentence", "And another sentence", "And the very very last one"],
        [
            "I'm a sentence that goes with the first sentence",
            "And I should be encoded with the second sentence",
            "And I go with the very last one",
        ],
    )
    assert tokenizer.batch_decode(encoded["input_ids"]) == [
        "[CLS] Hello I'm a single sentence [SEP] I'm a sentence that goes with the first sentence [SEP]",
        "[CLS] And another sentence [SEP] And I should be encoded with the second sentence [SEP]",
        "[CLS] And the very very last one [SEP] And I go with the very last one [SEP]",
    ]


@pytest.mark.parametrize("name", ["is_pretokenized", "is_split_into_words"])
def test_t23_words(load: Load, name: str) -> None:
    encoded = load(CASED)(["Hello", "I'm", "a", "single", "sentence"], **{name: True})
    assert dict(encoded) == {
        "input_ids": [101, 8667, 146, 112, 182, 170, 1423, 5650, 102],
        "token_type_ids": [0] * 9,
        "attention_mask": [1] * 9,
    }


def test_t24_special_tokens_in_the_text(load: Load) -> None:
    tokenizer = load(CASED)
    text = (
        "Hugging Face Inc. is a company based in New York City. Its headquarters are in DUMBO, "
        "therefore veryclose to the Manhattan Bridge."
    )
    tokens = tokenizer.tokenize(tokenizer.decode(tokenizer.encode(text)))
    assert len(tokens) == 33
    assert tokens[:6] == ["[CLS]", "Hu", "##gging", "Face", "Inc", "."]
    assert tokens[-1] == "[SEP]"


def test_t25_mask_token(load: Load) -> None:
    numpy = pytest.importorskip("numpy")
    tokenizer = load("distilbert-base-cased")
    text = (
        f"Distilled models are smaller than the models they mimic, and {tokenizer.mask_token} them."
    )
    ids = tokenizer.encode(text, return_tensors="np")
    assert ids.shape[0] == 1
    assert tokenizer.mask_token_id == 103
    assert len(numpy.where(ids == tokenizer.mask_token_id)[1]) == 1


def test_t27_prompt_with_a_blank_at_the_end(load: Load) -> None:
    tokenizer = load("gpt2")
    text = "Hugging Face is based in DUMBO, New York City, and "
    ids = tokenizer(text)["input_ids"]
    assert ids == [
        48098, 2667, 15399, 318, 1912, 287, 360, 5883, 8202, 11, 968, 1971, 2254, 11, 290, 220,
    ]  # fmt: skip
    assert tokenizer.decode(ids) == text
    assert tokenizer.decode([*ids, *tokenizer("has")["input_ids"]]) == text + "has"


def test_t29_max_length_alone_truncates(load: Load) -> None:
    assert len(load(CASED).encode("summarize: " + "word " * 900, max_length=512)) == 512


def test_t31_padding_without_truncation(load: Load) -> None:
    numpy = pytest.importorskip("numpy")
    texts = ["I think my bike is awesome", "I hate when you talk like goofy :("]
    encoded = load(SST2)(texts, padding=True, truncation=False, return_tensors="np")
    assert encoded["input_ids"].dtype == numpy.int64
    assert encoded["input_ids"].tolist() == [
        [101, 1045, 2228, 2026, 7997, 2003, 12476, 102, 0, 0, 0],
        [101, 1045, 5223, 2043, 2017, 2831, 2066, 27243, 1024, 1006, 102],
    ]
    assert encoded["attention_mask"].tolist() == [[1] * 8 + [0] * 3, [1] * 11]


def test_t57_t67_words_and_parts_of_words(load: Load) -> None:
    text = "Jim Henson was a puppeteer"
    words = load(CASED).backend_tokenizer.pre_tokenizer.pre_tokenize_str(text)
    assert [word for word, _ in words] == text.split()
    # The drawn example has "token" and "ization"; real vocabularies part the word in ways of their own.
    assert load(CASED).tokenize("tokenization") == ["token", "##ization"]


def test_t32_to_t34_tokens_ids_text(load: Load) -> None:
    tokenizer = load(SST2)
    tokens = tokenizer.tokenize("I think my bike is awesome like tokenizers")
    assert tokens == [
        "i", "think", "my", "bike", "is", "awesome", "like", "token", "##izer", "##s",
    ]  # fmt: skip
    ids = tokenizer.convert_tokens_to_ids(tokens)
    assert ids == [1045, 2228, 2026, 7997, 2003, 12476, 2066, 19204, 17629, 2015]
    assert tokenizer.decode(ids) == "i think my bike is awesome like tokenizers"


def test_t35_t36_pair_and_tokens(load: Load) -> None:
    tokenizer = load(UNCASED)
    encoded = tokenizer("The first sentence", "The second sentence!!!")
    assert encoded["input_ids"] == [
        101, 1996, 2034, 6251, 102, 1996, 2117, 6251, 999, 999, 999, 102,
    ]  # fmt: skip
    assert encoded["token_type_ids"] == [0] * 5 + [1] * 7
    assert tokenizer.convert_ids_to_tokens(encoded["input_ids"]) == [
        "[CLS]", "the", "first", "sentence", "[SEP]", "the", "second", "sentence", "!", "!", "!", "[SEP]",
    ]  # fmt: skip


def test_t37_t38_attributes(load: Load) -> None:
    tokenizer = load(SST2)
    assert tokenizer.pad_token_id == 0
    assert tokenizer.model_max_length == 512


def test_t41_length_of_a_pair(load: Load) -> None:
    encoded = load(UNCASED)(
        'Amrozi accused his brother , whom he called " the witness " , of deliberately distorting '
        "his evidence .",
        'Referring to him as only " the witness " , Amrozi accused his brother of deliberately '
        "distorting his evidence .",
        truncation=True,
    )
    assert len(encoded["input_ids"]) == 50


def test_t45_t69_single_ids(load: Load) -> None:
    tokenizer = load(UNCASED)
    assert tokenizer.convert_ids_to_tokens([101, 102, 1045, 2066, 8870]) == [
        "[CLS]", "[SEP]", "i", "like", "cats",
    ]  # fmt: skip
    assert tokenizer.decode([8045]) == "mathematical"
    assert tokenizer.decode(2653) == "language"


def test_t46_t47_padding_to_fifteen(load: Load) -> None:
    tokenizer = load(UNCASED)
    france, paris = "What is the capital of France?", "Paris is the capital."
    pair = tokenizer(france, paris, padding="max_length", max_length=15)
    assert len(pair["input_ids"]) == 15
    rows = tokenizer(
        [france, paris, "My cats speak french better than i do."],
        padding="max_length",
        max_length=15,
        truncation=True,
    )["input_ids"]
    assert [len(row) for row in rows] == [15, 15, 15]
    assert tokenizer.decode(rows[1]) == "[CLS] paris is the capital. [SEP]" + " [PAD]" * 8


def test_t48_gpt2_adds_nothing(load: Load) -> None:
    tokenizer = load("gpt2")
    ids = tokenizer("The cat sat on")["input_ids"]
    assert ids == [464, 3797, 3332, 319]
    assert tokenizer.convert_ids_to_tokens(ids) == ["The", "Ġcat", "Ġsat", "Ġon"]
    assert max(tokenizer.get_vocab().values()) == 50257 - 1


def test_t49_t56_t63_t64_batches_of_arrays(load: Load) -> None:
    pytest.importorskip("numpy")
    tokenizer = load(SST2)
    texts = [COURSE, "I hate this so much!"]
    encoded = tokenizer(texts, padding=True, truncation=True, return_tensors="np")
    assert encoded["input_ids"].tolist() == [COURSE_IDS, HATE_IDS + [0] * 8]
    assert encoded["attention_mask"].tolist() == [[1] * 16, [1] * 8 + [0] * 8]
    assert tokenizer(texts)["input_ids"] == [COURSE_IDS, HATE_IDS]
    assert tokenizer(COURSE, return_tensors="np")["input_ids"].tolist() == [COURSE_IDS]


def test_t51_two_texts_are_a_pair(load: Load) -> None:
    tokenizer = load(CASED)
    # The text prints two rows for a pair, the second of them invented.
    pair = tokenizer("How are you?", "I'm fine, thank you!")
    assert pair["input_ids"] == HOW + FINE[1:]
    assert pair["token_type_ids"] == [0] * 6 + [1] * 9
    assert tokenizer(["How are you?", "I'm fine, thank you!"])["input_ids"] == [HOW, FINE]


def test_t52_t54_padded_and_cut(load: Load) -> None:
    pytest.importorskip("numpy")
    tokenizer = load(CASED)
    texts = ["How are you?", "I'm fine, thank you!"]
    padded = tokenizer(texts, padding=True, return_tensors="np")
    # Shapes and first rows are as printed; the second rows are invented there.
    assert padded["input_ids"].tolist() == [HOW + [0] * 4, FINE]
    assert padded["token_type_ids"].tolist() == [[0] * 10] * 2
    assert padded["attention_mask"].tolist() == [[1] * 6 + [0] * 4, [1] * 10]
    cut = tokenizer(texts, padding=True, truncation=True, max_length=5, return_tensors="np")
    assert cut["input_ids"].tolist() == [[101, 1731, 1132, 1128, 102], [101, 146, 112, 182, 102]]


def test_t53_long_sentence(load: Load) -> None:
    text = "This is a " + "very " * 49 + "long sentence."
    # The text prints 132 invented ids.
    assert load(CASED)(text, truncation=True)["input_ids"] == (
        [101, 1188, 1110, 170] + [1304] * 49 + [1263, 5650, 119, 102]
    )


def test_t55_how_are_you(load: Load) -> None:
    tokenizer = load(CASED)
    assert tokenizer("How are you?")["input_ids"] == HOW
    assert tokenizer.decode(HOW) == "[CLS] How are you? [SEP]"


def test_t58_to_t61_transformer(load: Load) -> None:
    tokenizer = load(CASED)
    # The text prints the tokens of the word in lower case.
    text = "Using a Transformer network is simple"
    assert tokenizer(text)["input_ids"] == [101, 7993, 170, 13809, 23763, 2443, 1110, 3014, 102]
    assert tokenizer.tokenize(text) == [
        "Using",
        "a",
        "Trans",
        "##former",
        "network",
        "is",
        "simple",
    ]
    lower = ["Using", "a", "transform", "##er", "network", "is", "simple"]
    ids = [7993, 170, 11303, 1200, 2443, 1110, 3014]
    assert tokenizer.convert_tokens_to_ids(lower) == ids
    assert tokenizer.decode(ids) == "Using a transformer network is simple"


def test_t65_decoded_with_and_without_special_tokens(load: Load) -> None:
    tokenizer = load(SST2)
    assert tokenizer.decode(tokenizer(COURSE)["input_ids"]) == (
        "[CLS] i've been waiting for a huggingface course my whole life. [SEP]"
    )
    assert tokenizer.decode(COURSE_IDS[1:-1]) == (
        "i've been waiting for a huggingface course my whole life."
    )


def test_t66_sylvain(load: Load) -> None:
    tokenizer = load(CASED)
    assert tokenizer.tokenize("Sylvain") == ["S", "##yl", "##va", "##in"]
    assert tokenizer.encode("Sylvain", add_special_tokens=False) == [156, 7777, 2497, 1394]

"""The examples of the course: sentence pairs, offsets and words, overflow, pipelines, chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fissile import (
    BertTokenizerFast,
    DataCollatorWithPadding,
    GPT2TokenizerFast,
    PreTrainedTokenizerFast,
    XLNetTokenizerFast,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)
from fissile import Tokenizer as Core
from fissile.auto.packing import blocks

Load = Callable[[str], Any]
SYLVAIN = "My name is Sylvain and I work at Hugging Face in Brooklyn."


def test_c3_10_to_12_pair_of_sentences(load: Load) -> None:
    tokenizer = load("bert-base-uncased")
    encoded = tokenizer("This is the first sentence.", "This is the second one.")
    assert encoded["input_ids"] == [
        101, 2023, 2003, 1996, 2034, 6251, 1012, 102, 2023, 2003, 1996, 2117, 2028, 1012, 102,
    ]  # fmt: skip
    assert encoded["token_type_ids"] == [0] * 8 + [1] * 7
    assert encoded["attention_mask"] == [1] * 15
    assert tokenizer.convert_ids_to_tokens(encoded["input_ids"]) == [
        "[CLS]", "this", "is", "the", "first", "sentence", ".", "[SEP]",
        "this", "is", "the", "second", "one", ".", "[SEP]",
    ]  # fmt: skip


def test_c3_03_a_batch_takes_new_items(load: Load) -> None:
    batch = load("bert-base-uncased")(
        ["I've been waiting", "This course is amazing!"], padding=True
    )
    batch["labels"] = [1, 1]
    assert {**batch}["labels"] == [1, 1]
    assert batch.labels == [1, 1]


def test_c3_20_dynamic_padding(load: Load) -> None:
    pytest.importorskip("numpy")
    collate = DataCollatorWithPadding(tokenizer=load("bert-base-uncased"), return_tensors="np")
    lengths = [50, 59, 47, 67, 59, 50, 62, 32]
    columns = {
        "input_ids": [[7] * length for length in lengths],
        "token_type_ids": [[0] * length for length in lengths],
        "attention_mask": [[1] * length for length in lengths],
        "label": [1, 0, 1, 0, 1, 1, 0, 1],
    }
    rows = [{name: values[i] for name, values in columns.items()} for i in range(8)]
    for features in (columns, rows):
        batch = collate(features)
        assert {name: value.shape for name, value in batch.items()} == {
            "input_ids": (8, 67),
            "token_type_ids": (8, 67),
            "attention_mask": (8, 67),
            "labels": (8,),
        }
        assert batch["attention_mask"].sum(axis=1).tolist() == lengths


def test_c6_tokens_and_words(load: Load) -> None:
    tokenizer = load("bert-base-cased")
    encoding = tokenizer(SYLVAIN)
    assert tokenizer.is_fast
    assert encoding.is_fast
    assert encoding.tokens() == [
        "[CLS]", "My", "name", "is", "S", "##yl", "##va", "##in", "and", "I", "work", "at", "Hu",
        "##gging", "Face", "in", "Brooklyn", ".", "[SEP]",
    ]  # fmt: skip
    assert encoding.word_ids() == [
        None, 0, 1, 2, 3, 3, 3, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, None,
    ]  # fmt: skip
    start, end = encoding.word_to_chars(3)
    assert SYLVAIN[start:end] == "Sylvain"
    assert encoding.sentence_ids() == encoding.sequence_ids()


def test_c6_offsets_as_the_entity_pipeline_uses_them(load: Load) -> None:
    encoding = load("bert-base-cased")(SYLVAIN, return_offsets_mapping=True)
    offsets = encoding["offset_mapping"]
    assert [offsets[i] for i in (4, 5, 6, 7, 12, 13, 14, 16)] == [
        (11, 12), (12, 14), (14, 16), (16, 18), (33, 35), (35, 40), (41, 45), (49, 57),
    ]  # fmt: skip


def test_c6_normalizer_and_pre_tokenizer_of_the_backend(load: Load) -> None:
    backend = load("bert-base-uncased").backend_tokenizer
    assert backend.normalizer.normalize_str("Héllò hôw are ü?") == "hello how are u?"
    assert backend.pre_tokenizer.pre_tokenize_str("Hello, how are  you?") == [
        ("Hello", (0, 5)), (",", (5, 6)), ("how", (7, 10)), ("are", (11, 14)), ("you", (16, 19)),
        ("?", (19, 20)),
    ]  # fmt: skip
    gpt2 = load("gpt2").backend_tokenizer
    assert gpt2.pre_tokenizer.pre_tokenize_str("Hello, how are  you?") == [
        ("Hello", (0, 5)), (",", (5, 6)), ("Ġhow", (6, 10)), ("Ġare", (10, 14)), ("Ġ", (14, 15)),
        ("Ġyou", (15, 19)), ("?", (19, 20)),
    ]  # fmt: skip


def test_c6_gpt2_on_code(load: Load) -> None:
    example = '''def add_numbers(a, b):
    """Add the two numbers `a` and `b`."""
    return a + b'''
    tokens = load("gpt2").tokenize(example)
    assert len(tokens) == 36
    assert tokens[:12] == ["def", "Ġadd", "_", "n", "umbers", "(", "a", ",", "Ġb", "):", "Ċ", "Ġ"]


def test_c5_overflowing_rows_and_their_samples(load: Load) -> None:
    tokenizer = load("bert-base-cased")
    examples = {"review": ["word " * 171, "short"], "condition": ["a", "b"]}
    result = tokenizer(
        examples["review"], truncation=True, max_length=128, return_overflowing_tokens=True
    )
    # 171 words in rows of at most 126, as 128 and 49 in the text's example of 173 tokens.
    assert [len(row) for row in result["input_ids"]] == [128, 47, 3]
    sample_map = result.pop("overflow_to_sample_mapping")
    for key, values in examples.items():
        result[key] = [values[i] for i in sample_map]
    assert result["condition"] == ["a", "a", "b"]


def test_c6_question_and_long_context(load: Load) -> None:
    tokenizer = load("distilbert-base-cased")
    question, context = (
        "Which deep learning libraries back it?",
        "Jax, PyTorch and TensorFlow. " * 100,
    )
    inputs = tokenizer(
        question,
        context,
        stride=128,
        max_length=384,
        padding="longest",
        truncation="only_second",
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    rows = inputs["input_ids"]
    assert len(rows) > 1
    assert {len(row) for row in rows} == {384}
    assert inputs.pop("overflow_to_sample_mapping") == [0] * len(rows)
    for index in range(len(rows)):
        kinds = inputs.sequence_ids(index)
        places = [
            span
            for kind, span in zip(kinds, inputs["offset_mapping"][index], strict=True)
            if kind == 1
        ]
        assert places == sorted(places)
        assert rows[index][: kinds.index(None, 1)] == rows[0][: kinds.index(None, 1)]


def test_c6_wrapping_a_word_piece_tokenizer() -> None:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "let", "'", "s", "test", "this"]
    core = Core(models.WordPiece({word: id for id, word in enumerate(words)}, unk_token="[UNK]"))
    core.normalizer = normalizers.BertNormalizer(lowercase=True)
    core.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    core.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    core.decoder = decoders.WordPiece(prefix="##")
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=core,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
    assert wrapped("Let's test this")["input_ids"] == [2, 5, 6, 7, 8, 9, 3]
    assert wrapped(["Let's", "test"], padding=True)["input_ids"] == [
        [2, 5, 6, 7, 3],
        [2, 8, 3, 0, 0],
    ]
    named = BertTokenizerFast(tokenizer_object=core)
    assert named("Let's", "test")["token_type_ids"] == [0, 0, 0, 0, 0, 1, 1]


def test_c6_wrapping_byte_level_and_unigram_tokenizers() -> None:
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    vocabulary = {char: id for id, char in enumerate([*sorted(alphabet), "<|endoftext|>"])}
    core = Core(models.BPE(vocabulary, []))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    core.decoder = decoders.ByteLevel()
    wrapped = GPT2TokenizerFast(tokenizer_object=core)
    # The pipeline is the one that was built, not one of GPT-2's.
    assert wrapped.tokenize("ab") == ["Ġ", "a", "b"]
    pieces = ["<unk>", "<s>", "</s>", "<pad>", "<cls>", "<sep>", "<mask>", "▁a"]
    unigram = Core(models.Unigram([(piece, 0.0) for piece in pieces], 0, False))
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    xlnet = XLNetTokenizerFast(tokenizer_object=unigram)
    assert xlnet(["a", "a a"], padding=True)["input_ids"] == [[3, 7, 5, 4], [7, 7, 5, 4]]
    assert xlnet.padding_side == "left"


def test_c11_02_c11_05_chat_ml() -> None:
    template = (
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] "
        "+ '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}"
        "{{ '<|im_start|>assistant\\n' }}{% endif %}"
    )
    core = Core(models.WordLevel({"a": 0}, unk_token="a"))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, chat_template=template)
    messages = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Hello!"},
    ]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    # The text leaves out the end of the last message of the user.
    assert text == (
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
        "<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n"
    )


def test_c11_06_c11_07_lists_and_tools_reach_the_template() -> None:
    template = (
        "{% for m in messages %}{{ m.role }}:{% if m.content is string %}{{ m.content }}{% else %}"
        "{% for part in m.content %}<{{ part.type }}>{{ part.text or part.image_url }}{% endfor %}"
        "{% endif %}{% for call in m.tool_calls or [] %}[{{ call.tool }} {{ call.parameters | tojson }}]"
        "{% endfor %}{{ m.tool_name or '' }}\n{% endfor %}"
    )
    core = Core(models.WordLevel({"a": 0}, unk_token="a"))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, chat_template=template)
    messages = [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is it?"},
                {"type": "image", "image_url": "https://example.com/a.jpg"},
            ],
        },
        {
            "role": "assistant",
            "content": "Wait.",
            "tool_calls": [{"tool": "calculator", "parameters": {"x": 123, "y": 456}}],
        },
        {"role": "tool", "tool_name": "calculator", "content": "56088"},
    ]
    assert tokenizer.apply_chat_template(messages, tokenize=False) == (
        "user:<text>What is it?<image>https://example.com/a.jpg\n"
        'assistant:Wait.[calculator {"x": 123, "y": 456}]\n'
        "tool:56088calculator\n"
    )


def test_c11_24_packing_of_questions_and_answers(load: Load) -> None:
    tokenizer = load("gpt2")
    texts = [f"### Question: {n} + 1?\n ### Answer: {n + 1}" for n in range(9)]
    rows = tokenizer(texts)["input_ids"]
    made = blocks(rows, 16, separator_id=tokenizer.eos_token_id, drop_last=False)
    assert all(len(block) == 16 for block in made[:-1])
    text = tokenizer.decode([id for block in made for id in block])
    assert text == "<|endoftext|>".join(texts) + "<|endoftext|>"

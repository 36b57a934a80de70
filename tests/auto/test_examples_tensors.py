"""The printed examples that end in tensors and data sets, with Torch itself and `datasets` itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fissile import AutoTokenizer, DataCollatorWithPadding

torch = pytest.importorskip("torch")

Load = Callable[[str], Any]
SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
CASED = "bert-base-cased"
UNCASED = "bert-base-uncased"
COURSE = "I've been waiting for a HuggingFace course my whole life."
LENGTHS = [50, 59, 47, 67, 59, 50, 62, 32]


def test_t25_the_place_of_the_mask(load: Load) -> None:
    tokenizer = load("distilbert-base-cased")
    text = f"It should {tokenizer.mask_token} our carbon footprint."
    ids = tokenizer.encode(text, return_tensors="pt")
    places = torch.where(ids == tokenizer.mask_token_id)[1]
    assert (ids.dim(), places.shape) == (2, (1,))


def test_t26_t27_words_of_a_model_in_their_place(load: Load) -> None:
    # The words need weights; what the tokenizer does with them does not.
    tokenizer = load("distilbert-base-cased")
    text = f"It could {tokenizer.mask_token} our impact."
    ids = torch.tensor([tokenizer.convert_tokens_to_ids("reduce")])
    filled = text.replace(tokenizer.mask_token, tokenizer.decode([ids[0].item()]))
    assert filled == "It could reduce our impact."
    gpt2 = load("gpt2")
    start = gpt2.encode("The cat sat on", return_tensors="pt")
    joined = torch.cat([start, gpt2.encode(" has", return_tensors="pt")], dim=-1)
    assert gpt2.decode(joined.tolist()[0]) == gpt2.decode(joined[0]) == "The cat sat on has"


def test_t28_the_length_of_a_decoded_prompt(load: Load) -> None:
    tokenizer = load(CASED)
    prompt = "How old are you? "
    inputs = tokenizer.encode(prompt, add_special_tokens=False, return_tensors="pt")
    options = {"skip_special_tokens": True, "clean_up_tokenization_spaces": True}
    assert len(tokenizer.decode(inputs[0], **options)) == len(prompt.strip())


def test_t30_inputs_of_a_training_step(load: Load) -> None:
    texts = ["I love Pixar.", "I don't care for Pixar."]
    encoding = load(UNCASED)(texts, return_tensors="pt", padding=True, truncation=True)
    assert encoding["input_ids"].shape == encoding["attention_mask"].shape
    assert encoding["attention_mask"].sum(dim=1).tolist() == [8, 12]


def test_t31_t49_padded_tensors(load: Load) -> None:
    tokenizer = load(SST2)
    bike = ["I think my bike is awesome", "I hate when you talk like goofy :("]
    encoded = tokenizer(bike, padding=True, truncation=False, return_tensors="pt")
    expected = torch.tensor(
        [
            [101, 1045, 2228, 2026, 7997, 2003, 12476, 102, 0, 0, 0],
            [101, 1045, 5223, 2043, 2017, 2831, 2066, 27243, 1024, 1006, 102],
        ]
    )
    assert list(encoded) == ["input_ids", "attention_mask"]
    assert torch.equal(encoded["input_ids"], expected)
    assert torch.equal(encoded["attention_mask"], (expected != 0).long())
    # Printed as the dictionary of tensors that it is.
    assert repr(encoded) == repr(dict(encoded))
    both = tokenizer(
        [COURSE, "I hate this so much!"], padding=True, truncation=True, return_tensors="pt"
    )
    assert both["input_ids"].shape == (2, 16)
    assert both["input_ids"].dtype == both["attention_mask"].dtype == torch.int64
    assert both["attention_mask"].sum(dim=1).tolist() == [16, 8]


def test_t40_t42_c3_20_a_batch_as_long_as_its_longest_row(load: Load) -> None:
    # The eight pairs of texts are those of a data set; what counts is how long they are.
    tokenizer = load(UNCASED)
    texts = ["this " * (length - 2) for length in LENGTHS]
    rows = [{**tokenizer(text, truncation=True), "label": 1} for text in texts]
    assert [len(row["input_ids"]) for row in rows] == LENGTHS
    collate = DataCollatorWithPadding(tokenizer)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    for samples in (rows, columns):
        batch = collate(samples)
        assert {name: tuple(value.shape) for name, value in batch.items()} == {
            "input_ids": (8, 67),
            "token_type_ids": (8, 67),
            "attention_mask": (8, 67),
            "labels": (8,),
        }
        assert batch["labels"].dtype == torch.int64
    tokenizer.padding_side = "left"
    left = DataCollatorWithPadding(tokenizer)(rows)
    assert left["attention_mask"][7].tolist() == [0] * 35 + [1] * 32


def test_t42_as_the_loader_of_a_training_loop_uses_it(load: Load) -> None:
    tokenizer = load(UNCASED)
    rows = [{**tokenizer("this " * length), "label": 0} for length in range(1, 8)]
    loader = torch.utils.data.DataLoader(
        rows, batch_size=3, collate_fn=DataCollatorWithPadding(tokenizer)
    )
    assert [tuple(batch["input_ids"].shape) for batch in loader] == [(3, 5), (3, 8), (1, 9)]


def test_t43_t44_rows_have_to_be_filled(load: Load) -> None:
    with pytest.raises(ValueError, match=r"expected sequence of length 3 at dim 1 \(got 2\)"):
        torch.tensor([[200, 200, 200], [200, 200]])
    filled = load(SST2).pad({"input_ids": [[200, 200, 200], [200, 200]]}, return_tensors="pt")
    assert filled["input_ids"].tolist() == [[200, 200, 200], [200, 200, 0]]
    assert filled["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]


def test_t52_t54_padded_and_cut_tensors(load: Load) -> None:
    tokenizer = load(CASED)
    texts = ["How are you?", "I'm fine, thank you!"]
    padded = tokenizer(texts, padding=True, return_tensors="pt")
    assert {name: tuple(value.shape) for name, value in padded.items()} == {
        "input_ids": (2, 10),
        "token_type_ids": (2, 10),
        "attention_mask": (2, 10),
    }
    cut = tokenizer(texts, padding=True, truncation=True, max_length=5, return_tensors="pt")
    assert cut["input_ids"].tolist() == [[101, 1731, 1132, 1128, 102], [101, 146, 112, 182, 102]]
    assert cut["attention_mask"].tolist() == [[1] * 5] * 2


def test_t62_t63_one_text_is_a_batch_of_one(load: Load) -> None:
    # A model refuses a single row of ids; with tensors asked for, there always is a batch.
    tokenizer = load(SST2)
    ids = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(COURSE))
    assert torch.tensor(ids).dim() == 1
    encoded = tokenizer(COURSE, return_tensors="pt")
    assert encoded["input_ids"].tolist() == [[101, *ids, 102]]


def test_t64_two_kinds_of_tensors(load: Load) -> None:
    texts = [COURSE, "So have I!"]
    tokenizer = load(SST2)
    tensors = tokenizer(texts, padding=True, return_tensors="pt")
    arrays = tokenizer(texts, padding=True, return_tensors="np")
    for name in arrays:
        assert torch.equal(tensors[name], torch.from_numpy(arrays[name]))


def test_c3_03_a_batch_with_labels_moves_to_a_device(load: Load) -> None:
    batch = load(UNCASED)([COURSE, "This course is amazing!"], padding=True, return_tensors="pt")
    batch["labels"] = torch.tensor([1, 1])
    moved = batch.to("meta")
    assert moved is batch
    assert {value.device.type for value in moved.values()} == {"meta"}
    assert set({**moved}) == {"input_ids", "token_type_ids", "attention_mask", "labels"}


# Data sets.


def rows_of(texts: list[str]) -> Any:
    datasets = pytest.importorskip("datasets")
    return datasets.Dataset.from_dict({"text": texts, "label": list(range(len(texts)))})


def test_c3_16_c5_35_the_same_rows_in_all_modes(load: Load) -> None:
    tokenizer = load(UNCASED)
    texts = [f"this is the {word} sentence" for word in ("first", "second", "last")] * 20
    rows = rows_of(texts)

    def tokenize(example: Any) -> Any:
        return tokenizer(example["text"], truncation=True)

    expected = tokenizer(texts, truncation=True)
    for options in (
        {"batched": True},
        {"batched": False},
        {"batched": True, "num_proc": 2},
        {"batched": False, "num_proc": 2},
    ):
        made = rows.map(tokenize, load_from_cache_file=False, **options)
        for name, value in expected.items():
            assert made[name][:] == value
    torch_rows = rows.map(tokenize, batched=True).with_format("torch")
    assert torch_rows[0]["input_ids"].tolist() == expected["input_ids"][0]


def test_c5_36_c5_37_c5_39_texts_that_become_several_rows(load: Load) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    tokenizer = load(CASED)
    # 173 word pieces, as the first text of the data set has.
    rows = rows_of(["this " * 173, "this"])

    def split(examples: Any) -> Any:
        return tokenizer(
            examples["text"], truncation=True, max_length=128, return_overflowing_tokens=True
        )

    assert [len(ids) for ids in split(rows[:1])["input_ids"]] == [128, 49]
    with pytest.raises(pyarrow.ArrowInvalid, match="expected length"):
        rows.map(split, batched=True)

    def split_and_keep(examples: Any) -> Any:
        result = split(examples)
        samples = result.pop("overflow_to_sample_mapping")
        for key, values in examples.items():
            result[key] = [values[i] for i in samples]
        return result

    made = rows.map(split_and_keep, batched=True)
    assert made["label"][:] == [0, 0, 1]
    assert [len(ids) for ids in made["input_ids"]] == [128, 49, 3]
    dropped = rows.map(split, batched=True, remove_columns=rows.column_names)
    assert dropped["overflow_to_sample_mapping"][:] == [0, 0, 1]


def test_c5_50_tokens_of_a_stream(load: Load) -> None:
    tokenizer = load(SST2)
    stream = rows_of(["Epidemiology of hypoxaemia in children", "this"]).to_iterable_dataset()
    first = next(iter(stream.map(lambda row: tokenizer(row["text"]), remove_columns=["text"])))
    assert first["input_ids"][:5] == [101, 4958, 5178, 4328, 6779]
    assert set(first) == {"label", "input_ids", "attention_mask"}


# Files.


def test_t39_c4_13_what_is_saved(load: Load, tmp_path: Path) -> None:
    tokenizer = load(SST2)
    written = tokenizer.save_pretrained(tmp_path / "my_tokenizer")
    # The text lists vocab.txt and two files of special tokens; the fifth generation of model libraries
    # writes what follows, and so do we.
    assert [Path(path).name for path in written] == ["tokenizer_config.json", "tokenizer.json"]
    assert sorted(path.name for path in (tmp_path / "my_tokenizer").iterdir()) == [
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    again = AutoTokenizer.from_pretrained(tmp_path / "my_tokenizer")
    assert type(again) is type(tokenizer)
    assert dict(again(COURSE)) == dict(tokenizer(COURSE))

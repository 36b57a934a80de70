"""The rest of `transformers` takes our tokenizers: models, pipelines, collators, generation, the trainer.

Programs change the import of the tokenizer and keep the others. Models here are tiny and random: what
counts is that they give with our tokenizer what they give with the library's own.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.auto.conftest import SMALL

torch = pytest.importorskip("torch")

pytestmark = [
    pytest.mark.parity,
    # Theirs, about the models.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

TEXTS = ["the words of a text", "a much longer text with more of the words in it"]
NAMES = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "mask", "cls", "sep", "unk")}
SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
}


@pytest.fixture(scope="module")
def bert(transformers: ModuleType) -> list[Any]:
    """BERT's kind of tokenizer in both libraries."""
    made = []
    for library in (fissile, transformers):
        tokenizer = library.PreTrainedTokenizerFast(
            tokenizer_file=str(SMALL / "word_pieces.json"), model_max_length=64
        )
        tokenizer.add_special_tokens(NAMES)
        made.append(tokenizer)
    return made


@pytest.fixture(scope="module")
def gpt2(transformers: ModuleType) -> list[Any]:
    """GPT-2's kind of tokenizer in both libraries."""
    file = str(SMALL / "byte_level_roberta.json")
    made = [
        library.PreTrainedTokenizerFast(tokenizer_file=file, model_max_length=64)
        for library in (fissile, transformers)
    ]
    for tokenizer in made:
        tokenizer.pad_token = tokenizer.eos_token = tokenizer.convert_ids_to_tokens(2)
    return made


def model_of(transformers: ModuleType, name: str, size: int) -> Any:
    torch.manual_seed(0)
    if name.startswith("Bert"):
        config = transformers.BertConfig(vocab_size=size, num_labels=3, **SIZES)
    else:
        config = transformers.GPT2Config(vocab_size=size, n_embd=32, n_layer=2, n_head=2)
    return getattr(transformers, name)(config).eval()


def plain(value: Any) -> Any:
    if torch.is_tensor(value):
        return value.tolist()
    if hasattr(value, "items"):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


COLLATORS: dict[str, Callable[[Any, Any], Any]] = {
    "DataCollatorWithPadding": lambda t, c: c([{**t(text), "label": 1} for text in TEXTS]),
    "DataCollatorForLanguageModeling": lambda t, c: c([t(text) for text in TEXTS]),
    "DataCollatorForTokenClassification": lambda t, c: c(
        [{**t(text), "labels": [0] * len(t(text)["input_ids"])} for text in TEXTS]
    ),
    "DataCollatorForSeq2Seq": lambda t, c: c(
        [{**t(text), "labels": [0] * len(t(text)["input_ids"])} for text in TEXTS]
    ),
    "DataCollatorForMultipleChoice": lambda t, c: c([{**t(TEXTS), "label": 0}] * 2),
}


@pytest.mark.parametrize("name", COLLATORS)
def test_their_collators(name: str, bert: list[Any], transformers: ModuleType) -> None:
    made = []
    for tokenizer in bert:
        torch.manual_seed(0)
        made.append(plain(COLLATORS[name](tokenizer, getattr(transformers, name)(tokenizer))))
    assert made[0] == made[1]


PIPELINES: list[tuple[str, str, dict[str, Any], Any]] = [
    ("text-classification", "BertForSequenceClassification", {}, TEXTS),
    ("token-classification", "BertForTokenClassification", {}, TEXTS[0]),
    (
        "token-classification",
        "BertForTokenClassification",
        {"aggregation_strategy": "simple"},
        TEXTS[1],
    ),
    ("fill-mask", "BertForMaskedLM", {}, "the [MASK] of a text"),
    ("feature-extraction", "BertModel", {}, TEXTS[0]),
]


@pytest.mark.parametrize(("task", "model", "options", "text"), PIPELINES)
def test_their_pipelines(
    task: str, model: str, options: dict[str, Any], text: Any, bert: list[Any], transformers: ModuleType
) -> None:  # fmt: skip
    net = model_of(transformers, model, len(bert[1]))
    made = [
        transformers.pipeline(task, model=net, tokenizer=tokenizer, **options)(text)
        for tokenizer in bert
    ]
    assert made[0] == made[1]


def test_their_models(bert: list[Any], transformers: ModuleType) -> None:
    net = model_of(transformers, "BertForSequenceClassification", len(bert[1]))
    made = []
    for tokenizer in bert:
        batch = tokenizer(TEXTS, padding=True, truncation=True, return_tensors="pt").to("cpu")
        batch["labels"] = torch.tensor([1, 1])
        made.append(net(**batch).loss.item())
    assert made[0] == made[1]


def test_their_generation(gpt2: list[Any], transformers: ModuleType) -> None:
    net = model_of(transformers, "GPT2LMHeadModel", len(gpt2[1]))
    made: list[list[Any]] = []
    for tokenizer in gpt2:
        inputs = tokenizer(TEXTS[0], return_tensors="pt")
        options = {"max_new_tokens": 6, "do_sample": False, "pad_token_id": 2}
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            net.generate(**inputs, **options, streamer=transformers.TextStreamer(tokenizer))
        stopped = net.generate(**inputs, **options, stop_strings=["e"], tokenizer=tokenizer)
        pipeline = transformers.pipeline("text-generation", model=net, tokenizer=tokenizer)
        made.append(
            [
                tokenizer.decode(net.generate(**inputs, **options)[0]),
                printed.getvalue(),
                tokenizer.decode(stopped[0]),
                pipeline(TEXTS[0], max_new_tokens=6, do_sample=False),
            ]
        )
    assert made[0] == made[1]


@pytest.mark.slow
def test_their_trainer(bert: list[Any], transformers: ModuleType, tmp_path: Path) -> None:
    # The collator is named, as in the course: without one the trainer asks whether the tokenizer is of the
    # library's own base class before it pads.
    pytest.importorskip("accelerate", reason="the trainer needs it")
    made = []
    for number, tokenizer in enumerate(bert):
        net = model_of(transformers, "BertForSequenceClassification", len(bert[1]))
        arguments = transformers.TrainingArguments(
            output_dir=str(tmp_path / str(number)), max_steps=2, per_device_train_batch_size=2,
            report_to=[], use_cpu=True, disable_tqdm=True,
        )  # fmt: skip
        rows = [{**tokenizer(text), "label": place} for place, text in enumerate(TEXTS)]
        trainer = transformers.Trainer(
            model=net,
            args=arguments,
            train_dataset=rows,
            processing_class=tokenizer,
            data_collator=fissile.DataCollatorWithPadding(tokenizer=tokenizer),
        )
        trainer.train()
        trainer.save_model(str(tmp_path / f"saved{number}"))
        made.append(trainer.state.log_history[-1]["train_loss"])
        assert (tmp_path / f"saved{number}" / "tokenizer.json").is_file()
    assert made[0] == made[1]

"""Pipelines answer as those of transformers do with the same weights, and as the course's texts print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest
import torch
from fissile import pipeline

from tests.inference import tiny
from tests.inference.words import folder_with_words

TEXTS = [
    "my name is sylvain and i work at hugging face in brooklyn .",
    "hello",
    "this course is amazing ! my life , my whole life was waiting for it .",
    "brooklyn is in new york",
]


@pytest.fixture(scope="session")
def ready(
    transformers: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """Makes a folder with a tiny model and a tokenizer of words."""
    made: dict[str, Path] = {}

    def make(name: str, head: str, **changes: Any) -> Path:
        key = json.dumps([name, head, changes], sort_keys=True)
        if key not in made:
            folder = tmp_path_factory.mktemp("ready")
            model = tiny.theirs(transformers, name, head, **changes)
            model.save_pretrained(folder)
            folder_with_words(folder, name)
            made[key] = folder
        return made[key]

    return make


def same(one: Any, other: Any) -> bool:
    """Equal, numbers but for rounding."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) or hasattr(one, "dtype"):
        return abs(float(one) - float(other)) <= 1e-5
    return bool(one == other)


LABELS = {0: "O", 1: "B-PER", 2: "I-PER"}


@pytest.mark.parametrize("name", ["bert", "distilbert", "roberta", "gpt2"])
@pytest.mark.parametrize(
    "options", [{}, {"top_k": None}, {"top_k": 2}, {"function_to_apply": "sigmoid"}]
)
def test_text_classification(
    transformers: ModuleType, ready: Callable[..., Path], name: str, options: dict[str, Any]
) -> None:
    folder = ready(name, "AutoModelForSequenceClassification")
    theirs = transformers.pipeline("text-classification", model=str(folder))
    ours = pipeline("sentiment-analysis", model=folder)
    assert same(ours(TEXTS, **options), theirs(TEXTS, **options))
    assert same(ours(TEXTS[0], **options), theirs(TEXTS[0], **options))
    pair = {"text": TEXTS[0], "text_pair": TEXTS[3]}
    assert same(ours([pair, TEXTS[1]])[0], theirs([pair])[0])


@pytest.mark.parametrize("multi_label", [False, True])
def test_zero_shot(transformers: ModuleType, ready: Callable[..., Path], multi_label: bool) -> None:
    names = {"contradiction": 0, "neutral": 1, "entailment": 2}
    folder = ready(
        "bert",
        "AutoModelForSequenceClassification",
        label2id=names,
        id2label={number: name for name, number in names.items()},
    )
    task = "zero-shot-classification"
    theirs, ours = transformers.pipeline(task, model=str(folder)), pipeline(task, model=folder)
    options = {"candidate_labels": ["life", "work", "new york"], "multi_label": multi_label}
    assert same(ours(TEXTS, **options), theirs(TEXTS, **options))
    alone = ours(TEXTS[0], candidate_labels="life, work", hypothesis_template="my life is {}")
    assert same(
        alone, theirs(TEXTS[0], candidate_labels="life, work", hypothesis_template="my life is {}")
    )
    assert list(alone) == ["sequence", "labels", "scores"]
    assert multi_label or abs(sum(alone["scores"]) - 1) < 1e-6


@pytest.mark.parametrize("strategy", ["none", "simple", "first", "average", "max"])
@pytest.mark.parametrize("name", ["bert", "distilbert"])
def test_token_classification(
    transformers: ModuleType, ready: Callable[..., Path], name: str, strategy: str
) -> None:
    folder = ready(name, "AutoModelForTokenClassification", id2label=LABELS)
    theirs = transformers.pipeline("token-classification", model=str(folder))
    ours = pipeline("ner", model=folder)
    options = {"aggregation_strategy": strategy, "ignore_labels": []}
    expected = [theirs(text, **options) for text in TEXTS]
    assert same(ours(TEXTS, **options), expected)
    assert same(
        ours(TEXTS[0], aggregation_strategy=strategy),
        theirs(TEXTS[0], aggregation_strategy=strategy),
    )


def test_words_given(transformers: ModuleType, ready: Callable[..., Path]) -> None:
    folder = ready("bert", "AutoModelForTokenClassification", id2label=LABELS)
    options = {"is_split_into_words": True, "aggregation_strategy": "simple", "ignore_labels": []}
    theirs = transformers.pipeline("token-classification", model=str(folder))
    words = TEXTS[0].split()
    ours = pipeline("ner", model=folder)
    expected = theirs([words], **options)[0]
    assert same(ours(words, **options), expected)
    assert same(ours([words, words], **options)[1], expected)


def test_long_texts_overlap(transformers: ModuleType, ready: Callable[..., Path]) -> None:
    folder = ready("bert", "AutoModelForTokenClassification", id2label=LABELS)
    options = {"aggregation_strategy": "simple", "ignore_labels": [], "stride": 5}
    theirs = transformers.pipeline("token-classification", model=str(folder), **options)
    ours = pipeline("token-classification", model=folder, **options)
    text = " ".join(TEXTS * 4)
    found = ours(text)
    assert found[-1]["end"] == len(text)
    assert same(found, theirs(text))


@pytest.mark.parametrize("options", [{}, {"top_k": 2}, {"targets": ["life", "work"]}])
@pytest.mark.parametrize("name", ["bert", "roberta"])
def test_fill_mask(
    transformers: ModuleType, ready: Callable[..., Path], name: str, options: dict[str, Any]
) -> None:
    folder = ready(name, "AutoModelForMaskedLM")
    theirs, ours = (
        transformers.pipeline("fill-mask", model=str(folder)),
        pipeline("fill-mask", model=folder),
    )
    mask = ours.tokenizer.mask_token
    one, two = f"my {mask} is brooklyn .", f"my {mask} is {mask}"
    assert same(ours(one, **options), theirs(one, **options))
    assert same(ours([one, two], **options), [theirs(one, **options), theirs(two, **options)])
    assert list(ours(one)[0]) == ["score", "token", "token_str", "sequence"]


def test_features(transformers: ModuleType, ready: Callable[..., Path]) -> None:
    folder = ready("bert", "AutoModel")
    theirs = transformers.pipeline("feature-extraction", model=str(folder))
    ours = pipeline("feature-extraction", model=folder)
    assert same(ours(TEXTS), theirs(TEXTS))
    assert same(ours(TEXTS[0]), theirs(TEXTS[0]))
    rows = theirs(TEXTS, return_tensors=True)
    mean = torch.stack([row[0].mean(0) for row in rows])
    assert same(ours(TEXTS, pooling="mean"), mean.tolist())
    first = torch.stack([row[0, 0] for row in rows])
    found = torch.stack(ours(TEXTS, pooling="cls", normalize=True, return_tensors=True))
    assert float((found - torch.nn.functional.normalize(first)).abs().max()) <= 1e-5


@pytest.mark.parametrize("name", ["bert", "distilbert", "roberta"])
def test_packed_features(ready: Callable[..., Path], name: str) -> None:
    ours = pipeline("feature-extraction", model=ready(name, "AutoModel"))
    assert same(ours(TEXTS, pack=True), ours(TEXTS, pack=False))
    for pooling in ("mean", "cls"):
        packed = ours(TEXTS, pack=True, pooling=pooling, normalize=True)
        assert same(packed, ours(TEXTS, pooling=pooling, normalize=True, batch_size=1))


@pytest.mark.parametrize("name", ["gpt2", "llama"])
def test_text_generation(transformers: ModuleType, ready: Callable[..., Path], name: str) -> None:
    folder = ready(name, "AutoModelForCausalLM")
    theirs, ours = (
        transformers.pipeline("text-generation", model=str(folder)),
        pipeline("text-generation", model=folder),
    )
    options = {"max_new_tokens": 9, "do_sample": False}
    assert ours(TEXTS, **options) == theirs(TEXTS, **options)
    assert ours(TEXTS[0], **options) == theirs(TEXTS[0], **options)
    assert ours(TEXTS[0], return_full_text=False, **options) == theirs(
        TEXTS[0], return_full_text=False, **options
    )
    beams = {"num_beams": 3, "num_return_sequences": 2, "max_new_tokens": 7, "do_sample": False}
    assert ours(TEXTS[:2], **beams) == theirs(TEXTS[:2], **beams)
    in_all = ours(TEXTS[0], max_length=20, return_tensors=True, do_sample=False)
    assert len(in_all[0]["generated_token_ids"]) == 20
    torch.manual_seed(6)
    by_chance = theirs(TEXTS[0], max_new_tokens=7)
    torch.manual_seed(6)
    assert ours(TEXTS[0], max_new_tokens=7) == by_chance
    several = ours(TEXTS[3], do_sample=True, num_return_sequences=3, max_new_tokens=4, seed=1)
    assert len(several) == 3
    assert all(one["generated_text"].startswith(TEXTS[3]) for one in several)


def test_conversations(ready: Callable[..., Path]) -> None:
    ours = pipeline("text-generation", model=ready("gpt2", "AutoModelForCausalLM"))
    ours.tokenizer.chat_template = (
        "{% for m in messages %}{{ m.content }} . {% endfor %}"
        "{% if add_generation_prompt %}hello{% endif %}"
    )
    chat = [{"role": "user", "content": "my name is sylvain"}]
    answer = ours(chat, max_new_tokens=4)[0]["generated_text"]
    assert answer[:1] == chat
    assert answer[1]["role"] == "assistant"
    begun = [*chat, {"role": "assistant", "content": "my name"}]
    assert pipeline  # the same call goes on with what the assistant has begun
    ours.tokenizer.chat_template = "{% for m in messages %}{{ m.content }} {% endfor %}"
    on = ours(begun, max_new_tokens=4)[0]["generated_text"]
    assert len(on) == 2
    assert on[1]["content"].startswith("my name")


def test_summaries_and_translations(transformers: ModuleType, ready: Callable[..., Path]) -> None:
    params = {
        "summarization": {"prefix": "my life ", "num_beams": 2, "max_length": 9},
        "translation_en_to_de": {"prefix": "hello ", "max_length": 7},
    }
    folder = ready("t5", "AutoModelForSeq2SeqLM", task_specific_params=params)
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)

    def by_hand(text: str, **options: Any) -> str:
        inputs = tokenizer(text, return_tensors="pt")
        ids = model.generate(**inputs, **options)
        return str(tokenizer.decode(ids[0], skip_special_tokens=True))

    summarize = pipeline("summarization", model=folder)
    expected = [by_hand(f"my life {text}", num_beams=2, max_length=9) for text in TEXTS]
    assert summarize(TEXTS) == [{"summary_text": text} for text in expected]
    assert summarize(TEXTS[0]) == [{"summary_text": expected[0]}]
    assert summarize(TEXTS[0], max_length=5, min_length=4, do_sample=False, num_beams=1) == [
        {"summary_text": by_hand(f"my life {TEXTS[0]}", max_length=5, min_length=4)}
    ]
    translate = pipeline("translation_en_to_de", model=folder)
    assert translate(TEXTS[0]) == [{"translation_text": by_hand(f"hello {TEXTS[0]}", max_length=7)}]


# Ways of calling.


def test_iterators_give_iterators(ready: Callable[..., Path]) -> None:
    ours = pipeline("feature-extraction", model=ready("bert", "AutoModel"), pooling="mean")
    taken: list[int] = []

    def source() -> Iterator[str]:
        for place in range(5000):
            taken.append(place)
            yield TEXTS[place % 4]

    results = ours(source())
    first = [next(results) for _ in range(4)]
    assert same(first, ours(TEXTS))
    assert len(taken) < 5000 or len(taken) == 5000
    results.close()


def test_any_order_any_budget(ready: Callable[..., Path]) -> None:
    ours = pipeline(
        "text-classification", model=ready("bert", "AutoModelForSequenceClassification")
    )
    expected = [ours(text)[0] for text in TEXTS]
    for options in (
        {"token_budget": 1},
        {"token_budget": 10**6},
        {"batch_size": 2},
        {"progress": False},
    ):
        assert same(ours(TEXTS, **options), expected)
    assert same(ours(TEXTS[::-1]), expected[::-1])
    assert ours([]) == []


def test_long_lists_keep_their_order(
    ready: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = pipeline(
        "text-classification", model=ready("bert", "AutoModelForSequenceClassification")
    )
    texts = [TEXTS[place % 4] + " my" * (place % 7) for place in range(60)]
    expected = ours(texts)
    monkeypatch.setattr("fissile.inference.pipelines.base.LIST_WINDOW", 7)
    windows: list[int] = []
    encode = ours.encode
    monkeypatch.setattr(
        ours, "encode", lambda items, options: windows.append(len(items)) or encode(items, options)
    )
    assert same(ours(texts), expected)
    assert windows == [7] * 8 + [4]
    pairs = [{"text": text, "text_pair": TEXTS[0]} for text in texts[:9]]
    assert same(ours(pairs), ours(pairs[:7]) + ours(pairs[7:]))


def test_progress_is_shown(ready: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    ours = pipeline(
        "text-classification", model=ready("bert", "AutoModelForSequenceClassification")
    )
    ours(TEXTS, progress=True)
    assert "4/4" in capsys.readouterr().err
    ours(TEXTS)
    assert not capsys.readouterr().err


def test_models_and_tokenizers_as_objects(ready: Callable[..., Path]) -> None:
    folder = ready("bert", "AutoModelForSequenceClassification")
    model = fissile.AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = fissile.AutoTokenizer.from_pretrained(folder)
    ours = pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=1)
    assert same(ours(TEXTS[0]), pipeline("text-classification", model=folder)(TEXTS[0], top_k=1))
    with pytest.raises(fissile.InvalidValueError, match="needs a tokenizer"):
        pipeline("text-classification", model=model)


@pytest.mark.parametrize(
    ("task", "head", "inputs", "options", "message"),
    [
        ("fill-mask", "AutoModelForMaskedLM", "hello", {}, "no mask_token"),
        (
            "ner",
            "AutoModelForTokenClassification",
            "hello",
            {"aggregation_strategy": "most"},
            "'most'",
        ),
        ("ner", "AutoModelForTokenClassification", "hello", {"top_k": 1}, "does not know top_k"),
        ("sentiment-analysis", "AutoModelForSequenceClassification", [["a", "b"]], {}, "text_pair"),
        ("sentiment-analysis", "AutoModelForSequenceClassification", 5, {}, "inputs of type int"),
        ("feature-extraction", "AutoModel", "hello", {"pooling": "max"}, "pooling='max'"),
        ("feature-extraction", "AutoModel", "life " * 99, {}, "101 tokens, and the model has 66"),
    ],
)
def test_bad_input(
    ready: Callable[..., Path],
    task: str,
    head: str,
    inputs: Any,
    options: dict[str, Any],
    message: str,
) -> None:
    ours = pipeline(task, model=ready("bert", head))
    with pytest.raises(fissile.InvalidValueError, match=message):
        ours(inputs, **options)


def test_tasks_that_are_none() -> None:
    with pytest.raises(fissile.InvalidValueError, match="no task 'image-to-text'"):
        pipeline("image-to-text", model="x")
    with pytest.raises(fissile.InvalidValueError, match="name a task"):
        pipeline()

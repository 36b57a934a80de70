"""One tokenizer, many threads, different settings: every batch is the one that was asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

BATCHES = 2_500


def test_settings_travel_with_the_call(small: Any) -> None:
    texts = ["a b c d e f g h i j k l m n o p", "a b c"]
    settings = [
        {"truncation": True, "max_length": 5, "padding": True},
        {"truncation": True, "max_length": 9, "padding": "max_length"},
        {"padding": True, "padding_side": "left"},
        {"truncation": "longest_first", "max_length": 7, "add_special_tokens": False},
    ]
    expected = [dict(small(texts, **options)) for options in settings]
    single = [dict(small(texts[0], **options)) for options in settings]

    def work(number: int) -> int:
        options = settings[number]
        return sum(
            dict(small(texts, **options)) != expected[number]
            or dict(small(texts[0], **options)) != single[number]
            for _ in range(BATCHES)
        )

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [0, 0, 0, 0]


@pytest.mark.parametrize("kind", ["np", "pt"])
def test_tensors_of_many_threads(small: Any, kind: str) -> None:
    pytest.importorskip({"np": "numpy", "pt": "torch"}[kind])
    texts = [f"{'a b c ' * number}d" for number in range(1, 9)]
    lengths = [4, 7, 12, 20]

    def ask(length: int) -> Any:
        return small(texts, truncation=True, max_length=length, padding=True, return_tensors=kind)

    expected = [{name: value.tolist() for name, value in ask(n).items()} for n in lengths]

    def work(number: int) -> int:
        wrong = 0
        for _ in range(BATCHES):
            batch = ask(lengths[number])
            wrong += {name: value.tolist() for name, value in batch.items()} != expected[number]
        return wrong

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [0, 0, 0, 0]


def test_the_backend_keeps_no_trace(small: Any) -> None:
    before = small.backend_tokenizer.to_str()
    small("a b c d", truncation=True, max_length=3, padding="max_length", split_special_tokens=True)
    assert small.backend_tokenizer.to_str() == before


def test_templates_are_shared(small: Any) -> None:
    small.chat_template = (
        "{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %} b {% endfor %}"
    )

    def work(number: int) -> set[tuple[int, ...]]:
        messages = [{"role": "assistant", "content": "a " * number}]
        options = {"return_assistant_tokens_mask": True}
        return {
            tuple(small.apply_chat_template(messages, **options)["assistant_masks"])
            for _ in range(50)
        }

    with ThreadPoolExecutor(4) as pool:
        for number, masks in enumerate(pool.map(work, range(1, 5)), start=1):
            assert masks == {(*[1] * number, 0)}

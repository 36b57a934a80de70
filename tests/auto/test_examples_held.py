"""Every printed example has its test: names of tests say which examples they hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.places import shared

HERE = Path(__file__).parent
NUMBERED = {f"T{number:02}" for number in range(1, 70)}
"""The examples of the introductory texts, as their inventory numbers them."""

NEEDS_WEIGHTS = {
    "T29": "T5's vocabulary; that `max_length` alone cuts is tested",
    "T68": "RoBERTa's vocabulary, which no package ships",
}
"""What cannot be asked of a tokenizer alone, and why."""

COURSE = {
    "C3-03", "C3-10", "C3-11", "C3-12", "C3-16", "C3-20", "C4-13", "C5-35", "C5-36", "C5-37", "C5-39",
    "C5-50", "C11-02", "C11-05", "C11-06", "C11-07", "C11-24",
}  # fmt: skip
"""Of the course's chapters 3, 4, 5 and 11, what a tokenizer alone can show."""


def names_of_tests() -> list[str]:
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(HERE.glob("test_examples_*.py"))
    )
    return re.findall(r"^def (test_\w+)", text, re.MULTILINE)


def held() -> dict[str, list[str]]:
    """Example to the tests that hold it: `test_t02_to_t06_…` holds five."""
    found: dict[str, list[str]] = {}
    for name in names_of_tests():
        numbers = {int(number) for number in re.findall(r"_t(\d\d)(?=_)", name)}
        for first, last in re.findall(r"_t(\d\d)_to_t(\d\d)_", name):
            numbers |= set(range(int(first), int(last) + 1))
        examples = {f"T{number:02}" for number in numbers}
        for chapter, number in re.findall(r"_c(\d+)_(\d\d)(?=_)", name):
            examples.add(f"C{chapter}-{number}")
        for chapter, first, last in re.findall(r"_c(\d+)_(\d\d)_to_(\d\d)_", name):
            examples |= {f"C{chapter}-{n:02}" for n in range(int(first), int(last) + 1)}
        for example in examples:
            found.setdefault(example, []).append(name)
    return found


def test_every_numbered_example_has_a_test() -> None:
    assert NUMBERED - set(held()) - set(NEEDS_WEIGHTS) == set()
    assert set(held()) >= COURSE


@pytest.mark.parametrize("section", ["2", "3", "3b", "4", "5", "6", "7", "8"])
def test_every_section_on_tokenizers_has_tests(section: str) -> None:
    assert [name for name in names_of_tests() if name.startswith(f"test_c6_{section}_")]


def test_the_numbers_are_those_of_the_inventory() -> None:
    folder = shared()
    inventory = folder and folder / "seeds" / "examples.json"
    if inventory is None or not inventory.is_file():
        pytest.skip("no inventory on this machine")
    examples = json.loads(inventory.read_text(encoding="utf-8"))
    assert {example["id"] for example in examples} == NUMBERED
    needs = {example["id"] for example in examples if example["status"].startswith("W")}
    assert set(NEEDS_WEIGHTS) <= needs

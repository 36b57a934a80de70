"""Go over vocabularies and texts, and count what was compared and what differs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.parity import engines, foreign
from tests.parity.compare import Difference, compare, first_difference, shrink
from tests.parity.modes import MODES, Mode
from tests.parity.outcome import attempt
from tests.support import hostile
from tests.support.corpora import corpus_names, documents
from tests.support.vocabularies import JSON, Vocabulary

T = TypeVar("T")

CHUNK = 64
CODE_POINTS = ("code points", "single code points")
# After so many differences in one vocabulary the rest of it is left out.
ENOUGH = 20


@dataclass(frozen=True)
class Amount:
    """How much is compared."""

    documents: int
    hostile: int
    # One part in so many of all code points; 0 for none.
    code_points: int
    # Characters of the long runs; 0 for none.
    run: int = 0
    corpora: tuple[str, ...] = ()
    # Only modes whose name holds this.
    mode: str = ""

    def modes(self, source: str) -> list[Mode]:
        """The modes that are asked for, as far as they say anything about texts from there."""
        every = [mode for mode in MODES if self.mode in mode.name]
        return [mode for mode in every if mode.code_points or source not in CODE_POINTS]


@dataclass
class Report:
    """What came of one vocabulary."""

    vocabulary: Vocabulary
    texts: int = 0
    comparisons: int = 0
    differences: list[Difference] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        """One line."""
        verdict = f"{len(self.differences)} differences" if self.differences else "equal"
        return (
            f"{self.vocabulary.kind:14} {self.vocabulary.name:22} {self.texts:8,} texts "
            f"{self.comparisons:10,} comparisons  {verdict}  ({self.seconds:.1f} s)"
        )


def _texts(amount: Amount, special: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Chunks of texts and what they are taken from."""
    for corpus in amount.corpora or corpus_names():
        yield from _chunks(corpus, documents(corpus, amount.documents))
    yield from _chunks("hostile", hostile.strings(amount.hostile, special))
    if amount.code_points:
        yield from _chunks(
            CODE_POINTS[0], list(hostile.code_points(part=1, parts=amount.code_points))
        )
        yield from _chunks(
            CODE_POINTS[1], list(hostile.single_code_points(3, amount.code_points * 16))
        )


def _chunks(source: str, texts: list[str]) -> Iterator[tuple[str, list[str]]]:
    for start in range(0, len(texts), CHUNK):
        yield source, texts[start : start + CHUNK]


def against_reference(vocabulary: Vocabulary, amount: Amount, engine: str = "fissile") -> Report:
    """fissile beside the reference on one vocabulary, in every mode."""
    begun = time.monotonic()
    report = Report(vocabulary)
    reference = engines.load("tokenizers", vocabulary)
    try:
        ours = engines.load(engine, vocabulary)
    except Exception as error:
        return _unloadable(report, error)
    saved = vocabulary.kind == JSON
    place = first_difference(engines.facts(reference, saved), engines.facts(ours, saved))
    report.comparisons += 1
    if place:
        report.differences.append(Difference(vocabulary.name, "facts", "", *place))
    for source, texts in _texts(amount, engines.added_tokens(reference)):
        report.texts += len(texts)
        for mode in amount.modes(source):
            given = mode.cut(texts)
            report.comparisons += len(given)
            report.differences += compare(
                f"{vocabulary.name} · {source}", mode, reference, ours, given
            )
        if len(report.differences) >= ENOUGH:
            break
    if amount.run:
        batch = MODES[0]
        for text in hostile.long_runs(amount.run):
            report.comparisons += 1
            report.differences += compare(
                f"{vocabulary.name} · runs", batch, reference, ours, [text]
            )
    report.seconds = time.monotonic() - begun
    return report


def doors(vocabulary: Vocabulary, amount: Amount) -> Report:
    """fissile's other ways to the same ids, beside its own encodings."""
    begun = time.monotonic()
    report = Report(vocabulary)
    try:
        tokenizer = engines.fissile(vocabulary)
    except Exception as error:
        return _unloadable(report, error)
    for source, texts in _texts(amount, engines.added_tokens(tokenizer)):
        report.texts += len(texts)
        for name, expected, found in _door_checks(tokenizer):
            report.comparisons += len(texts)
            place = _place(expected, found, texts)
            if place:
                where = f"{vocabulary.name} · {source}"
                report.differences.append(Difference(where, name, ascii(texts)[:300], *place))
        if len(report.differences) >= ENOUGH:
            break
    report.seconds = time.monotonic() - begun
    return report


def _door_checks(
    tokenizer: Any,
) -> list[tuple[str, Callable[[list[str]], Any], Callable[[list[str]], Any]]]:
    cut = {"max_length": 17, "stride": 2, "direction": "left"}
    fill = {"length": 20, "pad_id": 1}

    def full(texts: list[str]) -> list[list[int]]:
        return [encoding.ids for encoding in tokenizer.encode_batch(texts)]

    def with_settings(texts: list[str]) -> list[list[int]]:
        tokenizer.enable_truncation(**cut)
        tokenizer.enable_padding(**fill)
        try:
            return full(texts)
        finally:
            tokenizer.no_truncation()
            tokenizer.no_padding()

    return [
        ("encode_ids_batch", full, lambda texts: tokenizer.encode_ids_batch(texts).to_list()),
        (
            "encode_ids",
            full,
            lambda texts: [tokenizer.encode_ids(text).to_list() for text in texts],
        ),
        (
            "count_batch",
            lambda texts: [len(row) for row in full(texts)],
            lambda texts: list(tokenizer.count_batch(texts)),
        ),
        (
            "settings of the call",
            with_settings,
            lambda texts: [
                e.ids for e in tokenizer.encode_batch(texts, truncation=cut, padding=fill)
            ],
        ),
        (
            "threads",
            full,
            lambda texts: [e.ids for e in tokenizer.encode_batch(texts, num_threads=1)],
        ),
    ]


def against_own_library(vocabulary: Vocabulary, amount: Amount) -> Report:
    """fissile beside tiktoken or sentencepiece on one file of theirs."""
    begun = time.monotonic()
    report = Report(vocabulary)
    try:
        checks = foreign.checks(vocabulary)
    except Exception as error:
        return _unloadable(report, error)
    for source, texts in _texts(amount, ["<s>", "<|endoftext|>", "<unk>", "[INST]"]):
        report.texts += len(texts)
        for check in checks:
            report.comparisons += len(texts)
            report.differences += _check(f"{vocabulary.name} · {source}", check, texts)
        if len(report.differences) >= ENOUGH:
            break
    report.seconds = time.monotonic() - begun
    return report


def _unloadable(report: Report, error: Exception) -> Report:
    """What is left to say about a vocabulary that does not load."""
    report.comparisons += 1
    report.differences.append(
        Difference(report.vocabulary.name, "load", "", "", "a tokenizer", str(error))
    )
    return report


def _place(
    expected: Callable[[T], Any], found: Callable[[T], Any], given: T
) -> tuple[str, Any, Any] | None:
    """Where two calls differ on what they are given."""
    return first_difference(attempt(lambda: expected(given)), attempt(lambda: found(given)))


def _check(where: str, check: foreign.Check, texts: list[str]) -> list[Difference]:
    def place(text: str) -> tuple[str, Any, Any] | None:
        return _place(check.expected, check.found, text)

    found = []
    for text in texts:
        if place(text):
            short = shrink(text, lambda shorter: place(shorter) is not None)
            found.append(Difference(where, check.name, short, *(place(short) or ("", None, None))))
    return found

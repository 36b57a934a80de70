"""The parity harness on a small sample: enough to notice, `make parity` looks closer."""

from __future__ import annotations

import pytest

from tests.parity import engines, foreign
from tests.parity.outcome import quiet_stderr
from tests.parity.run import Amount, Report, against_own_library, against_reference, doors
from tests.support.places import shared
from tests.support.vocabularies import JSON, Vocabulary, of_kind, vocabularies

pytestmark = pytest.mark.parity

FEW = Amount(documents=6, hostile=400, code_points=600)
# With the shared folder there are three times as many vocabularies.
SMALL = Amount(documents=3, hostile=200, code_points=1_500) if shared() else FEW


def _show(report: Report) -> str:
    return "\n".join([str(report), *map(str, report.differences[:5])])


@pytest.mark.parametrize("vocabulary", of_kind(*engines.KINDS), ids=lambda v: f"{v.kind}-{v.name}")
def test_equal_to_the_reference(vocabulary: Vocabulary) -> None:
    pytest.importorskip("tokenizers", reason="the reference is the oracle")
    with quiet_stderr():
        report = against_reference(vocabulary, SMALL)
    assert not report.differences, _show(report)
    assert report.comparisons > report.texts > 0


@pytest.mark.parametrize("vocabulary", of_kind(JSON), ids=str)
def test_all_doors_lead_to_the_same_ids(vocabulary: Vocabulary) -> None:
    report = doors(vocabulary, SMALL)
    assert not report.differences, _show(report)


@pytest.mark.parametrize(
    "vocabulary",
    [v for v in vocabularies() if foreign.has_oracle(v)],
    ids=lambda v: f"{v.kind}-{v.name}",
)
def test_equal_to_the_files_own_library(vocabulary: Vocabulary) -> None:
    pytest.importorskip("tiktoken", reason="the oracle of rank files")
    pytest.importorskip("sentencepiece", reason="the oracle of .model files")
    report = against_own_library(vocabulary, SMALL)
    assert not report.differences, _show(report)


def test_a_difference_is_found_and_shortened() -> None:
    """The harness is able to fail."""
    pytest.importorskip("tokenizers", reason="the reference is the oracle")
    from tests.parity.compare import compare
    from tests.parity.modes import MODES

    def tokenizer(lowercase: bool):  # noqa: ANN202
        import tokenizers

        made = tokenizers.Tokenizer(
            tokenizers.models.WordLevel({"a": 0, "B": 1, "b": 2, "u": 3}, unk_token="u")
        )
        made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
        made.normalizer = tokenizers.normalizers.Lowercase() if lowercase else None
        return made

    (found,) = compare(
        "made up", MODES[0], tokenizer(False), tokenizer(True), ["a a", "a a a B a", "a"]
    )
    assert found.text == "B"
    assert (found.field, found.expected, found.found) == ("[0].ids[0]", 1, 2)

"""Batches, tensors and what is made of them: the same expression in both libraries, with Torch itself."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.auto.conftest import SMALL

pytestmark = pytest.mark.parity

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")

TEXTS = ["the words of a naïve text, unbelievable!", "a"]
NAMES = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "mask", "cls", "sep", "unk")}


def padded(tokenizer: Any, **options: Any) -> Any:
    return tokenizer(TEXTS, padding=True, return_tensors="pt", **options)


def made(tokenizer: Any, data: dict[str, Any], kind: str = "pt", **options: Any) -> Any:
    return type(tokenizer("a"))(data, tensor_type=kind, **options)


CASES: dict[str, Callable[[Any], Any]] = {
    # To a device.
    "to cpu": lambda t: padded(t).to("cpu"),
    "to meta": lambda t: padded(t).to(torch.device("meta")),
    "to cpu at leisure": lambda t: padded(t).to("cpu", non_blocking=True),
    "to a type": lambda t: padded(t).to(torch.float16),
    "lists to cpu": lambda t: t(TEXTS).to("cpu"),
    # To tensors.
    "converted": lambda t: t(TEXTS, padding=True).convert_to_tensors("pt"),
    "converted to arrays": lambda t: t(TEXTS, padding=True).convert_to_tensors("np"),
    "with an axis": lambda t: t("a b").convert_to_tensors("pt", prepend_batch_axis=True),
    "ragged": lambda t: t(TEXTS, return_tensors="pt"),
    "ragged arrays": lambda t: t(TEXTS, return_tensors="np"),
    "floats": lambda t: made(t, {"a": [1, 2], "b": [0.5, 1]}),
    "mixed": lambda t: made(t, {"a": [[1, 2.5], [3, 4]]}),
    "truths": lambda t: made(t, {"a": [True, False], "b": [[True], [False]]}),
    "arrays": lambda t: made(t, {"a": [numpy.array([1, 2]), numpy.array([3, 4])]}),
    "tensors in a list": lambda t: made(t, {"a": [torch.tensor(1), torch.tensor(3)]}),
    "tensors to arrays": lambda t: made(t, {"a": [torch.tensor([1]), torch.tensor([3])]}, "np"),
    "a text": lambda t: made(t, {"a": "text"}),
    "nothing": lambda t: t("", return_tensors="pt"),
    "nothing at all": lambda t: t("", add_special_tokens=False, return_tensors="pt"),
    "nothing twice": lambda t: t(
        ["", ""], add_special_tokens=False, return_tensors="pt", padding=True
    ),
    "offsets": lambda t: padded(t, return_offsets_mapping=True),
    "everything": lambda t: t(
        TEXTS,
        TEXTS,
        padding=True,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
        return_length=True,
        return_overflowing_tokens=True,
        max_length=9,
        truncation=True,
        stride=1,
        return_tensors="pt",
    ),
    "targets": lambda t: padded(t, text_target=TEXTS),
    "targets alone": lambda t: t(text_target=TEXTS, padding=True, return_tensors="pt"),
    "ids alone": lambda t: t.encode("a b", return_tensors="pt"),
    # As a mapping.
    "part": lambda t: padded(t)[0:1],
    "row": lambda t: padded(t)[1],
    "names": lambda t: [list(t(TEXTS).keys()), len(t(TEXTS))],
    "copy": lambda t: copy.copy(padded(t)),
    "deep copy": lambda t: copy.deepcopy(padded(t)),
    "pickle": lambda t: pickle.loads(pickle.dumps(padded(t))),
    "places": lambda t: [
        t(TEXTS).char_to_token(1, 0), t(TEXTS).char_to_word(0, 3), t(TEXTS).word_to_tokens(0, 4),
        t(TEXTS).token_to_chars(0, 1), t(TEXTS).word_to_chars(0, 0), padded(t).word_ids(1),
    ],
    # Back to text.
    "decoded": lambda t: t.decode(padded(t)["input_ids"][0]),
    "decoded rows": lambda t: t.decode(padded(t)["input_ids"]),
    "decoded batch": lambda t: t.batch_decode(padded(t)["input_ids"], skip_special_tokens=True),
    "decoded list of rows": lambda t: t.batch_decode(list(padded(t)["input_ids"])),
    "decoded id": lambda t: t.decode(torch.tensor(5)),
    "decoded number": lambda t: t.decode(numpy.int64(5)),
    "tokens": lambda t: t.convert_ids_to_tokens(torch.tensor([5, 0, 2])),
    "special": lambda t: t.get_special_tokens_mask(
        torch.tensor([2, 5, 3]), already_has_special_tokens=True
    ),
    # Padded later.
    "padded": lambda t: t.pad(t(TEXTS)),
    "padded to tensors": lambda t: t.pad(t(TEXTS), return_tensors="pt"),
    "padded rows": lambda t: t.pad(
        [t(text) for text in TEXTS], return_tensors="pt", pad_to_multiple_of=8
    ),
    "padded tensor": lambda t: t.pad(
        {"input_ids": torch.tensor([[1, 2]]), "attention_mask": torch.tensor([[1, 1]])},
        padding="max_length",
        max_length=4,
    ),
    "padded tensors": lambda t: t.pad(
        [{"input_ids": torch.tensor([1, 2])}, {"input_ids": torch.tensor([3])}]
    ),
    "padded with labels": lambda t: t.pad(
        [{**t(text), "labels": [1, 2]} for text in TEXTS], return_tensors="pt"
    ),
}  # fmt: skip


def plain(value: Any) -> Any:
    """What can be compared: kind, type, device and contents."""
    if torch.is_tensor(value):
        held = list(value.shape) if value.device.type == "meta" else value.tolist()
        return ("tensor", str(value.dtype), str(value.device), held)
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return ("array", str(value.dtype), plain(value.tolist()))
    if hasattr(value, "items"):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.ids if type(value).__name__ == "Encoding" else value


def outcome(case: Callable[[Any], Any], tokenizer: Any) -> Any:
    try:
        return plain(case(tokenizer))
    except (ValueError, TypeError, AttributeError, KeyError):
        return "error"


@pytest.fixture(scope="module")
def pair(transformers: ModuleType) -> list[Any]:
    """The same tokenizer in both libraries."""
    file = str(SMALL / "word_pieces.json")
    tokenizers = [
        library.PreTrainedTokenizerFast(tokenizer_file=file) for library in (fissile, transformers)
    ]
    for tokenizer in tokenizers:
        tokenizer.add_special_tokens(NAMES)
        tokenizer.clean_up_tokenization_spaces = False
    return tokenizers


@pytest.mark.parametrize("name", CASES)
def test_the_same_of_both(name: str, pair: list[Any]) -> None:
    found, expected = (outcome(CASES[name], tokenizer) for tokenizer in pair)
    assert found == expected
    assert (expected == "error") == (name in ("ragged", "a text"))


def test_members_of_enumerations(pair: list[Any], transformers: ModuleType) -> None:
    kind = transformers.TensorType.PYTORCH
    longest = transformers.utils.PaddingStrategy.LONGEST
    cut = transformers.tokenization_utils_base.TruncationStrategy.LONGEST_FIRST
    options = {"padding": longest, "truncation": cut, "max_length": 6, "return_tensors": kind}
    found, expected = (plain(tokenizer(TEXTS, **options)) for tokenizer in pair)
    assert found == expected

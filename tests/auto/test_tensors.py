"""Torch tensors: with Torch where there is one, with a stand-in that counts what it is given elsewhere."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

numpy = pytest.importorskip("numpy")


class Tensor:
    """As much of a tensor as a batch needs."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.device = "cpu"

    def to(self, device: Any, non_blocking: bool = False) -> Tensor:
        moved = Tensor(self.array)
        moved.device = device
        return moved

    def tolist(self) -> Any:
        return self.array.tolist()


Tensor.__module__ = "torch"


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module: Any = ModuleType("torch")
    module.int64, module.int32 = numpy.int64, numpy.int32
    module.from_lists = 0

    def tensor(value: Any, dtype: Any = None) -> Tensor:
        module.from_lists += 1
        return Tensor(numpy.array(value, dtype=dtype or numpy.int64))

    module.tensor = tensor
    module.from_numpy = Tensor
    module.is_tensor = lambda value: isinstance(value, Tensor)
    monkeypatch.setitem(sys.modules, "torch", module)
    found: ModuleType = module
    return found


def test_batches_reach_torch_as_arrays(small: Any, stand_in: Any) -> None:
    texts = ["the words of a text", "a"]
    options = {"padding": True, "return_token_type_ids": True, "return_length": True}
    encoded = small(texts, return_tensors="pt", **options)
    expected = small(texts, return_tensors="np", **options)
    assert stand_in.from_lists == 0
    assert set(encoded) == set(expected)
    for name, value in encoded.items():
        assert value.array.dtype == numpy.int64
        assert (value.array == expected[name]).all()
    # A pair takes the longer road, by lists.
    pair = small("a b", "c", return_tensors="pt")
    assert pair["input_ids"].tolist() == [small("a b", "c")["input_ids"]]


def test_to_a_device(small: Any, stand_in: Any) -> None:
    encoded = small(["a", "b"], return_tensors="pt")
    encoded["text"] = "a b"
    assert encoded.to("cuda:1") is encoded
    assert encoded["input_ids"].device == "cuda:1"
    encoded.to(0)
    assert encoded["attention_mask"].device == 0
    assert encoded["text"] == "a b"


def test_a_type_is_no_device(small: Any, stand_in: Any, caplog: pytest.LogCaptureFixture) -> None:
    encoded = small(["a"], return_tensors="pt").to(object())
    assert encoded["input_ids"].device == "cpu"
    assert "not supported" in caplog.text


def test_tensors_are_decoded_and_padded(small: Any, stand_in: Any) -> None:
    ids = small(["a b", "c d"], return_tensors="pt")["input_ids"]
    assert small.batch_decode(ids, skip_special_tokens=True) == ["a b", "c d"]
    assert small.convert_ids_to_tokens(numpy.array([2, 3])) == ["[CLS]", "[SEP]"]
    padded = small.pad([{"input_ids": Tensor(numpy.array(row))} for row in ([1, 2], [3])])
    assert padded["input_ids"].tolist() == [[1, 2], [3, 0]]


def test_with_torch_itself(small: Any) -> None:
    torch = pytest.importorskip("torch")
    encoded = small(["the words of a text", "a"], padding=True, return_tensors="pt")
    assert encoded["input_ids"].dtype == torch.int64
    assert (
        encoded["input_ids"].tolist() == small(["the words of a text", "a"], padding=True).input_ids
    )
    assert encoded.to("cpu")["attention_mask"].device.type == "cpu"


def test_too_long_a_text_is_warned_of_once(small: Any, caplog: pytest.LogCaptureFixture) -> None:
    small.model_max_length = 5
    for _ in range(2):
        small(["a b c d e f g"])
        small("a b c d e f g")
    assert caplog.text.count("longer than the specified maximum") == 1
    assert "(9 > 5)" in caplog.text

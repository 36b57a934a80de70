"""Padding of what was encoded before: `tokenizer.pad`, and what collators do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._rust import InvalidValueError
from .arrays import is_numpy, is_torch, to_lists
from .batch import BatchEncoding
from .settings import side, strategies

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast


def pad(
    tokenizer: PreTrainedTokenizerFast,
    encoded: Any,
    padding: Any = True,
    max_length: int | None = None,
    multiple: int | None = None,
    padding_side: str | None = None,
    return_attention_mask: bool | None = None,
    return_tensors: Any = None,
    verbose: bool = True,
) -> BatchEncoding:
    """Pad encoded texts; see `Calls.pad`."""
    columns = _columns(encoded)
    main = tokenizer.model_input_names[0]
    if main not in columns:
        raise InvalidValueError(
            "You should supply an encoding or a list of encodings to this method that includes "
            f"{main}, but you provided {list(columns)}"
        )
    kind = _kind(columns[main]) if return_tensors is None else return_tensors
    columns = {name: to_lists(value) for name, value in columns.items()}
    if return_attention_mask is None:
        return_attention_mask = "attention_mask" in tokenizer.model_input_names
    name, _, length = strategies(tokenizer, padding, None, max_length, None, verbose)
    if not columns[main]:
        return BatchEncoding(
            {**columns, **({"attention_mask": []} if return_attention_mask else {})}
        )
    single = not isinstance(columns[main][0], list)
    if single:
        columns = {key: [value] for key, value in columns.items()}
    _check_rows(columns, len(columns[main]))
    if return_attention_mask and "attention_mask" not in columns:
        columns["attention_mask"] = [[1] * len(row) for row in columns[main]]
    if name != "do_not_pad":
        target = max(map(len, columns[main])) if name == "longest" else (length or 0)
        target += -target % multiple if multiple else 0
        left = side(padding_side or tokenizer.padding_side, "Padding") == "left"
        _fill(tokenizer, columns, main, target, left)
    if single:
        columns = {key: value[0] for key, value in columns.items()}
    return BatchEncoding(columns, tensor_type=kind)


def _check_rows(columns: dict[str, Any], count: int) -> None:
    for name, value in columns.items():
        if isinstance(value, list) and len(value) != count:
            raise InvalidValueError(
                "Some items in the output dictionary have a different batch size than others: "
                f"{name} has {len(value)} rows, not {count}"
            )


def _columns(encoded: Any) -> dict[str, Any]:
    if isinstance(encoded, Mapping) or hasattr(encoded, "items"):
        return dict(encoded.items())
    if isinstance(encoded, (list, tuple)) and encoded:
        if not (isinstance(encoded[0], Mapping) or hasattr(encoded[0], "keys")):
            raise InvalidValueError(
                f"expected a list of encoded texts (mappings), found a list of {type(encoded[0])}"
            )
        return {name: [row[name] for row in encoded] for name in encoded[0]}
    return {}


def _kind(value: Any) -> str | None:
    """The kind of arrays that come in, and so go out."""
    first = value[0] if isinstance(value, (list, tuple)) and len(value) else value
    if is_torch(first):
        return "pt"
    if is_numpy(first) or type(first).__module__ == "numpy":
        return "np"
    return None


def _fill(
    tokenizer: PreTrainedTokenizerFast,
    columns: dict[str, Any],
    main: str,
    target: int,
    left: bool,
) -> None:
    fillings = {
        main: tokenizer.pad_token_id,
        "attention_mask": 0,
        "token_type_ids": tokenizer.pad_token_type_id,
        "special_tokens_mask": 1,
    }
    gaps = [max(target - len(row), 0) for row in columns[main]]
    for name, filling in fillings.items():
        if name not in columns:
            continue
        pairs = zip(columns[name], gaps, strict=True)
        if left:
            columns[name] = [[filling] * gap + row for row, gap in pairs]
        else:
            columns[name] = [row + [filling] * gap for row, gap in pairs]

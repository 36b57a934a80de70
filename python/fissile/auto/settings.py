"""What one call asks for, read once from the many ways in which it can be said.

The settings travel with the call as one immutable value: a tokenizer shared by threads keeps no trace of
any of them.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from .._rust import InvalidValueError
from .arrays import array_kind

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast

UNLIMITED = int(1e30)
"""The `model_max_length` of a tokenizer that knows no limit."""

_NO_LIMIT = int(1e20)
_PADDINGS = ("longest", "max_length", "do_not_pad")
_TRUNCATIONS = ("only_first", "only_second", "longest_first", "do_not_truncate")


class Settings(NamedTuple):
    """One call's settings, defaults filled in."""

    add_special_tokens: bool = True
    padding: str = "do_not_pad"
    truncation: str = "do_not_truncate"
    max_length: int | None = None
    stride: int = 0
    words: bool = False
    multiple: int | None = None
    padding_side: str = "right"
    truncation_side: str = "right"
    tensors: str | None = None
    types: bool = False
    mask: bool = True
    overflow: bool = False
    special_mask: bool = False
    offsets: bool = False
    length: bool = False
    verbose: bool = True
    split_special: bool = False

    def truncation_argument(self) -> dict[str, Any] | bool:
        """What the engine is told about truncation."""
        if self.truncation == "do_not_truncate":
            return False
        return {
            "max_length": self.max_length,
            "stride": self.stride,
            "strategy": self.truncation,
            "direction": self.truncation_side,
        }

    def padding_argument(self, tokenizer: PreTrainedTokenizerFast) -> dict[str, Any] | bool:
        """What the engine is told about padding."""
        if self.padding == "do_not_pad":
            return False
        return {
            "length": self.max_length if self.padding == "max_length" else None,
            "direction": self.padding_side,
            "pad_id": tokenizer.pad_token_id,
            "pad_token": tokenizer.pad_token,
            "pad_type_id": tokenizer.pad_token_type_id,
            "pad_to_multiple_of": self.multiple,
        }

    def width(self, longest: int) -> int:
        """How wide rows become by padding, when the longest has so many ids."""
        if self.padding == "do_not_pad":
            return 0
        width = longest if self.padding == "longest" else (self.max_length or 0)
        if self.multiple:
            width += -width % self.multiple
        return width


def strategies(
    tokenizer: PreTrainedTokenizerFast,
    padding: Any = False,
    truncation: Any = None,
    max_length: int | None = None,
    multiple: int | None = None,
    verbose: bool = True,
) -> tuple[str, str, int | None]:
    """Settle how to pad and truncate, and to what length.

    Returns:
        The name of the padding, the name of the truncation, the length.

    Raises:
        ValueError: When a name is unknown, when there is no padding token, or when the two contradict
            each other.
    """
    if max_length is not None and padding is False and truncation is None:
        truncation = "longest_first"
    truncation_name = _truncation_name(truncation)
    padding_name = _padding_name(padding)
    ignored = padding is True and max_length is not None and truncation_name == "do_not_truncate"
    if ignored and verbose:
        warnings.warn(
            "`max_length` is ignored when `padding`=`True` and there is no truncation strategy. "
            "To pad to max length, use `padding='max_length'`.",
            stacklevel=4,
        )
    if max_length is None:
        limit = tokenizer.model_max_length
        unlimited = limit > _NO_LIMIT
        if padding_name == "max_length":
            padding_name = "do_not_pad" if unlimited else padding_name
            max_length = None if unlimited else limit
        if truncation_name != "do_not_truncate":
            truncation_name = "do_not_truncate" if unlimited else truncation_name
            max_length = None if unlimited else limit
    _check(tokenizer, padding_name, truncation_name, max_length, multiple)
    return padding_name, truncation_name, max_length


def _check(
    tokenizer: PreTrainedTokenizerFast,
    padding: str,
    truncation: str,
    max_length: int | None,
    multiple: int | None,
) -> None:
    if padding == "do_not_pad":
        return
    if tokenizer.pad_token_id is None:
        raise InvalidValueError(
            "Asking to pad but the tokenizer does not have a padding token. Please select a token to use "
            "as `pad_token` `(tokenizer.pad_token = tokenizer.eos_token e.g.)` or add a new pad token via "
            "`tokenizer.add_special_tokens({'pad_token': '[PAD]'})`."
        )
    if truncation != "do_not_truncate" and multiple and max_length and max_length % multiple:
        raise InvalidValueError(
            "Truncation and padding are both activated but "
            f"truncation length ({max_length}) is not a multiple of pad_to_multiple_of ({multiple})."
        )


def _padding_name(padding: Any) -> str:
    if padding is True:
        return "longest"
    if padding is False or padding is None:
        return "do_not_pad"
    name = getattr(padding, "value", padding)
    if name not in _PADDINGS:
        raise InvalidValueError(
            f"{name!r} is not a valid PaddingStrategy, please select one of {list(_PADDINGS)}"
        )
    return str(name)


def _truncation_name(truncation: Any) -> str:
    if truncation is True:
        return "longest_first"
    if truncation is False or truncation is None:
        return "do_not_truncate"
    name = getattr(truncation, "value", truncation)
    if name not in _TRUNCATIONS:
        raise InvalidValueError(
            f"{name!r} is not a valid TruncationStrategy, please select one of {list(_TRUNCATIONS)}"
        )
    return str(name)


def side(value: str, what: str) -> str:
    """Check a side.

    Raises:
        ValueError: When it is neither "left" nor "right".
    """
    if value not in ("right", "left"):
        raise InvalidValueError(
            f"{what} side should be selected between 'right' and 'left', current value: {value}"
        )
    return value


def read(
    tokenizer: PreTrainedTokenizerFast,
    *,
    padding: Any = False,
    truncation: Any = None,
    max_length: int | None = None,
    pad_to_multiple_of: int | None = None,
    padding_side: str | None = None,
    return_tensors: Any = None,
    return_token_type_ids: bool | None = None,
    return_attention_mask: bool | None = None,
    is_split_into_words: bool = False,
    is_pretokenized: bool = False,
    split_special_tokens: bool | None = None,
    add_special_tokens: bool = True,
    stride: int = 0,
    return_overflowing_tokens: bool = False,
    return_special_tokens_mask: bool = False,
    return_offsets_mapping: bool = False,
    return_length: bool = False,
    verbose: bool = True,
    **unknown: Any,
) -> Settings:
    """Read the arguments of a call.

    Args:
        tokenizer: Whose defaults fill in what the call leaves open.
        padding: As in the call.
        truncation: As in the call.
        max_length: As in the call.
        pad_to_multiple_of: As in the call.
        padding_side: As in the call.
        return_tensors: As in the call.
        return_token_type_ids: As in the call.
        return_attention_mask: As in the call.
        is_split_into_words: As in the call.
        is_pretokenized: The older name of `is_split_into_words`.
        split_special_tokens: Special tokens in the text are text.
        add_special_tokens: As in the call.
        stride: As in the call.
        return_overflowing_tokens: As in the call.
        return_special_tokens_mask: As in the call.
        return_offsets_mapping: As in the call.
        return_length: As in the call.
        verbose: As in the call.
        **unknown: Refused by name.

    Raises:
        TypeError: When there is an argument that no call has.
        ValueError: When arguments contradict each other.
    """
    if unknown:
        raise TypeError(_unknown(unknown))
    padding_name, truncation_name, length = strategies(
        tokenizer, padding, truncation, max_length, pad_to_multiple_of, verbose
    )
    names = tokenizer.model_input_names
    return Settings(
        add_special_tokens=add_special_tokens,
        padding=padding_name,
        truncation=truncation_name,
        max_length=length,
        stride=stride,
        words=is_split_into_words or is_pretokenized,
        multiple=pad_to_multiple_of,
        padding_side=side(padding_side or tokenizer.padding_side, "Padding"),
        truncation_side=tokenizer.truncation_side,
        tensors=None if return_tensors is None else array_kind(return_tensors),
        types="token_type_ids" in names if return_token_type_ids is None else return_token_type_ids,
        mask="attention_mask" in names if return_attention_mask is None else return_attention_mask,
        overflow=return_overflowing_tokens,
        special_mask=return_special_tokens_mask,
        offsets=return_offsets_mapping,
        length=return_length,
        verbose=verbose,
        split_special=tokenizer.split_special_tokens
        if split_special_tokens is None
        else split_special_tokens,
    )


def _unknown(unknown: dict[str, Any]) -> str:
    import difflib
    import inspect

    known = [
        name
        for name, parameter in inspect.signature(read).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    name = next(iter(unknown))
    close = difflib.get_close_matches(name, known, n=1)
    hint = f": did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known))}"
    return f"unexpected argument {name!r} of a tokenizer call{hint}"

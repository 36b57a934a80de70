"""How text is written: lengths, choices, penalties, and where to stop.

Settings come from `generation_config.json`, from `config.json` where older files keep them, and from the
caller, who wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ..._rust import InvalidValueError

_UNSET_LENGTH = 20
_SPECIAL = ("bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id")


@dataclass(frozen=True)
class Settings:
    """How text is written.

    Args:
        max_length: The most tokens, those of the prompt included (of a decoder: those it writes).
        max_new_tokens: The most tokens that are written; wins over `max_length`.
        min_length: Nothing ends before that many tokens, those of the prompt included.
        min_new_tokens: Nothing ends before that many are written.
        do_sample: Choose by chance, not the likeliest.
        num_beams: How many beginnings are kept and gone on with.
        num_return_sequences: How many texts are given for a prompt.
        temperature: Above 1 chance is evened out, below 1 it is sharpened.
        top_k: Choose among that many likeliest; 0 for all.
        top_p: Choose among the likeliest that together have this probability.
        min_p: Choose among those with at least this part of the probability of the likeliest.
        repetition_penalty: Above 1, tokens that were there are made less likely; the prompt counts.
        presence_penalty: Taken off the score of every token that was written.
        frequency_penalty: Taken off the score of a token for every time it was written.
        no_repeat_ngram_size: No row of that many tokens comes twice.
        bad_words_ids: Rows of tokens that never come.
        length_penalty: Beams' scores are divided by their lengths to this power.
        early_stopping: Beams stop when there are enough; `False` stops when better ones are unlikely,
            "never" when there can be none.
        stop_strings: Texts that end the writing; they need a tokenizer.
        ignore_eos: Go on behind the end of a text.
        use_cache: Keep keys and values of what was seen.
        bos_token_id: What a text begins with.
        eos_token_id: What ends it, one or several.
        pad_token_id: What fills up shorter ones.
        decoder_start_token_id: What a decoder starts from.
        forced_bos_token_id: What a decoder has to begin with.
        forced_eos_token_id: What the longest texts have to end with.
    """

    max_length: int | None = None
    max_new_tokens: int | None = None
    min_length: int = 0
    min_new_tokens: int = 0
    do_sample: bool = False
    num_beams: int = 1
    num_return_sequences: int = 1
    temperature: float = 1.0
    top_k: int = 50
    top_p: float = 1.0
    min_p: float | None = None
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    no_repeat_ngram_size: int = 0
    bad_words_ids: tuple[tuple[int, ...], ...] = ()
    length_penalty: float = 1.0
    early_stopping: bool | str = False
    stop_strings: tuple[str, ...] = ()
    ignore_eos: bool = False
    use_cache: bool = True
    bos_token_id: int | None = None
    eos_token_id: tuple[int, ...] = ()
    pad_token_id: int | None = None
    decoder_start_token_id: int | None = None
    forced_bos_token_id: int | None = None
    forced_eos_token_id: int | None = None

    def changed(self, values: Mapping[str, Any]) -> Settings:
        """Make settings with some replaced; `None` replaces nothing.

        Raises:
            InvalidValueError: When a name or a value is none that there can be.
        """
        unknown = sorted(set(values) - NAMES)
        if unknown:
            raise InvalidValueError(
                f"generate() does not know {', '.join(unknown)}; it knows {', '.join(sorted(NAMES))}"
            )
        given = {name: _read(name, value) for name, value in values.items() if value is not None}
        made = replace(self, **given)
        if "max_length" in given and "max_new_tokens" not in given:
            made = replace(made, max_new_tokens=None)
        made.check()
        return made

    def check(self) -> None:
        """Refuse values that mean nothing."""
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if value is not None and value < least:
                raise InvalidValueError(f"{name}={value}: it is at least {least}")
        if not 0 < self.top_p <= 1:
            raise InvalidValueError(f"top_p={self.top_p}: a probability, above 0 and at most 1")
        if self.min_p is not None and not 0 <= self.min_p <= 1:
            raise InvalidValueError(f"min_p={self.min_p}: a part of 1")
        for name in ("temperature", "repetition_penalty"):
            if not getattr(self, name) > 0:
                raise InvalidValueError(
                    f"{name}={getattr(self, name)}: it is above 0; without chance say do_sample=False"
                )
        if not self.do_sample and self.num_return_sequences > self.num_beams:
            raise InvalidValueError(
                f"num_return_sequences={self.num_return_sequences} with {self.num_beams} beams: the "
                "likeliest text is one. Say do_sample=True, or take as many beams"
            )

    def longest(self, prompt: int, written_by_decoder: bool) -> int:
        """Say how long a row may become, its prompt included."""
        if self.max_new_tokens is not None:
            return prompt + self.max_new_tokens
        if self.max_length is None:
            return (1 if written_by_decoder else prompt) + _UNSET_LENGTH - int(written_by_decoder)
        if self.max_length <= prompt:
            raise InvalidValueError(
                f"max_length={self.max_length}, and the prompt alone has {prompt} tokens: raise it, or say "
                "max_new_tokens"
            )
        return self.max_length

    @property
    def ends(self) -> tuple[int, ...]:
        """The ids that end a text."""
        return () if self.ignore_eos else self.eos_token_id

    @property
    def filling(self) -> int:
        """The id that fills up rows that have ended."""
        if self.pad_token_id is not None:
            return self.pad_token_id
        return self.eos_token_id[0] if self.eos_token_id else 0


NAMES = {one.name for one in fields(Settings)}
_LEAST = {
    "max_length": 1,
    "max_new_tokens": 1,
    "min_length": 0,
    "min_new_tokens": 0,
    "num_beams": 1,
    "num_return_sequences": 1,
    "top_k": 0,
    "no_repeat_ngram_size": 0,
}
# What other libraries write into their files, and what changes nothing here or is not meant for us.
_SEVERAL = ("eos_token_id", "stop_strings")


def _read(name: str, value: Any) -> Any:
    if name in _SEVERAL:
        return tuple(value) if isinstance(value, (list, tuple)) else (value,)
    if name == "bad_words_ids":
        return tuple(tuple(row) for row in value)
    if name == "forced_eos_token_id" and isinstance(value, list):
        return value[0]
    return value


def settings_of(config: Any, written: Mapping[str, Any]) -> Settings:
    """Collect what files say.

    Args:
        config: The configuration of the model.
        written: What `generation_config.json` holds.
    """
    old = {name: value for name, value in vars(config).items() if name in NAMES}
    new = {name: value for name, value in written.items() if name in NAMES}
    special = {name: old.pop(name, None) for name in _SPECIAL}
    values = {**special, **(new if written else old)}
    for name, value in special.items():
        if values.get(name) is None:
            values[name] = value
    return Settings().changed(values)

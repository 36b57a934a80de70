"""Special tokens as attributes: `tokenizer.pad_token`, `tokenizer.pad_token_id`, and all others.

Seven have names that every model shares; a model may name more of its own, and list further ones without
names (`extra_special_tokens`). Setting an attribute says which token plays the part; it adds none:
`add_special_tokens` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._rust import AddedToken, InvalidValueError

NAMED = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
"""The parts that special tokens play in every model."""

EXTRA = "extra_special_tokens"

TokenLike = str | AddedToken


def _part(name: str) -> str:
    """Take `pad_token` out of `pad_token_id`."""
    if name.endswith("_id"):
        return name[:-3]
    return name[:-4] if name.endswith("_ids") else name


class SpecialTokens:
    """The special tokens of a tokenizer; what it needs of the tokenizer is look-up, both ways."""

    SPECIAL_TOKENS_ATTRIBUTES: list[str] = list(NAMED)
    _special_tokens_map: dict[str, TokenLike | None]
    _extra_special_tokens: list[TokenLike]

    def convert_tokens_to_ids(self, tokens: Any) -> Any:
        """Look tokens up."""
        raise NotImplementedError

    def convert_ids_to_tokens(self, ids: Any, skip_special_tokens: bool = False) -> Any:
        """Look ids up."""
        raise NotImplementedError

    def __setattr__(self, name: str, value: Any) -> None:
        part = _part(name)
        if part in self.SPECIAL_TOKENS_ATTRIBUTES:
            if name != part and value is not None:
                value = self.convert_ids_to_tokens(value)
            if value is not None and not isinstance(value, (str, AddedToken)):
                raise InvalidValueError(f"Cannot set a non-string value as the {part}")
            self._special_tokens_map[part] = value
        elif part == EXTRA:
            if value is not None and not isinstance(value, (list, tuple)):
                raise InvalidValueError(f"{EXTRA} must be a list or tuple, got {type(value)}")
            if name != part and value is not None:
                value = [self.convert_ids_to_tokens(item) for item in value]
            self._extra_special_tokens = [] if value is None else list(value)
        else:
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        part = _part(name)
        if part in type(self).SPECIAL_TOKENS_ATTRIBUTES or part in self.__dict__.get(
            "SPECIAL_TOKENS_ATTRIBUTES", ()
        ):
            token = self.__dict__.get("_special_tokens_map", {}).get(part)
            if token is None:
                return None
            return str(token) if name == part else self.convert_tokens_to_ids(str(token))
        if part == EXTRA:
            tokens = [str(token) for token in self.__dict__.get("_extra_special_tokens", [])]
            return tokens if name == part else self.convert_tokens_to_ids(tokens)
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    @property
    def special_tokens_map(self) -> dict[str, str]:
        """The named special tokens that are set."""
        tokens = self._special_tokens_map
        return {
            name: str(tokens[name])
            for name in self.SPECIAL_TOKENS_ATTRIBUTES
            if tokens.get(name) is not None
        }

    @property
    def all_special_tokens(self) -> list[str]:
        """All special tokens, named and extra, each once."""
        tokens = [*self.special_tokens_map.values(), *map(str, self._extra_special_tokens)]
        return list(dict.fromkeys(tokens))

    @property
    def all_special_ids(self) -> list[int]:
        """The ids of `all_special_tokens`."""
        ids: list[int] = self.convert_tokens_to_ids(self.all_special_tokens)
        return ids

    @property
    def additional_special_tokens(self) -> list[str]:
        """The older name of `extra_special_tokens`."""
        tokens: list[str] = self.extra_special_tokens
        return tokens

    @property
    def additional_special_tokens_ids(self) -> list[int]:
        """The older name of `extra_special_tokens_ids`."""
        ids: list[int] = self.extra_special_tokens_ids
        return ids

    def _name_model_tokens(self, tokens: Mapping[str, Any]) -> None:
        """Take up special tokens that only this model has names for."""
        for name, token in tokens.items():
            if not isinstance(token, (str, AddedToken)):
                raise TypeError(
                    f"Special token {name} has to be either str or AddedToken but got: {type(token)}"
                )
        self.SPECIAL_TOKENS_ATTRIBUTES = [*self.SPECIAL_TOKENS_ATTRIBUTES, *tokens]
        self._special_tokens_map.update(tokens)

    def _take_special_tokens(self, options: dict[str, Any]) -> None:
        """Take every special token out of the options of a constructor."""
        self.__dict__["_special_tokens_map"] = dict.fromkeys(self.SPECIAL_TOKENS_ATTRIBUTES)
        self.__dict__["_extra_special_tokens"] = []
        named = options.pop("model_specific_special_tokens", None) or {}
        if not isinstance(named, Mapping):
            raise TypeError(
                "model_specific_special_tokens must be a dictionary of token name to token value"
            )
        found: dict[str, Any] = {}
        for name in list(options):
            value = options[name]
            if name in self.SPECIAL_TOKENS_ATTRIBUTES:
                self._take_named(name, options.pop(name))
            elif name == EXTRA:
                self._take_extra(options.pop(name))
            elif name.endswith("_token") and isinstance(value, (str, AddedToken)):
                found[name] = options.pop(name)
        if found or named:
            self._name_model_tokens({**found, **named})

    def _take_named(self, name: str, value: Any) -> None:
        if value is not None and not isinstance(value, (str, AddedToken)):
            raise TypeError(
                f"Special token {name} has to be either str or AddedToken but got: {type(value)}"
            )
        self._special_tokens_map[name] = value

    def _take_extra(self, value: Any) -> None:
        if isinstance(value, Mapping):
            self._name_model_tokens(value)
        elif isinstance(value, (list, tuple)):
            self._extra_special_tokens = list(value)
        elif value is not None:
            raise TypeError(f"{EXTRA} must be a list/tuple of tokens or a dict of named tokens")

    def add_special_tokens(
        self,
        special_tokens_dict: Mapping[str, Any],
        replace_extra_special_tokens: bool = True,
        *,
        replace_additional_special_tokens: bool | None = None,
    ) -> int:
        """Give parts to tokens, and add those that the vocabulary lacks.

        Args:
            special_tokens_dict: Token by part, for example `{"pad_token": "[PAD]"}`; under
                `extra_special_tokens` a list of tokens without a part.
            replace_extra_special_tokens: Forget the extra special tokens there were before.
            replace_additional_special_tokens: The older name of the same.

        Returns:
            How many tokens were added.

        Raises:
            ValueError: When there is no such part.
        """
        if replace_additional_special_tokens is not None:
            replace_extra_special_tokens = replace_additional_special_tokens
        tokens = dict(special_tokens_dict)
        if "additional_special_tokens" in tokens and not tokens.get(EXTRA):
            tokens[EXTRA] = tokens.pop("additional_special_tokens")
        allowed = [*self.SPECIAL_TOKENS_ATTRIBUTES, EXTRA]
        added: list[TokenLike] = []
        for part, value in tokens.items():
            if part not in allowed:
                raise InvalidValueError(
                    f"Key {part} is not a valid special token. Valid keys are: {allowed}"
                )
            if part == EXTRA:
                added += self._extend_extra(value, replace_extra_special_tokens)
            else:
                if not isinstance(value, (str, AddedToken)):
                    raise InvalidValueError(
                        f"Token {value} for key {part} should be a str or an AddedToken instance"
                    )
                token = _special(value)
                setattr(self, part, token)
                added.append(token)
        return self.add_tokens(added, special_tokens=True)

    def _extend_extra(self, value: Any, replace: bool) -> list[TokenLike]:
        if not isinstance(value, (list, tuple)) or not all(
            isinstance(token, (str, AddedToken)) for token in value
        ):
            raise InvalidValueError(
                f"Tokens {value} for key {EXTRA} should all be str or AddedToken instances"
            )
        known = self.extra_special_tokens
        tokens: list[TokenLike] = [
            _special(token) for token in value if replace or str(token) not in known
        ]
        if replace and tokens:
            self._extra_special_tokens = list(tokens)
        else:
            self._extra_special_tokens.extend(tokens)
        return tokens

    def add_tokens(
        self, new_tokens: TokenLike | Sequence[TokenLike], special_tokens: bool = False
    ) -> int:
        """Add tokens that the vocabulary lacks."""
        raise NotImplementedError


def _special(token: TokenLike) -> AddedToken:
    return AddedToken(token, normalized=False, special=True) if isinstance(token, str) else token

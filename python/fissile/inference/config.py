"""What a model is made like: `config.json` as attributes.

Fields that nobody here knows are kept and written back, so that a configuration survives a round trip.

Example:
    >>> from fissile.inference.models.bert import BertConfig
    >>> config = BertConfig(num_hidden_layers=2, num_labels=3)
    >>> config.num_hidden_layers, config.hidden_size, config.id2label[2]
    (2, 768, 'LABEL_2')
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from .._rust import FormatError, InvalidValueError
from ..auto.config import read_json
from .files import CONFIG, ModelFiles, find_files, write_text

_Config = TypeVar("_Config", bound="Config")

_COMMON: dict[str, Any] = {
    "architectures": None,
    "bos_token_id": None,
    "decoder_start_token_id": None,
    "dtype": None,
    "eos_token_id": None,
    "is_encoder_decoder": False,
    "output_attentions": False,
    "output_hidden_states": False,
    "pad_token_id": None,
    "problem_type": None,
    "return_dict": True,
    "tie_word_embeddings": True,
    "use_cache": True,
}
# Written only when they say something: most files leave them out.
_QUIET = ("output_attentions", "output_hidden_states", "problem_type", "return_dict")


class Config:
    """The configuration of a model.

    Args:
        **values: Fields by name, also those that the class does not know. `num_labels` makes labels of
            that number.
    """

    model_type: ClassVar[str] = ""
    DEFAULTS: ClassVar[dict[str, Any]] = {}
    LABELS: ClassVar[int] = 2
    """How many labels there are where nobody says."""
    ALIASES: ClassVar[dict[str, str]] = {}
    """Names that all models are asked by, and the field that answers here."""

    def __init__(self, **values: Any) -> None:
        values = dict(values)
        count = values.pop("num_labels", None)
        values.pop("model_type", None)
        if "torch_dtype" in values:
            values["dtype"] = values.pop("torch_dtype")
        for name, value in {**_COMMON, **self.DEFAULTS}.items():
            setattr(self, name, copy.copy(value))
        for name, value in values.items():
            setattr(self, self.ALIASES.get(name, name), value)
        self._set_labels(values.get("id2label"), values.get("label2id"), count)
        self.settle()

    def settle(self) -> None:
        """Fill fields that depend on others; a class with such fields replaces this."""

    def __getattr__(self, name: str) -> Any:
        alias = type(self).ALIASES.get(name)
        if alias is not None:
            return getattr(self, alias)
        raise AttributeError(f"{type(self).__name__} has no field {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, self.ALIASES.get(name, name), value)

    # Labels.

    def _set_labels(self, names: Any, ids: Any, count: int | None) -> None:
        if names is not None:
            pairs = names.items() if isinstance(names, Mapping) else enumerate(names)
            self.id2label = {int(number): str(name) for number, name in pairs}
        elif ids is not None:
            self.id2label = {int(number): str(name) for name, number in ids.items()}
        else:
            self.id2label = _numbered(self.LABELS)
        self.label2id = {name: number for number, name in self.id2label.items()}
        if ids is not None:
            self.label2id = {str(name): int(number) for name, number in ids.items()}
        if count is not None and count != len(self.id2label):
            self.num_labels = count

    @property
    def num_labels(self) -> int:
        """How many labels a classification head tells apart."""
        return len(self.id2label)

    @num_labels.setter
    def num_labels(self, count: int) -> None:
        if count < 1:
            raise InvalidValueError(f"num_labels is {count}; a head tells at least one label apart")
        self.id2label = _numbered(count)
        self.label2id = {name: number for number, name in self.id2label.items()}

    # Files.

    @classmethod
    def from_dict(cls: type[_Config], values: Mapping[str, Any], **changes: Any) -> _Config:
        """Make a configuration of the fields of a file.

        Args:
            values: The fields.
            **changes: Fields that replace those.
        """
        if cls is Config:
            return _class_of(values)(**_merged(values, changes))  # type: ignore[return-value]
        return cls(**_merged(values, changes))

    @classmethod
    def from_pretrained(cls: type[_Config], folder: str | PathLike[str], **options: Any) -> _Config:
        """Read the configuration of a folder, or of a repository in the local cache.

        Args:
            folder: The folder, or the name of the repository.
            **options: Where to look (`cache_dir`, `revision`, `subfolder`, `local_files_only`, ...); other
                names are fields that replace those of the file.
        """
        files, changes = find_files(folder, options)
        return cls.from_dict(read_config(files), **changes)

    def to_dict(self) -> dict[str, Any]:
        """Give all fields, as they are written."""
        fields = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        common = {name: value for name, value in _COMMON.items() if name in _QUIET}
        for name, value in common.items():
            if fields.get(name) == value:
                del fields[name]
        if fields["id2label"] == _numbered(self.LABELS):
            del fields["id2label"], fields["label2id"]
        fields["model_type"] = self.model_type
        return fields

    def to_json_string(self) -> str:
        """Write the fields as JSON, names sorted."""
        return json.dumps(self.to_dict(), indent=2, sort_keys=True) + "\n"

    def save_pretrained(self, folder: str | PathLike[str]) -> None:
        """Write `config.json` into a folder, which is made where it is missing."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        write_text(place / CONFIG, self.to_json_string())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__} {self.to_json_string()}"


class AutoConfig:
    """The configuration of a folder, of the class that its `model_type` asks for."""

    @staticmethod
    def from_pretrained(folder: str | PathLike[str], **options: Any) -> Config:
        """Read a configuration; see `Config.from_pretrained`."""
        return Config.from_pretrained(folder, **options)

    @staticmethod
    def for_model(model_type: str, **values: Any) -> Config:
        """Make a configuration of the defaults of an architecture."""
        return Config.from_dict({**values, "model_type": model_type})


def read_config(files: ModelFiles) -> dict[str, Any]:
    """Read `config.json` of a folder.

    Raises:
        FormatError: When it is missing or no JSON object.
    """
    path = files.find(CONFIG)
    if path is None:
        raise FormatError(
            f"{files.folder}: no {CONFIG}. A model is a folder with {CONFIG} and model.safetensors"
        )
    return read_json(path)


def _numbered(count: int) -> dict[int, str]:
    return {number: f"LABEL_{number}" for number in range(count)}


def _merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**values, **changes}
    known = len(values.get("id2label") or {})
    renamed = {"id2label", "label2id"} & set(changes)
    if not renamed and changes.get("num_labels", known) != known:
        merged.pop("id2label", None)
        merged.pop("label2id", None)
    return merged


def _class_of(values: Mapping[str, Any]) -> type[Config]:
    from .models import architecture

    model_type = values.get("model_type")
    if not model_type:
        raise FormatError(f"{CONFIG} does not say its model_type")
    return architecture(str(model_type)).config_class


__all__ = ["AutoConfig", "Config", "read_config"]

"""What every model is: a `torch.nn.Module` with a configuration, that can be read and written.

Example:
    >>> from fissile.inference.models.bert import BertConfig, BertModel
    >>> config = BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
    ...                     vocab_size=50)
    >>> model = BertModel(config)
    >>> model.num_parameters() > 0
    True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import torch
from torch import nn

from .._rust import FileError
from .config import Config, read_config
from .files import find_files
from .layers.basic import without_weights
from .load import load_weights, read_dtype
from .weights import Names, open_checkpoint, write_checkpoint

_Model = TypeVar("_Model", bound="Model")

_SHARD = 50 * 1024**3


class Model(nn.Module):
    """A model of some architecture, its body or its body with a head.

    A body has its layers as its own modules; a model with a head has the body as `base`.

    Args:
        config: What it is made like. Weights are random until they are loaded.
    """

    config_class: ClassVar[type[Config]] = Config
    PREFIX: ClassVar[str] = ""
    """What stands before the names of the body in files of models with a head."""
    NAMES: ClassVar[Names] = Names({})
    """Names of modules, ours to theirs."""
    IGNORED: ClassVar[tuple[str, ...]] = ()
    """Patterns of names in files that are no weights of ours: tables that can be computed, tied weights."""
    OPTIONAL: ClassVar[tuple[str, ...]] = ()
    """Parts of the body that files may lack, since not every task uses them."""
    PACKS: ClassVar[bool] = False
    """The body takes texts laid end to end, with `cu_seq_lens_q`."""
    READS_TYPES: ClassVar[bool] = False
    """The body takes `token_type_ids`."""
    QUIET: ClassVar[tuple[str, ...]] = ()
    """Weights of a head that files may lack without a word: they are zeros then."""
    OLD_NORMS: ClassVar[bool] = False
    """Old files call scale and shift of a normalization gamma and beta."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config

    # Making.

    @classmethod
    def structure(cls: type[_Model], config: Config, **options: Any) -> _Model:
        """Build the model with weights that take no memory and hold nothing."""
        with without_weights():
            return cls(config, **options)

    @classmethod
    def from_config(
        cls: type[_Model], config: Config, *, dtype: Any = None, device: Any = None
    ) -> _Model:
        """Make a model with random weights, ready for inference.

        Args:
            config: What it is made like.
            dtype: The type of the weights, float32 by default.
            device: Where they go.
        """
        model = cls.structure(config)
        model.put({}, device=device, dtype=read_dtype(dtype))
        model.eval()
        return model

    @classmethod
    def from_pretrained(
        cls: type[_Model],
        folder: str | PathLike[str],
        *,
        config: Config | None = None,
        dtype: Any = None,
        torch_dtype: Any = None,
        device: Any = None,
        device_map: Any = None,
        strict: bool = False,
        check_values: bool = False,
        output_loading_info: bool = False,
        **options: Any,
    ) -> Any:
        """Read a model from a folder, or from a repository in the local cache.

        Args:
            folder: The folder, with `config.json` and `model.safetensors`, or the name of the repository.
            config: A configuration that replaces the one of the folder.
            dtype: The type of the weights; that of the files by default.
            torch_dtype: Another name of `dtype`.
            device: Where the weights go; they stay mapped from the file on the CPU.
            device_map: Another name of `device`.
            strict: Refuse files that lack a head or hold another one.
            check_values: Refuse weights that are no finite numbers; reads all of them once.
            output_loading_info: Give the names of weights that were missing and left over as well.
            **options: Where to look, and fields of the configuration.

        Returns:
            The model, in evaluation mode.

        Raises:
            FileError: When there are no weights.
            FormatError: When they do not fit, or a file is damaged.
            UnsupportedError: When they are pickled, or the architecture is not known.
        """
        files, changes = find_files(folder, options)
        if config is None:
            config = cls._config_class().from_dict(read_config(files), **changes)
        else:
            for name, value in changes.items():
                setattr(config, name, value)
        chosen = read_dtype(dtype if dtype is not None else torch_dtype)
        place = _device(device if device is not None else device_map)
        with open_checkpoint(files) as checkpoint:
            model = cls.structure(config, **cls._structure_options(checkpoint, config))
            plan = load_weights(
                model,
                checkpoint,
                strict=strict,
                dtype=chosen,
                device=place,
                check_values=check_values,
            )
        model.eval()
        model.read_generation_settings(files)
        model.name_or_path = files.name
        if not output_loading_info:
            return model
        missing = [model.their_names(ours)[0] for ours in plan.fresh]
        return model, {"missing_keys": missing, "unexpected_keys": plan.unused}

    @classmethod
    def _config_class(cls) -> type[Config]:
        return cls.config_class

    @classmethod
    def _structure_options(cls, checkpoint: Any, config: Any) -> dict[str, Any]:
        """Say what the files tell of the structure that the configuration does not."""
        return {}

    def read_generation_settings(self, files: Any) -> None:
        """Read what a folder says about generation; models that do not generate read nothing."""

    # Weights.

    def state(self) -> dict[str, torch.Tensor]:
        """Give all weights by our names, each once."""
        state: dict[str, torch.Tensor] = dict(self.named_parameters())
        kept = self.state_dict()
        state.update({name: value for name, value in self.named_buffers() if name in kept})
        return state

    def put(self, tensors: Mapping[str, torch.Tensor], *, device: Any, dtype: Any) -> None:
        """Put weights in place of those that hold nothing; make at random what is not given."""
        for name, tensor in self.state().items():
            if name in tensors:
                self._put(name, tensors[name])
            elif tensor.is_meta:
                kind = dtype if tensor.is_floating_point() and dtype is not None else tensor.dtype
                made = torch.empty(tensor.shape, dtype=kind, device=device or "cpu")
                self._put(name, made)
                self.initialise(name, made)

    def _put(self, name: str, tensor: torch.Tensor) -> None:
        path, _, leaf = name.rpartition(".")
        module = self.get_submodule(path)
        if leaf in module._parameters:
            module._parameters[leaf] = nn.Parameter(tensor, tensor.is_floating_point())
        else:
            module._buffers[leaf] = tensor

    def initialise(self, name: str, tensor: torch.Tensor) -> None:
        """Fill a weight at random, in place; an architecture with other habits replaces this."""
        with torch.no_grad():
            if name.endswith(".bias") or "bias" in name.rsplit(".", 1)[-1]:
                tensor.zero_()
            elif tensor.dim() < 2:
                tensor.fill_(1.0)
            else:
                tensor.normal_(0.0, float(getattr(self.config, "initializer_range", 0.02)))

    def their_names(self, ours: str) -> tuple[str, ...]:
        """Translate the name of a weight of ours into those it has in files."""
        if ours.startswith("base."):
            inside = self.base._inner_names(ours.removeprefix("base."))
            return tuple(f"{self.PREFIX}.{name}" if self.PREFIX else name for name in inside)
        return self._inner_names(ours)

    def _inner_names(self, ours: str) -> tuple[str, ...]:
        try:
            return self.NAMES.theirs(ours)
        except KeyError:
            raise AssertionError(f"{type(self).__name__}: no name in files for {ours}") from None

    def is_head(self, ours: str) -> bool:
        """Whether a weight belongs to a part that files may lack."""
        in_head = hasattr(self, "base") and not ours.startswith("base.")
        return in_head or self._is_optional(ours)

    def is_quiet(self, ours: str) -> bool:
        """Whether nobody needs to hear that a weight is missing."""
        return ours in self.QUIET or self._is_optional(ours)

    def _is_optional(self, ours: str) -> bool:
        parts = tuple(f"{part}." for part in self._body().OPTIONAL)
        return ours.removeprefix("base.").startswith(parts)

    def is_body_name(self, theirs: str) -> bool:
        """Whether a name in a file is one of the body."""
        inside = theirs.removeprefix(f"{self.PREFIX}.") if self.PREFIX else theirs
        body = self._body()
        optional = [name for part in body.OPTIONAL for name in body._optional_names(part)]
        if any(inside.startswith(name) for name in optional):
            return False
        return any(re.fullmatch(pattern, inside) for pattern in body.NAMES.patterns())

    def _optional_names(self, part: str) -> tuple[str, ...]:
        return self.NAMES.theirs(part + ".") if part else ()

    def _body(self) -> Model:
        return self.base if hasattr(self, "base") else self

    # Looking.

    @property
    def base_model(self) -> Model:
        """The body, without a head."""
        return self._body()

    @property
    def packs(self) -> bool:
        """Whether texts may be laid end to end."""
        return self._body().PACKS

    @property
    def reads_types(self) -> bool:
        """Whether segments of texts are told apart by type ids."""
        return self._body().READS_TYPES

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """The type of the weights."""
        return next(p.dtype for p in self.parameters() if p.is_floating_point())

    def num_parameters(self, only_trainable: bool = False) -> int:
        """Count the weights."""
        wanted: Iterable[torch.Tensor] = (
            p for p in self.parameters() if p.requires_grad or not only_trainable
        )
        return sum(p.numel() for p in wanted)

    # Writing.

    def save_pretrained(
        self, folder: str | PathLike[str], *, max_shard_size: int | str = _SHARD, **options: Any
    ) -> None:
        """Write `config.json` and `model.safetensors` into a folder.

        Args:
            folder: It is made where it is missing.
            max_shard_size: Bytes that a file of weights may hold, as a number or as "500MB".
            **options: `safe_serialization` and the like are taken and change nothing.
        """
        place = Path(folder)
        if place.is_file():
            raise FileError(f"{place} is a file; a model is written into a folder")
        place.mkdir(parents=True, exist_ok=True)
        self.config.architectures = [type(self).__name__]
        self.config.dtype = str(self.dtype).removeprefix("torch.")
        self.config.save_pretrained(place)
        tensors = {self.their_names(ours)[0]: tensor for ours, tensor in self.state().items()}
        write_checkpoint(place, tensors, _bytes(max_shard_size))


def _device(place: Any) -> Any:
    if place in (None, "auto"):
        return None
    if isinstance(place, Mapping):
        return next(iter(place.values()))
    return place


def _bytes(size: int | str) -> int:
    if isinstance(size, int):
        return size
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B\s*", size, re.IGNORECASE)
    if not found:
        raise ValueError(f"max_shard_size={size!r}: expected a number of bytes, or one as '500MB'")
    number, unit, binary = found.groups()
    return int(float(number) * (1024 if binary else 1000) ** " KMGT".index(unit.upper() or " "))

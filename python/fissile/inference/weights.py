"""Weights on disk: safetensors files, one or many, and the names that tensors have in them.

Only safetensors: a pickled file runs code of whoever wrote it when it is read. Tensors are mapped from
the file, not copied. Names are translated by explicit tables (`Names`), ours on the left.

Example:
    >>> names = Names({"layers.{}.attention.query": "encoder.layer.{}.attention.self.query"})
    >>> names.theirs("layers.3.attention.query.weight")
    ('encoder.layer.3.attention.self.query.weight',)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from .._rust import FileError, FormatError, UnsupportedError
from .._writing import whole
from ..auto.config import read_json
from .files import INDEX, WEIGHTS, ModelFiles

_NUMBER = re.compile(r"(?<=\.)\d+(?=\.|$)")
PICKLED = ("pytorch_model.bin", "pytorch_model.bin.index.json", "model.bin", "model.pt")
_FOREIGN = ("tf_model.h5", "flax_model.msgpack", "model.ckpt.index")


class Names:
    """A table of module names: ours, and how files call them.

    Args:
        table: Ours to theirs; `{}` stands for the number of a layer. A tuple lists several names of the
            same thing, the first is the one that is written.
    """

    def __init__(self, table: Mapping[str, str | tuple[str, ...]]) -> None:
        self._table = {
            ours: (theirs,) if isinstance(theirs, str) else theirs for ours, theirs in table.items()
        }

    def table(self) -> dict[str, str | tuple[str, ...]]:
        """Give the table, to make another of."""
        return dict(self._table)

    def theirs(self, ours: str) -> tuple[str, ...]:
        """Translate the name of a weight.

        Raises:
            KeyError: When the table does not know it.
        """
        module, _, leaf = ours.rpartition(".")
        numbers = _NUMBER.findall(module)
        for known, tail in ((ours, ""), (module, f".{leaf}")):
            pattern = _NUMBER.sub("{}", known)
            if pattern in self._table:
                return tuple(theirs.format(*numbers) + tail for theirs in self._table[pattern])
        raise KeyError(ours)

    def patterns(self) -> Iterable[str]:
        """List theirs, as regular expressions for whole weight names."""
        for names in self._table.values():
            for name in names:
                yield re.escape(name).replace(r"\{\}", r"\d+") + r"(\.\w+)?"


class Checkpoint:
    """The tensors of a folder, by name, read when they are asked for.

    Args:
        paths: The files, and which names each holds is found in them.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._home: dict[str, Any] = {}
        self._files: list[Any] = []
        self.paths = list(paths)

    def __enter__(self) -> Checkpoint:
        for path in self.paths:
            self._open(path)
        return self

    def _open(self, path: Path) -> None:
        from safetensors import SafetensorError, safe_open

        try:
            file: Any = safe_open(str(path), framework="pt")
        except (SafetensorError, OSError, ValueError) as error:
            raise FormatError(f"{path}: no readable safetensors file ({error})") from error
        self._files.append(file)
        for name in file.keys():  # noqa: SIM118 - it is no mapping
            if name in self._home:
                raise FormatError(f"{path}: the weight {name!r} stands in another file too")
            self._home[name] = file
            self.shapes[name] = tuple(file.get_slice(name).get_shape())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files.clear()
        self._home.clear()

    def tensor(self, name: str) -> Any:
        """Map a tensor from its file."""
        return self._home[name].get_tensor(name)


def open_checkpoint(files: ModelFiles) -> Checkpoint:
    """Find the weights of a folder.

    Args:
        files: The folder.

    Returns:
        The weights; use it as a context.

    Raises:
        UnsupportedError: When there are weights, but pickled ones or those of another framework.
        FileError: When there are none, or a file is missing of those that the index lists.
        FormatError: When the index is none.
    """
    whole = files.find(WEIGHTS)
    if whole is not None:
        return Checkpoint([whole])
    index = files.find(INDEX)
    if index is not None:
        return Checkpoint(_shards(index))
    pickled = [name for name in PICKLED if files.find(name)]
    if pickled:
        raise UnsupportedError(
            f"{files.folder / pickled[0]}: pickled weights are refused, since reading them runs whatever "
            "code their author put in. Convert them to model.safetensors on a machine that trusts them: "
            "load the model with the library that wrote it, and save it with safe_serialization=True"
        )
    foreign = [name for name in _FOREIGN if files.find(name)]
    if foreign:
        raise UnsupportedError(
            f"{files.folder / foreign[0]}: weights of another framework; only {WEIGHTS} is read"
        )
    raise FileError(f"{files.folder}: no {WEIGHTS} and no {INDEX}; it holds {files.held()}")


def _shards(index: Path) -> list[Path]:
    listed = read_json(index).get("weight_map")
    if not isinstance(listed, dict) or not listed:
        raise FormatError(f"{index}: no weight_map")
    names = sorted({str(name) for name in listed.values()})
    for name in names:
        if Path(name).name != name:
            raise FormatError(f"{index}: {name!r} leads out of the folder")
    missing = [name for name in names if not (index.parent / name).is_file()]
    if missing:
        raise FileError(f"{index} lists {', '.join(missing)}, which the folder does not hold")
    return [index.parent / name for name in names]


def write_checkpoint(folder: Path, tensors: Mapping[str, Any], limit: int) -> None:
    """Write tensors into a folder, in several files when they are more than a limit.

    Args:
        folder: The folder.
        tensors: Tensors by their names in files.
        limit: The bytes that a file may hold.
    """
    from safetensors.torch import save_file

    parts = _parts(tensors, limit)
    plain = {name: tensor.detach().contiguous().cpu() for name, tensor in tensors.items()}
    homes = {}
    for number, names in enumerate(parts, start=1):
        name = WEIGHTS
        if len(parts) > 1:
            name = f"model-{number:05d}-of-{len(parts):05d}.safetensors"
        with whole(folder / name) as place:
            save_file({key: plain[key] for key in names}, str(place), metadata={"format": "pt"})
        homes.update(dict.fromkeys(names, name))
    _tidy(folder, set(homes.values()))
    if len(parts) > 1:
        size = sum(tensor.numel() * tensor.element_size() for tensor in plain.values())
        document = {"metadata": {"total_size": size}, "weight_map": dict(sorted(homes.items()))}
        from .files import write_text

        write_text(folder / INDEX, json.dumps(document, indent=2) + "\n")


def _parts(tensors: Mapping[str, Any], limit: int) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    size = 0
    for name, tensor in tensors.items():
        bytes_here = tensor.numel() * tensor.element_size()
        if parts[-1] and size + bytes_here > limit:
            parts.append([])
            size = 0
        parts[-1].append(name)
        size += bytes_here
    return parts


def _tidy(folder: Path, written: set[str]) -> None:
    """Take away weights of an earlier save, which a reader would take for these."""
    stale = [path for path in folder.glob("model-*-of-*.safetensors") if path.name not in written]
    stale += [folder / name for name in (WEIGHTS, INDEX) if name not in written]
    for path in stale:
        path.unlink(missing_ok=True)

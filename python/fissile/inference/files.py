"""Where the files of a model lie: a folder, or the local cache of the Hugging Face Hub.

Files are looked for as the tokenizer layer does it, weights included.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from .._rust import FileError
from .._writing import whole
from ..auto import hub

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
GENERATION = "generation_config.json"

_PLACE = ("revision", "subfolder", "cache_dir", "token", "force_download", "local_files_only")
# Options of other libraries that change nothing here.
_WITHOUT_EFFECT = (
    "trust_remote_code",
    "use_safetensors",
    "low_cpu_mem_usage",
    "proxies",
    "resume_download",
    "use_auth_token",
    "code_revision",
    "attn_implementation",
)


class ModelFiles:
    """The files of one model.

    Args:
        folder: Where they lie.
        name: What the caller called them.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name

    def find(self, name: str) -> Path | None:
        """Find a file; `None` when it is not there."""
        path = self.folder / name
        return path if path.is_file() else None

    def held(self) -> str:
        """List what is there, for messages."""
        names = sorted(path.name for path in self.folder.iterdir())
        return ", ".join(names[:12]) or "nothing"


def find_files(
    name: str | PathLike[str], options: Mapping[str, Any]
) -> tuple[ModelFiles, dict[str, Any]]:
    """Find the files of a model.

    Args:
        name: A folder, or the name of a repository in the local cache.
        options: Where to look, and whatever else the caller was given.

    Returns:
        The files, and the options that say nothing about where.

    Raises:
        FileError: When there are none.
    """
    rest = {key: value for key, value in options.items() if key not in (*_PLACE, *_WITHOUT_EFFECT)}
    text = os.fspath(name)
    subfolder = options.get("subfolder") or ""
    path = Path(text).expanduser()
    if path.is_dir():
        return ModelFiles(path / subfolder, text), rest
    if path.is_file():
        raise FileError(f"{text} is a file. Name the folder that holds {CONFIG} and {WEIGHTS}")
    snapshot = hub.snapshot(text, options, (CONFIG, GENERATION, "*.safetensors", INDEX))
    return ModelFiles(snapshot / subfolder, text), rest


def write_text(path: Path, text: str) -> None:
    """Write a small file so that nobody ever sees half of it."""
    with whole(path) as place:
        place.write_text(text, encoding="utf-8")

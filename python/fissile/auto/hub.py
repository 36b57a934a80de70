"""Where the files of a tokenizer lie: a folder, a file, or the local cache of the Hugging Face Hub.

A name is looked up in the cache first, by the cache's own layout and without any library. Only what is
not there is asked for over the network, by `huggingface_hub`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._rust import FileError

READABLE = (
    "tokenizer.json",
    "tekken.json",
    "tokenizer.model",
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "spiece.model",
    "spm.model",
    "tiktoken.model",
    "merges.txt",
    "vocab.txt",
)
"""Files that hold a vocabulary, the first one found is taken."""

_SMALL = (
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "config.json",
    "chat_template.jinja",
    "chat_templates/*.jinja",
    "vocab.json",
)
_TRUE = ("1", "on", "yes", "true")


class Files:
    """The files of one tokenizer.

    Args:
        folder: Where they lie.
        name: What the caller called them.
        local: The caller named a folder or a file, not a repository.
        offline: Nothing was to be asked for over the network.
        only: The one file that counts, when the caller named a file.
    """

    def __init__(
        self, folder: Path, name: str, local: bool, offline: bool, only: Path | None = None
    ) -> None:
        self.folder = folder
        self.name = name
        self.local = local
        self.offline = offline
        self.only = only

    def find(self, name: str) -> Path | None:
        """Find a file; with a single file there is only that one."""
        if self.only is not None:
            return self.only if self.only.name == name else None
        path = self.folder / name
        return path if path.is_file() else None

    def inside(self, folder: str, suffix: str) -> list[Path]:
        """List the files of a folder in the folder."""
        if self.only is not None:
            return []
        path = self.folder / folder
        return sorted(path.glob(f"*{suffix}")) if path.is_dir() else []

    def vocabulary(self, preferred: str = "tokenizer.json") -> Path:
        """Find the file that holds the vocabulary.

        Args:
            preferred: The file that is taken when it is there.

        Raises:
            FileError: When there is none.
        """
        if self.only is not None:
            return self.only
        for name in (preferred, *READABLE):
            path = self.find(name)
            if path is not None:
                return path
        found = sorted(
            path for path in self.folder.iterdir() if path.suffix in (".tiktoken", ".model")
        )
        if found:
            return found[0]
        held = ", ".join(sorted(path.name for path in self.folder.iterdir())[:8]) or "nothing"
        raise FileError(
            f"Can't load tokenizer for '{self.name}': {self.folder} holds {held}, and none of the files a "
            f"tokenizer is read from ({', '.join(READABLE)}, or *.tiktoken). Write one with "
            "`save_pretrained`, or name the folder that holds one"
        )


def locate(name: str | os.PathLike[str], options: Mapping[str, Any]) -> Files:
    """Find the files of a tokenizer.

    Args:
        name: A folder, a file, or a repository.
        options: `revision`, `subfolder`, `cache_dir`, `token`, `force_download`, `local_files_only`.

    Returns:
        The files.

    Raises:
        FileError: When there are none.
    """
    text = os.fspath(name)
    path = Path(text).expanduser()
    offline = bool(options.get("local_files_only")) or _says_offline()
    if path.is_file():
        return Files(path.parent, text, False, offline, only=path)
    subfolder = options.get("subfolder") or ""
    if path.is_dir():
        return Files(path / subfolder, text, True, offline or _is_set("HF_HUB_OFFLINE"))
    if _is_path(text):
        raise FileError(
            f"{text}: no such folder. Name a folder that holds a tokenizer, or a repository as "
            "'owner/name'"
        )
    cached = None if options.get("force_download") else _cached(text, options)
    if cached is not None and (offline or _is_complete(cached / subfolder)):
        return Files(cached / subfolder, text, False, offline)
    return Files(_download(text, options, offline, cached) / subfolder, text, False, offline)


def _is_path(text: str) -> bool:
    return text.startswith((".", "/", "~", "\\")) or text.count("/") > 1 or not text.strip()


def _is_set(name: str) -> bool:
    return os.environ.get(name, "").lower() in _TRUE


def _says_offline() -> bool:
    return _is_set("HF_HUB_OFFLINE") or _is_set("TRANSFORMERS_OFFLINE")


def _cache(options: Mapping[str, Any]) -> Path:
    given = options.get("cache_dir") or os.environ.get("HF_HUB_CACHE")
    if given:
        return Path(given).expanduser()
    home = os.environ.get("HF_HOME")
    if not home:
        home = str(Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface")
    return Path(home).expanduser() / "hub"


def _cached(name: str, options: Mapping[str, Any]) -> Path | None:
    """Find the snapshot of a repository in the cache."""
    repository = _cache(options) / ("models--" + name.replace("/", "--"))
    revision = options.get("revision") or "main"
    reference = repository / "refs" / revision
    commit = reference.read_text(encoding="utf-8").strip() if reference.is_file() else revision
    snapshot = repository / "snapshots" / commit
    return snapshot if snapshot.is_dir() else None


def _is_complete(snapshot: Path) -> bool:
    """Whether the vocabulary is there, and the configuration, or the knowledge that there is none."""
    if not any((snapshot / name).is_file() for name in READABLE):
        return False
    if (snapshot / "tokenizer_config.json").is_file():
        return True
    missing = snapshot.parent.parent / ".no_exist" / snapshot.name / "tokenizer_config.json"
    return missing.is_file()


def _download(name: str, options: Mapping[str, Any], offline: bool, cached: Path | None) -> Path:
    try:
        return _fetch(name, options, (*READABLE, *_SMALL), offline)
    except FileError as error:
        if cached is not None and not offline:
            return cached
        raise FileError(f"Can't load tokenizer for {error}") from error.__cause__


def _fetch(name: str, options: Mapping[str, Any], patterns: tuple[str, ...], offline: bool) -> Path:
    """Download files of a repository; its folder in the cache."""
    missing = f"'{name}': it is no folder here and not in the local cache"
    if offline:
        raise FileError(
            f"{missing} ({_cache(options)}), and the network may not be asked (local_files_only or "
            "HF_HUB_OFFLINE). Name a folder, or download it first"
        )
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise FileError(
            f"{missing}, and downloading needs the package huggingface_hub (pip install 'fissile[hub]')"
        ) from error
    subfolder = options.get("subfolder")
    prefix = f"{subfolder}/" if subfolder else ""
    try:
        folder = snapshot_download(
            name,
            revision=options.get("revision"),
            cache_dir=options.get("cache_dir"),
            token=options.get("token"),
            force_download=bool(options.get("force_download")),
            allow_patterns=[prefix + pattern for pattern in patterns],
        )
    except Exception as error:
        raise FileError(f"{missing}, and could not be downloaded ({error})") from error
    return Path(folder)


def snapshot(name: str, options: Mapping[str, Any], patterns: tuple[str, ...]) -> Path:
    """Find the snapshot of a repository in the local cache, or download it.

    Args:
        name: The repository.
        options: As those of `locate`.
        patterns: The files that are wanted.

    Returns:
        The folder of the snapshot.

    Raises:
        FileError: When it is not in the cache and cannot be downloaded.
    """
    if _is_path(name):
        raise FileError(f"{name}: no such folder")
    cached = None if options.get("force_download") else _cached(name, options)
    subfolder = options.get("subfolder") or ""
    if cached is not None and any((cached / subfolder).glob("*.safetensors")):
        return cached
    return _fetch(name, options, patterns, bool(options.get("local_files_only")) or _says_offline())

"""Writing a tokenizer: `tokenizer.json`, `tokenizer_config.json` and the chat templates beside them."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._rust import FileError, InvalidValueError, UnsupportedError
from .._writing import whole
from .config import CONFIG, TEMPLATE, TEMPLATES, from_added_tokens
from .tokenizer import PreTrainedTokenizerFast

if TYPE_CHECKING:
    from os import PathLike

_PRIVATE = (
    "name_or_path",
    "tokenizer_file",
    "special_tokens_map_file",
    "added_tokens_decoder",
    "additional_special_tokens",
    "add_bos_token",
    "add_eos_token",
    "files_loaded",
    "device_map",
    "slow_tokenizer_class",
)


def save_pretrained(
    tokenizer: PreTrainedTokenizerFast,
    folder: str | PathLike[str],
    legacy_format: bool | None = None,
    filename_prefix: str | None = None,
    push_to_hub: bool = False,
    save_jinja_files: bool = True,
    **options: Any,
) -> tuple[str, ...]:
    """Write a tokenizer into a folder.

    Args:
        tokenizer: The tokenizer.
        folder: It is made where it is missing.
        legacy_format: `True` is refused: the files of older libraries are not written.
        filename_prefix: What file names begin with.
        push_to_hub: Write it to the Hub as well.
        save_jinja_files: Write chat templates as files of their own, not into the configuration.
        **options: With `push_to_hub`, `repo_id` (by default the name of the folder) and whatever
            `push_to_hub` takes; without effect otherwise.

    Returns:
        The paths of the files.

    Raises:
        FileError: When the folder is a file.
        UnsupportedError: When a part of the pipeline is written in Python.
    """
    if legacy_format:
        raise UnsupportedError(
            "legacy_format=True: only tokenizer.json and tokenizer_config.json are written"
        )
    place = Path(folder)
    if place.is_file():
        raise FileError(f"Provided path ({place}) should be a directory, not a file")
    place.mkdir(parents=True, exist_ok=True)
    prefix = f"{filename_prefix}-" if filename_prefix else ""
    config = _config(tokenizer)
    templates = _templates(tokenizer, config, place, prefix, save_jinja_files)
    config_file = os.path.join(folder, prefix + CONFIG)
    text = json.dumps(config, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    _write(Path(config_file), text)
    tokenizer_file = os.path.join(folder, prefix + "tokenizer.json")
    tokenizer.backend_tokenizer.save(tokenizer_file)
    if push_to_hub:
        from .upload import push_to_hub as push

        push(tokenizer, options.pop("repo_id", place.name), **options)
    return (config_file, *templates, tokenizer_file)


def _config(tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    config: dict[str, Any] = copy.deepcopy(tokenizer.init_kwargs)
    for name in {*config, "model_max_length"}:
        if hasattr(tokenizer, name):
            config[name] = getattr(tokenizer, name)
    config.update(tokenizer.special_tokens_map)
    extra = tokenizer.extra_special_tokens
    if extra:
        config["extra_special_tokens"] = extra
    for name in ("response_template", "chat_control_tokens"):
        value = getattr(tokenizer, name, None)
        if value is not None:
            config[name] = value
    for name in (*_PRIVATE, *tokenizer.vocab_files_names):
        config.pop(name, None)
    config = from_added_tokens(config)
    name = type(tokenizer).__name__
    # The plain class has gone by this name since the fifth generation of model libraries.
    config["tokenizer_class"] = (
        "TokenizersBackend" if name == "PreTrainedTokenizerFast" else name.removesuffix("Fast")
    )
    if tokenizer._processor_class is not None:
        config["processor_class"] = tokenizer._processor_class
    return config


def _templates(
    tokenizer: PreTrainedTokenizerFast,
    config: dict[str, Any],
    place: Path,
    prefix: str,
    as_files: bool,
) -> list[str]:
    templates = tokenizer.chat_template
    config.pop("chat_template", None)
    if templates is None:
        return []
    if not as_files:
        config["chat_template"] = (
            templates
            if isinstance(templates, str)
            else [{"name": name, "template": text} for name, text in templates.items()]
        )
        return []
    if isinstance(templates, str):
        templates = {"default": templates}
    written = []
    folder = place / (prefix + TEMPLATES)
    for name, text in templates.items():
        path = place / (prefix + TEMPLATE) if name == "default" else folder / f"{name}.jinja"
        # The name may come from a file of somebody else: it must not lead out of the folder.
        if name != "default" and path.resolve().parent != folder.resolve():
            raise InvalidValueError(f"Invalid chat template name: {name!r}")
        path.parent.mkdir(exist_ok=True)
        _write(path, text)
        written.append(str(path))
    return written


def _write(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    with whole(path) as place:
        place.write_text(text, encoding="utf-8")

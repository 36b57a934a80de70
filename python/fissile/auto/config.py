"""What a folder's small files say about a tokenizer, merged into the options of a constructor.

`tokenizer_config.json` speaks first, files of templates replace its templates, the caller's words replace
both. `special_tokens_map.json` and `added_tokens.json`, which older libraries wrote, are read only where
`tokenizer_config.json` does not list the added tokens itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._rust import AddedToken, FormatError
from .hub import Files
from .special import NAMED

CONFIG = "tokenizer_config.json"
SPECIAL_TOKENS = "special_tokens_map.json"
ADDED_TOKENS = "added_tokens.json"
MODEL_CONFIG = "config.json"
TEMPLATE = "chat_template.jinja"
TEMPLATES = "chat_templates"

_PATHS = ("tokenizer_file", "vocab_file", "merges_file")


def read_json(path: Path) -> dict[str, Any]:
    """Read a file that holds one JSON object.

    Raises:
        FormatError: When it holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FormatError(f"{path}: no JSON ({error})") from error
    if not isinstance(content, dict):
        raise FormatError(f"{path}: expected a JSON object, found {type(content).__name__}")
    return content


def read_optional(files: Files, name: str) -> dict[str, Any]:
    """Read a small file of a folder; nothing when it is not there."""
    path = files.find(name)
    return {} if path is None else read_json(path)


def constructor_options(
    files: Files, named: tuple[str, ...], stated: Mapping[str, Any]
) -> dict[str, Any]:
    """Merge what files and caller say.

    Args:
        files: The folder.
        named: The special tokens that have names of their own.
        stated: What the caller says; it wins.

    Returns:
        The options for the constructor of a tokenizer, without the file it is read from.
    """
    options = read_optional(files, CONFIG)
    for name in ("tokenizer_class", "init_inputs", "auto_map", *_PATHS):
        options.pop(name, None)
    if files.find("tokenizer.json") is not None:
        options.pop("add_bos_token", None)
        options.pop("add_eos_token", None)
    _read_templates(files, options)
    options.update(stated)
    if "additional_special_tokens" in options and not options.get("extra_special_tokens"):
        options["extra_special_tokens"] = options.pop("additional_special_tokens")
    _collect_model_tokens(options, named)
    options["name_or_path"] = files.name
    options["is_local"] = files.local
    options["local_files_only"] = files.offline
    added = _added_tokens(files, options, named, stated)
    options["added_tokens_decoder"] = added
    settled: dict[str, Any] = as_added_tokens(options)
    by_content = {str(token): token for token in added.values()}
    for name in NAMED:
        if settled.get(name) is not None:
            settled[name] = by_content.get(str(settled[name]), settled[name])
    return settled


def _read_templates(files: Files, options: dict[str, Any]) -> None:
    templates = {}
    default = files.find(TEMPLATE)
    if default is not None:
        templates["default"] = default.read_text(encoding="utf-8")
    for path in files.inside(TEMPLATES, ".jinja"):
        templates[path.name.removesuffix(".jinja")] = path.read_text(encoding="utf-8")
    if list(templates) == ["default"]:
        options["chat_template"] = templates["default"]
    elif templates:
        options["chat_template"] = templates


def _collect_model_tokens(options: dict[str, Any], named: tuple[str, ...]) -> None:
    tokens = {
        name: options.pop(name)
        for name in list(options)
        if name.endswith("_token")
        and name not in named
        and isinstance(options[name], (str, AddedToken))
    }
    if isinstance(options.get("extra_special_tokens"), dict):
        tokens.update(options.pop("extra_special_tokens"))
    if tokens:
        options["model_specific_special_tokens"] = tokens


def _added_tokens(
    files: Files, options: dict[str, Any], named: tuple[str, ...], stated: Mapping[str, Any]
) -> dict[int, AddedToken]:
    if "added_tokens_decoder" in options:
        return {int(id): _token(token) for id, token in options.pop("added_tokens_decoder").items()}
    for name, value in read_optional(files, SPECIAL_TOKENS).items():
        if stated.get(name):
            continue
        if name == "extra_special_tokens" and isinstance(value, list):
            known = list(options.get(name) or [])
            value = known + [token for token in map(_special, value) if token not in known]
        elif isinstance(value, dict) and name != "extra_special_tokens":
            value = _special(value)
        options[name] = value
    if isinstance(options.get("extra_special_tokens"), dict):
        own = options.setdefault("model_specific_special_tokens", {})
        own.update(options.pop("extra_special_tokens"))
    special = {str(options[name]) for name in named if options.get(name)}
    special |= {str(token) for token in options.get("extra_special_tokens") or []}
    return {
        id: AddedToken(token, normalized=token not in special, special=token in special)
        for token, id in read_optional(files, ADDED_TOKENS).items()
    }


def _token(value: Any) -> AddedToken:
    if isinstance(value, AddedToken):
        return value
    if not isinstance(value, dict):
        raise TypeError(
            f"Found a {type(value)} in the saved `added_tokens_decoder`, should be a dictionary or an "
            "AddedToken instance"
        )
    return AddedToken(**{key: item for key, item in value.items() if key != "__type"})


def _special(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    plain = {key: item for key, item in value.items() if key not in ("special", "__type")}
    return AddedToken(**plain, special=True)


def as_added_tokens(value: Any) -> Any:
    """Turn every dictionary that stands for an added token into one."""
    if isinstance(value, dict):
        if value.get("__type") == "AddedToken":
            return _token(value)
        return {key: as_added_tokens(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_added_tokens(item) for item in value]
    return value


def from_added_tokens(value: Any) -> Any:
    """Turn every added token into a dictionary that stands for it."""
    if isinstance(value, AddedToken):
        return {**value.__getstate__(), "__type": "AddedToken"}
    if isinstance(value, dict):
        return {key: from_added_tokens(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [from_added_tokens(item) for item in value]
    return value

"""`AutoTokenizer`: the tokenizer that a folder or a repository holds, as the class that its files ask for.

Example:
    >>> from fissile import AutoTokenizer  # doctest: +SKIP
    >>> tokenizer = AutoTokenizer.from_pretrained("path/to/model")  # doctest: +SKIP
    >>> tokenizer(["Hello", "Hello world"], padding=True, return_tensors="np")  # doctest: +SKIP
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from os import PathLike
from typing import Any

from .._rust import InvalidValueError, UnsupportedError
from . import registry
from .config import CONFIG, MODEL_CONFIG, constructor_options, read_optional
from .hub import Files, locate
from .model_types import CLASS_OF_MODEL, UNTRUSTED
from .tokenizer import PreTrainedTokenizerFast

_PLACE = (
    "revision",
    "subfolder",
    "cache_dir",
    "token",
    "force_download",
    "local_files_only",
)
_WITHOUT_EFFECT = (
    "use_fast",
    "proxies",
    "resume_download",
    "trust_remote_code",
    "code_revision",
    "use_auth_token",
    "config",
    "legacy_format",
    "_from_auto",
    "_commit_hash",
)
_NOT_BUILT = {
    "fix_mistral_regex": (
        "the pattern of a tokenizer.json is taken as it stands; set the one you want as "
        "`tokenizer.backend_tokenizer.pre_tokenizer[0] = pre_tokenizers.Split(Regex(...), 'isolated')`"
    ),
    **dict.fromkeys(
        ("src_lang", "tgt_lang", "language", "task", "predict_timestamps"),
        "tokens of languages and tasks are framed as the tokenizer.json says; set another frame as "
        "`tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(...)`",
    ),
}
"""Options that change ids elsewhere and have no effect here, and what to do instead."""
_VERSIONED = re.compile(r"tokenizer\.(\d[\d.]*)\.json")
_GENERATION = (5, 23, 0)
"""The generation of model libraries whose files are understood, for files named after one."""


class AutoTokenizer:
    """Opens tokenizers; it is never one itself."""

    def __init__(self) -> None:
        raise OSError(
            "AutoTokenizer is designed to be instantiated using the "
            "`AutoTokenizer.from_pretrained(pretrained_model_name_or_path)` method."
        )

    @classmethod
    def from_pretrained(
        cls, pretrained_model_name_or_path: str | PathLike[str], *inputs: Any, **options: Any
    ) -> PreTrainedTokenizerFast:
        """Open a tokenizer as the class that its files ask for.

        Args:
            pretrained_model_name_or_path: A folder, a file, or a repository as "owner/name", which is
                looked for in the local cache first.
            *inputs: Taken for compatibility, without effect.
            **options: Where to look (`revision`, `subfolder`, `cache_dir`, `token`, `force_download`,
                `local_files_only`), `tokenizer_type` to name the model, and whatever the constructor of
                the tokenizer takes; it wins over the files.

        Returns:
            The tokenizer.

        Raises:
            FileError: When there is no tokenizer.
            FormatError: When a file is broken.
        """
        kind = options.pop("tokenizer_type", None)
        config = options.get("config")
        files = _locate(pretrained_model_name_or_path, options)
        if kind is not None:
            if kind not in CLASS_OF_MODEL:
                raise InvalidValueError(
                    f"Passed `tokenizer_type` {kind} does not exist. `tokenizer_type` should be one of "
                    f"{', '.join(sorted(CLASS_OF_MODEL))}."
                )
            chosen: type[PreTrainedTokenizerFast] | None = registry.by_name(CLASS_OF_MODEL[kind])
        else:
            chosen = _choose(files, config)
        if files.find("tokenizer.json") is None and not options.get("tokenizer_file"):
            _check_numbers(files, config)
        return _open(chosen or PreTrainedTokenizerFast, files, options)

    @staticmethod
    def register(
        config_class: Any,
        tokenizer_class: type[PreTrainedTokenizerFast] | None = None,
        slow_tokenizer_class: Any = None,
        fast_tokenizer_class: type[PreTrainedTokenizerFast] | None = None,
        exist_ok: bool = False,
    ) -> None:
        """Make a class of tokenizers known by its name.

        Args:
            config_class: The name of the model, or a class with the name as `model_type`.
            tokenizer_class: The class.
            slow_tokenizer_class: Taken for compatibility, without effect.
            fast_tokenizer_class: The older name of `tokenizer_class`.
            exist_ok: Replace another class of the same name.
        """
        chosen = tokenizer_class or fast_tokenizer_class
        if chosen is None:
            raise InvalidValueError("You need to pass a `tokenizer_class`")
        model = getattr(config_class, "model_type", config_class)
        registry.register(str(model), chosen, exist_ok)


def open_pretrained(
    cls: type[PreTrainedTokenizerFast], name: str | PathLike[str], options: Mapping[str, Any]
) -> PreTrainedTokenizerFast:
    """Open a tokenizer as the class that is given, whatever its files ask for.

    Args:
        cls: The class.
        name: A folder, a file, or a repository.
        options: As those of `AutoTokenizer.from_pretrained`.

    Returns:
        The tokenizer.

    Raises:
        FileError: When there is no tokenizer.
        FormatError: When a file is broken.
    """
    return _open(cls, _locate(name, options), options)


def _locate(name: str | PathLike[str], options: Mapping[str, Any]) -> Files:
    if options.get("gguf_file"):
        raise UnsupportedError("gguf_file: GGUF files cannot be read yet; name a folder without it")
    return locate(name, {key: options.get(key) for key in _PLACE})


def _open(
    cls: type[PreTrainedTokenizerFast], files: Files, options: Mapping[str, Any]
) -> PreTrainedTokenizerFast:
    stated = {
        name: value
        for name, value in options.items()
        if name not in _PLACE and name not in _WITHOUT_EFFECT
    }
    for name, instead in _NOT_BUILT.items():
        if stated.get(name):
            raise UnsupportedError(f"{name}={stated[name]!r} has no effect here: {instead}")
    given = stated.pop("tokenizer_file", None)
    core = stated.pop("tokenizer_object", None)
    file = (given or files.vocabulary(_versioned(files))) if core is None else None
    settled = constructor_options(files, tuple(cls.SPECIAL_TOKENS_ATTRIBUTES), stated)
    vocab = files.find("tokenizer.model")
    if vocab is not None:
        settled.setdefault("vocab_file", str(vocab))
    return cls(tokenizer_object=core, tokenizer_file=file, **settled)


def _versioned(files: Files) -> str:
    """Choose among tokenizer files that are named after the generations that need them."""
    names = read_optional(files, CONFIG).get("fast_tokenizer_files")
    chosen = "tokenizer.json"
    if not names:
        return chosen
    found = []
    for name in names:
        match = _VERSIONED.search(name)
        if match:
            version = tuple(int(part) for part in match[1].strip(".").split("."))
            found.append((version, name))
    for version, name in sorted(found):
        if version <= _GENERATION:
            chosen = name
    return chosen


def _choose(files: Files, config: Any) -> type[PreTrainedTokenizerFast] | None:
    """Choose the class: what the tokenizer's files say, checked against what the model is."""
    model_config = read_optional(files, MODEL_CONFIG) if config is None else _as_mapping(config)
    model = model_config.get("model_type")
    stated = read_optional(files, CONFIG).get("tokenizer_class")
    asked = stated or model_config.get("tokenizer_class")
    name = None if asked is None else asked.removesuffix("Fast")
    expected = CLASS_OF_MODEL.get(model or "")
    if name == "LlamaTokenizer" and model not in UNTRUSTED and _is_byte_level(files):
        return None
    if name is not None and expected is not None and expected != name:
        if expected == registry.ANY:
            return None
        return registry.by_name(expected if model in UNTRUSTED else name)
    if asked is not None:
        return registry.by_name(asked)
    registered = registry.of_model(model or "")
    return registered or registry.by_name(expected or registry.ANY)


def _check_numbers(files: Files, config: Any) -> None:
    """Ids must not be guessed where only a SentencePiece file tells the vocabulary."""
    if not files.vocabulary().name.endswith(".model"):
        return
    model_config = read_optional(files, MODEL_CONFIG) if config is None else _as_mapping(config)
    asked = read_optional(files, CONFIG).get("tokenizer_class") or model_config.get(
        "tokenizer_class"
    )
    expected = asked or CLASS_OF_MODEL.get(model_config.get("model_type") or "")
    if expected is not None:
        registry.check_sentencepiece(expected)


def _as_mapping(config: Any) -> Mapping[str, Any]:
    return (
        config
        if isinstance(config, Mapping)
        else vars(config) | {"model_type": getattr(config, "model_type", None)}
    )


def _is_byte_level(files: Files) -> bool:
    path = files.find("tokenizer.json")
    return path is not None and b'"ByteLevel"' in path.read_bytes()

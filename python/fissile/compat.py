"""Be `tokenizers`: let code that imports the reference run on fissile.

`install()` makes `import tokenizers`, its submodules and its version come from here, for everything
imported afterwards (`transformers`, `datasets`, servers). From the command line, no line of a program
has to change:

    python -m fissile.compat script.py ARGUMENTS
    python -m fissile.compat -m module ARGUMENTS

Objects pickled in one world load in the other: the classes carry the reference's names while installed.

Example:
    >>> import fissile.compat
    >>> fissile.compat.install()
    >>> import tokenizers
    >>> tokenizers.Tokenizer is fissile.Tokenizer
    True
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import runpy
import sys
from collections.abc import Iterable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

REFERENCE = "tokenizers"
"""The name that is taken over."""

REFERENCE_VERSION = "0.23.3"
"""The version whose behaviour is reproduced, and which is reported."""

_SUBMODULES = {
    "models": "fissile.models",
    "normalizers": "fissile.normalizers",
    "pre_tokenizers": "fissile.pre_tokenizers",
    "processors": "fissile.processors",
    "decoders": "fissile.decoders",
    "trainers": "fissile.trainers",
    "implementations": "fissile.implementations",
    "implementations.base_tokenizer": "fissile.implementations.base_tokenizer",
    "implementations.bert_wordpiece": "fissile.implementations.bert_wordpiece",
    "implementations.byte_level_bpe": "fissile.implementations.byte_level_bpe",
    "implementations.char_level_bpe": "fissile.implementations.char_level_bpe",
    "implementations.sentencepiece_bpe": "fissile.implementations.sentencepiece_bpe",
    "implementations.sentencepiece_unigram": "fissile.implementations.sentencepiece_unigram",
    "tools": "fissile.tools",
    "tools.visualizer": "fissile.tools.visualizer",
    "tokenizers": "fissile._rust",
}


def install() -> None:
    """Take over the name `tokenizers` in this process. Doing it twice does nothing more.

    Raises:
        ImportError: When the reference itself is loaded already: its classes would live on beside ours.
    """
    loaded = sys.modules.get(REFERENCE)
    if loaded is not None:
        if getattr(loaded, "__fissile__", False):
            return
        raise ImportError(
            "tokenizers is imported already, from "
            f"{getattr(loaded, '__file__', 'somewhere')}: call fissile.compat.install() before "
            "anything imports it, or start the program with `python -m fissile.compat`"
        )
    sys.meta_path.insert(0, _Metadata())
    _alias_modules()
    _rename_classes()


def is_installed() -> bool:
    """Whether `tokenizers` is fissile in this process."""
    return bool(getattr(sys.modules.get(REFERENCE), "__fissile__", False))


def _alias_modules() -> None:
    import fissile

    top = _alias(REFERENCE, fissile)
    top.__dict__.update({"__version__": REFERENCE_VERSION, "__fissile__": True})
    for name, source in _SUBMODULES.items():
        module = _alias(f"{REFERENCE}.{name}", importlib.import_module(source))
        parent, _, child = module.__name__.rpartition(".")
        setattr(sys.modules[parent], child, module)


def _alias(name: str, source: ModuleType) -> ModuleType:
    """A module of another name with the contents of `source`."""
    module = ModuleType(name, source.__doc__)
    # By name rather than from `vars` alone: some names are imported when first asked for.
    names = {*vars(source), *getattr(source, "__all__", ())}
    module.__dict__.update(
        {key: getattr(source, key) for key in names if not _is_module_detail(key)}
    )
    path = getattr(source, "__path__", None)
    spec = ModuleSpec(
        name, loader=None, origin=getattr(source, "__file__", None), is_package=bool(path)
    )
    # An empty search path: what is not aliased does not exist, and is not looked for on disk.
    module.__spec__, module.__path__ = spec, []
    module.__file__ = getattr(source, "__file__", None)
    sys.modules[name] = module
    return module


def _is_module_detail(name: str) -> bool:
    return name in {"__name__", "__spec__", "__loader__", "__package__", "__path__", "__file__"}


def _rename_classes() -> None:
    """Give the classes the reference's module names, which pickles refer to."""
    for module in [m for name, m in sys.modules.items() if name.split(".")[0] == REFERENCE]:
        for value in vars(module).values():
            home = getattr(value, "__module__", None)
            if isinstance(value, type) and isinstance(home, str) and _is_ours(home):
                value.__module__ = home.replace("fissile", REFERENCE, 1)


def _is_ours(module: str) -> bool:
    return module == "fissile" or module.startswith("fissile.")


class _Distribution(importlib.metadata.Distribution):
    """What `importlib.metadata` is told about `tokenizers`."""

    def read_text(self, filename: str) -> str | None:
        if filename != "METADATA":
            return None
        return f"Metadata-Version: 2.1\nName: {REFERENCE}\nVersion: {REFERENCE_VERSION}\n"

    def locate_file(self, path: Any) -> Any:
        return Path(__file__).parent / path


class _Metadata:
    """A finder that finds no modules, only the distribution."""

    def find_spec(self, *_: Any) -> None:
        return None

    def find_distributions(
        self, context: importlib.metadata.DistributionFinder.Context | None = None
    ) -> Iterable[importlib.metadata.Distribution]:
        name = getattr(context, "name", None)
        return self._found() if name is None or name.lower() == REFERENCE else iter(())

    def _found(self) -> Iterator[importlib.metadata.Distribution]:
        yield _Distribution()

    def invalidate_caches(self) -> None:
        """Nothing is kept."""


def main(arguments: list[str]) -> None:
    """Run a script or a module with `tokenizers` taken over."""
    if not arguments or arguments[0] in {"-h", "--help"} or arguments == ["-m"]:
        sys.exit("usage: python -m fissile.compat (SCRIPT | -m MODULE) [ARGUMENT ...]")
    install()
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        sys.path[0] = os.path.dirname(os.path.abspath(arguments[0]))
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    # Under its own name, so that the module that runs and the one that others import are one.
    importlib.import_module("fissile.compat").main(sys.argv[1:])

"""Make texts: the hostile ones of `edge/` from a seed, and large real ones from what this machine has.

    python corpora/make.py            assemble .cache/corpora
    python corpora/make.py --edge     write edge/ and manifest.toml again

The large ones are documents separated by a line that holds only U+001E, compressed with xz.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.support import hostile  # noqa: E402
from tests.support.corpora import SEPARATOR  # noqa: E402

ASSEMBLED = HERE.parent / ".cache" / "corpora"
MEGABYTES = 8

EDGE = {
    "strings.txt": "hostile strings of all kinds",
    "whitespace.txt": "runs of every kind of white space",
    "code_points.txt": "every assigned block of Unicode, some code points of each",
}
LANGUAGES = {
    "english.txt": "English",
    "mixed.txt": "16 languages and notations",
    "udhr.txt": "52 languages",
    "python_sample.txt": "Python",
    "c_sample.txt": "C",
    "mixed_sample.txt": "JSON, HTML, SQL, Rust, JavaScript, shell, TeX, diffs",
}
USES = {"natural": "text as people write it", "code": "text as programs are written"}


def edge_text(name: str) -> str:
    """One of the files in `edge/`."""
    if name == "strings.txt":
        parts = [text.replace("\x1e", "") for text in hostile.strings(600)]
    elif name == "whitespace.txt":
        parts = [
            space * run + "x"
            for space in hostile.SPACES
            if space != "\x1e"
            for run in (1, 2, 3, 17)
        ]
    else:
        parts = [text.replace("\x1e", "") for text in hostile.code_points(part=5, parts=200)]
    return SEPARATOR.join(part for part in parts if part)


def write_edge() -> None:
    """Write `edge/`, and the manifest of everything."""
    (HERE / "edge").mkdir(exist_ok=True)
    for name in EDGE:
        (HERE / "edge" / name).write_bytes(edge_text(name).encode("utf-8"))
    (HERE / "manifest.toml").write_text(manifest(), encoding="utf-8")


def manifest() -> str:
    """`manifest.toml`: every file with its size, hash, language and use."""
    lines = ["# Written by `python corpora/make.py --edge`."]
    for path in sorted(HERE.glob("*/*.txt")):
        folder, data = path.parent.name, path.read_bytes()
        lines += [
            "",
            "[[file]]",
            f'path = "{folder}/{path.name}"',
            f'sha256 = "{hashlib.sha256(data).hexdigest()}"',
            f"bytes = {len(data)}",
            f'language = "{LANGUAGES.get(path.name, "none")}"',
            f'use = "{USES.get(folder) or EDGE[path.name]}"',
        ]
    return "\n".join(lines) + "\n"


def _texts(paths: Iterable[Path]) -> Iterator[str]:
    """The texts of files that are UTF-8 and not tiny."""
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if len(text) > 200:
            yield text.replace("\x1e", "")


def _prose(paths: Iterable[Path]) -> Iterator[str]:
    """The prose in files: paragraphs of documentation and of doc strings."""
    for text in _texts(paths):
        blocks = re.findall(r'"""(.{200,}?)"""', text, re.DOTALL) or [text]
        yield from blocks


def _limited(texts: Iterable[str]) -> list[str]:
    """As many different texts as the limit of a corpus allows."""
    kept: dict[str, None] = {}
    size = 0
    for text in texts:
        if text not in kept:
            kept[text] = None
            size += len(text.encode("utf-8", errors="ignore"))
        if size > MEGABYTES << 20:
            break
    return list(kept)


def assemble() -> None:
    """Write `.cache/corpora`."""
    library = Path(sysconfig.get_paths()["stdlib"])
    packages = Path(sysconfig.get_paths()["purelib"])
    documentation = [*packages.glob("*.dist-info/METADATA"), *Path("/usr/share/doc").glob("*/*")]
    documentation = [
        path for path in documentation if path.is_file() and path.suffix not in {".gz", ".png"}
    ]
    sources = [*sorted(library.glob("*.py")), *sorted(library.glob("*/*.py"))]
    natural = [*_texts(sorted((HERE / "natural").glob("*.txt")))]
    found = {
        "code": _limited(_texts([*sources, *sorted(packages.glob("*/*.py"))])),
        "en": _limited(
            _prose([*sorted(documentation), *sources, *sorted(library.glob("pydoc_data/*.py"))])
        ),
        "multi": [part for text in natural for part in text.split(SEPARATOR)] * 4,
    }
    ASSEMBLED.mkdir(parents=True, exist_ok=True)
    for name, texts in found.items():
        data = SEPARATOR.join(texts).encode("utf-8", errors="ignore")
        (ASSEMBLED / f"{name}.txt.xz").write_bytes(lzma.compress(data, preset=1))
        print(f"{name}: {len(texts):,} documents, {len(data) / 1e6:.1f} MB")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--edge", action="store_true", help="write edge/ and manifest.toml again")
    if parser.parse_args().edge:
        write_edge()
    else:
        assemble()


if __name__ == "__main__":
    main()

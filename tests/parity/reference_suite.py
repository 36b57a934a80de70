"""Run the reference's own Python tests against fissile, under the reference's name.

    python tests/parity/reference_suite.py [PYTEST ARGUMENT ...]

The tests come from the reference's source archive, which pip fetches; nothing of it is kept in the
repository. Files that its tests would download are made from what packages ship, where they can be.
What cannot pass is listed in `reference_suite.toml`, with the reason; anything else that fails fails
this script, and so does a listed test that passes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.parity import reference_files  # noqa: E402
from tests.support.places import CACHE  # noqa: E402

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

VERSION = "0.23.3"
PLACE = CACHE / "reference"
TIMEOUT = 900

# Put before the tests: fissile takes the name, downloads are looked up here, and a library that
# only iterates over texts is stood in for.
CONFTEST = """
import sys
import types
from pathlib import Path

import fissile.compat

fissile.compat.install()

import huggingface_hub
import pytest

FILES = Path({files!r})


def _local(repo_id, filename, **_options):
    for path in (FILES / repo_id / filename, FILES / filename):
        if path.is_file():
            return str(path)
    pytest.skip("offline: no " + repo_id + "/" + filename)


def _offline(*_arguments, **_options):
    pytest.skip("offline: a data set")


huggingface_hub.hf_hub_download = _local
datasets = types.ModuleType("datasets")
datasets.load_dataset = _offline
sys.modules.setdefault("datasets", datasets)
Path("data").mkdir(exist_ok=True)
"""


def archive() -> Path:
    """The reference's source archive."""
    name = f"tokenizers-{VERSION}.tar.gz"
    if not (PLACE / name).is_file():
        PLACE.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        command += ["--no-build-isolation", "--no-binary", "tokenizers", "--dest", str(PLACE)]
        command += [f"tokenizers=={VERSION}"]
        subprocess.run(command, check=True)
    return PLACE / name


def unpack() -> Path:
    """The folder to run in: the tests and what they stand on. Its name has to end in `python`."""
    folder = PLACE / "python"
    shutil.rmtree(folder, ignore_errors=True)
    inside = f"tokenizers-{VERSION}/bindings/python/"
    with tarfile.open(archive()) as tar:
        for member in tar.getmembers():
            path = member.name.removeprefix(inside)
            if member.isfile() and (
                path.startswith("tests/") or path in {"conftest.py", "pytest.ini"}
            ):
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                source = tar.extractfile(member)
                assert source is not None
                target.write_bytes(source.read())
    own = folder / "conftest.py"
    theirs = own.read_text(encoding="utf-8") if own.exists() else ""
    files = reference_files.supply(PLACE / "files")
    own.write_text(CONFTEST.format(files=str(files)) + theirs, encoding="utf-8")
    return folder


def run(folder: Path, arguments: list[str]) -> Path:
    """Run pytest there; the report it wrote."""
    report = PLACE / "report.xml"
    report.unlink(missing_ok=True)
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "RUST_BACKTRACE": "0"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        "pytest.ini",
    ]
    command += [
        "--rootdir",
        ".",
        "--tb=short",
        "--timeout=120",
        f"--junitxml={report}",
        "-o",
        "asyncio_mode=auto",
    ]
    command += ["--ignore=tests/test_benchmarks.py", *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=False, timeout=TIMEOUT)
    return report


def outcomes(report: Path) -> dict[str, str]:
    """Test to what became of it."""
    found = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname', '').removeprefix('tests.')}::{case.get('name')}"
        marks = {child.tag for child in case}
        found[name] = (
            "failed"
            if marks & {"failure", "error"}
            else "skipped"
            if "skipped" in marks
            else "passed"
        )
    return found


def expected() -> dict[str, str]:
    """Tests that cannot pass, with the reason."""
    text = Path(__file__).with_name("reference_suite.toml").read_text(encoding="utf-8")
    return {
        name: entry["reason"]
        for entry in tomllib.loads(text)["cannot_pass"]
        for name in entry["tests"]
    }


def judge(found: dict[str, str], partial: bool) -> int:
    """Print what came out; how many tests surprised."""
    reasons = expected()
    unexpected = sorted(
        name for name, outcome in found.items() if outcome == "failed" and name not in reasons
    )
    stale = sorted(name for name in reasons if found.get(name) == "passed")
    missing = [] if partial else sorted(name for name in reasons if name not in found)
    for title, names in (
        ("fails", unexpected),
        ("passes, though listed", stale),
        ("listed, not found", missing),
    ):
        for name in names:
            print(f"{title}: {name}")
    counts = Counter(found.values())
    listed = sum(outcome == "failed" and name in reasons for name, outcome in found.items())
    print(
        f"reference suite: {counts['passed']} passed, {counts['failed']} failed ({listed} of them listed), "
        f"{counts['skipped']} skipped"
    )
    return len(unexpected) + len(stale) + len(missing)


def main(arguments: list[str]) -> int:
    """Fetch, run, judge."""
    report = run(unpack(), arguments)
    if not report.is_file():
        print("reference suite: pytest did not get to its report")
        return 1
    found = outcomes(report)
    (PLACE / "outcomes.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 1 if judge(found, partial=bool(arguments)) or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

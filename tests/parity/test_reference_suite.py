"""The reference's own Python tests, run against fissile."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.places import ROOT


@pytest.mark.slow
@pytest.mark.timeout(1_000)
def test_reference_suite() -> None:
    pytest.importorskip("tokenizers", reason="its tests stand on it")
    done = subprocess.run(
        [sys.executable, "tests/parity/reference_suite.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "reference suite: " in done.stdout

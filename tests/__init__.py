"""The Python tests of fissile. `tests/README.md` says which folder answers which question."""

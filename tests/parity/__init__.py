"""fissile against the reference, tiktoken and sentencepiece: `python -m tests.parity --help`."""

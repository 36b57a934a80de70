"""Writing text, token by token."""

from __future__ import annotations


class Generates:
    """What models that write have."""

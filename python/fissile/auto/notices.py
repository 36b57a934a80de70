"""Warnings to the log `fissile`; logging is imported when there is something to say, not before."""

from __future__ import annotations


def warn(message: str, *arguments: object) -> None:
    """Write a warning to the log.

    Args:
        message: The text, with `%s` and `%d` where arguments go.
        *arguments: The arguments.
    """
    import logging

    logging.getLogger("fissile").warning(message, *arguments)

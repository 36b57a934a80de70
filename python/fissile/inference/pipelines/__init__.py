"""Pipelines: from text to answers in one call."""

"""Layers that several architectures share. They know no architecture and read no configuration."""

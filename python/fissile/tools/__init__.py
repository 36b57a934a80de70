"""Tools around a tokenizer."""

from fissile.tools.files import EncodedFile, encode_batches, encode_file
from fissile.tools.visualizer import Annotation, EncodingVisualizer

__all__ = [
    "Annotation",
    "EncodedFile",
    "EncodingVisualizer",
    "encode_batches",
    "encode_file",
]

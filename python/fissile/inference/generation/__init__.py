"""Writing text, token by token: greedily, by chance, or along several beams.

Everything here works on ids. It knows no architecture, and of tokenizers only that they decode.
"""

from .generate import Generates
from .settings import Settings

__all__ = ["Generates", "Settings"]

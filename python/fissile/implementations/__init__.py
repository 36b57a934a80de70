"""Ready compositions of the classic tokenizers, as classes.

Each builds a `fissile.Tokenizer` from parts with the defaults of its kind and passes every call on to
it. The same constructors exist in the field under these names.

Example:
    >>> from fissile import ByteLevelBPETokenizer
    >>> tokenizer = ByteLevelBPETokenizer({"a": 0, "b": 1, "ab": 2}, [("a", "b")])
    >>> tokenizer.encode("abab").tokens
    ['ab', 'ab']
"""

from fissile.implementations.base_tokenizer import BaseTokenizer
from fissile.implementations.bert_wordpiece import BertWordPieceTokenizer
from fissile.implementations.byte_level_bpe import ByteLevelBPETokenizer
from fissile.implementations.char_level_bpe import CharBPETokenizer
from fissile.implementations.sentencepiece_bpe import SentencePieceBPETokenizer
from fissile.implementations.sentencepiece_unigram import SentencePieceUnigramTokenizer

__all__ = [
    "BaseTokenizer",
    "BertWordPieceTokenizer",
    "ByteLevelBPETokenizer",
    "CharBPETokenizer",
    "SentencePieceBPETokenizer",
    "SentencePieceUnigramTokenizer",
]

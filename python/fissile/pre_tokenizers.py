"""Pre-tokenizers: parts that cut a text into the pieces a model sees."""

from ._rust import pre_tokenizers as _pre_tokenizers

BertPreTokenizer = _pre_tokenizers.BertPreTokenizer
ByteLevel = _pre_tokenizers.ByteLevel
CharDelimiterSplit = _pre_tokenizers.CharDelimiterSplit
Digits = _pre_tokenizers.Digits
FixedLength = _pre_tokenizers.FixedLength
Metaspace = _pre_tokenizers.Metaspace
PreTokenizer = _pre_tokenizers.PreTokenizer
Punctuation = _pre_tokenizers.Punctuation
Sequence = _pre_tokenizers.Sequence
Split = _pre_tokenizers.Split
UnicodeScripts = _pre_tokenizers.UnicodeScripts
Whitespace = _pre_tokenizers.Whitespace
WhitespaceSplit = _pre_tokenizers.WhitespaceSplit

__all__ = [
    "BertPreTokenizer",
    "ByteLevel",
    "CharDelimiterSplit",
    "Digits",
    "FixedLength",
    "Metaspace",
    "PreTokenizer",
    "Punctuation",
    "Sequence",
    "Split",
    "UnicodeScripts",
    "Whitespace",
    "WhitespaceSplit",
]

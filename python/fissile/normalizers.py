"""Normalizers: parts that clean a text before it is cut."""

from ._rust import normalizers as _normalizers

BertNormalizer = _normalizers.BertNormalizer
ByteLevel = _normalizers.ByteLevel
Lowercase = _normalizers.Lowercase
NFC = _normalizers.NFC
NFD = _normalizers.NFD
NFKC = _normalizers.NFKC
NFKD = _normalizers.NFKD
Nmt = _normalizers.Nmt
Normalizer = _normalizers.Normalizer
Precompiled = _normalizers.Precompiled
Prepend = _normalizers.Prepend
Replace = _normalizers.Replace
Sequence = _normalizers.Sequence
Strip = _normalizers.Strip
StripAccents = _normalizers.StripAccents

NORMALIZERS = {"nfc": NFC, "nfd": NFD, "nfkc": NFKC, "nfkd": NFKD}


def unicode_normalizer_from_str(normalizer: str) -> Normalizer:
    """Make the Unicode normalizer of a name.

    Args:
        normalizer: "nfc", "nfd", "nfkc" or "nfkd".

    Returns:
        The normalizer.

    Raises:
        ValueError: When there is none of that name.
    """
    if normalizer not in NORMALIZERS:
        known = ", ".join(NORMALIZERS)
        raise ValueError(f"{normalizer} is not a known unicode normalizer. Available are {known}")
    return NORMALIZERS[normalizer]()


__all__ = [
    "NFC",
    "NFD",
    "NFKC",
    "NFKD",
    "NORMALIZERS",
    "BertNormalizer",
    "ByteLevel",
    "Lowercase",
    "Nmt",
    "Normalizer",
    "Precompiled",
    "Prepend",
    "Replace",
    "Sequence",
    "Strip",
    "StripAccents",
    "unicode_normalizer_from_str",
]

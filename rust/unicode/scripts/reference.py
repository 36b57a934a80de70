"""What the reference tokenizer does to every Unicode scalar value, found by asking it.

Identical token ids need the reference's own mixture of Unicode versions (9 for normalization, an older one for
BERT's punctuation, 16 for regular expressions, the newest for case). No file of the Unicode Character Database
says that; the reference's behaviour does. Every function here feeds all scalar values through one public object
of the `tokenizers` wheel and returns what came back.

Not for encoding the answers: `tables.py` does that.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterable

import tokenizers
from tokenizers import NormalizedString, Regex, normalizers, pre_tokenizers

REFERENCE_VERSION = "0.23.3"

HANGUL = range(0xAC00, 0xAC00 + 11172)
SURROGATES = range(0xD800, 0xE000)
SCALARS = [code for code in range(0x110000) if code not in SURROGATES]
EVERYTHING = "".join(map(chr, SCALARS))

GENERAL_CATEGORIES = [
    "Cn",
    "Lu",
    "Ll",
    "Lt",
    "Lm",
    "Lo",
    "Mn",
    "Mc",
    "Me",
    "Nd",
    "Nl",
    "No",
    "Pc",
    "Pd",
    "Ps",
    "Pe",
    "Pi",
    "Pf",
    "Po",
    "Sm",
    "Sc",
    "Sk",
    "So",
    "Zs",
    "Zl",
    "Zp",
    "Cc",
    "Cf",
    "Co",
]
"""Every general category a scalar value can have, `Cn` (unassigned) first because absence is the default."""

SCRIPT_NAMES = [
    "Adlam",
    "Ahom",
    "Anatolian_Hieroglyphs",
    "Arabic",
    "Armenian",
    "Avestan",
    "Balinese",
    "Bamum",
    "Bassa_Vah",
    "Batak",
    "Bengali",
    "Bhaiksuki",
    "Bopomofo",
    "Brahmi",
    "Braille",
    "Buginese",
    "Buhid",
    "Canadian_Aboriginal",
    "Carian",
    "Caucasian_Albanian",
    "Chakma",
    "Cham",
    "Cherokee",
    "Common",
    "Coptic",
    "Cuneiform",
    "Cypriot",
    "Cyrillic",
    "Deseret",
    "Devanagari",
    "Duployan",
    "Egyptian_Hieroglyphs",
    "Elbasan",
    "Ethiopic",
    "Georgian",
    "Glagolitic",
    "Gothic",
    "Grantha",
    "Greek",
    "Gujarati",
    "Gurmukhi",
    "Han",
    "Hangul",
    "Hanunoo",
    "Hatran",
    "Hebrew",
    "Hiragana",
    "Imperial_Aramaic",
    "Inherited",
    "Inscriptional_Pahlavi",
    "Inscriptional_Parthian",
    "Javanese",
    "Kaithi",
    "Kannada",
    "Katakana",
    "Kayah_Li",
    "Kharoshthi",
    "Khmer",
    "Khojki",
    "Khudawadi",
    "Lao",
    "Latin",
    "Lepcha",
    "Limbu",
    "Linear_A",
    "Linear_B",
    "Lisu",
    "Lycian",
    "Lydian",
    "Mahajani",
    "Malayalam",
    "Mandaic",
    "Manichaean",
    "Marchen",
    "Meetei_Mayek",
    "Mende_Kikakui",
    "Meroitic_Cursive",
    "Meroitic_Hieroglyphs",
    "Miao",
    "Modi",
    "Mongolian",
    "Mro",
    "Multani",
    "Myanmar",
    "Nabataean",
    "New_Tai_Lue",
    "Newa",
    "Nko",
    "Ogham",
    "Ol_Chiki",
    "Old_Hungarian",
    "Old_Italic",
    "Old_North_Arabian",
    "Old_Permic",
    "Old_Persian",
    "Old_South_Arabian",
    "Old_Turkic",
    "Oriya",
    "Osage",
    "Osmanya",
    "Pahawh_Hmong",
    "Palmyrene",
    "Pau_Cin_Hau",
    "Phags_Pa",
    "Phoenician",
    "Psalter_Pahlavi",
    "Rejang",
    "Runic",
    "Samaritan",
    "Saurashtra",
    "Sharada",
    "Shavian",
    "Siddham",
    "SignWriting",
    "Sinhala",
    "Sora_Sompeng",
    "Sundanese",
    "Syloti_Nagri",
    "Syriac",
    "Tagalog",
    "Tagbanwa",
    "Tai_Le",
    "Tai_Tham",
    "Tai_Viet",
    "Takri",
    "Tamil",
    "Tangut",
    "Telugu",
    "Thaana",
    "Thai",
    "Tibetan",
    "Tifinagh",
    "Tirhuta",
    "Ugaritic",
    "Vai",
    "Warang_Citi",
    "Yi",
]
"""The scripts of Unicode 9, which is as far as the reference's script table goes."""


def require_reference() -> None:
    """Stop when another version is installed: its tables may differ and would be committed unnoticed."""
    if tokenizers.__version__ != REFERENCE_VERSION:
        raise SystemExit(
            f"tables.py needs tokenizers=={REFERENCE_VERSION}, found {tokenizers.__version__}"
        )


def matched_by(pattern: str, text: str = EVERYTHING) -> set[int]:
    """Characters of a text that one repetition of an Oniguruma pattern matches."""
    splitter = pre_tokenizers.Split(Regex(f"(?:{pattern})+"), "removed")
    return set(map(ord, text)) - _kept(splitter.pre_tokenize_str(text))


def _kept(pieces: Iterable[tuple[str, tuple[int, int]]]) -> set[int]:
    return {ord(char) for text, _ in pieces for char in text}


def whitespace() -> set[int]:
    """What `WhitespaceSplit` removes."""
    return set(SCALARS) - _kept(pre_tokenizers.WhitespaceSplit().pre_tokenize_str(EVERYTHING))


def punctuation() -> set[int]:
    """What `Punctuation` splits on; `BertPreTokenizer` must agree about all that is not whitespace."""
    found = set(SCALARS) - _kept(pre_tokenizers.Punctuation("removed").pre_tokenize_str(EVERYTHING))
    text = "".join(f"a{chr(code)}a " for code in SCALARS)
    pieces = pre_tokenizers.BertPreTokenizer().pre_tokenize_str(text)
    bert = {ord(piece) for piece, _ in pieces if len(piece) == 1 and piece != "a"}
    assert found == bert, "Punctuation and BertPreTokenizer disagree"
    return found


def numeric() -> set[int]:
    """What `Digits` takes for a digit: a letter before it is split off."""
    text = "".join(f"a{chr(code)}\n" for code in SCALARS if code != 0x0A)
    pieces = pre_tokenizers.Digits(individual_digits=True).pre_tokenize_str(text)
    return {ord(piece) for piece, _ in pieces if len(piece) == 1 and piece not in "a\n"}


def word_characters() -> set[int]:
    r"""What the `\w` of the `Whitespace` pre-tokenizer matches: it stays attached to a letter before it."""
    text = "".join(f"a{chr(code)} " for code in SCALARS)
    pieces = pre_tokenizers.Whitespace().pre_tokenize_str(text)
    return {ord(piece[1]) for piece, _ in pieces if len(piece) == 2}


def map_each(normalize: Callable[[str], str], separator: str = "\n") -> dict[int, str]:
    """The normalized form of each scalar value alone, in one call: lines cannot influence each other."""
    others = [code for code in SCALARS if chr(code) != separator]
    lines = normalize(separator.join(map(chr, others))).split(separator)
    assert len(lines) == len(others), "a separator appeared or vanished"
    found = dict(zip(others, lines, strict=True))
    found[ord(separator)] = normalize(separator)
    return found


def uppercase(text: str) -> str:
    """`NormalizedString.uppercase`, which no normalizer offers."""
    string = NormalizedString(text)
    string.uppercase()
    return string.normalized


def bert_normalizer(**flags: bool) -> Callable[[str], str]:
    """`BertNormalizer` with only the given steps switched on."""
    off = {
        "clean_text": False,
        "handle_chinese_chars": False,
        "strip_accents": False,
        "lowercase": False,
    }
    return normalizers.BertNormalizer(**(off | flags)).normalize_str


def dropped(mapping: dict[int, str]) -> set[int]:
    """Scalar values that a mapping removes."""
    return {code for code, text in mapping.items() if text == ""}


def bert_nonspacing() -> set[int]:
    """What `BertNormalizer(strip_accents=True)` drops; characters that decompose cannot be told, and never reach it."""
    return dropped(map_each(bert_normalizer(strip_accents=True)))


@functools.cache
def normalized(form: str) -> dict[int, str]:
    """The given normalization form of each scalar value."""
    return map_each(getattr(normalizers, form)().normalize_str)


def combining_classes() -> dict[int, int]:
    """Canonical combining classes, from the order in which NFD puts two marks.

    Only characters that do not decompose have an observable class, and only those can need one. The numbers come
    from a well-known mark of each class; the reference decides who is equal to whom.
    """
    nfd = normalizers.NFD().normalize_str
    marks = _reordered_marks()
    known = _one_mark_per_class(marks)
    candidates: dict[int, list[int]] = {code: [] for code in marks}
    for number, mark in known.items():
        before = _moves(nfd, [f"a{chr(code)}{mark}" for code in marks])
        after = _moves(nfd, [f"a{mark}{chr(code)}" for code in marks])
        for code, first, second in zip(marks, before, after, strict=True):
            if not first and not second:
                candidates[code].append(number)
    assert all(len(found) == 1 for found in candidates.values()), (
        "a combining class is not pinned down"
    )
    return {code: found[0] for code, found in candidates.items()}


def _moves(nfd: Callable[[str], str], texts: list[str]) -> list[bool]:
    return [
        line != text for line, text in zip(nfd("\n".join(texts)).split("\n"), texts, strict=True)
    ]


def _reordered_marks() -> list[int]:
    """Characters that NFD moves past a mark of the lowest or of the highest class: all whose class is not 0."""
    nfd = normalizers.NFD().normalize_str
    lowest, highest = "\u0334", "\u0345"
    alone = [code for code, text in normalized("NFD").items() if text == chr(code) and code != 0x0A]
    before = _moves(nfd, [f"a{chr(code)}{lowest}" for code in alone])
    after = _moves(nfd, [f"a{highest}{chr(code)}" for code in alone])
    return [
        code for code, first, second in zip(alone, before, after, strict=True) if first or second
    ]


def _one_mark_per_class(marks: list[int]) -> dict[int, str]:
    """The first mark of each class, and proof that the reference orders these marks by class."""
    known: dict[int, str] = {}
    for code in marks:
        number = unicodedata.combining(chr(code))
        if number:
            known.setdefault(number, chr(code))
    nfd = normalizers.NFD().normalize_str
    for low in known:
        for high in known:
            if low < high:
                expected = f"a{known[low]}{known[high]}"
                assert nfd(f"a{known[high]}{known[low]}") == expected, (low, high)
    return known


def compositions() -> dict[tuple[int, int], int]:
    """Pairs that NFC composes, found by taking the last mark off each composed character (Hangul left out)."""
    nfc = normalizers.NFC().normalize_str
    pairs: dict[tuple[int, int], int] = {}
    for code, text in normalized("NFD").items():
        if code in HANGUL or len(text) < 2 or nfc(text) != chr(code):
            continue
        first = nfc(text[:-1])
        assert len(first) == 1, hex(code)
        assert nfc(first + text[-1]) == chr(code), hex(code)
        pairs[ord(first), ord(text[-1])] = code
    return pairs


def scripts() -> dict[int, str]:
    """The script of each character that has one; the others are what the reference calls `Any`.

    `UnicodeScripts` tells only whether two characters share a script, so a script takes its name from the
    Oniguruma property that covers most of its members. It also treats Hiragana, Katakana and U+30FC as Han and
    the space as scriptless: those three are told apart again by name.
    """
    same = _script_equality()
    no_script = {code for code in SCALARS if same(0x41, code) and same(0x3B1, code)}
    groups = _script_groups(same, [code for code in SCALARS if code not in no_script])
    sample = "".join(chr(code) for members in groups for code in sorted(members)[:100])
    named = {name: matched_by(rf"\p{{{name}}}", sample) for name in SCRIPT_NAMES}
    found: dict[int, str] = {}
    for members in groups:
        name = max(SCRIPT_NAMES, key=lambda name: len(named[name] & members))
        assert named[name] & members, name
        assert name not in found.values(), name
        found.update(dict.fromkeys(members, name))
    for name in ("Hiragana", "Katakana"):
        members = matched_by(rf"\p{{{name}}}")
        found.update({code: name for code in members if found.get(code) == "Han"})
    found.update({0x20: "Common", 0x30FC: "Common"})
    return dict(sorted(found.items()))


def _script_equality() -> Callable[[int, int], bool]:
    splitter = pre_tokenizers.UnicodeScripts()

    def same(left: int, right: int) -> bool:
        return len(splitter.pre_tokenize_str(chr(left) + chr(right))) == 1

    return same


def _script_groups(same: Callable[[int, int], bool], codes: list[int]) -> list[set[int]]:
    """Partition characters by script: cut the sorted text into runs, then compare one member of each."""
    groups: list[set[int]] = []
    heads: list[int] = []
    for run, _ in pre_tokenizers.UnicodeScripts().pre_tokenize_str("".join(map(chr, codes))):
        for index, head in enumerate(heads):
            if same(head, ord(run[0])):
                groups[index].update(map(ord, run))
                break
        else:
            heads.append(ord(run[0]))
            groups.append(set(map(ord, run)))
    return groups

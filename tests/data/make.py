"""Make the small tokenizers of `tokenizers/` with the reference: `python tests/data/make.py`.

They cover the parts and options that no vocabulary of a package has: every normalizer, pre-tokenizer,
post-processor and decoder is in at least one of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.support.places import CORPORA  # noqa: E402

MADE: dict[str, Callable[[], Tokenizer]] = {}


def made(build: Callable[[], Tokenizer]) -> Callable[[], Tokenizer]:
    """Register a tokenizer under its function's name."""
    MADE[build.__name__] = build
    return build


def texts() -> Iterator[str]:
    """What vocabularies are learnt from."""
    for folder in ("natural", "code"):
        for path in sorted((CORPORA / folder).glob("*.txt")):
            yield from path.read_text(encoding="utf-8").split("\n")


def bpe(
    tokenizer: Tokenizer, size: int = 700, special: tuple[str, ...] = (), **options: object
) -> Tokenizer:
    """Learn merges."""
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=list(special), show_progress=False, **options
    )
    tokenizer.train_from_iterator(texts(), trainer)
    return tokenizer


@made
def byte_level_roberta() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    bpe(
        tokenizer,
        special=("<s>", "</s>", "<mask>"),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 1), ("<s>", 0), trim_offsets=True
    )
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
    return tokenizer


@made
def byte_level_as_normalizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.ByteLevel()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[Ġ ]?[^Ġ ]+"), "isolated")
    tokenizer.decoder = decoders.ByteLevel()
    return bpe(tokenizer, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())


@made
def byte_fallback() -> Tokenizer:
    """SentencePiece's BPE, as the first Llamas have it."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    bpe(tokenizer, size=900, special=tuple(pieces), limit_alphabet=120)
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)]
    )
    return tokenizer


@made
def metaspace_pieces() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=False, fuse_unk=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    bpe(tokenizer, special=("<unk>", "<sep>"), limit_alphabet=150)
    tokenizer.add_tokens(
        [AddedToken("naïve", single_word=True), AddedToken("  ", normalized=False)]
    )
    return tokenizer


@made
def metaspace_unsplit() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never", split=False)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="never", split=False)
    return bpe(tokenizer, size=500, special=("<unk>",), max_token_length=8)


@made
def suffixed_words() -> Tokenizer:
    """The first BPE: `</w>` ends words."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.BertNormalizer(lowercase=False), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.BPEDecoder()
    return bpe(tokenizer, special=("<unk>",), end_of_word_suffix="</w>", limit_alphabet=100)


@made
def prefixed_words() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Punctuation("contiguous"),
            pre_tokenizers.Digits(True),
        ]
    )
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    return bpe(tokenizer, special=("[UNK]",), continuing_subword_prefix="##", limit_alphabet=100)


@made
def word_pieces() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20))
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.UnicodeScripts(), pre_tokenizers.Whitespace()]
    )
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=700, special_tokens=special, limit_alphabet=150, show_progress=False
    )
    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_truncation(24, stride=4, strategy="only_first")
    tokenizer.enable_padding(pad_id=0, pad_to_multiple_of=8)
    return tokenizer


@made
def whole_words() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKD(),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(True, False),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.CharDelimiterSplit(" "), pre_tokenizers.Punctuation("merged_with_previous")]
    )
    trainer = trainers.WordLevelTrainer(
        vocab_size=500, special_tokens=["<unk>", "<pad>"], show_progress=False
    )
    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$0 <pad>:2", pair="<pad>:3 $B:1 $A:0 <pad>", special_tokens=[("<pad>", 1)]
    )
    tokenizer.add_tokens(["don't", AddedToken("Ferry", lstrip=True, rstrip=True)])
    return tokenizer


@made
def fixed_lengths() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split("\n", "merged_with_next"), pre_tokenizers.FixedLength(3)]
    )
    tokenizer.decoder = decoders.Sequence([decoders.CTC("<unk>", "|", True), decoders.Fuse()])
    trainer = trainers.WordLevelTrainer(
        vocab_size=900, special_tokens=["<unk>"], show_progress=False
    )
    tokenizer.train_from_iterator(texts(), trainer)
    return tokenizer


def _unigram(tokenizer: Tokenizer, size: int) -> Tokenizer:
    trainer = trainers.UnigramTrainer(
        vocab_size=size,
        special_tokens=["<unk>", "<s>", "</s>"],
        unk_token="<unk>",
        show_progress=False,
    )
    tokenizer.train_from_iterator(
        (line[:200] for line in texts() if max(line, default="") < "\u0500"), trainer
    )
    return tokenizer


@made
def unigram() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    _unigram(tokenizer, 1_400)
    tokenizer.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=True),
            processors.TemplateProcessing(
                single="<s> $A </s>",
                pair="<s> $A </s> </s> $B </s>",
                special_tokens=[("<s>", 1), ("</s>", 2)],
            ),
        ]
    )
    return tokenizer


@made
def unigram_bytes() -> Tokenizer:
    """Unigram with byte pieces."""
    learnt = _unigram(Tokenizer(models.Unigram()), 1_200)
    import json

    vocab = [tuple(piece) for piece in json.loads(learnt.to_str())["model"]["vocab"]]
    pieces = [(f"<0x{byte:02X}>", -20.0) for byte in range(256)]
    tokenizer = Tokenizer(models.Unigram([*vocab[:500], *pieces], 0, True))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(
        Regex(r"(?=[A-Z])"), "merged_with_next", invert=False
    )
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    return tokenizer


def main() -> None:
    """Write them all."""
    (HERE / "tokenizers").mkdir(exist_ok=True)
    for name, build in MADE.items():
        path = HERE / "tokenizers" / f"{name}.json"
        build().save(str(path), pretty=False)
        print(f"{name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

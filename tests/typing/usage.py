"""How fissile is used, for mypy to read: never run."""

from __future__ import annotations

from pathlib import Path

from fissile import (
    AddedToken,
    Encoding,
    Ids,
    NormalizedString,
    Ragged,
    Regex,
    Token,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from typing_extensions import assert_type

tokenizer = Tokenizer(models.BPE({"a": 0}, [], unk_token="a"))
assert_type(Tokenizer.from_file(Path("tokenizer.json")), Tokenizer)
assert_type(Tokenizer.from_file("tokenizer.json"), Tokenizer)
assert_type(tokenizer.to_str(pretty=True), str)

encoding = tokenizer.encode("text", "pair", add_special_tokens=False)
assert_type(encoding, Encoding)
assert_type(encoding.ids, list[int])
assert_type(encoding.offsets, list[tuple[int, int]])
assert_type(encoding.word_ids, list[int | None])
assert_type(encoding.overflowing, list[Encoding])
assert_type(encoding.char_to_token(3), int | None)
assert_type(encoding.token_to_chars(3), tuple[int, int] | None)
assert_type(tokenizer.encode_batch(["a", ("a", "b")]), list[Encoding])
assert_type(tokenizer.encode(["a", "b"], is_pretokenized=True), Encoding)

assert_type(tokenizer.encode_ids("a", truncation={"max_length": 3}), Ids)
assert_type(tokenizer.encode_ids_batch(["a"], padding=True, num_threads=1), Ragged)
assert_type(tokenizer.encode_ids("a").to_list(), list[int])
assert_type(tokenizer.count("a", allowed_special={"<s>"}, disallowed_special="all"), int)
assert_type(tokenizer.decode([1, 2], skip_special_tokens=False), str)
assert_type(tokenizer.decode_bytes([1]), bytes)
assert_type(tokenizer.token_bytes(1), bytes | None)
assert_type(tokenizer.get_vocab(), dict[str, int])
assert_type(tokenizer.add_tokens(["a", AddedToken("b", lstrip=True)]), int)

tokenizer.normalizer = normalizers.Sequence(
    [normalizers.NFC(), normalizers.Replace(Regex("a"), "b")]
)
tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "isolated", invert=True)
tokenizer.post_processor = processors.TemplateProcessing(single="$A", special_tokens=[("a", 0)])
tokenizer.decoder = decoders.Sequence([decoders.Fuse()])
tokenizer.decoder = None
tokenizer.enable_truncation(3, stride=1, strategy="only_first", direction="left")
tokenizer.enable_padding(length=3, pad_token="a")

assert_type(models.WordPiece({"a": 0}).tokenize("a"), list[Token])
assert_type(normalizers.NFC().normalize_str("a"), str)
assert_type(NormalizedString("a").split("a", "removed"), list[NormalizedString])
assert_type(trainers.BpeTrainer(vocab_size=3).vocab_size, int)


async def asynchronous() -> Encoding:
    """The awaitable methods."""
    return await tokenizer.async_encode("a")

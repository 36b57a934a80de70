"""What the ready compositions share: a tokenizer inside, every call passed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike, fspath
from typing import Any, Literal

from fissile import AddedToken, Encoding, Tokenizer
from fissile.decoders import Decoder
from fissile.models import Model
from fissile.normalizers import Normalizer
from fissile.pre_tokenizers import PreTokenizer
from fissile.processors import PostProcessor
from fissile.trainers import BpeTrainer, Trainer

Token = str | AddedToken
Direction = Literal["left", "right"]
Strategy = Literal["longest_first", "only_first", "only_second"]
Scheme = Literal["always", "never"]
Files = str | PathLike[str] | Sequence[str | PathLike[str]]
Texts = Iterable[str] | Iterable[Iterable[str]]


class BaseTokenizer:
    """A tokenizer with its parameters: the base of all compositions.

    Args:
        tokenizer: What does the work.
        parameters: What it was built with; shown by `repr`.
    """

    def __init__(self, tokenizer: Tokenizer, parameters: Mapping[str, Any] | None = None) -> None:
        self._tokenizer = tokenizer
        self._parameters = dict(parameters or {})

    def __repr__(self) -> str:
        """The size of the vocabulary and the parameters."""
        shown = ", ".join(f"{name}={value}" for name, value in self._parameters.items())
        return f"Tokenizer(vocabulary_size={self._tokenizer.get_vocab_size()}, {shown})"

    # Vocabulary ---------------------------------------------------------------------------------

    def get_vocab(self, with_added_tokens: bool = True) -> dict[str, int]:
        """Tokens and their ids."""
        return self._tokenizer.get_vocab(with_added_tokens=with_added_tokens)

    def get_vocab_size(self, with_added_tokens: bool = True) -> int:
        """How many tokens there are."""
        return self._tokenizer.get_vocab_size(with_added_tokens=with_added_tokens)

    def get_added_tokens_decoder(self) -> dict[int, AddedToken]:
        """Added tokens by id, ascending."""
        return self._tokenizer.get_added_tokens_decoder()

    def token_to_id(self, token: str) -> int | None:
        """The id of a token, or None."""
        return self._tokenizer.token_to_id(token)

    def id_to_token(self, id: int) -> str | None:
        """The token of an id, or None."""
        return self._tokenizer.id_to_token(id)

    def add_tokens(self, tokens: list[Token] | tuple[Token, ...]) -> int:
        """Add tokens; how many were new or changed."""
        return self._tokenizer.add_tokens(tokens)

    def add_special_tokens(self, special_tokens: list[Token] | tuple[Token, ...]) -> int:
        """Add special tokens; how many were new or changed."""
        return self._tokenizer.add_special_tokens(special_tokens)

    def num_special_tokens_to_add(self, is_pair: bool) -> int:
        """How many tokens the post-processor adds to a sequence, or to a pair."""
        return self._tokenizer.num_special_tokens_to_add(is_pair)

    # Settings -----------------------------------------------------------------------------------

    def enable_padding(
        self,
        direction: Direction = "right",
        pad_to_multiple_of: int | None = None,
        pad_id: int = 0,
        pad_type_id: int = 0,
        pad_token: str = "[PAD]",
        length: int | None = None,
    ) -> None:
        """Pad from now on: to `length`, or to the longest of a batch."""
        self._tokenizer.enable_padding(
            direction=direction,
            pad_to_multiple_of=pad_to_multiple_of,
            pad_id=pad_id,
            pad_type_id=pad_type_id,
            pad_token=pad_token,
            length=length,
        )

    def no_padding(self) -> None:
        """Pad no more."""
        self._tokenizer.no_padding()

    @property
    def padding(self) -> Mapping[str, Any] | None:
        """The padding in force, as the arguments that set it, or None."""
        return self._tokenizer.padding

    def enable_truncation(
        self, max_length: int, stride: int = 0, strategy: Strategy = "longest_first"
    ) -> None:
        """Truncate to `max_length` tokens from now on."""
        self._tokenizer.enable_truncation(max_length, stride=stride, strategy=strategy)

    def no_truncation(self) -> None:
        """Truncate no more."""
        self._tokenizer.no_truncation()

    @property
    def truncation(self) -> Mapping[str, Any] | None:
        """The truncation in force, as the arguments that set it, or None."""
        return self._tokenizer.truncation

    # Work ---------------------------------------------------------------------------------------

    def normalize(self, sequence: str) -> str:
        """A text after the normalizer, which has to be set.

        Raises:
            AttributeError: When there is no normalizer.
        """
        normalizer = self._tokenizer.normalizer
        if normalizer is None:
            raise AttributeError(
                "this tokenizer has no normalizer: set one before calling normalize"
            )
        return normalizer.normalize_str(sequence)

    def encode(
        self,
        sequence: Any,
        pair: Any | None = None,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
    ) -> Encoding:
        """Encode a text, or a pair. A sequence of None is refused.

        Raises:
            ValueError: When `sequence` is None.
        """
        if sequence is None:
            raise ValueError("encode: `sequence` can't be `None`")
        return self._tokenizer.encode(sequence, pair, is_pretokenized, add_special_tokens)

    def encode_batch(
        self, inputs: Sequence[Any], is_pretokenized: bool = False, add_special_tokens: bool = True
    ) -> list[Encoding]:
        """Encode many texts or pairs.

        Raises:
            ValueError: When `inputs` is None.
        """
        if inputs is None:
            raise ValueError("encode_batch: `inputs` can't be `None`")
        return self._tokenizer.encode_batch(inputs, is_pretokenized, add_special_tokens)

    async def async_encode_batch(
        self, inputs: Sequence[Any], is_pretokenized: bool = False, add_special_tokens: bool = True
    ) -> list[Encoding]:
        """`encode_batch` on another thread, to be awaited.

        Raises:
            ValueError: When `inputs` is None.
        """
        if inputs is None:
            raise ValueError("async_encode_batch: `inputs` can't be `None`")
        return await self._tokenizer.async_encode_batch(inputs, is_pretokenized, add_special_tokens)

    async def async_encode_batch_fast(
        self, inputs: Sequence[Any], is_pretokenized: bool = False, add_special_tokens: bool = True
    ) -> list[Encoding]:
        """`encode_batch_fast` (no offsets) on another thread, to be awaited.

        Raises:
            ValueError: When `inputs` is None.
        """
        if inputs is None:
            raise ValueError("async_encode_batch_fast: `inputs` can't be `None`")
        return await self._tokenizer.async_encode_batch_fast(
            inputs, is_pretokenized, add_special_tokens
        )

    def decode(self, ids: Sequence[int], skip_special_tokens: bool = True) -> str:
        """The text of ids.

        Raises:
            ValueError: When `ids` is None.
        """
        if ids is None:
            raise ValueError("None input is not valid. Should be a list of integers.")
        return self._tokenizer.decode(ids, skip_special_tokens=skip_special_tokens)

    def decode_batch(
        self, sequences: Sequence[Sequence[int]], skip_special_tokens: bool = True
    ) -> list[str]:
        """The texts of many lists of ids.

        Raises:
            ValueError: When `sequences` is None.
        """
        if sequences is None:
            raise ValueError("None input is not valid. Should be list of list of integers.")
        return self._tokenizer.decode_batch(sequences, skip_special_tokens=skip_special_tokens)

    async def async_decode_batch(
        self, sequences: Sequence[Sequence[int]], skip_special_tokens: bool = True
    ) -> list[str]:
        """`decode_batch` on another thread, to be awaited.

        Raises:
            ValueError: When `sequences` is None.
        """
        if sequences is None:
            raise ValueError("None input is not valid. Should be list of list of integers.")
        return await self._tokenizer.async_decode_batch(sequences, skip_special_tokens)

    def post_process(
        self, encoding: Encoding, pair: Encoding | None = None, add_special_tokens: bool = True
    ) -> Encoding:
        """Truncate, frame and pad what was encoded before."""
        return self._tokenizer.post_process(encoding, pair, add_special_tokens)

    # Files --------------------------------------------------------------------------------------

    def save_model(self, directory: str, prefix: str | None = None) -> list[str]:
        """Write the model's own files into a folder; their paths."""
        return self._tokenizer.model.save(directory, prefix=prefix)

    def save(self, path: str | PathLike[str], pretty: bool = True) -> None:
        """Write the whole tokenizer as JSON."""
        self._tokenizer.save(path, pretty)

    def to_str(self, pretty: bool = False) -> str:
        """The whole tokenizer as JSON."""
        return self._tokenizer.to_str(pretty)

    # Training -----------------------------------------------------------------------------------

    def _train_on_files(self, files: Files, trainer: Trainer) -> None:
        paths = [files] if isinstance(files, (str, PathLike)) else files
        self._tokenizer.train([fspath(path) for path in paths], trainer=trainer)

    def _train_on_texts(self, iterator: Texts, trainer: Trainer, length: int | None) -> None:
        texts: Iterator[Any] = iter(iterator)
        self._tokenizer.train_from_iterator(texts, trainer=trainer, length=length)

    # Parts --------------------------------------------------------------------------------------

    @property
    def model(self) -> Model:
        """What turns pieces into tokens."""
        return self._tokenizer.model

    @model.setter
    def model(self, model: Model) -> None:
        self._tokenizer.model = model

    @property
    def normalizer(self) -> Normalizer | None:
        """What cleans texts."""
        return self._tokenizer.normalizer

    @normalizer.setter
    def normalizer(self, normalizer: Normalizer | None) -> None:
        self._tokenizer.normalizer = normalizer

    @property
    def pre_tokenizer(self) -> PreTokenizer | None:
        """What cuts texts into pieces."""
        return self._tokenizer.pre_tokenizer

    @pre_tokenizer.setter
    def pre_tokenizer(self, pre_tokenizer: PreTokenizer | None) -> None:
        self._tokenizer.pre_tokenizer = pre_tokenizer

    @property
    def post_processor(self) -> PostProcessor | None:
        """What frames encodings."""
        return self._tokenizer.post_processor

    @post_processor.setter
    def post_processor(self, post_processor: PostProcessor | None) -> None:
        self._tokenizer.post_processor = post_processor

    @property
    def decoder(self) -> Decoder | None:
        """What turns tokens back into text."""
        return self._tokenizer.decoder

    @decoder.setter
    def decoder(self, decoder: Decoder | None) -> None:
        self._tokenizer.decoder = decoder


def add_known_specials(tokenizer: Tokenizer, tokens: Iterable[Token]) -> None:
    """Make special those of `tokens` that the vocabulary holds."""
    for token in map(str, tokens):
        if tokenizer.token_to_id(token) is not None:
            tokenizer.add_special_tokens([token])


def bpe_trainer(
    vocab_size: int,
    min_frequency: int,
    special_tokens: Sequence[Token],
    limit_alphabet: int,
    initial_alphabet: Sequence[str],
    show_progress: bool,
    end_of_word_suffix: str | None = None,
) -> BpeTrainer:
    """The trainer of compositions that learn their alphabet."""
    return BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=min_frequency,
        special_tokens=list(special_tokens),
        limit_alphabet=limit_alphabet,
        initial_alphabet=list(initial_alphabet),
        show_progress=show_progress,
        end_of_word_suffix=end_of_word_suffix,
    )

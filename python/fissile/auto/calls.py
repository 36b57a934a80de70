"""The calls of a tokenizer: encode, decode, pad, and everything built on them.

`call` does the encoding and `padding` the padding; here are the names and arguments that model code uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .._rust import InvalidValueError, Tokenizer
from . import call, settings
from .arrays import to_lists
from .batch import BatchEncoding
from .notices import warn

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast

_Self = TypeVar("_Self", bound="Calls")

_CLEAN_UP = (
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" 's", "'s"),
    (" 've", "'ve"),
    (" 're", "'re"),
)


class Calls:
    """What can be called; the state it works on is that of `PreTrainedTokenizerFast`."""

    _tokenizer: Tokenizer

    # Encode.

    def __call__(
        self,
        text: Any = None,
        text_pair: Any = None,
        text_target: Any = None,
        text_pair_target: Any = None,
        add_special_tokens: bool = True,
        padding: Any = False,
        truncation: Any = None,
        max_length: int | None = None,
        stride: int = 0,
        is_split_into_words: bool = False,
        pad_to_multiple_of: int | None = None,
        padding_side: str | None = None,
        return_tensors: Any = None,
        return_token_type_ids: bool | None = None,
        return_attention_mask: bool | None = None,
        return_overflowing_tokens: bool = False,
        return_special_tokens_mask: bool = False,
        return_offsets_mapping: bool = False,
        return_length: bool = False,
        verbose: bool = True,
        tokenizer_kwargs: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> BatchEncoding:
        """Encode texts for a model.

        Args:
            text: A text, a list of texts, or with `is_split_into_words` a list of words or of such lists.
            text_pair: The second texts of pairs, in the same shape.
            text_target: Texts whose ids become `labels`.
            text_pair_target: The second texts of pairs of those.
            add_special_tokens: Add the special tokens of the model.
            padding: `True` or "longest" for the longest of the batch, "max_length" for `max_length` or
                what the model takes, `False` or "do_not_pad".
            truncation: `True` or "longest_first", "only_first", "only_second", `False` or
                "do_not_truncate".
            max_length: Tokens at most, special ones included.
            stride: Tokens that an overflowing part repeats of the one before.
            is_split_into_words: Texts are lists of words.
            pad_to_multiple_of: Round the padded length up to a multiple of this.
            padding_side: "left" or "right", instead of the tokenizer's own.
            return_tensors: "np" for NumPy arrays, "pt" for Torch tensors; lists by default.
            return_token_type_ids: Give types; by default when the model takes them.
            return_attention_mask: Give the mask; by default when the model takes it.
            return_overflowing_tokens: Give what truncation cut off as further rows.
            return_special_tokens_mask: Mark special tokens.
            return_offsets_mapping: Give the characters of every token.
            return_length: Give the lengths of rows.
            verbose: Warn of texts that are too long for the model.
            tokenizer_kwargs: Further arguments, as a dictionary.
            **options: `split_special_tokens`, `max_target_length`, `is_pretokenized`.

        Returns:
            The model inputs by name.

        Raises:
            TypeError: When there is an argument that no call has.
            ValueError: When something is no text, or arguments contradict each other.
        """
        longest_target = options.pop("max_target_length", None)
        arguments = {
            "add_special_tokens": add_special_tokens,
            "padding": padding,
            "truncation": truncation,
            "max_length": max_length,
            "stride": stride,
            "is_split_into_words": is_split_into_words,
            "pad_to_multiple_of": pad_to_multiple_of,
            "padding_side": padding_side,
            "return_tensors": return_tensors,
            "return_token_type_ids": return_token_type_ids,
            "return_attention_mask": return_attention_mask,
            "return_overflowing_tokens": return_overflowing_tokens,
            "return_special_tokens_mask": return_special_tokens_mask,
            "return_offsets_mapping": return_offsets_mapping,
            "return_length": return_length,
            "verbose": verbose,
            **(tokenizer_kwargs or {}),
            **options,
        }
        if text is None and text_target is None:
            raise InvalidValueError("You need to specify either `text` or `text_target`.")
        this = cast("PreTrainedTokenizerFast", self)
        read = settings.read(this, **arguments)
        encoded = None if text is None else call.encode(this, text, text_pair, read)
        if text_target is None:
            return cast(BatchEncoding, encoded)
        if longest_target is not None:
            read = read._replace(max_length=longest_target)
        target = call.encode(this, text_target, text_pair_target, read)
        if encoded is None:
            return target
        encoded["labels"] = target["input_ids"]
        return encoded

    def encode(
        self,
        text: Any,
        text_pair: Any = None,
        add_special_tokens: bool = True,
        padding: Any = False,
        truncation: Any = None,
        max_length: int | None = None,
        stride: int = 0,
        **options: Any,
    ) -> Any:
        """Encode a text or a pair into ids and nothing else.

        Returns:
            The ids: a list, or with `return_tensors` an array of one row.
        """
        return self(
            text,
            text_pair,
            add_special_tokens=add_special_tokens,
            padding=padding,
            truncation=truncation,
            max_length=max_length,
            stride=stride,
            **options,
        )["input_ids"]

    def encode_plus(self, text: Any, text_pair: Any = None, **options: Any) -> BatchEncoding:
        """Encode a text or a pair: an older name of the call."""
        return self(text, text_pair, **options)

    def batch_encode_plus(self, batch_text_or_text_pairs: Any, **options: Any) -> BatchEncoding:
        """Encode a batch of texts or of pairs: an older name of the call."""
        return self(batch_text_or_text_pairs, **options)

    def tokenize(
        self, text: Any, pair: Any = None, add_special_tokens: bool = False, **options: Any
    ) -> list[str]:
        """Give the texts of the tokens of a text or a pair."""
        return self(text, pair, add_special_tokens=add_special_tokens, **options).tokens()

    # Decode.

    def decode(
        self,
        token_ids: Any,
        skip_special_tokens: bool = False,
        clean_up_tokenization_spaces: bool | None = None,
        **options: Any,
    ) -> Any:
        """Decode ids to text.

        Args:
            token_ids: An id, a list of ids, a list of such lists, an array or a tensor.
            skip_special_tokens: Leave special tokens out.
            clean_up_tokenization_spaces: Join punctuation and English contractions to the word before
                them; by default as the tokenizer is set.
            **options: `use_source_tokenizer`, which changes nothing.

        Returns:
            A text, or a list of texts for a list of lists.
        """
        options.pop("use_source_tokenizer", None)
        if options:
            raise TypeError(f"unexpected argument {next(iter(options))!r} of decode")
        ids = to_lists(token_ids)
        if isinstance(ids, Mapping):
            ids = ids["input_ids"]
        if isinstance(ids, int):
            ids = [ids]
        clean = self._cleans(clean_up_tokenization_spaces)
        if ids and isinstance(ids[0], (list, tuple)):
            texts = self._tokenizer.decode_batch(ids, skip_special_tokens)
            return [self.clean_up_tokenization(text) for text in texts] if clean else texts
        text = self._tokenizer.decode(ids, skip_special_tokens)
        return self.clean_up_tokenization(text) if clean else text

    def batch_decode(
        self,
        sequences: Any,
        skip_special_tokens: bool = False,
        clean_up_tokenization_spaces: bool | None = None,
        **options: Any,
    ) -> list[str]:
        """Decode several lists of ids; always gives a list."""
        decoded = self.decode(
            sequences, skip_special_tokens, clean_up_tokenization_spaces, **options
        )
        return [decoded] if isinstance(decoded, str) else cast("list[str]", decoded)

    def _cleans(self, asked: bool | None) -> bool:
        this = cast("PreTrainedTokenizerFast", self)
        clean = this.clean_up_tokenization_spaces if asked is None else asked
        if not clean or type(self._tokenizer.model).__name__ != "BPE":
            return clean
        if this.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output:
            return True
        if asked:
            warn(
                "clean_up_tokenization_spaces=True is ignored: it takes spaces out of the text of a BPE "
                "tokenizer that were there before"
            )
        return False

    def clean_up_tokenization(self, text: str) -> str:
        """Join punctuation and English contractions to the word before them."""
        for before, after in _CLEAN_UP:
            text = text.replace(before, after)
        return text

    def convert_tokens_to_string(self, tokens: Sequence[str]) -> str:
        """Join tokens to the text that they stand for."""
        decoder = self._tokenizer.decoder
        return " ".join(tokens) if decoder is None else decoder.decode(list(tokens))

    # Pad.

    def pad(
        self,
        encoded_inputs: Any,
        padding: Any = True,
        max_length: int | None = None,
        pad_to_multiple_of: int | None = None,
        padding_side: str | None = None,
        return_attention_mask: bool | None = None,
        return_tensors: Any = None,
        verbose: bool = True,
    ) -> BatchEncoding:
        """Pad encoded texts to the same length.

        Args:
            encoded_inputs: One encoded text, a mapping of lists, or a list of encoded texts.
            padding: As in the call.
            max_length: As in the call.
            pad_to_multiple_of: As in the call.
            padding_side: As in the call.
            return_attention_mask: As in the call.
            return_tensors: As in the call; arrays and tensors stay what they are by default.
            verbose: Warn of contradictions.

        Returns:
            The padded inputs by name.

        Raises:
            ValueError: When there are no ids, or there is no padding token.
        """
        from .padding import pad

        this = cast("PreTrainedTokenizerFast", self)
        return pad(
            this,
            encoded_inputs,
            padding,
            max_length,
            pad_to_multiple_of,
            padding_side,
            return_attention_mask,
            return_tensors,
            verbose,
        )

    # Files.

    @classmethod
    def from_pretrained(
        cls: type[_Self],
        pretrained_model_name_or_path: str | PathLike[str],
        *init_inputs: Any,
        **options: Any,
    ) -> _Self:
        """Read a tokenizer from a folder, a file, or by the name it has on the Hugging Face Hub.

        See `fissile.auto.load.open_pretrained`.
        """
        from .load import open_pretrained

        opened = open_pretrained(cast(Any, cls), pretrained_model_name_or_path, options)
        return cast(_Self, opened)

    def save_pretrained(
        self, save_directory: str | PathLike[str], **options: Any
    ) -> tuple[str, ...]:
        """Write the tokenizer into a folder, for `from_pretrained` of any library.

        See `fissile.auto.save.save_pretrained`.
        """
        from .save import save_pretrained

        return save_pretrained(cast("PreTrainedTokenizerFast", self), save_directory, **options)

    def save_vocabulary(
        self, save_directory: str | PathLike[str], filename_prefix: str | None = None
    ) -> tuple[str, ...]:
        """Write the files of the model alone, without settings and added tokens."""
        return tuple(self._tokenizer.model.save(str(save_directory), filename_prefix))

    def push_to_hub(self, repo_id: str, **options: Any) -> Any:
        """Write the tokenizer to the Hugging Face Hub.

        See `fissile.auto.upload.push_to_hub`.
        """
        from .upload import push_to_hub

        return push_to_hub(cast("PreTrainedTokenizerFast", self), repo_id, **options)

    # Train.

    def train_new_from_iterator(
        self: _Self,
        text_iterator: Iterable[Any],
        vocab_size: int,
        length: int | None = None,
        new_special_tokens: Sequence[Any] | None = None,
        special_tokens_map: Mapping[str, str] | None = None,
        **options: Any,
    ) -> _Self:
        """Train a tokenizer of the same kind on new texts.

        See `fissile.auto.retrain.train_new`.
        """
        from .retrain import train_new

        this = cast("PreTrainedTokenizerFast", self)
        trained = train_new(
            this, text_iterator, vocab_size, length, new_special_tokens, special_tokens_map, options
        )
        return cast(_Self, trained)

    # Chat.

    def apply_chat_template(self, conversation: Any, *arguments: Any, **options: Any) -> Any:
        """Write a conversation in the form that the model was trained on, and encode it.

        See `fissile.auto.chat.apply_chat_template`.
        """
        from .chat import apply_chat_template

        this = cast("PreTrainedTokenizerFast", self)
        return apply_chat_template(this, conversation, *arguments, **options)

    def encode_message_with_chat_template(
        self, message: Any, conversation_history: Any = None, **options: Any
    ) -> list[int]:
        """Encode one message as it stands behind a conversation.

        See `fissile.auto.chat.encode_message`.
        """
        from .chat import encode_message

        this = cast("PreTrainedTokenizerFast", self)
        return encode_message(this, message, conversation_history, options)

    def get_chat_template(self, chat_template: str | None = None, tools: Any = None) -> str:
        """Choose the template of a conversation.

        See `fissile.auto.chat.choose_template`.
        """
        from .chat import choose_template

        return choose_template(cast("PreTrainedTokenizerFast", self), chat_template, tools)

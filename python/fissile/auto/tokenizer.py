"""`PreTrainedTokenizerFast`: a tokenizer with the names and settings that model code expects.

The work is done by a `fissile.Tokenizer`, which it holds; what is added here is what a model's files say
about it (special tokens, longest input, sides) and the calls that model code makes.

Example:
    >>> from fissile import Tokenizer, models, pre_tokenizers
    >>> from fissile.auto.tokenizer import PreTrainedTokenizerFast
    >>> core = Tokenizer(models.WordLevel({"[UNK]": 0, "hello": 1, "world": 2}, unk_token="[UNK]"))
    >>> core.pre_tokenizer = pre_tokenizers.Whitespace()
    >>> tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, unk_token="[UNK]")
    >>> tokenizer("hello world")["input_ids"]
    [1, 2]
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Any

from .._rust import (
    AddedToken,
    InvalidValueError,
    Tokenizer,
    decoders,
    processors,
)
from . import calls
from .settings import UNLIMITED, side
from .special import SpecialTokens, TokenLike

_NO_BACKEND = (
    "Couldn't instantiate the backend tokenizer: pass `tokenizer_file=` (a tokenizer.json or any other "
    "format that `fissile.Tokenizer.from_file` reads), `tokenizer_object=` (a `fissile.Tokenizer`), or "
    "`vocab=` (and `merges=`); or call `from_pretrained` with a folder"
)


class PreTrainedTokenizerFast(calls.Calls, SpecialTokens):
    """A tokenizer as model code calls it.

    Any number of threads may share one: the settings of a call travel with the call.

    Args:
        tokenizer_object: What does the work; it is copied.
        tokenizer_file: Or the file it is read from.
        vocab: Or the vocabulary, a dictionary or for Unigram a list of pairs.
        merges: The merges that belong to it.
        **options: What a `tokenizer_config.json` can say: special tokens by name, `model_max_length`,
            `padding_side`, `truncation_side`, `model_input_names`, `clean_up_tokenization_spaces`,
            `chat_template`, and whatever else is to be kept and saved.
    """

    vocab_files_names: dict[str, str] = {
        "tokenizer_file": "tokenizer.json",
        "vocab_file": "tokenizer.model",
    }
    model_input_names: list[str] = ["input_ids", "attention_mask"]
    padding_side: str = "right"
    truncation_side: str = "right"
    _defaults: dict[str, Any] = {}
    """Options of the class where the caller and the files leave them open."""

    def __init__(
        self,
        vocab: Any = None,
        merges: Any = None,
        *,
        tokenizer_object: Tokenizer | None = None,
        tokenizer_file: str | PathLike[str] | None = None,
        **options: Any,
    ) -> None:
        core = _core(self, vocab, merges, tokenizer_object, tokenizer_file)
        if tokenizer_object is None and str(tokenizer_file).endswith(".model"):
            core = self._from_sentencepiece(core, options)
        from_scratch = tokenizer_object is None and tokenizer_file is None
        given = {**({"bos_token": "<s>", "eos_token": "</s>"} if from_scratch else {}), **options}
        options = {**self._defaults, **(options if self._defaults else given)}
        self.__dict__["_tokenizer"] = core
        # A pipeline that the caller made is kept as it is: only options are settled over it.
        self._assemble(
            core if tokenizer_object is None else copy.copy(core), options, stated=set(given)
        )
        _take_file_settings(core, options)
        options.setdefault("backend", "tokenizers")
        explicit_edges = "add_bos_token" in options or "add_eos_token" in options
        self._add_bos_token: bool = options.get("add_bos_token", False)
        self._add_eos_token: bool = options.get("add_eos_token", False)
        post_processor = options.pop("post_processor", None)
        if post_processor is not None:
            core.post_processor = post_processor
        edges = explicit_edges or core.post_processor is None
        self._take_options(options)
        self._add_missing_tokens(options.get("added_tokens_decoder") or {})
        if edges or core.post_processor is None:
            self.update_post_processor()
        self._finish(core)

    # What named classes add.

    def _assemble(self, core: Tokenizer, options: dict[str, Any], stated: set[str]) -> None:
        """Set the parts of the pipeline that options of the class decide."""

    def _from_sentencepiece(self, core: Tokenizer, options: dict[str, Any]) -> Tokenizer:
        """Make what the model numbers of what its SentencePiece file holds: here, name its tokens."""
        for name, token in (("unk_token", "<unk>"), ("bos_token", "<s>"), ("eos_token", "</s>")):
            if core.token_to_id(token) is not None:
                options.setdefault(name, token)
        return core

    def _finish(self, core: Tokenizer) -> None:
        """Set the parts that need the ids of special tokens."""

    # Options.

    def _take_options(self, options: dict[str, Any]) -> None:
        for name in options:
            if callable(getattr(type(self), name, None)):
                raise AttributeError(
                    f"{name} conflicts with the method {name} in {type(self).__name__}"
                )
        if "additional_special_tokens" in options and "extra_special_tokens" not in options:
            options["extra_special_tokens"] = options.pop("additional_special_tokens")
        self.init_inputs: tuple[Any, ...] = ()
        self.init_kwargs = copy.deepcopy(options)
        options = dict(options)
        self._take_special_tokens(options)
        self.name_or_path: str = options.pop("name_or_path", "")
        self._processor_class = options.pop("processor_class", None)
        self.verbose: bool = options.pop("verbose", False)
        self._pad_token_type_id = getattr(type(self), "_pad_token_type_id", 0)
        limit = options.pop("model_max_length", None) or options.pop("max_len", None)
        self.model_max_length: int = UNLIMITED if limit is None else limit
        self.padding_side = side(options.pop("padding_side", self.padding_side), "Padding")
        self.truncation_side = side(
            options.pop("truncation_side", self.truncation_side), "Truncation"
        )
        self.model_input_names = list(options.pop("model_input_names", self.model_input_names))
        self.clean_up_tokenization_spaces: bool = options.pop(
            "clean_up_tokenization_spaces", self._cleans_up_by_default()
        )
        self.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output: bool = (
            options.pop(
                "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output", False
            )
        )
        self.split_special_tokens: bool = options.pop("split_special_tokens", False)
        self._tokenizer.encode_special_tokens = self.split_special_tokens
        self.add_prefix_space = options.get("add_prefix_space", False)
        self._take_chat_options(options)
        self.warned_of_length = False
        self.backend: str = options.pop("backend", "tokenizers")
        if options.get("vocab_file") is not None:
            self.vocab_file = options["vocab_file"]

    def _take_chat_options(self, options: dict[str, Any]) -> None:
        template = options.pop("chat_template", None)
        if isinstance(template, (list, tuple)):
            template = {item["name"]: item["template"] for item in template}
        self.chat_template: str | dict[str, str] | None = template
        self.response_template = options.pop("response_template", None)
        self.chat_control_tokens: list[str] | None = options.pop("chat_control_tokens", None)
        if self.chat_control_tokens is not None and not isinstance(
            self.chat_control_tokens, (list, tuple)
        ):
            raise TypeError(
                f"`chat_control_tokens` should be a list of strings, got {self.chat_control_tokens!r}"
            )

    def _cleans_up_by_default(self) -> bool:
        """WordPiece texts are cleaned up unless somebody says otherwise: what it undoes, it made."""
        return type(self._tokenizer.model).__name__ == "WordPiece"

    # Tokens.

    def _add_missing_tokens(self, stated: dict[int, AddedToken]) -> None:
        known = self._tokenizer.get_added_tokens_decoder().values()
        same = {repr(token) for token in known}
        tokens: list[TokenLike] = [
            token for _, token in sorted(stated.items()) if repr(token) not in same
        ]
        contents = {token.content for token in known} | {str(token) for token in stated.values()}
        named = {str(token) for token in self._special_tokens_map.values() if token is not None}
        for token in [*self._special_tokens_map.values(), *self._extra_special_tokens]:
            if token is not None and str(token) not in contents:
                contents.add(str(token))
                tokens.append(token)
        ready = []
        for token in tokens:
            if isinstance(token, str):
                token = AddedToken(token, special=True)
            elif str(token) in named and not token.special:
                token.special = True
            ready.append(token)
        if ready:
            self.add_tokens(ready)

    def add_tokens(
        self, new_tokens: TokenLike | Sequence[TokenLike], special_tokens: bool = False
    ) -> int:
        """Add tokens that the vocabulary lacks.

        Args:
            new_tokens: A token or several.
            special_tokens: They are special: left out of decoded text on request, never normalized.

        Returns:
            How many were added.
        """
        if not new_tokens:
            return 0
        tokens = [new_tokens] if isinstance(new_tokens, (str, AddedToken)) else list(new_tokens)
        if special_tokens:
            return self._tokenizer.add_special_tokens(tokens)
        return self._tokenizer.add_tokens(tokens)

    @property
    def pad_token_type_id(self) -> int:
        """The type of filling."""
        return self._pad_token_type_id

    # Begin and end of text.

    @property
    def add_bos_token(self) -> bool:
        """Whether `bos_token` is put in front; setting it rebuilds the post-processor."""
        return self._add_bos_token

    @add_bos_token.setter
    def add_bos_token(self, value: bool) -> None:
        self._add_bos_token = value
        self.update_post_processor()

    @property
    def add_eos_token(self) -> bool:
        """Whether `eos_token` is put behind; setting it rebuilds the post-processor."""
        return self._add_eos_token

    @add_eos_token.setter
    def add_eos_token(self, value: bool) -> None:
        self._add_eos_token = value
        self.update_post_processor()

    def update_post_processor(self) -> None:
        """Rebuild the post-processor from `bos_token`, `eos_token` and whether they are added."""
        self._add_bos_token = self._add_bos_token and self.bos_token is not None
        self._add_eos_token = self._add_eos_token and self.eos_token is not None
        front = [self.bos_token] if self._add_bos_token else []
        back = [self.eos_token] if self._add_eos_token else []
        single = [*(f"{token}:0" for token in front), "$A:0", *(f"{token}:0" for token in back)]
        second = [*(f"{token}:1" for token in front), "$B:1", *(f"{token}:1" for token in back)]
        self._tokenizer.post_processor = processors.TemplateProcessing(
            single=single,
            pair=single + second,
            special_tokens=[(token, self.convert_tokens_to_ids(token)) for token in front + back],
        )

    # Vocabulary.

    @property
    def is_fast(self) -> bool:
        """Always `True`: there is no slow kind."""
        return True

    @property
    def backend_tokenizer(self) -> Tokenizer:
        """What does the work."""
        return self._tokenizer

    @property
    def decoder(self) -> decoders.Decoder | None:
        """The decoder of what does the work."""
        return self._tokenizer.decoder

    @property
    def vocab_size(self) -> int:
        """The size of the model's vocabulary, without added tokens."""
        return self._tokenizer.get_vocab_size(with_added_tokens=False)

    def __len__(self) -> int:
        return self._tokenizer.get_vocab_size(with_added_tokens=True)

    def __bool__(self) -> bool:
        return True

    def get_vocab(self) -> dict[str, int]:
        """List every token and its id, added ones included."""
        return self._tokenizer.get_vocab(with_added_tokens=True)

    @property
    def vocab(self) -> dict[str, int]:
        """Every token and its id, added ones included."""
        return self.get_vocab()

    @property
    def added_tokens_decoder(self) -> dict[int, AddedToken]:
        """The added tokens by id."""
        return self._tokenizer.get_added_tokens_decoder()

    @property
    def added_tokens_encoder(self) -> dict[str, int]:
        """The ids of added tokens."""
        return {token.content: id for id, token in self.added_tokens_decoder.items()}

    def get_added_vocab(self) -> dict[str, int]:
        """List the added tokens and their ids."""
        return self.added_tokens_encoder

    def convert_tokens_to_ids(self, tokens: str | Iterable[str]) -> Any:
        """Look tokens up; unknown ones are `unk_token_id`, or `None` when there is no such token.

        Args:
            tokens: A token, or several.

        Returns:
            An id, or a list of ids.
        """
        look_up = self._tokenizer.token_to_id
        if isinstance(tokens, str):
            found = look_up(tokens)
            return self._unknown_id() if found is None else found
        ids = [look_up(token) for token in tokens]
        if None in ids:
            unknown = self._unknown_id()
            ids = [unknown if id is None else id for id in ids]
        return ids

    def _unknown_id(self) -> int | None:
        token = self._special_tokens_map.get("unk_token")
        return None if token is None else self._tokenizer.token_to_id(str(token))

    def convert_ids_to_tokens(self, ids: Any, skip_special_tokens: bool = False) -> Any:
        """Look ids up; ids of no token are `None`.

        Args:
            ids: An id, or several: a list, an array, a tensor.
            skip_special_tokens: Leave special tokens out.

        Returns:
            A token, or a list of tokens.
        """
        look_up = self._tokenizer.id_to_token
        if isinstance(ids, int):
            return look_up(ids)
        skipped = set(self.all_special_ids) if skip_special_tokens else ()
        return [look_up(int(id)) for id in ids if int(id) not in skipped]

    def _convert_id_to_token(self, index: int) -> str | None:
        """What generation up to a stop string looks tokens up with."""
        return self._tokenizer.id_to_token(int(index))

    def num_special_tokens_to_add(self, pair: bool = False) -> int:
        """Count the special tokens that are added to one text, or to a pair."""
        return self._tokenizer.num_special_tokens_to_add(pair)

    @property
    def max_len_single_sentence(self) -> int:
        """How many tokens of text the model takes."""
        return self.model_max_length - self.num_special_tokens_to_add(pair=False)

    @property
    def max_len_sentences_pair(self) -> int:
        """How many tokens of two texts together the model takes."""
        return self.model_max_length - self.num_special_tokens_to_add(pair=True)

    def get_special_tokens_mask(
        self,
        token_ids_0: Sequence[int],
        token_ids_1: Sequence[int] | None = None,
        already_has_special_tokens: bool = False,
    ) -> list[int]:
        """Mark special tokens with 1.

        Args:
            token_ids_0: Ids, formatted or not.
            token_ids_1: The ids of the second text of a pair that is not formatted yet.
            already_has_special_tokens: The ids are formatted.

        Returns:
            1 and 0, one for each id of the formatted text.
        """
        if already_has_special_tokens:
            if token_ids_1 is not None:
                raise InvalidValueError(
                    "You should not supply a second sequence if the provided sequence of ids is already "
                    "formatted with special tokens for the model."
                )
            special = set(self.all_special_ids)
            return [1 if int(id) in special else 0 for id in token_ids_0]
        from .frame import frame

        return frame(self._tokenizer, token_ids_0, token_ids_1).special_tokens_mask

    # Python.

    def __getstate__(self) -> dict[str, Any]:
        # What was warned of is no part of a tokenizer: fingerprints must not change by using it.
        return {key: value for key, value in self.__dict__.items() if key != "warned_of_length"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, warned_of_length=False)

    def __repr__(self) -> str:
        added = "\n\t".join(f"{id}: {token!r}," for id, token in self.added_tokens_decoder.items())
        added = f"\n\t{added}\n" if added else ""
        return (
            f"{type(self).__name__}(name_or_path='{self.name_or_path}', vocab_size={self.vocab_size}, "
            f"model_max_length={self.model_max_length}, padding_side='{self.padding_side}', "
            f"truncation_side='{self.truncation_side}', special_tokens={self.special_tokens_map}, "
            f"added_tokens_decoder={{{added}}})"
        )


TokenizersBackend = PreTrainedTokenizerFast
"""The name that files written by current model libraries carry."""

PreTrainedTokenizerBase = PreTrainedTokenizerFast
"""The name that programs use where any tokenizer will do."""


def _core(
    tokenizer: PreTrainedTokenizerFast,
    vocab: Any,
    merges: Any,
    given: Tokenizer | None,
    file: str | PathLike[str] | None,
) -> Tokenizer:
    if given is not None:
        if not isinstance(given, Tokenizer):
            raise TypeError(
                f"tokenizer_object must be a fissile.Tokenizer, got {type(given).__module__}."
                f"{type(given).__name__}"
            )
        return copy.deepcopy(given)
    if file is not None:
        return Tokenizer.from_file(file)
    if vocab is None and not tokenizer._defaults:
        raise InvalidValueError(_NO_BACKEND)
    from .build import build

    return build(tokenizer, vocab, merges)


def _take_file_settings(core: Tokenizer, options: dict[str, Any]) -> None:
    """Make the truncation and padding that a tokenizer.json carries defaults of the options."""
    truncation, padding = core.truncation, core.padding
    if truncation is not None:
        options.setdefault("max_length", truncation["max_length"])
        options.setdefault("truncation_side", truncation["direction"])
        options.setdefault("stride", truncation["stride"])
        options.setdefault("truncation_strategy", truncation["strategy"])
    if padding is not None:
        options.setdefault("pad_token", padding["pad_token"])
        options.setdefault("pad_token_type_id", padding["pad_type_id"])
        options.setdefault("padding_side", padding["direction"])
        options.setdefault("max_length", padding["length"])
        options.setdefault("pad_to_multiple_of", padding["pad_to_multiple_of"])

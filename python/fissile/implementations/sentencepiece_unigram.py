"""Unigram over ▁-words, as SentencePiece cuts them."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from fissile import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from fissile.implementations.base_tokenizer import BaseTokenizer, Files, Scheme, Texts, Token


class SentencePieceUnigramTokenizer(BaseTokenizer):
    """Unigram with SentencePiece's treatment of white space (Kudo, 2018).

    For ids equal to SentencePiece's own, load its `.model` with `Tokenizer.from_sentencepiece`.

    Args:
        vocab: Pieces and their scores (log probabilities); None for an empty one, to be trained.
        replacement: The visible space.
        add_prefix_space: Treat the first word like any other.
    """

    def __init__(
        self,
        vocab: list[tuple[str, float]] | None = None,
        replacement: str = "▁",
        add_prefix_space: bool = True,
    ) -> None:
        parameters = {
            "model": "SentencePieceUnigram",
            "replacement": replacement,
            "add_prefix_space": add_prefix_space,
        }
        tokenizer = Tokenizer(models.Unigram(vocab) if vocab is not None else models.Unigram())
        tokenizer.normalizer = normalizers.Sequence(
            [
                normalizers.Nmt(),
                normalizers.NFKC(),
                normalizers.Replace(Regex(" {2,}"), " "),
            ]
        )
        _set_metaspace(tokenizer, replacement, "always" if add_prefix_space else "never")
        super().__init__(tokenizer, parameters)

    @staticmethod
    def from_spm(filename: str | PathLike[str]) -> SentencePieceUnigramTokenizer:
        """From a SentencePiece `.model` of the Unigram kind, composed as the reference composes it.

        Raises:
            FissileError: When the file is no SentencePiece model, or of another kind.
        """
        from fissile._rust import read_sentencepiece

        proto = read_sentencepiece(filename)
        if proto["model_type"] != 1:
            raise ValueError(
                "You're trying to run a `Unigram` model but you're file was trained with a different"
                f" algorithm (model_type {proto['model_type']} in {filename})"
            )
        tokenizer = Tokenizer(
            models.Unigram(proto["pieces"], proto["unk_id"], proto["byte_fallback"])
        )
        charsmap = proto["precompiled_charsmap"]
        steps: list[normalizers.Normalizer] = (
            [normalizers.Precompiled(charsmap)] if charsmap else []
        )
        steps.append(normalizers.Replace(Regex(" {2,}"), " "))
        tokenizer.normalizer = normalizers.Sequence(steps)
        _set_metaspace(tokenizer, "▁", "always")
        made = SentencePieceUnigramTokenizer.__new__(SentencePieceUnigramTokenizer)
        BaseTokenizer.__init__(made, tokenizer, {"model": "SentencePieceUnigram"})
        return made

    def train(
        self,
        files: Files,
        vocab_size: int = 8000,
        show_progress: bool = True,
        special_tokens: Sequence[Token] | None = None,
        initial_alphabet: Sequence[str] | None = None,
        unk_token: str | None = None,
    ) -> None:
        """Train on files; the arguments are those of `trainers.UnigramTrainer`."""
        trainer = _trainer(vocab_size, show_progress, special_tokens, initial_alphabet, unk_token)
        self._train_on_files(files, trainer)

    def train_from_iterator(
        self,
        iterator: Texts,
        vocab_size: int = 8000,
        show_progress: bool = True,
        special_tokens: Sequence[Token] | None = None,
        initial_alphabet: Sequence[str] | None = None,
        unk_token: str | None = None,
        length: int | None = None,
    ) -> None:
        """Train on texts; the arguments are those of `trainers.UnigramTrainer`."""
        trainer = _trainer(vocab_size, show_progress, special_tokens, initial_alphabet, unk_token)
        self._train_on_texts(iterator, trainer, length)


def _trainer(
    vocab_size: int,
    show_progress: bool,
    special_tokens: Sequence[Token] | None,
    initial_alphabet: Sequence[str] | None,
    unk_token: str | None,
) -> trainers.UnigramTrainer:
    return trainers.UnigramTrainer(
        vocab_size=vocab_size,
        special_tokens=list(special_tokens or ()),
        show_progress=show_progress,
        initial_alphabet=list(initial_alphabet or ()),
        unk_token=unk_token,
    )


def _set_metaspace(tokenizer: Tokenizer, replacement: str, scheme: Scheme) -> None:
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=replacement, prepend_scheme=scheme
    )
    tokenizer.decoder = decoders.Metaspace(replacement=replacement, prepend_scheme=scheme)

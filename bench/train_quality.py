"""How good are trained Unigram vocabularies? Three trainers, the same lines, the same size.

Each trainer learns from a slice of each corpus. The slice behind it is then segmented by each vocabulary, with
its own scores, in one and the same encoder (the reference's); the sum of the scores is how likely the
vocabulary makes text that it has not seen. What is unknown to a vocabulary costs what its model says: ten less
than its lowest score.

    .venv/bin/python bench/train_quality.py            # exits with 1 if fissile is below another trainer
    .venv/bin/python bench/train_quality.py --without tokenizers --megabytes 10

What must not be concluded: nothing about models trained on the tokens; likelihood under a unigram model is what
this kind of training is after, and no more.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


import fissile
import tokenizers

from tests.support.corpora import corpus_names, documents

UNKNOWN = "<unk>"
UNKNOWN_PENALTY = 10.0
Pieces = list[tuple[str, float]]


def lines(corpus: str, size: int) -> tuple[list[str], list[str]]:
    """Lines to learn from, `size` characters of them, and half as many to be judged by."""
    every = [line for text in documents(corpus) for line in text.splitlines() if line.strip()]
    learn: list[str] = []
    judge: list[str] = []
    taken = 0
    for line in every:
        (learn if taken < size else judge).append(line)
        taken += len(line)
        if taken > size * 1.5:
            break
    return learn, judge


def by_tokenizers(library: Any, learn: list[str], size: int) -> Pieces:
    """Pieces that fissile or the reference learns."""
    tokenizer = library.Tokenizer(library.models.Unigram())
    tokenizer.pre_tokenizer = library.pre_tokenizers.Metaspace()
    trainer = library.trainers.UnigramTrainer(
        vocab_size=size, unk_token=UNKNOWN, special_tokens=[UNKNOWN], show_progress=False
    )
    tokenizer.train_from_iterator(learn, trainer)
    return [(piece, score) for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]]


def by_sentencepiece(learn: list[str], size: int) -> Pieces:
    """Pieces that sentencepiece learns, with nothing between it and the text."""
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(learn),
        model_writer=model,
        vocab_size=size,
        model_type="unigram",
        character_coverage=1.0,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        split_by_unicode_script=False,
        split_by_number=False,
        max_sentence_length=1 << 20,
        bos_id=-1,
        eos_id=-1,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return [(processor.id_to_piece(id), processor.get_score(id)) for id in range(len(processor))]


TRAINERS: dict[str, Callable[[list[str], int], Pieces]] = {
    "fissile": lambda learn, size: by_tokenizers(fissile, learn, size),
    "tokenizers": lambda learn, size: by_tokenizers(tokenizers, learn, size),
    "sentencepiece": by_sentencepiece,
}


def likelihood(pieces: Pieces, judge: list[str]) -> tuple[float, int]:
    """The logarithm of how likely the lines are, and how many tokens they become."""
    unknown = next(id for id, (piece, _) in enumerate(pieces) if piece == UNKNOWN)
    judging = tokenizers.Tokenizer(tokenizers.models.Unigram(pieces, unk_id=unknown))
    judging.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    scores = [score for _, score in pieces]
    scores[unknown] = min(s for id, s in enumerate(scores) if id != unknown) - UNKNOWN_PENALTY
    ids = [id for encoding in judging.encode_batch(judge) for id in encoding.ids]
    return sum(scores[id] for id in ids), len(ids)


def main() -> int:
    """Train, judge, print; say by the exit status whether fissile is nowhere below."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=1.0, help="text to learn from")
    parser.add_argument("--size", type=int, default=8000, help="pieces")
    parser.add_argument("--without", action="append", default=[], choices=list(TRAINERS)[1:])
    parser.add_argument("--corpus", action="append", default=[], choices=corpus_names())
    arguments = parser.parse_args()
    below = False
    for corpus in arguments.corpus or corpus_names():
        learn, judge = lines(corpus, int(arguments.megabytes * 1_000_000))
        best = None
        for name, train in TRAINERS.items():
            if name in arguments.without:
                continue
            begun = time.perf_counter()
            pieces = train(learn, arguments.size)
            seconds = time.perf_counter() - begun
            likely, tokens = likelihood(pieces, judge)
            best = likely if best is None else best
            below |= likely > best
            print(
                f"{corpus:8} {name:14} {len(pieces):6} pieces  {likely:14,.0f}  "
                f"{tokens:9,} tokens  {seconds:7.1f} s",
                flush=True,
            )
    return int(below)


if __name__ == "__main__":
    sys.exit(main())

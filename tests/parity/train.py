"""Trained vocabularies beside those that the reference trains: `python -m tests.parity.train`.

BPE and word-level models have to come out byte for byte. The reference's WordPiece and Unigram trainers give
something else in every run; there the result has to be as good (tokens for unseen text; likelihood of unseen
text), and the same for any number of threads and any cutting of the iterator.

Where the reference itself leaves things to chance with BPE (the order of symbols with a prefix or suffix, equally
rare characters at `limit_alphabet`), the result has to be as good, too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import fissile

from tests.support.corpora import corpus_names, documents

UNKNOWN = "<unk>"


@dataclass(frozen=True)
class Case:
    """One way to train."""

    name: str
    model: str
    pre_tokenizer: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    # The reference trains only so much, where all of it would take hours.
    megabytes: float = 1000.0
    # How the result is compared: "bytes", "quality".
    compared: str = "bytes"

    def train(self, library: ModuleType, texts: Sequence[str]) -> Any:
        """A tokenizer that `library` trained."""
        model = getattr(library.models, self.model)
        tokenizer = library.Tokenizer(model())
        if self.pre_tokenizer == "ByteLevel":
            tokenizer.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
        elif self.pre_tokenizer:
            tokenizer.pre_tokenizer = getattr(library.pre_tokenizers, self.pre_tokenizer)()
        trainer = {"BPE": "BpeTrainer"}.get(self.model, f"{self.model}Trainer")
        settings = dict(self.settings)
        if settings.pop("byte_alphabet", False):
            settings["initial_alphabet"] = library.pre_tokenizers.ByteLevel.alphabet()
        made = getattr(library.trainers, trainer)(show_progress=False, **settings)
        tokenizer.train_from_iterator(texts, made)
        return tokenizer


SPECIAL = ["<s>", "</s>", UNKNOWN]
CASES = [
    Case("bytes", "BPE", "ByteLevel", {"vocab_size": 32_000, "byte_alphabet": True}),
    Case("words", "BPE", "Whitespace", {"vocab_size": 30_000, "special_tokens": [*SPECIAL, "the"]}),
    Case("rare pairs", "BPE", "Whitespace", {"vocab_size": 30_000, "min_frequency": 20}),
    Case("short tokens", "BPE", "Whitespace", {"vocab_size": 8_000, "max_token_length": 4}),
    Case("shortest tokens", "BPE", "Whitespace", {"vocab_size": 8_000, "max_token_length": 1}),
    Case(
        "given alphabet",
        "BPE",
        "Whitespace",
        {"vocab_size": 8_000, "initial_alphabet": ["ß", "λx", "語"]},
    ),
    Case("uncut", "BPE", None, {"vocab_size": 1_000}, megabytes=0.3),
    Case(
        "uncut, short tokens",
        "BPE",
        None,
        {"vocab_size": 1_000, "max_token_length": 7},
        megabytes=0.3,
    ),
    Case(
        "words",
        "WordLevel",
        "Whitespace",
        {"vocab_size": 30_000, "special_tokens": [UNKNOWN, "the"]},
    ),
    Case(
        "frequent words",
        "WordLevel",
        "WhitespaceSplit",
        {"vocab_size": 100_000, "min_frequency": 3},
    ),
    Case(
        "rare characters",
        "BPE",
        "Whitespace",
        {"vocab_size": 8_000, "limit_alphabet": 60, "initial_alphabet": ["ß"]},
        compared="quality",
    ),
    Case(
        "prefix and suffix",
        "BPE",
        "Whitespace",
        {"vocab_size": 8_000, "continuing_subword_prefix": "@@", "end_of_word_suffix": "</w>"},
        compared="quality",
    ),
    Case(
        "pieces",
        "WordPiece",
        "BertPreTokenizer",
        {"vocab_size": 30_000, "special_tokens": ["[UNK]"]},
        compared="quality",
    ),
    Case(
        "pieces",
        "Unigram",
        "Metaspace",
        {"vocab_size": 8_000, "unk_token": UNKNOWN, "special_tokens": [UNKNOWN]},
        megabytes=1.0,
        compared="quality",
    ),
]
"""Everything that is compared."""


def slices(corpus: str, megabytes: float) -> tuple[list[str], list[str]]:
    """Documents to learn from, so many megabytes of them, and a tenth as many that come behind."""
    learn: list[str] = []
    judge: list[str] = []
    left = int(megabytes * 1_000_000)
    for text in documents(corpus):
        size = len(text.encode())
        if left > 0:
            learn.append(text)
        elif left > -megabytes * 100_000 - 10_000:
            judge.append(text)
        else:
            break
        left -= size
    return learn, judge or learn[-5:]


def same_bytes(case: Case, ours: Any, theirs: Any) -> str:
    """What differs between two trained tokenizers; nothing if nothing does."""
    if ours.to_str() == theirs.to_str():
        return ""
    mine, other = (json.loads(made.to_str())["model"] for made in (ours, theirs))
    if mine["vocab"] != other["vocab"]:
        only = sorted(set(mine["vocab"]) ^ set(other["vocab"]))[:6]
        return f"the vocabularies differ: {only}" if only else "tokens have other ids"
    for at, (found, wanted) in enumerate(zip(mine["merges"], other["merges"], strict=False)):
        if found != wanted:
            return f"merge {at} is {found}, not {wanted}"
    return "the files differ outside of vocabulary and merges"


def worth(tokenizer: Any, model: str, judge: Sequence[str]) -> float:
    """What unseen text costs: tokens, or how unlikely it is. Less is better."""
    ids = [id for encoding in tokenizer.encode_batch(list(judge)) for id in encoding.ids]
    if model != "Unigram":
        return float(len(ids))
    scores = [score for _, score in json.loads(tokenizer.to_str())["model"]["vocab"]]
    unknown = min(scores) - 10.0
    return -sum(scores[id] if id else unknown for id in ids)


def as_good(case: Case, ours: Any, theirs: Any, judge: Sequence[str]) -> str:
    """Whether unseen text costs more than with the reference's vocabulary."""
    mine, other = (worth(made, case.model, judge) for made in (ours, theirs))
    # Chance moves the reference's own results by about so much from run to run.
    room = 1.0 if case.model == "Unigram" else 1.005
    sizes = ours.get_vocab_size(), theirs.get_vocab_size()
    # Where pairs run out before the vocabulary is full, chance decides about some tokens more or less: which of
    # equally rare characters the reference leaves out, on small corpora a hundredth of all.
    if abs(sizes[0] - sizes[1]) > sizes[1] // 500 + 8:
        return f"{sizes[0]} tokens, not {sizes[1]}"
    return "" if mine <= other * room else f"unseen text costs {mine:,.0f}, not {other:,.0f}"


def steady(case: Case, ours: Any, learn: Sequence[str]) -> str:
    """Whether threads or the cutting of the iterator leave a trace."""
    wanted = ours.to_str()
    before = os.environ.get("RAYON_NUM_THREADS")
    try:
        for threads in ("1", "3"):
            os.environ["RAYON_NUM_THREADS"] = threads
            if case.train(fissile, learn).to_str() != wanted:
                return f"another result with {threads} threads"
    finally:
        os.environ.pop("RAYON_NUM_THREADS")
        if before is not None:
            os.environ["RAYON_NUM_THREADS"] = before
    batches = [list(learn[at : at + 7]) for at in range(0, len(learn), 7)]
    return "" if case.train(fissile, batches[::-1]).to_str() == wanted else "batches leave a trace"


def check(case: Case, corpus: str, megabytes: float) -> tuple[str, str]:
    """What is wrong with a case, and how long both took."""
    import tokenizers

    learn, judge = slices(corpus, min(megabytes, case.megabytes))
    begun = time.perf_counter()
    ours = case.train(fissile, learn)
    between = time.perf_counter()
    theirs = case.train(tokenizers, learn)
    end = time.perf_counter()
    wrong = (
        same_bytes(case, ours, theirs)
        if case.compared == "bytes"
        else as_good(case, ours, theirs, judge)
    )
    wrong = wrong or steady(case, ours, learn)
    return wrong, f"{between - begun:.1f} s, the reference {end - between:.1f} s"


def checks(megabytes: float, corpora: Sequence[str], only: str) -> Iterator[tuple[str, str, str]]:
    """All cases on all corpora: what, what is wrong, how long."""
    for corpus in corpora:
        for case in CASES:
            name = f"{case.model} {case.name}"
            if only in name:
                yield (f"{corpus:8} {name}", *check(case, corpus, megabytes))


def main() -> int:
    """Train, compare, print, and say by the exit status whether anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.parity.train")
    parser.add_argument("--megabytes", type=float, default=10.0, help="text of each corpus")
    parser.add_argument("--corpus", action="append", default=[], choices=corpus_names())
    parser.add_argument("--case", default="", help="only cases whose name holds this")
    arguments = parser.parse_args()
    total = bad = 0
    for name, wrong, seconds in checks(
        arguments.megabytes, arguments.corpus or corpus_names(), arguments.case
    ):
        print(f"{name:40} {wrong or 'equal'}  ({seconds})", flush=True)
        total += 1
        bad += bool(wrong)
    print(f"{total} trainings, {bad} not as they should be")
    return 1 if bad or not total else 0


if __name__ == "__main__":
    sys.exit(main())

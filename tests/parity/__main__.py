"""The command `python -m tests.parity`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from tests.parity import engines, foreign
from tests.parity.outcome import quiet_stderr
from tests.parity.run import Amount, Report, against_own_library, against_reference, doors
from tests.support.corpora import corpus_names
from tests.support.vocabularies import Vocabulary, vocabularies

SAMPLE = Amount(documents=40, hostile=2_000, code_points=40, run=1_000_000)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__)
    parser.add_argument(
        "--sample", action="store_true", help="some documents of each corpus (the default)"
    )
    parser.add_argument("--documents", type=int, help="so many documents of each corpus")
    parser.add_argument("--hostile", type=int, help="so many hostile strings")
    parser.add_argument(
        "--code-points", type=int, help="one part in so many of all code points (1: all, 0: none)"
    )
    parser.add_argument(
        "--vocabulary", action="append", default=[], help="only this one (may be repeated)"
    )
    parser.add_argument(
        "--corpus", action="append", default=[], choices=corpus_names(), help="only this one"
    )
    parser.add_argument("--mode", default="", help="only modes whose name holds this")
    parser.add_argument(
        "--engine", default="fissile", choices=["fissile", "tokenizers"], help="what is compared"
    )
    return parser.parse_args()


def _amount(arguments: argparse.Namespace) -> Amount:
    amount = SAMPLE
    if arguments.documents is not None:
        amount = Amount(documents=arguments.documents, hostile=4_000, code_points=1, run=1_000_000)
    return Amount(
        documents=amount.documents,
        hostile=amount.hostile if arguments.hostile is None else arguments.hostile,
        code_points=amount.code_points if arguments.code_points is None else arguments.code_points,
        run=amount.run,
        corpora=tuple(arguments.corpus),
        mode=arguments.mode,
    )


def _reports(chosen: list[Vocabulary], amount: Amount, engine: str) -> Iterator[Report]:
    for vocabulary in chosen:
        if vocabulary.kind in engines.KINDS:
            yield against_reference(vocabulary, amount, engine)
            if engine == "fissile" and not amount.mode:
                yield doors(vocabulary, amount)
        elif engine == "fissile" and not amount.mode and foreign.has_oracle(vocabulary):
            yield against_own_library(vocabulary, amount)


def main() -> int:
    """Compare, print, and say by the exit status whether anything differs."""
    arguments = _arguments()
    every = [
        v for v in vocabularies() if not arguments.vocabulary or v.name in arguments.vocabulary
    ]
    total = differing = 0
    reports = _reports(every, _amount(arguments), arguments.engine)
    while True:
        with quiet_stderr():
            report = next(reports, None)
        if report is None:
            break
        print(report, flush=True)
        for difference in report.differences[:6]:
            print(difference, flush=True)
        total += report.comparisons
        differing += len(report.differences)
    equal = 100.0 * (total - differing) / total if total else 0.0
    print(f"{total:,} comparisons, {differing:,} differences: {equal:.3f} % equal")
    return 1 if differing or not total else 0


if __name__ == "__main__":
    sys.exit(main())

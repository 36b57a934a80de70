"""What all pipelines are: text is encoded, the model runs in batches, its outputs become answers.

A pipeline takes one input, a list, or anything that can be iterated. Of a list all results come at once;
of an iterator they come one by one. Of both the next part is tokenized in another thread while the model runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar, NamedTuple

from ..._rust import InvalidValueError
from ..batching import Batch, Meter, ahead, run

WINDOW = 2048
"""How many inputs of an iterator are sorted by length together."""
LIST_WINDOW = 512
"""How many inputs of a list, which is sorted as a whole, are tokenized together."""
_RUNNING = ("token_budget", "batch_size", "progress", "pack")
# Arguments of other libraries that change nothing here.
_WITHOUT_EFFECT = ("num_workers", "framework", "use_fast", "binary_output")


class Encoded(NamedTuple):
    """Inputs as rows of ids.

    Attributes:
        columns: What the model takes, by name, one list a row.
        owners: For every row the number of the input it comes from; an input may have several.
        extra: What the answers are made with, one a row.
    """

    columns: dict[str, list[list[int]]]
    owners: list[int]
    extra: list[Any]


class Pipeline:
    """A model and a tokenizer, ready to answer.

    Args:
        model: The model, with the head that the task needs.
        tokenizer: Its tokenizer.
        task: The name of the task.
        **options: Options that every call gets unless it says otherwise.
    """

    AUTO: ClassVar[str] = "AutoModel"
    """The class that reads the model of this task."""
    OPTIONS: ClassVar[frozenset[str]] = frozenset()
    """Names of options that a call takes, beside those of running."""
    LEFT: ClassVar[bool] = False
    """Whether rows are padded on the left: what goes on with a text needs its end at the end."""

    def __init__(self, model: Any, tokenizer: Any, task: str = "", **options: Any) -> None:
        self.model, self.tokenizer, self.task = model, tokenizer, task
        self._options = options
        self.check(options)

    # What a task says.

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Turn inputs into rows of ids."""
        raise NotImplementedError

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Run the model; give something for every row, on the CPU."""
        raise NotImplementedError

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Make the answer to an input of what its rows gave."""
        raise NotImplementedError

    def single(self, answer: Any, options: dict[str, Any]) -> Any:
        """Shape the answer to an input that came alone."""
        return answer

    def items(self, inputs: Any, options: dict[str, Any]) -> tuple[Any, bool]:
        """Find the inputs, and whether there is but one."""
        if isinstance(inputs, (str, Mapping)):
            return [inputs], True
        return inputs, False

    def check(self, options: dict[str, Any]) -> None:
        """Refuse options that there are not.

        Raises:
            InvalidValueError: When there are some.
        """
        known = {*self.OPTIONS, *_RUNNING, *_WITHOUT_EFFECT}
        unknown = sorted(set(options) - known)
        if unknown:
            raise InvalidValueError(
                f"{self.task or type(self).__name__} does not know {', '.join(unknown)}; it knows "
                f"{', '.join(sorted(known - set(_WITHOUT_EFFECT)))}"
            )

    # Running.

    def __call__(self, inputs: Any = None, **options: Any) -> Any:
        """Answer.

        Args:
            inputs: One input, a list of inputs, or an iterator over inputs.
            **options: Options of the task, and of running: `token_budget` (the most tokens of a batch,
                padding included), `batch_size` (the most texts), `progress`, `pack`.

        Returns:
            The answer; of a list a list of answers, of an iterator an iterator.
        """
        self.check(options)
        options = {**self._options, **options}
        items, alone = self.items(inputs, options)
        if alone:
            return self.single(self._answers(self._encoded(items, options))[0], options)
        if isinstance(items, (list, tuple)):
            return self._of_list(items, options) if items else []
        if not isinstance(items, Iterable):
            raise InvalidValueError(
                f"{self.task}: inputs of type {type(items).__name__}; expected a text, a list or an iterator"
            )
        return self._one_by_one(items, options)

    def _of_list(self, items: Sequence[Any], options: dict[str, Any]) -> list[Any]:
        if len(items) <= LIST_WINDOW:
            return self._answers(self._encoded(items, options))
        # By characters, which is nearly by tokens: long ones first, as batches are made.
        order = sorted(range(len(items)), key=lambda place: _size(items[place]), reverse=True)
        parts = [order[at : at + LIST_WINDOW] for at in range(0, len(order), LIST_WINDOW)]
        answers: list[Any] = [None] * len(items)
        within = {**options, "progress": False}
        with Meter(len(items), options.get("progress")) as meter:
            works = ahead(lambda part: self._encoded([items[at] for at in part], within), parts)
            for part, work in zip(parts, works, strict=True):
                for place, answer in zip(part, self._answers(work), strict=True):
                    answers[place] = answer
                meter.add(len(part))
        return answers

    def _one_by_one(self, items: Iterable[Any], options: dict[str, Any]) -> Iterator[Any]:
        for encoded in ahead(lambda part: self._encoded(part, options), _windows(items)):
            yield from self._answers(encoded)

    def _encoded(
        self, items: Sequence[Any], options: dict[str, Any]
    ) -> tuple[Sequence[Any], Encoded, dict[str, Any]]:
        return items, self.encode(items, options), options

    def _answers(self, work: tuple[Sequence[Any], Encoded, dict[str, Any]]) -> list[Any]:
        items, encoded, options = work
        results = self.run(encoded, options)
        rows: list[list[Any]] = [[] for _ in items]
        extra: list[list[Any]] = [[] for _ in items]
        for owner, result, more in zip(encoded.owners, results, encoded.extra, strict=True):
            rows[owner].append(result)
            extra[owner].append(more)
        return [
            self.answer(item, rows[place], extra[place], options)
            for place, item in enumerate(items)
        ]

    def run(self, encoded: Encoded, options: dict[str, Any]) -> list[Any]:
        """Run all rows in batches."""
        return run(
            encoded.columns,
            lambda batch: self.forward(batch, options),
            self.model,
            pad=self.pad,
            budget=options.get("token_budget"),
            rows_at_most=options.get("batch_size"),
            progress=options.get("progress"),
            pack=False if self.LEFT else options.get("pack"),
            left=self.LEFT,
        )

    @property
    def pad(self) -> int:
        """The id of padding; rows are told apart by masks, so any will do where there is none."""
        for owner in (self.tokenizer, self.model.config):
            found = getattr(owner, "pad_token_id", None)
            if found is not None:
                return int(found)
        return 0

    @property
    def device(self) -> Any:
        """Where the model runs."""
        return self.model.device

    # Helpers of tasks.

    def columns(self, encoding: Any) -> dict[str, list[list[int]]]:
        """Take what the model reads out of what the tokenizer gave; masks are made anew by batch."""
        names = [name for name in ("input_ids", "token_type_ids") if name in encoding]
        if not self.model.reads_types:
            names.remove("token_type_ids") if "token_type_ids" in names else None
        return {name: encoding[name] for name in names}

    def limit(self) -> int | None:
        """Say how many tokens a text may have, as tokenizer and model say."""
        said = [
            getattr(self.tokenizer, "model_max_length", None),
            getattr(self.model.config, "max_position_embeddings", None),
        ]
        known = [int(number) for number in said if number and number < 10**9]
        return min(known) if known else None


def _windows(items: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(items)
    while part := list(islice(source, WINDOW)):
        yield part


def _size(item: Any) -> int:
    """About how long an input is, whatever it is."""
    return len(item) if isinstance(item, str) else len(str(item))


def one_each(count: int) -> list[int]:
    """Say that every input has one row."""
    return list(range(count))

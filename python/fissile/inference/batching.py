"""Rows of ids run through a model in batches of like length, under a budget of tokens.

Sorted by length, a batch is nearly a rectangle: little is spent on padding, and where all rows of a batch
have one length nothing is, and no mask is needed. On a GPU in half precision rows are packed end to end
instead. Results come back in the order of the rows.
"""

from __future__ import annotations

import queue
import sys
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import torch

from .._rust import FissileError, InvalidValueError
from .layers.scope import Packing

_In = TypeVar("_In")
_Out = TypeVar("_Out")

CPU_BUDGET = 512
"""Tokens of a batch for every thread of a CPU: more would not stay in its caches."""
GPU_BUDGET = 32768
_HALF = (torch.float16, torch.bfloat16)


class OutOfMemoryError(FissileError, MemoryError):
    """A batch does not fit into the memory of the device."""


def plan(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Put rows of like length together.

    Args:
        lengths: The lengths of the rows.
        budget: The most tokens of a batch, padding included; a longer row is a batch of its own.

    Returns:
        The batches, each a list of rows by number, longest rows first: what does not fit is seen at once.

    Raises:
        InvalidValueError: When the budget is not positive.

    Example:
        >>> plan([2, 9, 3, 8], 18)
        [[1, 3], [2, 0]]
    """
    if budget < 1:
        raise InvalidValueError(f"a budget of {budget} tokens: a batch has at least one")
    batches: list[list[int]] = []
    width = 0
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batches and (len(batches[-1]) + 1) * width <= budget:
            batches[-1].append(row)
        else:
            batches.append([row])
            width = max(lengths[row], 1)
    return batches


class Batch:
    """Some rows as tensors, and the way back from what a model gives to each row.

    Args:
        columns: The inputs of all rows, by name.
        rows: The numbers of the rows that are in.
        pad: The id of padding.
        device: Where the tensors go.
        left: Pad on the left.
        packed: Lay the rows end to end.
    """

    def __init__(
        self,
        columns: dict[str, list[list[int]]],
        rows: Sequence[int],
        pad: int,
        device: torch.device,
        *,
        left: bool = False,
        packed: bool = False,
    ) -> None:
        self.rows = list(rows)
        self.lengths = [len(columns["input_ids"][row]) for row in rows]
        self.packed, self._left = packed, left
        # Only from pinned memory does a copy to the device run beside its work.
        self._pinned = device.type == "cuda"
        made = {
            name: self._packed(values)
            if packed
            else self._padded(values, pad if _is_ids(name) else 0)
            for name, values in columns.items()
        }
        made.update(self._borders() if packed else self._mask())
        self.inputs = {
            name: tensor.to(device, non_blocking=self._pinned) for name, tensor in made.items()
        }

    def _padded(self, values: list[list[int]], filling: int) -> torch.Tensor:
        shape = len(self.rows), max(self.lengths)
        made = torch.full(shape, filling, pin_memory=self._pinned)
        made[self._real()] = self._end_to_end(values)
        return made

    def _packed(self, values: list[list[int]]) -> torch.Tensor:
        made = torch.empty((1, sum(self.lengths)), dtype=torch.int64, pin_memory=self._pinned)
        made[0] = self._end_to_end(values)
        return made

    def _end_to_end(self, values: list[list[int]]) -> torch.Tensor:
        """Lay the rows into one buffer; a list of all of them takes torch ten times as long."""
        buffer = array("q")
        for row in self.rows:
            buffer.fromlist(values[row])
        # torch takes no buffer of nothing.
        return torch.frombuffer(buffer, dtype=torch.int64) if buffer else torch.zeros(0).long()

    def _real(self) -> torch.Tensor:
        lengths = torch.tensor(self.lengths)[:, None]
        places = torch.arange(max(self.lengths))[None]
        return places >= max(self.lengths) - lengths if self._left else places < lengths

    def _mask(self) -> dict[str, torch.Tensor]:
        if len(set(self.lengths)) == 1:
            return {}
        made = torch.empty(
            (len(self.rows), max(self.lengths)), dtype=torch.int64, pin_memory=self._pinned
        )
        return {"attention_mask": made.copy_(self._real())}

    def _borders(self) -> dict[str, torch.Tensor]:
        borders = torch.tensor([0, *self.lengths]).cumsum(0).int()
        return {"cu_seq_lens_q": borders}

    def model_inputs(self) -> dict[str, Any]:
        """Give what the model takes."""
        extra = {"max_length_q": max(self.lengths)} if self.packed else {}
        return {**self.inputs, **extra}

    def by_token(self, values: torch.Tensor) -> list[torch.Tensor]:
        """Cut what belongs to tokens into rows, padding left out. *Shape:* `(batch, tokens, ...)`."""
        if self.packed:
            return list(values[0].split(self.lengths))
        width = max(self.lengths)
        return [
            row[width - length :] if self._left else row[:length]
            for row, length in zip(values, self.lengths, strict=True)
        ]

    def mean(self, states: torch.Tensor) -> torch.Tensor:
        """Average the vectors of every row's tokens. *Shape:* `(batch, tokens, size)` to `(rows, size)`."""
        if self.packed:
            packing = Packing(self.inputs["cu_seq_lens_q"], max(self.lengths))
            texts = torch.arange(len(self.rows), device=states.device)
            owners = packing.spread(texts, states.shape[1])
            sums = states.new_zeros(len(self.rows), states.shape[2], dtype=torch.float32)
            sums.index_add_(0, owners, states[0].float())
            return sums / (packing.borders[1:] - packing.borders[:-1])[:, None]
        mask = self.inputs.get("attention_mask")
        if mask is None:
            return states.mean(1)
        real = mask[:, :, None].to(states.dtype)
        return (states * real).sum(1) / real.sum(1)

    def first(self, states: torch.Tensor) -> torch.Tensor:
        """Take the vector of every row's first token. *Shape:* `(rows, size)`."""
        if self.packed:
            return states[0, self.inputs["cu_seq_lens_q"][:-1].long()]
        if self._left:
            return torch.stack([part[0] for part in self.by_token(states)])
        return states[:, 0]


def _is_ids(name: str) -> bool:
    return name == "input_ids"


def run(
    columns: dict[str, list[list[int]]],
    forward: Callable[[Batch], Sequence[_Out]],
    model: Any,
    *,
    pad: int = 0,
    budget: int | None = None,
    rows_at_most: int | None = None,
    left: bool = False,
    pack: bool | None = None,
    progress: bool | None = None,
) -> list[_Out]:
    """Run rows through a model.

    Args:
        columns: The inputs of all rows, by name: `input_ids`, perhaps `token_type_ids`.
        forward: Runs a batch; gives a result for each of its rows.
        model: Says where tensors go, and whether rows may be packed.
        pad: The id of padding.
        budget: The most tokens of a batch; chosen by the device by default.
        rows_at_most: The most rows of a batch.
        left: Pad on the left.
        pack: Lay rows end to end; by default where the device has a kernel for it.
        progress: Show how far it is; by default on a terminal, once it takes a while.

    Returns:
        The results, in the order of the rows.

    Raises:
        OutOfMemoryError: When a batch does not fit; it names the batch, and the budget to try.
    """
    device = model.device
    if budget is None:
        budget = GPU_BUDGET
        if device.type == "cpu":
            budget = CPU_BUDGET * min(torch.get_num_threads(), 8)
    if pack is None:
        pack = device.type == "cuda" and model.dtype in _HALF and model.packs and not left
    lengths = [len(row) for row in columns["input_ids"]]
    batches = plan(lengths, budget)
    if rows_at_most is not None:
        batches = [
            rows[first : first + rows_at_most]
            for rows in batches
            for first in range(0, len(rows), rows_at_most)
        ]
    results: list[Any] = [None] * len(lengths)
    with Meter(len(lengths), progress) as meter, torch.inference_mode():
        ready = ahead(
            lambda rows: Batch(columns, rows, pad, device, left=left, packed=bool(pack)), batches
        )
        for batch in ready:
            for row, result in zip(batch.rows, _guarded(forward, batch, budget), strict=True):
                results[row] = result
            meter.add(len(batch.rows))
    return results


def _guarded(
    forward: Callable[[Batch], Sequence[_Out]], batch: Batch, budget: int
) -> Sequence[_Out]:
    try:
        return forward(batch)
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise _no_room(batch, budget) from error
    except RuntimeError as error:
        # On a CPU torch has no error of its own for this.
        if "can't allocate memory" in str(error) or "not enough memory" in str(error):
            raise _no_room(batch, budget) from error
        raise


def _no_room(batch: Batch, budget: int) -> OutOfMemoryError:
    tokens = len(batch.rows) * max(batch.lengths)
    hint = f"try token_budget={max(min(budget, tokens) // 2, 1)}"
    if len(batch.rows) == 1:
        hint = "it is one text alone: truncate it"
    return OutOfMemoryError(
        f"no memory for a batch of {len(batch.rows)} texts of up to {max(batch.lengths)} tokens ({tokens} "
        f"with padding, budget {budget}); {hint}"
    )


def ahead(work: Callable[[_In], _Out], items: Iterable[_In], most: int = 2) -> Iterator[_Out]:
    """Do work in another thread, a few items ahead of who uses it.

    Args:
        work: What is done; tokenizing and padding release the interpreter for the most part.
        items: What it is done to, in order. A single item is done at once.
        most: How many results may wait.

    Yields:
        The results, in order.
    """
    if isinstance(items, list) and len(items) < 2:
        yield from map(work, items)
        return
    worker = _Worker(most)
    thread = threading.Thread(target=worker.labour, args=(work, items), daemon=True)
    thread.start()
    try:
        yield from worker.results()
    finally:
        worker.stop()
        # It may hang in the caller's own iterator, which is not ours to wait for.
        thread.join(timeout=1.0)


class _Worker:
    """One who works ahead, and the shelf for what is done."""

    def __init__(self, most: int) -> None:
        self._shelf: queue.Queue[tuple[bool, Any]] = queue.Queue(most)
        self._over = threading.Event()

    def labour(self, work: Callable[[Any], Any], items: Iterable[Any]) -> None:
        """Do all the work, unless nobody wants it any more."""
        last: BaseException | None = None
        try:
            for item in items:
                if not self._put(True, work(item)):
                    return
        except BaseException as error:
            last = error
        self._put(False, last)

    def _put(self, more: bool, value: Any) -> bool:
        while not self._over.is_set():
            try:
                self._shelf.put((more, value), timeout=0.2)
                return True
            except queue.Full:
                continue
        return False

    def results(self) -> Iterator[Any]:
        """Give what is done; raise what went wrong."""
        while True:
            more, value = self._shelf.get()
            if more:
                yield value
            elif value is None:
                return
            else:
                raise value

    def stop(self) -> None:
        """Nobody wants more."""
        self._over.set()


class Meter:
    """How far a long piece of work is, on standard error.

    Args:
        total: How many there are.
        wanted: Show it; by default on a terminal, when it takes more than two seconds.
    """

    def __init__(self, total: int, wanted: bool | None) -> None:
        self._bar: Any = None
        shown = sys.stderr is not None and sys.stderr.isatty() if wanted is None else wanted
        if shown and total > 1:
            try:
                from tqdm import tqdm
            except ImportError:
                return
            self._bar = tqdm(total=total, unit="text", delay=0 if wanted else 2)

    def __enter__(self) -> Meter:
        return self

    def add(self, count: int) -> None:
        """Some more are done."""
        if self._bar is not None:
            self._bar.update(count)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

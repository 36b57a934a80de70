"""Beam search: several beginnings are kept, and the best of their continuations.

The order in which ties are broken and the scores by which finished beams are ranked are those of the
library that most configurations were tuned with, so that the same settings give the same text.
"""

from __future__ import annotations

from typing import Any

import torch

from .sampling import Rule
from .settings import Settings
from .stopping import Ends

_WORST = -1.0e9


def _pick(tensor: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Take beams by place. *Shape:* `(batch, beams, ...)` and `(batch, picked)`."""
    while places.dim() < tensor.dim():
        places = places.unsqueeze(-1)
    return torch.take_along_dim(tensor, places, dim=1)


def _filling(settings: Settings) -> int:
    """Say what fills finished beams up: the padding id, but for 0, which counts as none here."""
    if settings.pad_token_id:
        return settings.pad_token_id
    return settings.eos_token_id[0] if settings.eos_token_id else -1


class Beams:
    """The state of a search: beams that run, and the best that have finished.

    Args:
        prompts: *Shape:* `(batch, tokens)`.
        settings: How many beams, and how they are ranked.
        longest: How many tokens there may be.
    """

    def __init__(self, prompts: torch.Tensor, settings: Settings, longest: int) -> None:
        batch, self._begin = prompts.shape
        self.count, device = settings.num_beams, prompts.device
        shape = (batch, self.count)
        self.running = torch.full(
            (*shape, longest), _filling(settings), dtype=prompts.dtype, device=device
        )
        self.running[:, :, : self._begin] = prompts[:, None]
        self.finished = self.running.clone()
        # At first all beams are the same one: only the first may be gone on with.
        self.running_scores = torch.zeros(shape, device=device)
        self.running_scores[:, 1:] = _WORST
        self.scores = torch.full(shape, _WORST, device=device)
        self.done = torch.zeros(shape, dtype=torch.bool, device=device)
        self.lengths = torch.full(shape, self._begin, device=device)
        self.may_improve = torch.ones((batch, 1), dtype=torch.bool, device=device)
        self.length = self._begin
        self._settings, self._longest = settings, longest
        self._offset = torch.arange(batch, device=device)[:, None] * self.count

    def rows(self) -> torch.Tensor:
        """Give the running beams as rows. *Shape:* `(batch * beams, tokens)`."""
        return self.running[:, :, : self.length].flatten(0, 1)

    def advance(
        self, scores: torch.Tensor, ends: Ends, generator: torch.Generator | None
    ) -> torch.Tensor:
        """Go one token on.

        Args:
            scores: Logarithms of chances, by running beam. *Shape:* `(batch * beams, vocabulary)`.
            ends: Tells which beams have ended.
            generator: Where chance comes from.

        Returns:
            The rows that the running beams go on from.
        """
        vocabulary = scores.shape[-1]
        sums = scores.unflatten(0, (-1, self.count)) + self.running_scores[:, :, None]
        kept = max(2, 1 + len(self._settings.ends)) * self.count
        values, places = self._best(sums.flatten(1), kept, generator)
        parents = places // vocabulary
        candidates = _pick(self.running, parents)
        candidates[:, :, self.length] = places % vocabulary
        now = candidates[:, :, : self.length + 1].flatten(0, 1)
        ended = ends(now).unflatten(0, (-1, kept))
        self._finish(candidates, values, ended)
        values = values + ended.float() * _WORST
        going = values.topk(self.count).indices
        self.running, self.running_scores = _pick(candidates, going), _pick(values, going)
        self.length += 1
        self._look_ahead()
        self._stuck = bool(ended.all())
        return (_pick(parents, going) + self._offset).flatten()

    def _best(
        self, sums: torch.Tensor, kept: int, generator: torch.Generator | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self._settings.do_sample:
            values, places = sums.topk(kept)
            return values, places
        places = torch.multinomial(sums.softmax(-1), kept, generator=generator)
        return sums.gather(1, places), places

    def _finish(self, candidates: torch.Tensor, values: torch.Tensor, ended: torch.Tensor) -> None:
        """Rank candidates that have just ended with those that had before."""
        among_first = torch.arange(values.shape[1], device=values.device) < self.count
        just = ended & among_first
        ranked = values / (self.length + 1 - self._begin) ** self._settings.length_penalty
        full = self.done.all(1, keepdim=True) & (self._settings.early_stopping is True)
        for forbidden in (full, ~self.may_improve, ~just):
            ranked = ranked + forbidden.float() * _WORST
        scores = torch.cat((self.scores, ranked), 1)
        best = scores.topk(self.count).indices
        lengths = torch.full_like(values, self.length + 1, dtype=self.lengths.dtype)
        self.finished = _pick(torch.cat((self.finished, candidates), 1), best)
        self.lengths = _pick(torch.cat((self.lengths, lengths), 1), best)
        self.done = _pick(torch.cat((self.done, just), 1), best)
        self.scores = _pick(scores, best)

    def _look_ahead(self) -> None:
        """Ask whether the best running beam could still outdo the worst finished one."""
        s = self._settings
        far = self._longest if s.early_stopping == "never" and s.length_penalty > 0 else self.length
        possible = self.running_scores[:, :1] / (far - self._begin) ** s.length_penalty
        worst = torch.where(self.done, self.scores.amin(1, keepdim=True), _WORST)
        self.may_improve &= (possible > worst).any(-1, keepdim=True)

    def over(self) -> bool:
        """Whether nothing is left to be done."""
        enough = bool(self.done.all()) and self._settings.early_stopping is True
        return enough or self._stuck or not bool(self.may_improve.any())

    def result(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Give the best beams, and their scores. *Shape:* `(batch * returned, tokens)`."""
        count = self._settings.num_return_sequences
        longest = int(self.lengths[:, :count].max())
        return (
            self.finished[:, :count, :longest].flatten(0, 1),
            self.scores[:, :count].flatten(),
        )


def search(
    steps: Any,
    prompts: torch.Tensor,
    settings: Settings,
    rules: list[Rule],
    ends: Ends,
    *,
    longest: int,
    generator: torch.Generator | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Search for the likeliest texts.

    Args:
        steps: Scores what may come next, for `settings.num_beams` rows a prompt.
        prompts: *Shape:* `(batch, tokens)`.
        settings: How many beams, and how they are ranked.
        rules: What is done to scores first.
        ends: Tells which beams have ended.
        longest: How many tokens there may be.
        generator: Where chance comes from.

    Returns:
        The texts, `settings.num_return_sequences` a prompt, best first, and their scores.
    """
    beams = Beams(prompts, settings, longest)
    while True:
        rows = beams.rows()
        scores = steps(rows).log_softmax(-1)
        for rule in rules:
            scores = rule(rows, scores)
        steps.reorder(beams.advance(scores, ends, generator))
        if beams.over():
            return beams.result()

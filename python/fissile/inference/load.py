"""From a folder to a model: configuration, class, structure without weights, weights put in place.

Names and shapes are compared before anything is read, so a model is loaded whole or not at all:

- a weight that the body of a model needs has to be there, in the right shape, and the files may hold
  none for the body that the model has no place for: `FormatError` lists all of them by name;
- a whole head that the files lack is made at random, and heads of another task are left alone, with a
  warning that names the weights; `strict=True` makes these errors too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .._rust import FormatError, InvalidValueError
from ..auto.notices import warn

if TYPE_CHECKING:
    from .model import Model
    from .weights import Checkpoint

_SHOWN = 20
# What older libraries called the two weights of a layer norm.
_OLD_LEAVES = {".weight": ".gamma", ".bias": ".beta"}


class Plan(NamedTuple):
    """Which tensor goes where.

    Attributes:
        found: Names of ours, and the names in the files.
        fresh: Names of ours that the files lack and that are made at random.
        unused: Names in the files that the model has no place for.
    """

    found: dict[str, str]
    fresh: list[str]
    unused: list[str]


def load_weights(
    model: Model,
    checkpoint: Checkpoint,
    *,
    strict: bool = False,
    dtype: Any = None,
    device: Any = None,
    check_values: bool = False,
) -> Plan:
    """Put the weights of a checkpoint into a model that has none yet.

    Args:
        model: The model, its weights on the device "meta".
        checkpoint: The weights.
        strict: Take no model whose head is missing or whose files hold more than it needs.
        dtype: The type of the weights; as in the files by default.
        device: Where they go.
        check_values: Look for weights that are no numbers.

    Returns:
        What came from where.

    Raises:
        FormatError: When weights are missing, too many, of another shape, or not numbers.
    """
    plan = match(model, checkpoint, strict)
    tensors = {}
    for ours, theirs in plan.found.items():
        tensor = checkpoint.tensor(theirs)
        if check_values:
            _check_numbers(theirs, tensor)
        wanted = dtype if tensor.is_floating_point() else None
        tensors[ours] = tensor.to(device=device, dtype=wanted)
    model.put(tensors, device=device, dtype=dtype)
    return plan


def match(model: Model, checkpoint: Checkpoint, strict: bool) -> Plan:
    """Compare names and shapes, without reading a tensor.

    Raises:
        FormatError: As `load_weights`.
    """
    shapes, left = checkpoint.shapes, set(checkpoint.shapes)
    found: dict[str, str] = {}
    absent: list[str] = []
    wrong: list[str] = []
    for ours, tensor in model.state().items():
        candidates = _candidates(model, ours)
        known = [name for name in candidates if name in shapes]
        left.difference_update(known)
        if not known:
            absent.append(ours)
            continue
        found[ours] = known[0]
        if shapes[known[0]] != tuple(tensor.shape):
            wrong.append(f"{known[0]}: {list(shapes[known[0]])}, not {list(tensor.shape)}")
    unused = sorted(name for name in left if not _is_ignored(model, name))
    plan = Plan(found, absent, unused)
    _judge(model, plan, wrong, strict, checkpoint)
    return plan


def _candidates(model: Model, ours: str) -> list[str]:
    """List the names that a weight of ours may have in files."""
    names: list[str] = []
    for name in model.their_names(ours):
        names.append(name)
        prefix = f"{model.PREFIX}."
        # The body alone, or a body with a head on: the prefix comes and goes.
        names.append(name.removeprefix(prefix) if name.startswith(prefix) else prefix + name)
    if model.OLD_NORMS:
        for name in list(names):
            for leaf, old in _OLD_LEAVES.items():
                if name.endswith(leaf):
                    names.append(name.removesuffix(leaf) + old)
    return names


def _is_ignored(model: Model, name: str) -> bool:
    return any(re.search(pattern, name) for pattern in model.IGNORED)


def _judge(
    model: Model, plan: Plan, wrong: list[str], strict: bool, checkpoint: Checkpoint
) -> None:
    theirs = {ours: model.their_names(ours)[0] for ours in plan.fresh}
    body = [theirs[ours] for ours in plan.fresh if strict or not model.is_head(ours)]
    extra = [name for name in plan.unused if strict or model.is_body_name(name)]
    problems = [
        f"{label} {len(names)}: {_listed(names)}"
        for label, names in (("missing", body), ("without a place", extra), ("misshapen", wrong))
        if names
    ]
    if problems:
        where = ", ".join(str(path) for path in checkpoint.paths[:3])
        raise FormatError(
            f"the weights do not fit {type(model).__name__} ({where}); "
            + "; ".join(problems)
            + ". Look whether config.json belongs to these weights"
        )
    if plan.unused:
        warn(
            "Some weights were not used when initializing %s: %s",
            type(model).__name__,
            _listed(plan.unused),
        )
    fresh = sorted(theirs[ours] for ours in plan.fresh if not model.is_quiet(ours))
    if fresh:
        warn(
            "Some weights of %s were not initialized from the model checkpoint and are newly initialized: "
            "%s. Train them before you use the model",
            type(model).__name__,
            _listed(fresh),
        )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def _check_numbers(name: str, tensor: Any) -> None:
    if tensor.is_floating_point():
        bad = int((~tensor.isfinite()).sum())
        if bad:
            raise FormatError(
                f"the weight {name} holds {bad} values that are no finite numbers, of {tensor.numel()}: the "
                "file is damaged, or training went astray"
            )


def read_dtype(dtype: Any) -> Any:
    """Read a dtype that may be a name; "auto" and `None` leave the one of the files.

    Raises:
        InvalidValueError: When there is no floating-point type of that name.
    """
    import torch

    if dtype is None or dtype == "auto":
        return None
    found = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(found, torch.dtype) or not found.is_floating_point:
        raise InvalidValueError(
            f"dtype={dtype!r}: expected float32, float16, bfloat16, or 'auto' for the one of the files"
        )
    return found

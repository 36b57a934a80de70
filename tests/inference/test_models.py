"""Every architecture with every head gives what transformers gives of the same weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest
import torch

from tests.inference import tiny

CLOSE = 1e-5
LABELS = ("labels", "start_positions", "end_positions")
Written = Callable[..., tuple[Any, Path]]


def values(output: Any) -> dict[str, torch.Tensor]:
    """All tensors of an output by name, those in tuples numbered."""
    found = {}
    for key in output.keys():  # noqa: SIM118 - outputs iterate over values
        value = output[key]
        if isinstance(value, torch.Tensor):
            found[key] = value
        elif isinstance(value, tuple):
            found.update({f"{key}[{place}]": part for place, part in enumerate(value)})
    return found


def difference(one: torch.Tensor, other: torch.Tensor, real: torch.Tensor | None) -> float:
    """The largest difference; of vectors of padding nothing is promised."""
    apart = (one - other).abs()
    if real is not None and apart.dim() >= 2:
        apart = apart * real.reshape(*real.shape, *[1] * (apart.dim() - 2))
    return float(apart.max())


def real_rows(name: str, mask: torch.Tensor, value: torch.Tensor) -> torch.Tensor | None:
    """What of a value belongs to tokens that are no padding."""
    if "attentions" in name or "decoder" in name or "cross" in name:
        return None
    return mask if value.dim() >= 2 and value.shape[:2] == mask.shape else None


@pytest.mark.parametrize(("name", "head"), tiny.CASES)
def test_equal(written: Written, name: str, head: str) -> None:
    theirs, folder = written(name, head)
    ours = getattr(fissile, head).from_pretrained(folder, strict=True)
    inputs = {**tiny.batch(theirs.config, name, head), "output_hidden_states": True}
    for label in LABELS:
        inputs.pop(label, None)
    with torch.inference_mode():
        expected, actual = values(theirs(**inputs)), values(ours(**inputs))
    assert set(expected) <= set(actual)
    mask = inputs["attention_mask"]
    for key, value in expected.items():
        assert value.shape == actual[key].shape, key
        rows = real_rows(key, mask, value)
        if "logits" in key and head == "AutoModelForSequenceClassification":
            rows = None
        decoded = "decoder_input_ids" in inputs or name in ("bart",)
        if decoded and not key.startswith("encoder") and value.shape[:2] == mask.shape:
            rows = mask
        assert difference(value, actual[key], rows) <= CLOSE, key


@pytest.mark.parametrize(
    ("name", "head"), [(name, head) for name, head in tiny.CASES if head != "AutoModel"]
)
def test_losses(written: Written, name: str, head: str) -> None:
    """Without padding: some losses of transformers depend on what padding holds."""
    theirs, folder = written(name, head)
    ours = getattr(fissile, head).from_pretrained(folder)
    inputs = {key: value[:1] for key, value in tiny.batch(theirs.config, name, head).items()}
    with torch.inference_mode():
        expected, actual = theirs(**inputs).loss, ours(**inputs).loss
    assert abs(float(expected - actual)) <= CLOSE


@pytest.mark.parametrize(("name", "head"), tiny.CASES)
def test_read_by_transformers(
    transformers: ModuleType, written: Written, tmp_path: Path, name: str, head: str
) -> None:
    """What is saved here, transformers reads: every weight, none too many, none changed."""
    theirs, folder = written(name, head)
    getattr(fissile, head).from_pretrained(folder).save_pretrained(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "model.safetensors"]
    back, report = getattr(transformers, head).from_pretrained(tmp_path, output_loading_info=True)
    computed = {name for name in report["missing_keys"] if "embed_positions" in name}
    report["missing_keys"] = set(report["missing_keys"]) - (computed if name == "marian" else set())
    assert not any(report.values()), report
    for key, value in theirs.state_dict().items():
        assert torch.equal(value, back.state_dict()[key]), key


WITH_ATTENTION = [
    ("bert", "AutoModel"),
    ("distilbert", "AutoModel"),
    ("gpt2", "AutoModel"),
    ("mistral", "AutoModel"),
    ("qwen3", "AutoModel"),
    ("t5", "AutoModelForSeq2SeqLM"),
    ("bart", "AutoModelForSeq2SeqLM"),
]


@pytest.mark.parametrize(("name", "head"), WITH_ATTENTION)
def test_attentions(transformers: ModuleType, written: Written, name: str, head: str) -> None:
    theirs, folder = written(name, head)
    plain = getattr(transformers, head).from_config(theirs.config, attn_implementation="eager")
    plain.eval().load_state_dict(theirs.state_dict())
    ours = getattr(fissile, head).from_pretrained(folder)
    inputs = {**tiny.batch(theirs.config, name, head), "output_attentions": True}
    with torch.inference_mode():
        expected, actual = plain(**inputs), ours(**inputs)
    seen = 0
    for key in expected.keys():  # noqa: SIM118
        if "attentions" not in key or not expected[key]:
            continue
        for one, other in zip(expected[key], actual[key], strict=True):
            mask = inputs["attention_mask"][:, None, :, None]
            whole = one.shape[2] != mask.shape[2]
            assert float(((one - other) * (1 if whole else mask)).abs().max()) <= CLOSE, key
            seen += 1
    assert seen


@pytest.mark.parametrize("name", [name for name in tiny.CONFIGS if name not in ("bert-untied",)])
def test_padded_equals_alone(written: Written, name: str) -> None:
    """A text gives the same alone as padded beside longer ones: seed example M11."""
    head = "AutoModel" if "AutoModel" in tiny.HEADS[name] else tiny.HEADS[name][-1]
    theirs, folder = written(name, head)
    model = getattr(fissile, head).from_pretrained(folder)
    inputs = tiny.batch(theirs.config, name, head)
    inputs.pop("labels", None)
    short = tiny.TOKENS - tiny.PADDED
    alone = {
        key: value[1:2, :short] if value.shape[1] == tiny.TOKENS else value[1:2]
        for key, value in inputs.items()
    }
    with torch.inference_mode():
        beside = model(**inputs)[0][1]
        single = model(**alone)[0][0]
    assert float((beside[: len(single)] - single).abs().max()) <= CLOSE


PACKED = ["bert", "distilbert", "roberta", "gpt2", "llama", "mistral", "qwen2", "qwen3", "gemma"]


@pytest.mark.parametrize("name", PACKED)
def test_packed_equals_padded(written: Written, name: str) -> None:
    """Texts laid end to end give what each gives alone."""
    from fissile import PackingCollator

    _, folder = written(name, "AutoModel")
    model = fissile.AutoModel.from_pretrained(folder)
    torch.manual_seed(2)
    texts = [torch.randint(3, 97, (length,)).tolist() for length in (5, 9, 5, 1, 7)]
    batch = PackingCollator()([{"input_ids": text} for text in texts])
    batch.pop("labels")
    batch.pop("position_ids")
    with torch.inference_mode():
        packed = model(**batch).last_hidden_state[0]
        single = [model(torch.tensor([text])).last_hidden_state[0] for text in texts]
    assert float((packed - torch.cat(single)).abs().max()) <= CLOSE


@pytest.mark.parametrize("name", ["bert", "distilbert", "roberta", "gpt2", "llama"])
def test_packed_labels(written: Written, name: str) -> None:
    from fissile import PackingCollator

    head = "AutoModelForSequenceClassification"
    _, folder = written(name, head)
    model = getattr(fissile, head).from_pretrained(folder)
    texts = [list(range(3, 3 + length)) for length in (5, 9, 2)]
    batch = PackingCollator()([{"input_ids": text} for text in texts])
    batch.pop("labels")
    batch.pop("position_ids")
    with torch.inference_mode():
        packed = model(**batch).logits
        single = torch.cat([model(torch.tensor([text])).logits for text in texts])
    assert float((packed - single).abs().max()) <= CLOSE


@pytest.mark.parametrize("name", ["gpt2", "llama", "mistral", "qwen3"])
def test_cached_equals_uncached(written: Written, name: str) -> None:
    """Token by token, in two parts, or at once: the same logits (law 10)."""
    _, folder = written(name, "AutoModelForCausalLM")
    model = fissile.AutoModelForCausalLM.from_pretrained(folder)
    ids = torch.arange(3, 3 + 12)[None]
    with torch.inference_mode():
        whole = model(ids).logits
        for cuts in ([4, 8], list(range(1, 12))):
            cache, parts = None, []
            for start, end in zip([0, *cuts], [*cuts, 12], strict=True):
                step = model(ids[:, start:end], past_key_values=cache, use_cache=True)
                cache = step.past_key_values
                parts.append(step.logits)
            assert float((torch.cat(parts, 1) - whole).abs().max()) <= CLOSE


def test_training_step(written: Written) -> None:
    """A loss goes down when it is followed: models are plain modules."""
    _, folder = written("bert", "AutoModelForSequenceClassification")
    model = fissile.AutoModelForSequenceClassification.from_pretrained(folder)
    assert not model.training
    model.train()
    inputs = tiny.batch(model.config, "bert", "AutoModelForSequenceClassification")
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(12):
        loss = model(**inputs).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize(
    ("labels", "count"),
    [
        (torch.tensor([0.5, 1.5, -1.0]), 1),
        (torch.tensor([[1.0, 0.0, 1.0]] * 3), 3),
        (torch.tensor([2, 0, 1]), 3),
    ],
)
def test_losses_by_kind(transformers: ModuleType, tmp_path: Path, labels: Any, count: int) -> None:
    head = "AutoModelForSequenceClassification"
    theirs = tiny.theirs(transformers, "bert", head, num_labels=count)
    theirs.save_pretrained(tmp_path)
    ours = getattr(fissile, head).from_pretrained(tmp_path)
    inputs = {**tiny.batch(theirs.config, "bert", head), "labels": labels}
    with torch.inference_mode():
        expected, actual = theirs(**inputs).loss, ours(**inputs).loss
    assert abs(float(expected - actual)) <= CLOSE

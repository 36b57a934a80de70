"""Folders are read whole or not at all, and what is wrong is named."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest
import torch
from fissile import AutoConfig, AutoModel, AutoModelForMaskedLM, AutoModelForSequenceClassification
from fissile.inference.config import Config
from safetensors.torch import load_file, save_file

from tests.inference import tiny

Written = Callable[..., tuple[Any, Path]]


@pytest.fixture
def folder(written: Written, tmp_path: Path) -> Path:
    """A copy of a tiny BERT that may be broken."""
    _, source = written("bert", "AutoModelForMaskedLM")
    for path in source.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def change(folder: Path, work: Callable[[dict[str, torch.Tensor]], Any]) -> None:
    """Rewrite the weights of a folder."""
    path = folder / "model.safetensors"
    weights = {name: value.clone() for name, value in load_file(path).items()}
    work(weights)
    save_file(weights, path, metadata={"format": "pt"})


QUERY = "bert.encoder.layer.1.attention.self.query.weight"


def test_missing_weights_are_named(folder: Path) -> None:
    change(folder, lambda weights: [weights.pop(QUERY), weights.pop(QUERY[:-6] + "bias")])
    with pytest.raises(fissile.FormatError, match="missing 2") as error:
        AutoModelForMaskedLM.from_pretrained(folder)
    assert QUERY in str(error.value)


def test_extra_weights_are_named(folder: Path) -> None:
    """A third layer has no place in a model of two."""
    name = QUERY.replace(".1.", ".2.")
    change(folder, lambda weights: weights.update({name: weights[QUERY].clone()}))
    with pytest.raises(fissile.FormatError, match="without a place 1") as error:
        AutoModelForMaskedLM.from_pretrained(folder)
    assert name in str(error.value)


def test_wrong_shapes_are_named(folder: Path) -> None:
    change(folder, lambda weights: weights.update({QUERY: weights[QUERY][:5].clone()}))
    with pytest.raises(fissile.FormatError, match=r"\[5, 32\], not \[32, 32\]") as error:
        AutoModelForMaskedLM.from_pretrained(folder)
    assert QUERY in str(error.value)


def test_another_number_of_labels(written: Written) -> None:
    _, source = written("bert", "AutoModelForSequenceClassification")
    with pytest.raises(fissile.FormatError, match=r"classifier.weight: \[3, 32\], not \[10, 32\]"):
        AutoModelForSequenceClassification.from_pretrained(source, num_labels=10)


def test_missing_head_is_made_and_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="fissile"):
        model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=5)
    assert model.classifier.weight.shape == (5, 32)
    assert bool(model.classifier.weight.ne(0).all())
    assert "newly initialized: bert.pooler.dense.bias" in caplog.text
    assert "classifier.weight" in caplog.text
    assert "cls.predictions.transform.dense.weight" in caplog.text


def test_strict_takes_no_missing_head(folder: Path) -> None:
    with pytest.raises(fissile.FormatError, match=r"classifier\.weight"):
        AutoModelForSequenceClassification.from_pretrained(folder, strict=True)


def test_loading_info(folder: Path) -> None:
    _, report = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
    assert "classifier.weight" in report["missing_keys"]
    assert "cls.predictions.bias" in report["unexpected_keys"]


@pytest.mark.parametrize("name", ["pytorch_model.bin", "pytorch_model.bin.index.json"])
def test_pickled_weights_are_refused(folder: Path, name: str) -> None:
    (folder / "model.safetensors").rename(folder / name)
    with pytest.raises(fissile.UnsupportedError, match="pickled weights are refused"):
        AutoModel.from_pretrained(folder)


def test_no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(fissile.FileError, match=r"no model\.safetensors .* config\.json"):
        AutoModel.from_pretrained(folder)


def test_no_config(folder: Path) -> None:
    (folder / "config.json").unlink()
    with pytest.raises(fissile.FormatError, match=r"no config\.json"):
        AutoModel.from_pretrained(folder)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff" * 64, b"\x08\x00\x00\x00\x00\x00\x00\x00{}"]
)
def test_damaged_file(folder: Path, content: bytes) -> None:
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(fissile.FormatError):
        AutoModel.from_pretrained(folder)


def test_cut_file(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(fissile.FormatError, match=r"model\.safetensors"):
        AutoModel.from_pretrained(folder)


def test_values_that_are_no_numbers(folder: Path) -> None:
    def spoil(weights: dict[str, torch.Tensor]) -> None:
        weights[QUERY][0, 0] = float("nan")
        weights[QUERY][1, 1] = float("inf")

    change(folder, spoil)
    assert AutoModelForMaskedLM.from_pretrained(folder) is not None
    with pytest.raises(fissile.FormatError, match=f"{QUERY} holds 2 values"):
        AutoModelForMaskedLM.from_pretrained(folder, check_values=True)


def test_unknown_architecture(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"model_type": "perceiver"}))
    with pytest.raises(fissile.UnsupportedError, match=r"'perceiver' is not built; there are bart"):
        AutoModel.from_pretrained(folder)


def test_head_that_an_architecture_has_not(written: Written) -> None:
    _, source = written("bert", "AutoModel")
    with pytest.raises(fissile.UnsupportedError, match="bert has no such head"):
        fissile.AutoModelForSeq2SeqLM.from_pretrained(source)


def test_folder_that_is_not_there() -> None:
    with pytest.raises(fissile.FileError, match="no such folder"):
        AutoModel.from_pretrained("./no/such/folder")


def test_name_that_is_not_cached(tmp_path: Path) -> None:
    with pytest.raises(fissile.FileError, match="local cache"):
        AutoModel.from_pretrained("nobody/nothing", cache_dir=tmp_path, local_files_only=True)


def test_cached_repository(folder: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "hub" / "models--somebody--tiny" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (snapshot.parent.parent / "refs").mkdir()
    (snapshot.parent.parent / "refs" / "main").write_text("abc")
    for name in ("config.json", "model.safetensors"):
        (snapshot / name).write_bytes((folder / name).read_bytes())
    model = AutoModel.from_pretrained(
        "somebody/tiny", cache_dir=tmp_path / "hub", local_files_only=True
    )
    assert model.config.hidden_size == 32


def test_shards(written: Written, tmp_path: Path) -> None:
    """Weights in several files are those in one; a lost file and a shared name are told."""
    theirs, _ = written("bert", "AutoModelForMaskedLM")
    theirs.save_pretrained(tmp_path, max_shard_size="20KB")
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 2
    model = AutoModelForMaskedLM.from_pretrained(tmp_path, strict=True)
    assert torch.equal(
        model.base.layers[1].attention.query.weight,
        theirs.bert.encoder.layer[1].attention.self.query.weight,
    )
    lost = sorted(tmp_path.glob("model-*.safetensors"))[0]
    content = lost.read_bytes()
    lost.unlink()
    with pytest.raises(fissile.FileError, match=lost.name):
        AutoModelForMaskedLM.from_pretrained(tmp_path)
    lost.write_bytes(content)
    other = sorted(tmp_path.glob("model-*.safetensors"))[1]
    other.write_bytes(content)
    with pytest.raises(fissile.FormatError, match="stands in another file too"):
        AutoModelForMaskedLM.from_pretrained(tmp_path)


def test_index_that_leads_away(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "other.safetensors")
    index = {"weight_map": {QUERY: "../other.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(fissile.FormatError, match="leads out of the folder"):
        AutoModel.from_pretrained(folder)


def test_own_shards(written: Written, tmp_path: Path) -> None:
    _, source = written("bert", "AutoModel")
    model = AutoModel.from_pretrained(source)
    model.save_pretrained(tmp_path, max_shard_size="20KB")
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 2
    again = AutoModel.from_pretrained(tmp_path, strict=True)
    model.save_pretrained(tmp_path)
    assert not list(tmp_path.glob("model-*.safetensors"))
    for name, value in again.state_dict().items():
        assert torch.equal(value, model.state_dict()[name])


def test_body_of_a_model_with_a_head_and_back(written: Written, tmp_path: Path) -> None:
    """The prefix of the body comes and goes."""
    _, source = written("bert", "AutoModelForMaskedLM")
    body = AutoModel.from_pretrained(source)
    body.save_pretrained(tmp_path)
    head = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    for name, value in body.layers.state_dict().items():
        assert torch.equal(value, head.base_model.layers.state_dict()[name])


def test_old_names_of_norms(folder: Path) -> None:
    def age(weights: dict[str, torch.Tensor]) -> None:
        for name in [name for name in weights if "LayerNorm" in name]:
            old = name.replace(".weight", ".gamma").replace(".bias", ".beta")
            weights[old] = weights.pop(name)
        weights["bert.embeddings.position_ids"] = torch.arange(66)[None]

    expected = AutoModelForMaskedLM.from_pretrained(folder).state_dict()
    change(folder, age)
    actual = AutoModelForMaskedLM.from_pretrained(folder, strict=True).state_dict()
    for name, value in expected.items():
        assert torch.equal(value, actual[name])


def test_weights_are_mapped_not_copied(folder: Path) -> None:
    """All weights on the CPU share the storage of the file."""
    model = AutoModel.from_pretrained(folder)
    storages = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    assert len(storages) <= len(list(model.parameters()))
    assert all(not weight.is_meta for weight in model.parameters())


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", torch.float64])
def test_types(folder: Path, dtype: Any) -> None:
    model = AutoModel.from_pretrained(folder, dtype=dtype)
    assert model.dtype == (getattr(torch, dtype) if isinstance(dtype, str) else dtype)


def test_type_that_is_none(folder: Path) -> None:
    with pytest.raises(fissile.InvalidValueError, match="dtype='int8'"):
        AutoModel.from_pretrained(folder, dtype="int8")


def test_sequences_over_the_limit(folder: Path) -> None:
    model = AutoModel.from_pretrained(folder)
    with pytest.raises(
        fissile.InvalidValueError, match="67 tokens, and the model has 66 positions"
    ):
        model(torch.ones(1, 67, dtype=torch.long))


@pytest.mark.parametrize("id", [99, -1])
def test_ids_outside_the_vocabulary(folder: Path, id: int) -> None:
    model = AutoModel.from_pretrained(folder)
    with pytest.raises(fissile.InvalidValueError, match=f"token id {id}: the model has 99"):
        model(torch.tensor([[3, id]]))


@pytest.mark.parametrize("name", list(tiny.CONFIGS))
def test_random_models(transformers: ModuleType, tmp_path: Path, name: str) -> None:
    """A model made of a configuration alone runs, and survives a round trip."""
    head = tiny.HEADS[name][-1]
    config = tiny.theirs(transformers, name, head).config
    ours = Config.from_dict(config.to_dict())
    model = getattr(fissile, head).from_config(ours)
    inputs = tiny.batch(config, name, head)
    with torch.inference_mode():
        first = model(**inputs)[0]
        model.save_pretrained(tmp_path)
        again = getattr(fissile, head).from_pretrained(tmp_path, strict=True)
        assert torch.equal(first, again(**inputs)[0])
    assert torch.isfinite(first).all()


# Configurations.


def test_unknown_fields_survive(tmp_path: Path) -> None:
    source = {"model_type": "bert", "hidden_size": 8, "made_by": {"name": "someone"}}
    (tmp_path / "config.json").write_text(json.dumps(source))
    config = AutoConfig.from_pretrained(tmp_path, num_labels=3)
    assert (config.made_by, config.hidden_size, config.num_labels) == ({"name": "someone"}, 8, 3)
    config.save_pretrained(tmp_path / "again")
    again = AutoConfig.from_pretrained(tmp_path / "again")
    assert again == config
    assert again.made_by == {"name": "someone"}
    assert again.id2label == {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}


def test_names_of_labels(tmp_path: Path) -> None:
    source = {"model_type": "distilbert", "id2label": {"0": "NEGATIVE", "1": "POSITIVE"}}
    (tmp_path / "config.json").write_text(json.dumps(source))
    config = AutoConfig.from_pretrained(tmp_path)
    assert config.id2label == {0: "NEGATIVE", 1: "POSITIVE"}
    assert config.label2id == {"NEGATIVE": 0, "POSITIVE": 1}


def test_shared_names_of_fields() -> None:
    config = AutoConfig.for_model("distilbert", n_heads=8, dim=512, hidden_dim=4 * 512)
    assert (config.hidden_size, config.num_attention_heads) == (512, 8)
    config.hidden_size = 64
    assert config.dim == 64
    with pytest.raises(AttributeError, match="no field 'heads'"):
        _ = config.heads


def test_printed_as_sorted_json() -> None:
    text = repr(AutoConfig.for_model("bert"))
    assert text.startswith("BertConfig {")
    fields = json.loads(text.removeprefix("BertConfig "))
    assert list(fields) == sorted(fields)
    assert (fields["hidden_size"], fields["layer_norm_eps"]) == (768, 1e-12)


@pytest.mark.parametrize("name", list(tiny.CONFIGS))
def test_fields_as_transformers_reads_them(
    transformers: ModuleType, tmp_path: Path, name: str
) -> None:
    """Defaults and shared names agree with those of transformers."""
    family, fields = tiny.CONFIGS[name]
    theirs = getattr(transformers, f"{family}Config")(**fields)
    theirs.save_pretrained(tmp_path)
    ours = AutoConfig.from_pretrained(tmp_path)
    plain = AutoConfig.for_model(theirs.model_type)
    defaults = getattr(transformers, f"{family}Config")()
    shared = (
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "pad_token_id",
    )
    for field in (*shared, "eos_token_id", "num_labels", "is_encoder_decoder"):
        assert getattr(ours, field) == getattr(theirs, field), field
        assert getattr(plain, field) == getattr(defaults, field), field


# Outputs.


def test_outputs_by_attribute_name_and_place(written: Written) -> None:
    _, source = written("bert", "AutoModelForSequenceClassification")
    model = AutoModelForSequenceClassification.from_pretrained(source)
    ids = torch.tensor([[3, 4, 5]])
    with torch.inference_mode():
        outputs = model(ids, output_hidden_states=True, output_attentions=True)
        assert outputs.logits is outputs["logits"] is outputs[0]
        assert outputs.loss is None
        assert "loss" not in outputs
        assert list(outputs.keys()) == ["logits", "hidden_states", "attentions"]
        states, attentions = outputs[-2:]
        assert (len(states), len(attentions)) == (3, 2)
        loss, logits = model(ids, labels=torch.tensor([1]))
        assert loss.dim() == 0
        assert logits.shape == (1, 3)
        assert isinstance(model(ids, return_dict=False), tuple)
        assert dict(outputs).keys() == {"logits", "hidden_states", "attentions"}
        with pytest.raises(KeyError):
            _ = outputs["loss"]
    assert repr(outputs).startswith("SequenceClassifierOutput(loss=None, logits=tensor(")


def test_answers_unpack(written: Written) -> None:
    """Seed 001: `answer_start_scores, answer_end_scores = model(**inputs)`."""
    _, source = written("bert", "AutoModelForQuestionAnswering")
    model = fissile.AutoModelForQuestionAnswering.from_pretrained(source)
    begins, ends = model(input_ids=torch.tensor([[3, 4, 5]]))
    assert begins.shape == ends.shape == (1, 3)

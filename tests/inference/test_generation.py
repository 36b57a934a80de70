"""Text is written as transformers writes it with the same weights and settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest
import torch
from fissile.inference.generation import sampling
from fissile.inference.generation.stream import TextIteratorStreamer, TextStreamer

from tests.inference import tiny
from tests.support.build import byte_level

Written = Callable[..., tuple[Any, Path]]

DECODERS = ["gpt2", "llama", "mistral", "qwen2", "qwen3", "gemma"]
READERS = ["t5", "t5-gated", "bart", "marian"]
ENDS = [2, 11, 12, 13, 14, 15, 16, 17]
"""Several ids that end a text, so that random models end now and then."""

SETTINGS: dict[str, dict[str, Any]] = {
    "greedy": {"max_new_tokens": 12},
    "greedy with ends": {"max_new_tokens": 14, "eos_token_id": ENDS},
    "greedy at least": {"max_new_tokens": 12, "min_new_tokens": 6, "eos_token_id": ENDS},
    "greedy in all": {"max_length": 20, "min_length": 15, "eos_token_id": ENDS},
    "greedy penalised": {
        "max_new_tokens": 12,
        "repetition_penalty": 1.7,
        "no_repeat_ngram_size": 2,
    },
    "greedy banned": {"max_new_tokens": 8, "bad_words_ids": [[5], [7, 8], [50]]},
    "greedy uncached": {"max_new_tokens": 6, "use_cache": False},
    "beams": {"max_new_tokens": 10, "num_beams": 3},
    "beams with ends": {"max_new_tokens": 14, "num_beams": 4, "eos_token_id": ENDS},
    "beams early": {
        "max_new_tokens": 14,
        "num_beams": 4,
        "eos_token_id": ENDS,
        "early_stopping": True,
        "length_penalty": 2.0,
        "min_new_tokens": 3,
        "no_repeat_ngram_size": 3,
    },
    "beams never": {
        "max_new_tokens": 14,
        "num_beams": 3,
        "eos_token_id": ENDS,
        "early_stopping": "never",
        "length_penalty": 0.5,
        "num_return_sequences": 3,
    },
    "chance": {"max_new_tokens": 12, "do_sample": True, "top_k": 0},
    "chance narrowed": {
        "max_new_tokens": 12,
        "do_sample": True,
        "temperature": 0.7,
        "top_k": 20,
        "top_p": 0.8,
        "num_return_sequences": 3,
    },
    "chance above": {"max_new_tokens": 12, "do_sample": True, "min_p": 0.3, "temperature": 1.5},
    "chance with beams": {"max_new_tokens": 8, "num_beams": 3, "do_sample": True, "top_p": 0.9},
}
FORCED = {"max_length": 9, "num_beams": 2, "forced_bos_token_id": 7, "forced_eos_token_id": 9}


def prompts(name: str, config: Any) -> dict[str, torch.Tensor]:
    """Three prompts, one padded on the left; a reader's is padded on the right."""
    torch.manual_seed(3)
    ids = torch.randint(20, 97, (3, 7))
    mask = torch.ones_like(ids)
    place = slice(5, 7) if name in READERS else slice(0, 3)
    ids[1, place] = config.pad_token_id
    mask[1, place] = 0
    return {"input_ids": ids, "attention_mask": mask}


def head(name: str) -> str:
    return "AutoModelForSeq2SeqLM" if name in READERS else "AutoModelForCausalLM"


@pytest.mark.parametrize("settings", list(SETTINGS))
@pytest.mark.parametrize("name", [*DECODERS, *READERS])
def test_equal(written: Written, name: str, settings: str) -> None:
    theirs, folder = written(name, head(name))
    ours = getattr(fissile, head(name)).from_pretrained(folder)
    inputs = prompts(name, theirs.config)
    options = {**SETTINGS[settings]}
    torch.manual_seed(4)
    expected = theirs.generate(**inputs, **options)
    torch.manual_seed(4)
    assert ours.generate(**inputs, **options).tolist() == expected.tolist()


@pytest.mark.parametrize("name", READERS)
def test_forced_tokens(written: Written, name: str) -> None:
    theirs, folder = written(name, head(name))
    ours = getattr(fissile, head(name)).from_pretrained(folder)
    inputs = prompts(name, theirs.config)
    expected = theirs.generate(**inputs, **FORCED)
    actual = ours.generate(**inputs, **FORCED)
    assert actual.tolist() == expected.tolist()
    assert (actual[:, 1] == 7).all()


def test_scores_of_beams(written: Written) -> None:
    theirs, folder = written("bart", "AutoModelForSeq2SeqLM")
    ours = fissile.AutoModelForSeq2SeqLM.from_pretrained(folder)
    options = {
        **SETTINGS["beams early"],
        "return_dict_in_generate": True,
        "num_return_sequences": 4,
    }
    inputs = prompts("bart", theirs.config)
    expected = theirs.generate(**inputs, **options, output_scores=True)
    actual = ours.generate(**inputs, **options)
    assert actual.sequences.tolist() == expected.sequences.tolist()
    assert float((actual.sequences_scores - expected.sequences_scores).abs().max()) <= 1e-5


@pytest.fixture
def model(written: Written) -> Any:
    _, folder = written("gpt2", "AutoModelForCausalLM")
    return fissile.AutoModelForCausalLM.from_pretrained(folder)


def test_padded_writes_as_alone(model: Any) -> None:
    inputs = prompts("gpt2", model.config)
    together = model.generate(**inputs, max_new_tokens=9)
    alone = model.generate(inputs["input_ids"][1:2, 3:], max_new_tokens=9)
    assert together[1, 3:].tolist() == alone[0].tolist()


def test_padding_found_by_its_id(model: Any) -> None:
    inputs = prompts("gpt2", model.config)
    assert torch.equal(
        model.generate(inputs["input_ids"], max_new_tokens=5),
        model.generate(**inputs, max_new_tokens=5),
    )


def test_seeds_repeat(model: Any) -> None:
    ids = torch.tensor([[20, 21, 22]])
    options = {"max_new_tokens": 16, "do_sample": True, "num_return_sequences": 4}
    first = model.generate(ids, seed=5, **options)
    assert torch.equal(first, model.generate(ids, seed=5, **options))
    assert not torch.equal(first, model.generate(ids, seed=6, **options))
    state = torch.random.get_rng_state()
    model.generate(ids, seed=5, **options)
    assert torch.equal(state, torch.random.get_rng_state())


def test_right_padding_is_refused(model: Any) -> None:
    ids = torch.tensor([[20, 21, 0]])
    with pytest.raises(fissile.InvalidValueError, match="padding_side='left'"):
        model.generate(ids, max_new_tokens=3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": 0.0}, "temperature=0.0"),
        ({"top_p": 1.5}, r"top_p=1\.5"),
        ({"min_p": -1.0}, "min_p"),
        ({"num_beams": 0}, "num_beams=0"),
        ({"max_new_tokens": 0}, "max_new_tokens=0"),
        ({"num_return_sequences": 2}, "num_return_sequences=2 with 1 beams"),
        ({"max_length": 2}, "the prompt alone has 3"),
        ({"max_new_tokens": 500}, "503 tokens with the prompt, and the model has 66"),
        ({"stop_strings": "."}, "tokenizer"),
    ],
)
def test_settings_that_mean_nothing(model: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(fissile.InvalidValueError, match=message):
        model.generate(torch.tensor([[20, 21, 22]]), **options)


def test_presence_and_frequency() -> None:
    ids, scores = torch.tensor([[0, 0, 1]]), torch.zeros(1, 3)
    assert sampling.less_of_written(ids, scores, 0.5, 0.25).tolist() == [[-1.0, -0.75, 0.0]]


def test_penalties_spread_the_choice(model: Any) -> None:
    """Seed G10, G11: what was written gets less likely."""
    ids = torch.tensor([[20, 21, 22]])
    plain = model.generate(ids, max_new_tokens=30)[0, 3:].tolist()
    spread = model.generate(ids, max_new_tokens=30, frequency_penalty=9.0)[0, 3:].tolist()
    assert len(set(spread)) > len(set(plain))


def test_settings_of_a_folder(transformers: ModuleType, tmp_path: Path) -> None:
    """`generation_config.json` is what is done where the caller says nothing."""
    theirs = tiny.theirs(transformers, "gpt2", "AutoModelForCausalLM")
    theirs.generation_config.max_new_tokens = 4
    theirs.generation_config.num_beams = 3
    theirs.save_pretrained(tmp_path)
    ours = fissile.AutoModelForCausalLM.from_pretrained(tmp_path)
    ids = torch.tensor([[20, 21, 22]])
    assert ours.settings().num_beams == 3
    assert ours.generate(ids).tolist() == theirs.generate(ids).tolist()
    assert ours.generate(ids, max_new_tokens=6, num_beams=1).shape == (1, 9)


def test_older_files_keep_settings_in_the_configuration(written: Written, tmp_path: Path) -> None:
    _, folder = written("bart", "AutoModelForSeq2SeqLM")
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
    text = (
        (folder / "config.json").read_text().replace("{", '{"num_beams": 4, "max_length": 11,', 1)
    )
    (tmp_path / "config.json").write_text(text)
    ours = fissile.AutoModelForSeq2SeqLM.from_pretrained(tmp_path)
    assert (ours.settings().num_beams, ours.settings().max_length) == (4, 11)


# Strings and streams.


@pytest.fixture
def letters(model: Any) -> Any:
    """A tokenizer whose ids are those of the tiny model."""
    from fissile import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(tokenizer_object=byte_level(fissile))


def test_stop_strings(model: Any, letters: Any) -> None:
    ids = torch.tensor([[20, 21, 22], [40, 41, 42]])
    options = {"max_new_tokens": 24, "do_sample": True, "seed": 3, "top_k": 0}
    whole = model.generate(ids, ignore_eos=True, **options)
    stop = letters.decode(whole[0, 7:9].tolist())
    cut = model.generate(ids, ignore_eos=True, stop_strings=[stop], tokenizer=letters, **options)
    text = letters.decode(cut[0].tolist())
    written = [row[3:].tolist() for row in whole]
    assert stop in letters.decode(written[0][:6])
    assert cut[0, 3:9].tolist() == written[0][:6]
    assert stop in text
    assert all(id == model.settings().filling for id in cut[0, 9:].tolist())


def test_printed_stream(model: Any, letters: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ids = torch.tensor([[20, 21, 22]])
    texts = model.generate(ids, max_new_tokens=12, streamer=TextStreamer(letters))
    streamed = capsys.readouterr().out
    assert letters.decode(texts[0].tolist()).startswith(streamed.rstrip("\n"))
    model.generate(ids, max_new_tokens=12, streamer=TextStreamer(letters, skip_prompt=True))
    assert capsys.readouterr().out != streamed


def test_stream_in_a_thread(model: Any, letters: Any) -> None:
    streamer = TextIteratorStreamer(letters, skip_prompt=True, timeout=30)
    ids = torch.tensor([[20, 21, 22]])
    work = {"max_new_tokens": 12, "streamer": streamer}
    thread = threading.Thread(target=model.generate, args=(ids,), kwargs=work)
    thread.start()
    pieces = list(streamer)
    thread.join()
    expected = letters.decode(model.generate(ids, max_new_tokens=12)[0, 3:].tolist())
    assert pieces
    assert expected.startswith("".join(pieces))

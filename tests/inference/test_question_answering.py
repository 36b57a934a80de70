"""Answers out of texts. transformers has no such pipeline any more: what is compared with is its models,
and the way from logits to answers as the course works it out by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fissile
import numpy as np
import pytest
import torch
from fissile import pipeline
from fissile.inference.outputs import QuestionAnsweringModelOutput
from fissile.inference.pipelines.question_answering import QuestionAnsweringPipeline, spans

from tests.inference import tiny
from tests.inference.words import folder_with_words

QUESTION = "where do i work ?"
CONTEXT = "my name is sylvain and i work at hugging face in brooklyn , new york ."


@pytest.fixture(scope="session")
def folder(transformers: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("answers")
    tiny.theirs(transformers, "bert", "AutoModelForQuestionAnswering").save_pretrained(made)
    folder_with_words(made, "bert")
    return made


def by_hand(model: Any, tokenizer: Any, question: str, context: str, longest: int) -> list[Any]:
    """All spans of all parts with their scores, likeliest first: no cleverness, one loop in another."""
    encoded = tokenizer(
        question,
        context,
        stride=8,
        max_length=24,
        truncation="only_second",
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    found: dict[str, list[Any]] = {}
    for part, ids in enumerate(encoded["input_ids"]):
        types = torch.tensor([encoded["token_type_ids"][part]])
        with torch.inference_mode():
            outputs = model(torch.tensor([ids]), token_type_ids=types)
        inside = np.array([which == 1 for which in encoded.sequence_ids(part)])
        chances = []
        for logits in (outputs.start_logits, outputs.end_logits):
            values = logits[0].numpy().astype("float64")
            values[~(inside | (np.arange(len(ids)) == 0))] = -10000
            powers = np.exp(values - values.max())
            chances.append(powers / powers.sum())
        offsets = encoded["offset_mapping"][part]
        single = []
        for first in np.flatnonzero(inside):
            for last in range(first, min(first + longest, len(ids))):
                if inside[last]:
                    single.append((chances[0][first] * chances[1][last], first, last))
        for score, first, last in sorted(single, reverse=True)[:12]:
            start = encoded.word_to_chars(part, encoded.token_to_word(part, first), 1)[0]
            end = encoded.word_to_chars(part, encoded.token_to_word(part, last), 1)[1]
            assert offsets[first][0] >= start
            text = context[start:end]
            if text in found:
                found[text][0] += score
            else:
                found[text] = [score, start, end]
    return sorted(([*rest, text] for text, rest in found.items()), reverse=True)


def test_as_by_hand(transformers: Any, folder: Path) -> None:
    model = transformers.AutoModelForQuestionAnswering.from_pretrained(folder)
    tokenizer = fissile.AutoTokenizer.from_pretrained(folder)
    ours = pipeline("question-answering", model=folder)
    context = " ".join([CONTEXT, "hello course , my life .", CONTEXT])
    options = {"max_seq_len": 24, "doc_stride": 8, "max_answer_len": 6}
    best = by_hand(model, tokenizer, QUESTION, context, 6)[0]
    answer = ours(question=QUESTION, context=context, **options)
    assert list(answer) == ["score", "start", "end", "answer"]
    assert abs(answer["score"] - best[0]) <= 1e-5
    assert (answer["start"], answer["end"], answer["answer"]) == tuple(best[1:])
    assert context[answer["start"] : answer["end"]] == answer["answer"]


def test_ways_of_asking(folder: Path) -> None:
    ours = pipeline("question-answering", model=folder)
    one = ours(question=QUESTION, context=CONTEXT)
    assert isinstance(one, dict)
    asked = {"question": QUESTION, "context": CONTEXT}
    assert ours(asked) == one
    for several in (
        ours([asked, asked]),
        ours(question=[QUESTION, QUESTION], context=CONTEXT),
        ours(question=[QUESTION], context=[CONTEXT, CONTEXT]),
    ):
        assert [answer["answer"] for answer in several] == [one["answer"]] * 2
    ranked = ours(asked, top_k=5)
    assert [answer["score"] for answer in ranked] == sorted(
        (a["score"] for a in ranked), reverse=True
    )
    assert len({answer["answer"].lower() for answer in ranked}) == 5
    assert len(ours(asked, max_answer_len=1, align_to_words=False)["answer"].split()) == 1


def test_no_answer_at_all(folder: Path) -> None:
    ours = pipeline("question-answering", model=folder)
    ranked = ours(question=QUESTION, context=CONTEXT, top_k=999, handle_impossible_answer=True)
    assert next(answer for answer in ranked if not answer["answer"])["end"] == 0
    certain = ours(question=QUESTION, context=CONTEXT, top_k=999)
    assert [answer for answer in certain if not answer["answer"]] == []


@pytest.mark.parametrize(
    ("asked", "options", "message"),
    [
        ({"question": "", "context": "b"}, {}, "`question` cannot be empty"),
        ({"question": "a"}, {}, "expected question and context"),
        ({"question": "a", "context": "b"}, {"top_k": 0}, "top_k=0"),
        ({"question": "a", "context": "b"}, {"max_seq_len": 8, "doc_stride": 8}, "doc_stride=8"),
    ],
)
def test_bad_questions(folder: Path, asked: Any, options: Any, message: str) -> None:
    ours = pipeline("question-answering", model=folder)
    with pytest.raises(fissile.InvalidValueError, match=message):
        ours(asked, **options)


def test_spans_end_behind_their_begin() -> None:
    """The likeliest begin stands behind the likeliest end: neither can be taken alone."""
    begins, ends = torch.tensor([-9.0, 2.0, 6.0]), torch.tensor([-9.0, 6.0, 3.0])
    found, _ = spans(begins, ends, [True] * 3, 0, 3, 15)
    assert all(first <= last for first, last, _ in found)
    assert found[0][:2] == (2, 2)


class Marked:
    """A model that marks the tokens it was told to: what is tested is the way from logits to answers."""

    def __init__(self, first: int, last: int) -> None:
        self.config = SimpleNamespace(pad_token_id=0, max_position_embeddings=512)
        self.device, self.dtype = torch.device("cpu"), torch.float32
        self.packs, self.reads_types = False, True
        self._first, self._last = first, last

    def __call__(self, input_ids: torch.Tensor, **_: Any) -> QuestionAnsweringModelOutput:
        begins = torch.zeros(input_ids.shape)
        ends = torch.zeros(input_ids.shape)
        begins[:, self._first], ends[:, self._last] = 9.0, 9.0
        return QuestionAnsweringModelOutput(start_logits=begins, end_logits=ends)


PRINTED = [
    (
        "What is the course about?",
        "I think this course Computer Linguistic was life changing stuff!!!",
        (20, 39, "Computer Linguistic"),
    ),
    (
        "Where do I work?",
        "My name is Sylvain and I work at Hugging Face in Brooklyn",
        (33, 45, "Hugging Face"),
    ),
]


@pytest.mark.parametrize(("question", "context", "expected"), PRINTED)
def test_characters_that_the_course_prints(
    load: Callable[[str], Any], question: str, context: str, expected: tuple[int, int, str]
) -> None:
    tokenizer = load("bert-base-cased")
    start, end, text = expected
    encoded = tokenizer(question, context)
    first, last = encoded.char_to_token(0, start, 1), encoded.char_to_token(0, end - 1, 1)
    ours = QuestionAnsweringPipeline(Marked(first, last), tokenizer)
    answer = ours(question=question, context=context)
    assert (answer["start"], answer["end"], answer["answer"]) == (start, end, text)


def test_answers_as_wide_as_white_space(load: Callable[[str], Any]) -> None:
    """Seed 001 prints `SQuAD dataset,`: the word between spaces, with its comma."""
    tokenizer = load("bert-base-cased")
    context = "An example is the SQuAD dataset, which is based on that task."
    encoded = tokenizer("Which?", context)
    first = encoded.char_to_token(0, context.index("SQuAD"), 1)
    last = encoded.char_to_token(0, context.index("dataset"), 1)
    ours = QuestionAnsweringPipeline(Marked(first, last), tokenizer)
    assert ours(question="Which?", context=context)["answer"] == "SQuAD dataset"
    wide = ours(question="Which?", context=context, align_to_words="spaces")
    assert wide["answer"] == "SQuAD dataset,"

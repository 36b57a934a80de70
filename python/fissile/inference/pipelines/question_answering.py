"""Answers that stand in a text. Long texts are cut into parts that overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch

from ..._rust import InvalidValueError
from ..batching import Batch
from .base import Encoded, Pipeline

_LENGTH, _STRIDE = 384, 128
_MASKED = -10000.0


class Part(NamedTuple):
    """A part of a text, with its question before it.

    Attributes:
        encoding: Tells the words and characters of tokens.
        allowed: Which tokens may be in an answer: those of the text, and the first one, which stands for
            there being none.
        first: The place of that token; `None` where there is none.
    """

    encoding: Any
    allowed: list[bool]
    first: int | None


class QuestionAnsweringPipeline(Pipeline):
    """Finds answers.

    A call takes `question` and `context` (texts, or lists of texts), or mappings of these. `top_k` answers
    are given, `max_answer_len` tokens long at most. `max_seq_len` (384) and `doc_stride` (128) say how long
    texts are cut. `handle_impossible_answer` lets there be none. `align_to_words` widens answers to whole
    words of the tokenizer, or with "spaces" to what stands between white space.
    """

    AUTO = "AutoModelForQuestionAnswering"
    OPTIONS = frozenset(
        {
            "top_k",
            "topk",
            "doc_stride",
            "stride",
            "max_answer_len",
            "max_seq_len",
            "max_question_len",
            "handle_impossible_answer",
            "align_to_words",
        }
    )

    def __call__(
        self, inputs: Any = None, *, question: Any = None, context: Any = None, **options: Any
    ) -> Any:
        """Answer one question or several; see `Pipeline.__call__`."""
        if question is not None or context is not None:
            inputs = _paired(question, context)
        return super().__call__(inputs, **options)

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Encode questions with the parts of their texts."""
        for item in items:
            _check(item)
        limit = min(int(options.get("max_seq_len") or _LENGTH), self.limit() or _LENGTH)
        asked = options.get("doc_stride", options.get("stride"))
        stride = min(limit // 2, _STRIDE) if asked is None else int(asked)
        if stride >= limit:
            raise InvalidValueError(f"doc_stride={stride}: less than max_seq_len={limit}")
        encoding = self.tokenizer(
            [(item["question"], item["context"]) for item in items],
            truncation="only_second",
            max_length=limit,
            stride=stride,
            return_overflowing_tokens=True,
        )
        rows = range(len(encoding["input_ids"]))
        owners = [int(owner) for owner in encoding["overflow_to_sample_mapping"]]
        return Encoded(self.columns(encoding), owners, [self._part(encoding, row) for row in rows])

    def _part(self, encoding: Any, row: int) -> Part:
        allowed = [which == 1 for which in encoding.sequence_ids(row)]
        ids, first = encoding["input_ids"][row], None
        if self.tokenizer.cls_token_id is not None and self.tokenizer.cls_token_id in ids:
            first = ids.index(self.tokenizer.cls_token_id)
            allowed[first] = True
        return Part(encoding[row], allowed, first)

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Run the model."""
        outputs = self.model(**batch.model_inputs())
        begins, ends = (
            logits.float().cpu() for logits in (outputs.start_logits, outputs.end_logits)
        )
        return list(zip(batch.by_token(begins), batch.by_token(ends), strict=True))

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Rank the answers of all parts."""
        count = int(options.get("top_k", options.get("topk", 1)))
        longest = int(options.get("max_answer_len", 15))
        if count < 1 or longest < 1:
            raise InvalidValueError(f"top_k={count}, max_answer_len={longest}: at least 1 each")
        align = options.get("align_to_words", True)
        answers: dict[str, dict[str, Any]] = {}
        none = 1.0
        for (begins, ends), part in zip(rows, extra, strict=True):
            wanted = count * 2 + 10 if align else count
            found, empty = spans(begins, ends, part.allowed, part.first, wanted, longest)
            none = min(none, empty)
            for first, last, score in found:
                start, end = _characters(part.encoding, first, last, align, item["context"])
                text = item["context"][start:end]
                known = answers.get(text.lower())
                if known is not None:
                    known["score"] += score
                else:
                    answers[text.lower()] = {
                        "score": score,
                        "start": start,
                        "end": end,
                        "answer": text,
                    }
        ranked = list(answers.values())
        if options.get("handle_impossible_answer"):
            ranked.append({"score": none, "start": 0, "end": 0, "answer": ""})
        ranked = sorted(ranked, key=lambda answer: -answer["score"])[:count]
        return ranked[0] if len(ranked) == 1 else ranked


def spans(
    begins: torch.Tensor,
    ends: torch.Tensor,
    allowed: Sequence[bool],
    first: int | None,
    count: int,
    longest: int,
) -> tuple[list[tuple[int, int, float]], float]:
    """Find the likeliest spans of a part.

    Args:
        begins: Logits of every token being the first of the answer.
        ends: Logits of every token being the last.
        allowed: Which tokens may be in an answer.
        first: The token that stands for there being no answer; it takes its share of the chances.
        count: How many spans are wanted.
        longest: The most tokens of a span.

    Returns:
        First token, last token and score of spans, likeliest first, and the score of there being none.

    Example:
        >>> logits = torch.tensor([0.0, 1.0, 5.0])
        >>> [span[:2] for span in spans(logits, logits, [True] * 3, None, 1, 15)[0]]
        [(2, 2)]
    """
    hidden = ~torch.tensor(allowed)
    one, other = (logits.masked_fill(hidden, _MASKED).softmax(-1) for logits in (begins, ends))
    none = 1.0
    if first is not None:
        none = float(one[first] * other[first])
        one[first] = other[first] = 0.0
    scores = (one[:, None] * other[None, :]).triu().tril(longest - 1).flatten()
    best = scores.topk(min(count, len(scores)))
    found = []
    for score, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        start, end = divmod(place, len(one))
        fits = start <= end < start + longest
        if fits and allowed[start] and allowed[end] and first not in (start, end):
            found.append((start, end, score))
    return found, none


def _characters(encoding: Any, first: int, last: int, align: Any, context: str) -> tuple[int, int]:
    start, end = encoding.offsets[first][0], encoding.offsets[last][1]
    if align == "spaces":
        while start > 0 and not context[start - 1].isspace():
            start -= 1
        while end < len(context) and not context[end].isspace():
            end += 1
    elif align:
        words = [encoding.token_to_word(place) for place in (first, last)]
        if None not in words:
            spans = [encoding.word_to_chars(word, 1) for word in words]
            if None not in spans:
                start, end = spans[0][0], spans[1][1]
    return start, end


def _paired(question: Any, context: Any) -> Any:
    if question is None or context is None:
        raise InvalidValueError("a question needs a context, and a context a question")
    if isinstance(question, str) and isinstance(context, str):
        return {"question": question, "context": context}
    questions = [question] if isinstance(question, str) else list(question)
    contexts = [context] * len(questions) if isinstance(context, str) else list(context)
    if len(questions) == 1 and len(contexts) > 1:
        questions *= len(contexts)
    if len(questions) != len(contexts):
        raise InvalidValueError(f"{len(questions)} questions and {len(contexts)} contexts")
    return [{"question": q, "context": c} for q, c in zip(questions, contexts, strict=True)]


def _check(item: Any) -> None:
    if not isinstance(item, Mapping) or not {"question", "context"} <= set(item):
        raise InvalidValueError(f"{item!r:.80}: expected question and context")
    for name in ("question", "context"):
        if not isinstance(item[name], str) or not item[name]:
            raise InvalidValueError(f"`{name}` cannot be empty")

"""Labels for tokens, and the entities that tokens make up."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from ..._rust import InvalidValueError
from ..batching import Batch
from .base import Encoded, Pipeline

STRATEGIES = ("none", "simple", "first", "average", "max")


class TokenClassificationPipeline(Pipeline):
    """Labels tokens, or finds entities.

    A call takes `aggregation_strategy`: "none" gives tokens; "simple" joins neighbours of one label, the
    score is their mean; "first", "average" and "max" first make every word of one label: that of its first
    token, of the mean of its tokens, of its surest token. `ignore_labels` are left out, "O" by default.
    `stride` cuts texts that are too long into parts that overlap by so many tokens.
    `is_split_into_words` takes lists of words, which `delimiter` joins.
    """

    AUTO = "AutoModelForTokenClassification"
    OPTIONS = frozenset(
        {
            "aggregation_strategy",
            "ignore_labels",
            "stride",
            "is_split_into_words",
            "delimiter",
            "grouped_entities",
        }
    )

    def items(self, inputs: Any, options: dict[str, Any]) -> tuple[Any, bool]:
        """Take a list of words for one input where words are given."""
        if options.get("is_split_into_words") and isinstance(inputs, list) and inputs:
            return ([inputs], True) if isinstance(inputs[0], str) else (inputs, False)
        return super().items(inputs, options)

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Encode texts with the characters that their tokens stand for."""
        strategy_of(options)
        words, limit = bool(options.get("is_split_into_words")), self.limit()
        stride = options.get("stride")
        encoding = self.tokenizer(
            list(items),
            is_split_into_words=words,
            truncation=limit is not None,
            max_length=limit,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            return_overflowing_tokens=stride is not None,
            **({} if stride is None else {"stride": stride}),
        )
        count = len(encoding["input_ids"])
        owners = encoding.get("overflow_to_sample_mapping") if stride is not None else None
        extra = [
            {
                "ids": encoding["input_ids"][row],
                "offsets": encoding["offset_mapping"][row],
                "special": encoding["special_tokens_mask"][row],
                "words": encoding.word_ids(row) if words else None,
            }
            for row in range(count)
        ]
        owned = list(range(count)) if owners is None else [int(owner) for owner in owners]
        return Encoded(self.columns(encoding), owned, extra)

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Run the model."""
        logits = self.model(**batch.model_inputs()).logits.float()
        return [part.tolist() for part in batch.by_token(logits.softmax(-1).cpu())]

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Make entities of tokens."""
        strategy = strategy_of(options)
        text, starts = item, None
        if options.get("is_split_into_words"):
            text, starts = _joined(item, options.get("delimiter", " "))
        ignored = options.get("ignore_labels") or ["O"]
        if "ignore_labels" in options and options["ignore_labels"] is not None:
            ignored = options["ignore_labels"]
        entities: list[dict[str, Any]] = []
        for scores, more in zip(rows, extra, strict=True):
            tokens = self.tokens(text, scores, more, starts)
            found = self.aggregate(tokens, strategy)
            entities += [
                entity
                for entity in found
                if entity.get("entity", entity.get("entity_group")) not in ignored
            ]
        return without_overlaps(entities) if len(rows) > 1 else entities

    def tokens(
        self, text: str, scores: Any, more: dict[str, Any], starts: list[int] | None
    ) -> list[dict[str, Any]]:
        """List the tokens that are not special, with what is known of them."""
        pieces = self.tokenizer.convert_ids_to_tokens(list(more["ids"]))
        prefixed = getattr(
            self.tokenizer.backend_tokenizer.model, "continuing_subword_prefix", None
        )
        listed = []
        for place, piece in enumerate(pieces):
            if more["special"][place]:
                continue
            start, end = more["offsets"][place]
            if starts is not None and more["words"][place] is not None:
                shift = starts[more["words"][place]]
                start, end = start + shift, end + shift
            meant = text[start:end]
            inside = len(piece) != len(meant)
            if not prefixed:
                inside = start > 0 and " " not in text[start - 1 : start + 1]
            if more["ids"][place] == self.tokenizer.unk_token_id:
                piece, inside = meant, False
            listed.append(
                {
                    "word": piece,
                    "scores": scores[place],
                    "start": start,
                    "end": end,
                    "index": place,
                    "inside": inside,
                }
            )
        return listed

    # Aggregation.

    def aggregate(self, tokens: list[dict[str, Any]], strategy: str) -> list[dict[str, Any]]:
        """Make entities of tokens.

        Args:
            tokens: As `tokens` lists them.
            strategy: One of `STRATEGIES`.
        """
        if strategy in ("none", "simple"):
            labelled = [self._labelled(token) for token in tokens]
            return labelled if strategy == "none" else self.grouped(labelled)
        words: list[list[dict[str, Any]]] = []
        for token in tokens:
            if words and token["inside"]:
                words[-1].append(token)
            else:
                words.append([token])
        return self.grouped([self._word(word, strategy) for word in words])

    def _labelled(self, token: dict[str, Any]) -> dict[str, Any]:
        best = _best(token["scores"])
        return {
            "entity": self.model.config.id2label[best],
            "score": token["scores"][best],
            "index": token["index"],
            "word": token["word"],
            "start": token["start"],
            "end": token["end"],
        }

    def _word(self, tokens: list[dict[str, Any]], strategy: str) -> dict[str, Any]:
        if strategy == "first":
            scores = tokens[0]["scores"]
        elif strategy == "max":
            scores = max((token["scores"] for token in tokens), key=max)
        else:
            scores = [fmean(column) for column in zip(*(t["scores"] for t in tokens), strict=True)]
        best = _best(scores)
        return {
            "entity": self.model.config.id2label[best],
            "score": scores[best],
            "word": self.tokenizer.convert_tokens_to_string([token["word"] for token in tokens]),
            "start": tokens[0]["start"],
            "end": tokens[-1]["end"],
        }

    def grouped(self, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Join neighbours of one label; a label that begins with B- starts anew."""
        groups: list[list[dict[str, Any]]] = []
        for entity in entities:
            begins, label = _split(entity["entity"])
            if groups and not begins and _split(groups[-1][-1]["entity"])[1] == label:
                groups[-1].append(entity)
            else:
                groups.append([entity])
        return [
            {
                "entity_group": group[0]["entity"].split("-", 1)[-1],
                "score": fmean(entity["score"] for entity in group),
                "word": self.tokenizer.convert_tokens_to_string([one["word"] for one in group]),
                "start": group[0]["start"],
                "end": group[-1]["end"],
            }
            for group in groups
        ]


def strategy_of(options: dict[str, Any]) -> str:
    """Read the strategy of a call.

    Raises:
        InvalidValueError: When there is none of that name.
    """
    asked = options.get("aggregation_strategy")
    if asked is None:
        return "simple" if options.get("grouped_entities") else "none"
    name = str(getattr(asked, "value", asked)).lower()
    if name not in STRATEGIES:
        raise InvalidValueError(f"aggregation_strategy={asked!r}: one of {', '.join(STRATEGIES)}")
    return name


def without_overlaps(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of entities that overlap keep the longest, of those the surest."""
    kept: list[dict[str, Any]] = []
    for entity in sorted(entities, key=lambda entity: entity["start"]):
        if kept and kept[-1]["start"] <= entity["start"] < kept[-1]["end"]:
            if _weight(entity) > _weight(kept[-1]):
                kept[-1] = entity
        else:
            kept.append(entity)
    return kept


def _weight(entity: dict[str, Any]) -> tuple[int, float]:
    return entity["end"] - entity["start"], entity["score"]


def _best(scores: Sequence[float]) -> int:
    return max(range(len(scores)), key=scores.__getitem__)


def _split(label: str) -> tuple[bool, str]:
    if label.startswith(("B-", "I-")):
        return label[0] == "B", label[2:]
    return False, label


def _joined(words: Sequence[str], delimiter: str) -> tuple[str, list[int]]:
    starts, place = [], 0
    for word in words:
        starts.append(place)
        place += len(word) + len(delimiter)
    return delimiter.join(words), starts

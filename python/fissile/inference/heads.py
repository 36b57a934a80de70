"""What stands on a body: heads that give logits, and the losses they are trained with.

A head is a small mixin. It says how logits come out of hidden states; the class of an architecture says
which weights that takes.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
import torch.nn.functional as F

from .._rust import InvalidValueError
from .config import Config
from .layers.basic import Linear
from .model import Model
from .outputs import (
    CausalLMOutput,
    MaskedLMOutput,
    ModelOutput,
    QuestionAnsweringModelOutput,
    Seq2SeqLMOutput,
    SequenceClassifierOutput,
    SequenceClassifierOutputWithPast,
    TokenClassifierOutput,
)
from .weights import Names

IGNORED = -100
"""The label of a place that counts for no loss."""


class Head(Model):
    """A model with a head.

    Args:
        config: What it is made like.
    """

    BASE: ClassVar[type[Model]]
    BASE_OPTIONS: ClassVar[dict[str, Any]] = {}
    OUTPUT: ClassVar[type[ModelOutput]]

    def __init__(self, config: Config, **options: Any) -> None:
        super().__init__(config)
        self.base = self.BASE(config, **self.BASE_OPTIONS)
        self.build(config, **options)

    def build(self, config: Any) -> None:
        """Make the weights of the head."""

    def logits(self, outputs: ModelOutput, inputs: dict[str, Any]) -> torch.Tensor:
        """Make logits of the outputs of the body."""
        raise NotImplementedError

    def loss(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Compare logits with labels."""
        raise NotImplementedError

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        *,
        labels: torch.Tensor | None = None,
        return_dict: bool | None = None,
        **options: Any,
    ) -> Any:
        """Run the model.

        Args:
            input_ids: The ids of tokens. *Shape:* `(batch, tokens)`.
            attention_mask: 1 for tokens, 0 for padding; all ones by default. *Shape:* as `input_ids`.
            labels: What should have come out; the output then holds a loss.
            return_dict: `False` gives a plain tuple.
            **options: What the body takes: `token_type_ids`, `position_ids`, `output_hidden_states`,
                `output_attentions`, ...

        Returns:
            Logits, and what else the class of the output names.
        """
        inputs = {"input_ids": input_ids, "attention_mask": attention_mask, **options}
        outputs = self.base(**inputs)
        logits = self.logits(outputs, inputs)
        loss = None if labels is None else self.loss(logits, labels)
        return shaped(self._output(outputs, loss=loss, logits=logits), return_dict, self.config)

    def _output(self, outputs: ModelOutput, **own: Any) -> ModelOutput:
        kept = {
            name: getattr(outputs, name, None) for name in self.OUTPUT.FIELDS if name not in own
        }
        return self.OUTPUT(**own, **kept)


def shaped(output: ModelOutput, return_dict: bool | None, config: Config) -> Any:
    """Give an output, or the tuple of its values where that is asked for."""
    wanted = config.return_dict if return_dict is None else return_dict
    return output if wanted else output.to_tuple()


class SequenceClassification(Head):
    """A label for every text, or several, or numbers."""

    OUTPUT: ClassVar[type[ModelOutput]] = SequenceClassifierOutput

    def loss(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Compare as the configuration says, or as labels look: numbers, one label, or several."""
        kind = self.config.problem_type or _kind(self.config.num_labels, labels)
        if kind == "regression":
            if self.config.num_labels == 1:
                logits, labels = logits.squeeze(), labels.squeeze()
            return F.mse_loss(logits, labels.to(logits.dtype))
        if kind == "multi_label_classification":
            return F.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype))
        return F.cross_entropy(logits.view(-1, self.config.num_labels), labels.view(-1))


def _kind(count: int, labels: torch.Tensor) -> str:
    if count == 1:
        return "regression"
    one = not labels.is_floating_point()
    return "single_label_classification" if one else "multi_label_classification"


class LastTokenClassification(SequenceClassification):
    """A label for every text, made of its last token: that is where a decoder has read all of it."""

    OUTPUT: ClassVar[type[ModelOutput]] = SequenceClassifierOutputWithPast
    NAMES = Names({"score": "score"})

    def build(self, config: Any) -> None:
        """Make the classifier."""
        self.score = Linear(config.hidden_size, config.num_labels, bias=False)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Label the vector of the last token of every text."""
        last = last_tokens(outputs.last_hidden_state, inputs, self.config)
        return self.score(last)


class TokenClassification(Head):
    """A label for every token."""

    OUTPUT: ClassVar[type[ModelOutput]] = TokenClassifierOutput
    NAMES = Names({"classifier": "classifier"})

    def build(self, config: Any) -> None:
        """Make the classifier."""
        self.classifier = Linear(config.hidden_size, config.num_labels)

    def dropped(self) -> float:
        """Say how much is dropped before the classifier."""
        raise NotImplementedError

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Label every token."""
        hidden = F.dropout(outputs.last_hidden_state, self.dropped(), self.training)
        return self.classifier(hidden)

    def loss(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Compare token by token."""
        return F.cross_entropy(logits.flatten(0, 1).float(), labels.flatten())


class MaskedLM(Head):
    """The vocabulary, for every token."""

    OUTPUT: ClassVar[type[ModelOutput]] = MaskedLMOutput

    def loss(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Compare token by token."""
        return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


class CausalLM(Head):
    """The vocabulary, for the token after each."""

    OUTPUT: ClassVar[type[ModelOutput]] = CausalLMOutput
    NAMES = Names({"decoder": "lm_head"})

    def build(self, config: Any) -> None:
        """Make the map to the vocabulary, unless it is that of the embeddings."""
        self.decoder = None
        if not config.tie_word_embeddings:
            self.decoder = Linear(config.hidden_size, config.vocab_size, bias=False)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Score the vocabulary for the token after each."""
        table = self.base.tokens if self.decoder is None else self.decoder
        kept = inputs.get("logits_to_keep") or 0
        return F.linear(outputs.last_hidden_state[:, -kept:], table.weight)

    def loss(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Compare every token with the label after it."""
        after = F.pad(labels, (0, 1), value=IGNORED)[..., 1:]
        return F.cross_entropy(logits.float().flatten(0, 1), after.flatten())


class Seq2SeqLM(Head):
    """The vocabulary, for every token that a decoder is to write."""

    OUTPUT: ClassVar[type[ModelOutput]] = Seq2SeqLMOutput

    def loss(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Compare token by token."""
        return F.cross_entropy(logits.flatten(0, 1), labels.flatten())

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        *,
        labels: torch.Tensor | None = None,
        decoder_input_ids: torch.Tensor | None = None,
        **options: Any,
    ) -> Any:
        """Run the model; see `Head.forward`. Labels shifted by one are what the decoder starts from."""
        if labels is not None and decoder_input_ids is None:
            decoder_input_ids = shifted_right(labels, self.config)
        return super().forward(
            input_ids,
            attention_mask,
            labels=labels,
            decoder_input_ids=decoder_input_ids,
            **options,
        )


class QuestionAnswering(Head):
    """Where an answer begins and ends."""

    OUTPUT: ClassVar[type[ModelOutput]] = QuestionAnsweringModelOutput
    NAMES = Names({"spans": "qa_outputs"})

    def build(self, config: Any) -> None:
        """Make the map to the two ends of an answer."""
        self.spans = Linear(config.hidden_size, 2)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Score every token as the first and as the last of an answer."""
        return self.spans(outputs.last_hidden_state)

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        *,
        start_positions: torch.Tensor | None = None,
        end_positions: torch.Tensor | None = None,
        return_dict: bool | None = None,
        **options: Any,
    ) -> Any:
        """Run the model.

        Args:
            input_ids: The ids of tokens. *Shape:* `(batch, tokens)`.
            attention_mask: 1 for tokens, 0 for padding. *Shape:* as `input_ids`.
            start_positions: Where answers begin; with `end_positions` the output holds a loss.
            end_positions: Where answers end.
            return_dict: `False` gives a plain tuple.
            **options: What the body takes.

        Returns:
            Logits of beginnings and ends. *Shape:* `(batch, tokens)` each.
        """
        inputs = {"input_ids": input_ids, "attention_mask": attention_mask, **options}
        outputs = self.base(**inputs)
        logits = self.logits(outputs, inputs)
        begins, ends = (part.contiguous() for part in logits.unbind(-1))
        loss = None
        if start_positions is not None and end_positions is not None:
            loss = (_place_loss(begins, start_positions) + _place_loss(ends, end_positions)) / 2
        output = self._output(outputs, loss=loss, start_logits=begins, end_logits=ends)
        return shaped(output, return_dict, self.config)


def _place_loss(logits: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Compare places; those behind the end of a text count for nothing."""
    tokens = logits.shape[1]
    return F.cross_entropy(logits, places.view(-1).clamp(0, tokens), ignore_index=tokens)


def shifted_right(ids: torch.Tensor, config: Config) -> torch.Tensor:
    """Put the id that a decoder starts from before ids, and take the last away.

    Raises:
        InvalidValueError: When the configuration does not name the ids that this takes.
    """
    start = config.decoder_start_token_id
    if start is None or config.pad_token_id is None:
        raise InvalidValueError(
            "the decoder's input cannot be made: config.json names no decoder_start_token_id or no "
            "pad_token_id. Give decoder_input_ids"
        )
    shifted = torch.cat((torch.full_like(ids[:, :1], start), ids[:, :-1]), dim=1)
    return shifted.masked_fill(shifted == IGNORED, config.pad_token_id)


def last_tokens(hidden: torch.Tensor, inputs: dict[str, Any], config: Config) -> torch.Tensor:
    """Take the vectors of the last tokens that are no padding, one a text.

    *Shape:* `(batch, tokens, size)` to `(batch, size)`.
    """
    borders = inputs.get("cu_seq_lens_q")
    if borders is not None:
        return hidden[0, borders[1:].long() - 1]
    ids, pad = inputs.get("input_ids"), config.pad_token_id
    rows = torch.arange(hidden.shape[0], device=hidden.device)
    if ids is None or pad is None:
        if hidden.shape[0] > 1 and inputs.get("attention_mask") is None:
            raise InvalidValueError(
                "several texts, and nothing says where each ends: the configuration has no pad_token_id. "
                "Set model.config.pad_token_id = tokenizer.pad_token_id, or give attention_mask"
            )
        real = inputs.get("attention_mask")
        if real is None:
            return hidden[:, -1]
    else:
        real = ids != pad
    places = torch.arange(hidden.shape[1], device=hidden.device)
    return hidden[rows, (places * real.int()).argmax(-1)]


def first_tokens(hidden: torch.Tensor, borders: torch.Tensor | None) -> torch.Tensor:
    """Take the vectors of the first tokens, one a text. *Shape:* `(batch, size)`."""
    return hidden[:, 0] if borders is None else hidden[0, borders[:-1].long()]

"""What bodies of encoder and decoder have in common: encode once, decode against it."""

from __future__ import annotations

from typing import Any, ClassVar

import torch
import torch.nn.functional as F

from ..._rust import InvalidValueError
from ..heads import SequenceClassification, shifted_right
from ..layers.basic import Linear
from ..layers.cache import Cache
from ..model import Model
from ..outputs import (
    BaseModelOutput,
    DecoderOutput,
    ModelOutput,
    Seq2SeqModelOutput,
    Seq2SeqSequenceClassifierOutput,
)
from ..weights import Names

_STACK = ("output_hidden_states", "output_attentions")


class Seq2SeqBody(Model):
    """An encoder, and a decoder that looks at what it gave."""

    SHIFTS = True
    """Without ids for the decoder it gets those of the encoder, shifted."""

    def encode(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> BaseModelOutput:
        """Run the encoder. *Shape:* `(batch, tokens)` to states of `(batch, tokens, size)`."""
        raise NotImplementedError

    def decode(
        self,
        input_ids: torch.Tensor | None,
        context: torch.Tensor,
        *,
        attention_mask: torch.Tensor | None = None,
        context_mask: torch.Tensor | None = None,
        cache: Cache | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> DecoderOutput:
        """Run the decoder against the states of the encoder."""
        raise NotImplementedError

    def new_cache(self) -> Cache:
        """Make an empty cache for the decoder."""
        raise NotImplementedError

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        decoder_input_ids: torch.Tensor | None = None,
        decoder_attention_mask: torch.Tensor | None = None,
        encoder_outputs: Any = None,
        past_key_values: Cache | None = None,
        use_cache: bool | None = None,
        inputs_embeds: torch.Tensor | None = None,
        decoder_inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> Any:
        """Run encoder and decoder.

        Args:
            input_ids: What the encoder reads. *Shape:* `(batch, tokens)`.
            attention_mask: 1 for tokens, 0 for padding of those.
            decoder_input_ids: What the decoder has written, those in the cache left out.
            decoder_attention_mask: 1 for tokens, 0 for padding of those, the cache included.
            encoder_outputs: What the encoder gave in an earlier pass; it is then not run again.
            past_key_values: The cache of an earlier pass.
            use_cache: Give a cache back.
            inputs_embeds: Vectors in place of ids, for the encoder.
            decoder_inputs_embeds: Vectors in place of ids, for the decoder.
            **options: `output_hidden_states`, `output_attentions`, `return_dict`.

        Returns:
            `last_hidden_state` of the decoder, and what else is asked for.
        """
        if options.pop("cu_seq_lens_q", None) is not None:
            raise InvalidValueError(f"{type(self).__name__} takes no packed texts: pad them")
        wanted = {name: options[name] for name in _STACK if name in options}
        if encoder_outputs is None:
            encoder_outputs = self.encode(input_ids, attention_mask, inputs_embeds, **wanted)
        elif not isinstance(encoder_outputs, ModelOutput):
            fields = BaseModelOutput.FIELDS
            encoder_outputs = BaseModelOutput(**dict(zip(fields, encoder_outputs, strict=False)))
        if decoder_input_ids is None and decoder_inputs_embeds is None:
            decoder_input_ids = self._shifted(input_ids)
        cache = past_key_values or (self.new_cache() if use_cache else None)
        decoded = self.decode(
            decoder_input_ids,
            encoder_outputs.last_hidden_state,
            attention_mask=decoder_attention_mask,
            context_mask=attention_mask,
            cache=cache,
            inputs_embeds=decoder_inputs_embeds,
            **wanted,
        )
        output = Seq2SeqModelOutput(
            last_hidden_state=decoded.last_hidden_state,
            past_key_values=cache,
            decoder_hidden_states=decoded.hidden_states,
            decoder_attentions=decoded.attentions,
            cross_attentions=decoded.cross_attentions,
            encoder_last_hidden_state=encoder_outputs.last_hidden_state,
            encoder_hidden_states=encoder_outputs.hidden_states,
            encoder_attentions=encoder_outputs.attentions,
        )
        return output if options.get("return_dict") is not False else output.to_tuple()

    def _shifted(self, ids: torch.Tensor | None) -> torch.Tensor:
        if ids is None or not self.SHIFTS:
            raise InvalidValueError(
                f"{type(self).__name__} needs decoder_input_ids: what the decoder has written so far, "
                "decoder_start_token_id at first"
            )
        return shifted_right(ids, self.config)


def at_last_end(hidden: torch.Tensor, inputs: dict[str, Any], config: Any) -> torch.Tensor:
    """Take the decoder's vectors at the last end-of-text ids, one a text.

    *Shape:* `(batch, tokens, size)` to `(batch, size)`.

    Raises:
        InvalidValueError: When a text has no such id.
    """
    ends = inputs["input_ids"] == config.eos_token_id
    without = (~ends.any(1)).nonzero().flatten().tolist()
    if without:
        raise InvalidValueError(
            f"row {without[0]} holds no id {config.eos_token_id}, the end of a text, and the label is made "
            "there: tokenize with special tokens"
        )
    rows = torch.arange(hidden.shape[0], device=hidden.device)
    places = torch.arange(hidden.shape[1], device=hidden.device)
    return hidden[rows, (places * ends.int()).argmax(-1)]


class EndClassification(SequenceClassification):
    """A label for every text, made where the decoder reads its end."""

    OUTPUT: ClassVar[type[ModelOutput]] = Seq2SeqSequenceClassifierOutput
    NAMES = Names(
        {"before": "classification_head.dense", "classifier": "classification_head.out_proj"}
    )

    def build(self, config: Any) -> None:
        """Make the classifier and the map before it."""
        self.before = Linear(config.d_model, config.d_model)
        self.classifier = Linear(config.d_model, config.num_labels)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Label the decoder's vector at the end of every text."""
        rate = self.config.classifier_dropout
        hidden = at_last_end(outputs.last_hidden_state, inputs, self.config)
        hidden = torch.tanh(self.before(F.dropout(hidden, rate, self.training)))
        return self.classifier(F.dropout(hidden, rate, self.training))

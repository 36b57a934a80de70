"""`model.generate(...)`: from prompts to texts, whatever the model and the way of choosing."""

from __future__ import annotations

from typing import Any

import torch

from ..._rust import InvalidValueError
from ...auto.config import read_json
from ..files import GENERATION
from ..outputs import BaseModelOutput, ModelOutput
from .beams import search
from .loop import write
from .sampling import rules
from .settings import NAMES, Settings, settings_of
from .steps import CrossSteps, DecoderSteps
from .stopping import Ends


class GenerateOutput(ModelOutput):
    """Texts, and where beams were searched their scores."""

    FIELDS = ("sequences", "sequences_scores")


class Generates:
    """What models that write have."""

    generation_settings: Settings | None = None
    generation_said: frozenset[str] = frozenset()
    """The settings that files name, be they those that hold anyway."""
    config: Any

    def read_generation_settings(self, files: Any) -> None:
        """Read what a folder says about generation."""
        path = files.find(GENERATION)
        written = {} if path is None else read_json(path)
        self.generation_settings = settings_of(self.config, written)
        self.generation_said = frozenset(
            name for name, value in (written or vars(self.config)).items() if value is not None
        )

    def settings(self, **values: Any) -> Settings:
        """Say how text is written: as the files say, and as the caller says."""
        if self.generation_settings is None:
            self.generation_settings = settings_of(self.config, {})
        return self.generation_settings.changed(values)

    def generate(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        *,
        generation_config: Any = None,
        tokenizer: Any = None,
        streamer: Any = None,
        seed: int | None = None,
        return_dict_in_generate: bool = False,
        **options: Any,
    ) -> Any:
        """Write text.

        Args:
            input_ids: The prompts, padded on the left; of a model with an encoder, what it reads.
                *Shape:* `(batch, tokens)`.
            attention_mask: 1 for tokens, 0 for padding. Without it, padding ids are taken for padding.
            generation_config: Settings to start from: a mapping, or an object with these attributes.
            tokenizer: Decodes ids, where `stop_strings` are looked for.
            streamer: Is given the prompt and every token: `put(ids)`, and `end()`.
            seed: Makes choices by chance repeat; without it they come from torch's own generator.
            return_dict_in_generate: Give an output with `sequences` and `sequences_scores`.
            **options: Settings (see `Settings`), and what else the model takes.

        Returns:
            The texts as ids; of a model without an encoder the prompts stand before them.
            *Shape:* `(batch * num_return_sequences, tokens)`.

        Raises:
            InvalidValueError: When settings contradict themselves or the prompt.
        """
        given = {name: options.pop(name) for name in list(options) if name in NAMES}
        settings = self.settings(**{**_plain(generation_config), **given})
        for name in ("token_type_ids", "synced_gpus", "logits_processor", "stopping_criteria"):
            value = options.pop(name, None)
            if value and name.startswith(("logits", "stopping")):
                raise InvalidValueError(f"{name}: use the settings of generate()")
        with torch.inference_mode():
            texts, scores = self._written(
                input_ids, attention_mask, settings, tokenizer, streamer, seed, options
            )
        texts = texts.clone()
        if not return_dict_in_generate:
            return texts
        return GenerateOutput(sequences=texts, sequences_scores=scores)

    def _written(
        self,
        ids: torch.Tensor | None,
        mask: torch.Tensor | None,
        settings: Settings,
        tokenizer: Any,
        streamer: Any,
        seed: int | None,
        options: dict[str, Any],
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        beams = settings.num_beams > 1
        copies = settings.num_beams if beams else settings.num_return_sequences
        steps, prompts = self._begin(ids, mask, settings, copies, options)
        longest = settings.longest(prompts.shape[1], self.config.is_encoder_decoder)
        self._check_room(longest)
        ends = Ends(settings, longest, prompts.shape[1], tokenizer)
        work = rules(settings, prompts.shape[1], longest, steps.padded)
        generator = None
        if seed is not None:
            generator = torch.Generator(device=prompts.device).manual_seed(seed)
        if beams:
            if streamer is not None:
                raise InvalidValueError(
                    "a streamer with several beams: no token is certain before the end"
                )
            return search(
                steps, prompts, settings, work, ends, longest=longest, generator=generator
            )
        if streamer is not None:
            streamer.put(prompts.cpu())
        texts = write(
            steps,
            prompts.repeat_interleave(copies, 0),
            settings,
            work,
            ends,
            longest=longest,
            generator=generator,
            tell=None if streamer is None else lambda chosen: streamer.put(chosen.cpu()),
        )
        if streamer is not None:
            streamer.end()
        return texts, None

    def _begin(
        self,
        ids: torch.Tensor | None,
        mask: torch.Tensor | None,
        settings: Settings,
        copies: int,
        options: dict[str, Any],
    ) -> tuple[Any, torch.Tensor]:
        """Prepare the model, and find what is gone on with."""
        if self.config.is_encoder_decoder:
            return self._begin_decoder(ids, mask, settings, copies, options)
        prompts = _prompts(ids, settings, self)
        mask = _padding(prompts, mask, settings)
        if mask is not None and not bool(mask[:, -1].all()):
            raise InvalidValueError(
                "prompts are padded on the right, and text would be written behind the padding: tokenize "
                "with padding_side='left'"
            )
        wide = None if mask is None else mask.repeat_interleave(copies, 0)
        return DecoderSteps(self, wide, options, settings.use_cache), prompts

    def _begin_decoder(
        self,
        ids: torch.Tensor | None,
        mask: torch.Tensor | None,
        settings: Settings,
        copies: int,
        options: dict[str, Any],
    ) -> tuple[Any, torch.Tensor]:
        begun = options.pop("decoder_input_ids", None)
        encoded = options.pop("encoder_outputs", None)
        model: Any = self
        if encoded is None:
            if ids is None:
                raise InvalidValueError("generate() needs input_ids, what the encoder reads")
            mask = _padding(ids, mask, settings)
            encoded = model.base.encode(ids, mask)
        states = encoded[0].repeat_interleave(copies, 0)
        if begun is None:
            start = settings.decoder_start_token_id
            start = settings.bos_token_id if start is None else start
            if start is None:
                raise InvalidValueError(
                    "neither decoder_start_token_id nor bos_token_id is known: what does the decoder start "
                    "from?"
                )
            begun = torch.full((len(encoded[0]), 1), start, device=states.device)
        wide = None if mask is None else mask.repeat_interleave(copies, 0)
        whole = BaseModelOutput(last_hidden_state=states)
        return CrossSteps(self, whole, wide, options, settings.use_cache), begun

    def _check_room(self, longest: int) -> None:
        limit = getattr(self.config, "max_position_embeddings", None)
        if limit is not None and longest > limit:
            raise InvalidValueError(
                f"{longest} tokens with the prompt, and the model has {limit} positions: shorten the prompt, "
                "or max_new_tokens"
            )


def _plain(config: Any) -> dict[str, Any]:
    if config is None:
        return {}
    values = config if isinstance(config, dict) else vars(config)
    return {name: value for name, value in values.items() if name in NAMES}


def _prompts(ids: torch.Tensor | None, settings: Settings, model: Any) -> torch.Tensor:
    if ids is None:
        if settings.bos_token_id is None:
            raise InvalidValueError(
                "generate() needs input_ids: no bos_token_id is known to begin with"
            )
        return torch.full((1, 1), settings.bos_token_id, device=model.device)
    if ids.dim() != 2 or not ids.shape[1]:
        raise InvalidValueError(f"input_ids of shape {list(ids.shape)}: expected (batch, tokens)")
    return ids


def _padding(
    ids: torch.Tensor, mask: torch.Tensor | None, settings: Settings
) -> torch.Tensor | None:
    """Find padding; `None` where there is none."""
    if mask is None:
        pad = settings.pad_token_id
        if pad is None or pad in settings.eos_token_id:
            return None
        mask = (ids != pad).long()
    return None if bool(mask.all()) else mask

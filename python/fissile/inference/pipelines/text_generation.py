"""Texts gone on with, and texts written anew: summaries, translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._rust import InvalidValueError
from ..batching import Batch
from ..generation.settings import NAMES
from .base import Encoded, Pipeline, one_each

_GENERATING = frozenset(NAMES) | {"seed", "streamer", "tokenizer", "generation_config"}


class _Writing(Pipeline):
    """What pipelines that write have in common."""

    OPTIONS = _GENERATING

    def generating(self, options: dict[str, Any]) -> dict[str, Any]:
        """Collect what `generate` is told."""
        chosen = {name: options[name] for name in _GENERATING if name in options}
        stop = options.get("stop_sequence")
        if stop is not None:
            chosen["stop_strings"] = stop
        if chosen.get("stop_strings"):
            chosen["tokenizer"] = self.tokenizer
        return {**self.defaults(), **chosen}

    def defaults(self) -> dict[str, Any]:
        """Say what holds where nobody says otherwise."""
        params = getattr(self.model.config, "task_specific_params", None) or {}
        own = params.get(self.task) or {}
        return {name: value for name, value in own.items() if name in NAMES}

    def copies(self, options: dict[str, Any]) -> int:
        """Say how many texts an input gets."""
        settings = self.model.settings(
            **{k: v for k, v in self.generating(options).items() if k in NAMES}
        )
        return int(settings.num_return_sequences)


class TextGenerationPipeline(_Writing):
    """Goes on with texts, and with conversations.

    A call takes what `generate` takes, `return_full_text` (with the prompt, by default), `prefix`,
    `stop_sequence`, `add_special_tokens`, `skip_special_tokens`, `return_tensors`,
    `continue_final_message`, and for conversations `tools` and `documents`.
    """

    AUTO = "AutoModelForCausalLM"
    LEFT = True
    OPTIONS = _GENERATING | {
        "return_full_text",
        "return_text",
        "return_tensors",
        "prefix",
        "stop_sequence",
        "add_special_tokens",
        "skip_special_tokens",
        "clean_up_tokenization_spaces",
        "continue_final_message",
        "tools",
        "documents",
        "truncation",
        "tokenizer_encode_kwargs",
    }

    def defaults(self) -> dict[str, Any]:
        """Choose by chance, a fair number of tokens, where neither files nor caller say otherwise."""
        own = super().defaults()
        said = {*self.model.generation_said, *own}
        lengths = {"max_length", "max_new_tokens"}
        usual: dict[str, Any] = {} if said & lengths else {"max_new_tokens": 256}
        if "do_sample" not in said:
            usual |= {"do_sample": True, "temperature": 0.7}
        return {**usual, **own}

    def generating(self, options: dict[str, Any]) -> dict[str, Any]:
        """Let a length in all stand, where the caller names one."""
        chosen = super().generating(options)
        if "max_length" in options and "max_new_tokens" not in options:
            chosen.pop("max_new_tokens", None)
        if not chosen.get("do_sample") and "temperature" not in options:
            chosen.pop("temperature", None)
        return chosen

    def items(self, inputs: Any, options: dict[str, Any]) -> tuple[Any, bool]:
        """Tell a conversation from a list of texts."""
        if _is_chat(inputs):
            return [inputs], True
        return super().items(inputs, options)

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Encode prompts."""
        ids = [self._prompt(item, options) for item in items]
        return Encoded({"input_ids": ids}, one_each(len(items)), [len(row) for row in ids])

    def _prompt(self, item: Any, options: dict[str, Any]) -> list[int]:
        more = dict(options.get("tokenizer_encode_kwargs") or {})
        if _is_chat(item):
            goes_on = _goes_on(item, options)
            encoded = self.tokenizer.apply_chat_template(
                item,
                add_generation_prompt=not goes_on,
                continue_final_message=goes_on,
                tools=options.get("tools"),
                documents=options.get("documents"),
                tokenize=True,
                return_dict=True,
                **more,
            )
            return list(encoded["input_ids"])
        if not isinstance(item, str):
            raise InvalidValueError(f"a prompt of type {type(item).__name__}: a text, or messages")
        for name in ("add_special_tokens", "truncation"):
            if name in options:
                more.setdefault(name, options[name])
        found = self.tokenizer((options.get("prefix") or "") + item, **more)["input_ids"]
        start = self.model.settings().bos_token_id
        if not found and start is None:
            raise InvalidValueError(
                "an empty prompt, and the model has no id that a text begins with"
            )
        return list(found) or [start]

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Write."""
        inputs, copies = batch.inputs, self.copies(options)
        texts = self.model.generate(
            inputs["input_ids"],
            inputs.get("attention_mask"),
            **{"pad_token_id": self.pad, **self.generating(options)},
        ).cpu()
        width, room = texts.shape[1], max(batch.lengths)
        rows = []
        for place, length in enumerate(batch.lengths):
            part = texts[place * copies : (place + 1) * copies, room - length :]
            rows.append(part.tolist() if width else [])
        return rows

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Decode what was written."""
        prompt = extra[0]
        if options.get("return_tensors"):
            return [{"generated_token_ids": ids} for ids in rows[0]]
        answers = []
        for ids in rows[0]:
            text = self.tokenizer.decode(
                ids[prompt:],
                skip_special_tokens=options.get("skip_special_tokens", True),
                clean_up_tokenization_spaces=options.get("clean_up_tokenization_spaces"),
            )
            whole = options.get("return_full_text", True)
            answers.append({"generated_text": self._whole(item, text, options) if whole else text})
        return answers

    def _whole(self, item: Any, text: str, options: dict[str, Any]) -> Any:
        if isinstance(item, str):
            return item + text
        messages = [dict(message) for message in item]
        if _goes_on(item, options):
            messages[-1]["content"] += text
            return messages
        return [*messages, {"role": "assistant", "content": text}]


def _is_chat(item: Any) -> bool:
    return (
        isinstance(item, (list, tuple))
        and bool(item)
        and all(isinstance(message, Mapping) and "role" in message for message in item)
    )


def _goes_on(item: Any, options: dict[str, Any]) -> bool:
    asked = options.get("continue_final_message")
    return bool(item[-1]["role"] == "assistant" if asked is None else asked)


class Text2TextPipeline(_Writing):
    """Reads one text and writes another.

    A call takes what `generate` takes, and `truncation`, `clean_up_tokenization_spaces`, `return_tensors`,
    `prefix` (what the model expects before a text; as its configuration says by default).
    """

    AUTO = "AutoModelForSeq2SeqLM"
    KEY = "generated"
    OPTIONS = _GENERATING | {
        "truncation",
        "clean_up_tokenization_spaces",
        "return_tensors",
        "return_text",
        "prefix",
        "src_lang",
        "tgt_lang",
    }

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Encode texts behind the prefix of the task."""
        prefix = self.prefix(options)
        for item in items:
            if not isinstance(item, str):
                raise InvalidValueError(f"an input of type {type(item).__name__}: expected texts")
        cut = {"truncation": options["truncation"]} if "truncation" in options else {}
        if cut.get("truncation"):
            cut["max_length"] = self.limit()
        encoding = self.tokenizer([prefix + item for item in items], **cut)
        ids = {"input_ids": encoding["input_ids"]}
        return Encoded(ids, one_each(len(items)), [None] * len(items))

    def prefix(self, options: dict[str, Any]) -> str:
        """Find what the model expects before a text."""
        if options.get("prefix") is not None:
            return str(options["prefix"])
        params = getattr(self.model.config, "task_specific_params", None) or {}
        own = params.get(self.task) or {}
        return str(own.get("prefix") or getattr(self.model.config, "prefix", None) or "")

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Write."""
        inputs, copies = batch.inputs, self.copies(options)
        texts = self.model.generate(
            inputs["input_ids"], inputs.get("attention_mask"), **self.generating(options)
        ).tolist()
        return [texts[first : first + copies] for first in range(0, len(texts), copies)]

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Decode what was written."""
        if options.get("return_tensors"):
            return _one(
                [{f"{self.KEY}_token_ids": ids} for ids in rows[0]],
            )
        return _one(
            [
                {
                    f"{self.KEY}_text": self.tokenizer.decode(
                        ids,
                        skip_special_tokens=True,
                        clean_up_tokenization_spaces=options.get(
                            "clean_up_tokenization_spaces", False
                        ),
                    )
                }
                for ids in rows[0]
            ]
        )

    def single(self, answer: Any, options: dict[str, Any]) -> Any:
        """Give a list even to a text that came alone."""
        return answer if isinstance(answer, list) else [answer]


def _one(answers: list[dict[str, Any]]) -> Any:
    return answers[0] if len(answers) == 1 else answers


class SummarizationPipeline(Text2TextPipeline):
    """Summarizes texts; see `Text2TextPipeline`."""

    KEY = "summary"


class TranslationPipeline(Text2TextPipeline):
    """Translates texts; see `Text2TextPipeline`."""

    KEY = "translation"

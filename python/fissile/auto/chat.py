"""Conversations in the form that a model was trained on.

A template writes a conversation as one text, control tokens and all. What users wrote must not become a
control token in it, whatever they wrote: it is marked before the template sees it (`controls`), and what
is marked is encoded as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._rust import InvalidValueError
from . import controls, template
from .batch import BatchEncoding
from .notices import warn
from .spans import assistant_mask, take_out

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast


_REASONING = ("reasoning_content", "thinking", "reasoning")
"""The names under which messages carry what a model thought; templates read the first."""

_TAIL = "CONTINUE_FINAL_MESSAGE_TAG "


def apply_chat_template(
    tokenizer: PreTrainedTokenizerFast,
    conversation: Any,
    tools: Sequence[Mapping[str, Any] | Callable[..., Any]] | None = None,
    documents: Sequence[Mapping[str, Any]] | None = None,
    chat_template: str | None = None,
    add_generation_prompt: bool = False,
    continue_final_message: bool | str = False,
    tokenize: bool = True,
    sanitize_control_tokens: bool | None = None,
    padding: Any = False,
    truncation: Any = False,
    max_length: int | None = None,
    return_tensors: Any = None,
    return_dict: bool = True,
    return_assistant_tokens_mask: bool = False,
    tokenizer_kwargs: Mapping[str, Any] | None = None,
    **variables: Any,
) -> Any:
    """Write a conversation, or several, in the form of the model, and encode it.

    Args:
        tokenizer: Whose template it is.
        conversation: Messages with "role" and "content", or a list of conversations.
        tools: Functions that the model may call: JSON schemas, or Python functions with type hints and a
            docstring.
        documents: Texts that the model may draw on.
        chat_template: A template, or the name of one of the tokenizer's.
        add_generation_prompt: Let the text end where the assistant is to speak.
        continue_final_message: Let the text end inside the last message, for the model to go on; a name
            is the field of the message to go on with.
        tokenize: Encode; otherwise the text is returned as it is, with nothing to tell its tokens apart.
        sanitize_control_tokens: Which control tokens are text: by default those that stand in anything
            but the messages of the assistant; `True`, those in the assistant's messages too; `False`,
            none.
        padding: As in the call.
        truncation: As in the call.
        max_length: As in the call.
        return_tensors: As in the call.
        return_dict: Return all inputs; otherwise only ids.
        return_assistant_tokens_mask: Mark with 1 what the assistant generated, as `assistant_masks`; the
            template has to say it with `{% generation %}`.
        tokenizer_kwargs: Further arguments of the call.
        **variables: What the template sees beside the messages.

    Returns:
        The inputs by name, or ids, or a text; for several conversations in lists.

    Raises:
        ValueError: When there is no template, when it forbids the conversation, when arguments contradict
            each other.
    """
    if return_assistant_tokens_mask and not (return_dict and tokenize):
        raise InvalidValueError(
            "`return_assistant_tokens_mask=True` requires `return_dict=True` and `tokenize=True`"
        )
    text = choose_template(tokenizer, chat_template, tools)
    chats, batched = _conversations(conversation)
    if continue_final_message:
        _check_continuation(add_generation_prompt, return_assistant_tokens_mask)
    if return_assistant_tokens_mask and not template.has_spans(text):
        warn(
            "return_assistant_tokens_mask==True but chat template does not contain `{%% generation %%}` "
            "keyword."
        )
    marker = None
    if tokenize and sanitize_control_tokens is not False:
        marker = controls.Marker(tokenizer, text, everything=sanitize_control_tokens is True)
    seen = {
        "tools": None if tools is None else template.plain([_schema(tool) for tool in tools]),
        "documents": None if documents is None else template.plain(_checked(documents)),
        **template.plain({**tokenizer.special_tokens_map, **variables}),
        "add_generation_prompt": add_generation_prompt,
    }
    if marker is not None:
        own = set(tokenizer.special_tokens_map) - set(variables)
        seen = {name: value if name in own else marker.mark(value) for name, value in seen.items()}
    rendered = [
        _render(
            text,
            _prepared(chat, marker),
            seen,
            continue_final_message,
            return_assistant_tokens_mask,
        )
        for chat in chats
    ]
    if not tokenize:
        return rendered if batched else rendered[0]
    encoded = _encode(
        tokenizer,
        rendered,
        batched,
        return_assistant_tokens_mask,
        {
            "padding": padding,
            "truncation": truncation,
            "max_length": max_length,
            "return_tensors": return_tensors,
            "add_special_tokens": False,
            **(tokenizer_kwargs or {}),
        },
    )
    return encoded if return_dict else encoded["input_ids"]


def choose_template(
    tokenizer: PreTrainedTokenizerFast, chat_template: str | None = None, tools: Any = None
) -> str:
    """Choose the template of a conversation.

    Args:
        tokenizer: Whose templates there are.
        chat_template: A template, or the name of one.
        tools: With tools a template of its own may be meant.

    Raises:
        ValueError: When there is none, or several and none is the default.
    """
    held = tokenizer.chat_template
    if isinstance(held, dict):
        if chat_template is not None:
            return held.get(chat_template, chat_template)
        if tools is not None and "tool_use" in held:
            return held["tool_use"]
        if "default" in held:
            return held["default"]
        raise InvalidValueError(
            "This model has multiple chat templates with no default specified! Please either pass a chat "
            "template or the name of the template you wish to use to the `chat_template` argument. "
            f"Available template names are {sorted(held)}."
        )
    if chat_template is not None:
        return chat_template
    if held is None:
        raise InvalidValueError(
            "Cannot use chat template functions because tokenizer.chat_template is not set and no template "
            "argument was passed! Pass `chat_template=`, or set `tokenizer.chat_template`"
        )
    return held


def encode_message(
    tokenizer: PreTrainedTokenizerFast,
    message: Mapping[str, Any],
    history: Sequence[Mapping[str, Any]] | None = None,
    options: Mapping[str, Any] | None = None,
) -> list[int]:
    """Encode one message as it stands behind a conversation.

    Args:
        tokenizer: Whose template it is.
        message: The message.
        history: The messages before it.
        options: Further arguments of `apply_chat_template`.

    Returns:
        The ids that the conversation has with the message and not without: all from the first that differs.
    """
    options = {**(options or {}), "tokenize": True, "return_dict": False}
    if "add_generation_prompt" in options:
        raise InvalidValueError(
            "`encode_message_with_chat_template` does not support `add_generation_prompt`. Please add the "
            "generation prompt separately."
        )
    before: list[int] = []
    if history:
        before = apply_chat_template(tokenizer, list(history), **options)
    whole: list[int] = apply_chat_template(tokenizer, [*(history or ()), message], **options)
    shared = min(len(before), len(whole))
    differs = next((i for i in range(shared) if before[i] != whole[i]), shared)
    return whole[differs:]


# Messages.


def _conversations(conversation: Any) -> tuple[list[Any], bool]:
    conversation = getattr(conversation, "messages", conversation)
    if not isinstance(conversation, (list, tuple)):
        raise TypeError(
            f"a conversation is a list of messages, or a list of such lists, but got {type(conversation)}"
        )
    if not conversation:
        raise InvalidValueError(
            "Cannot apply chat template to an empty conversation. Provide at least one message."
        )
    first = conversation[0]
    batched = isinstance(first, (list, tuple)) or hasattr(first, "messages")
    return (list(conversation), True) if batched else ([conversation], False)


def _prepared(chat: Any, marker: controls.Marker | None) -> list[dict[str, Any]]:
    """Make plain messages: empty fields left out, reasoning under every name, control tokens marked."""
    prepared = []
    for message in getattr(chat, "messages", chat):
        message = template.plain(message)
        if not isinstance(message, dict):
            raise TypeError(
                f"Chat messages should be dicts, dataclasses or pydantic models, but got {message!r}."
            )
        message = {key: value for key, value in message.items() if value is not None}
        thought = next((message[name] for name in _REASONING if name in message), None)
        if thought is not None:
            message = {"thinking": thought, **message, "reasoning_content": thought}
        prepared.append(message if marker is None else marker.mark_message(message))
    return prepared


def _schema(tool: Any) -> Any:
    if isinstance(tool, Mapping):
        return tool
    from .tool_schema import schema_of

    return schema_of(tool)


def _checked(documents: Sequence[Any]) -> Sequence[Any]:
    for document in documents:
        if not isinstance(document, Mapping):
            raise TypeError("Documents should be a list of dicts with 'title' and 'text' keys!")
    return documents


# Rendering.


def _check_continuation(prompt: bool, mask: bool) -> None:
    if prompt:
        raise InvalidValueError(
            "continue_final_message and add_generation_prompt are not compatible: the one ends inside a "
            "message, the other begins a new one."
        )
    if mask:
        raise InvalidValueError(
            "continue_final_message is not compatible with return_assistant_tokens_mask."
        )


def _render(
    text: str,
    messages: list[dict[str, Any]],
    seen: Mapping[str, Any],
    continued: bool | str,
    spans: bool,
) -> str:
    final = _open_end(text, messages, continued) if continued else None
    rendered = template.render(text, {"messages": messages, **seen}, spans=spans)
    return rendered if final is None else _cut_at_end(rendered, final)


def _open_end(text: str, messages: list[dict[str, Any]], continued: bool | str) -> str:
    """Put a tag behind the last message, where the text is to end."""
    field = continued if isinstance(continued, str) else "content"
    last = messages[-1]
    final = last.get(field)
    if final is None:
        raise InvalidValueError(
            f'continue_final_message is set but the final message has no "{field}" to continue!'
        )
    fields = [field]
    if field in _REASONING:
        fields = [name for name in _REASONING if last.get(name) == final]
    if not any(name in text for name in fields):
        raise InvalidValueError(
            f'continue_final_message is set to "{field}" but this is not an accepted field in the '
            "chat_template"
        )
    if isinstance(final, str):
        for name in fields:
            last[name] += _TAIL
        return final
    for block in reversed(final):
        if "text" in block:
            opened: str = block["text"]
            block["text"] += _TAIL
            return opened
    raise InvalidValueError(
        "continue_final_message is set but we could not find any text to continue in the final message!"
    )


def _cut_at_end(rendered: str, final: str) -> str:
    place = rendered.rfind(_TAIL.strip())
    if final.strip() not in rendered or place < 0:
        raise InvalidValueError(
            "continue_final_message is set but the final message does not appear in the chat after "
            "applying the chat template! This can happen if the chat template deletes portions of the "
            "final message. Please verify the chat template and final message in your chat to ensure they "
            f"are compatible. Final message to continue: {final.strip()}"
        )
    # A template that trims messages has trimmed the blank at the end of the tag.
    kept = rendered[place : place + len(_TAIL)] == _TAIL
    return rendered[:place] if kept else rendered[:place].rstrip()


# Encoding.


def _encode(
    tokenizer: PreTrainedTokenizerFast,
    rendered: list[str],
    batched: bool,
    mask: bool,
    arguments: dict[str, Any],
) -> BatchEncoding:
    spans: list[list[tuple[int, int]]] = [[] for _ in rendered]
    if mask:
        taken = [take_out(text) for text in rendered]
        rendered, spans = [text for text, _ in taken], [found for _, found in taken]
    if any(map(controls.is_marked, rendered)):
        encoded, offsets = controls.encode(tokenizer, rendered, batched, arguments)
    else:
        encoded = tokenizer(rendered if batched else rendered[0], **arguments)
        offsets = [row.offsets for row in encoded.encodings or []] if mask else []
    if mask:
        masks = [assistant_mask(row, found) for row, found in zip(offsets, spans, strict=True)]
        kind = arguments["return_tensors"]
        encoded["assistant_masks"] = masks if batched or kind else masks[0]
        encoded.convert_to_tensors(kind)
    return encoded

"""The JSON schema of a Python function, from its type hints and its docstring.

The docstring is in Google's form: what the function does, then `Args:` with a line for every argument,
perhaps `Returns:`. `(choices: ["a", "b"])` at the end of an argument's line makes an enumeration of it.
"""

from __future__ import annotations

import enum
import inspect
import json
import re
import types
from collections.abc import Callable, Sequence
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from .._rust import InvalidValueError

_SIMPLE: dict[Any, dict[str, str]] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    list: {"type": "array"},
    tuple: {"type": "array"},
    dict: {"type": "object"},
    Any: {},
}
_SCALARS = (int, float, str, bool, type(None))
_SECTION = re.compile(r"^[ \t]*(Args|Returns|Raises):[ \t]*$", re.MULTILINE)
_ARGUMENT = re.compile(r"^([ \t]*)\*{0,2}(\w+)(?:[ \t]*\([^)]*\))?:[ \t]*(.*)$")
_CHOICES = re.compile(r"\(choices:\s*(.*?)\)\s*$", re.IGNORECASE)


def schema_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Write the JSON schema of a function.

    Args:
        function: A function or method, with a type hint and a line of the docstring for every argument.

    Returns:
        The schema, as tools are passed to chat templates.

    Raises:
        InvalidValueError: When a type hint or a description is missing, or a type has no schema.
    """
    if not (inspect.isfunction(function) or inspect.ismethod(function)):
        raise InvalidValueError(
            "Tools should either be a JSON schema, or a callable function with type hints and a docstring "
            "suitable for auto-conversion to a schema."
        )
    name = function.__name__
    document = inspect.getdoc(function)
    if not document:
        raise InvalidValueError(
            f"Cannot generate JSON schema for {name} because it has no docstring!"
        )
    description, arguments, returned = _read(document)
    properties, required, result = _types(function)
    for argument, schema in properties.items():
        if argument not in arguments:
            raise InvalidValueError(
                f"Cannot generate JSON schema for {name} because the docstring has no description for the "
                f"argument '{argument}'"
            )
        text = arguments[argument]
        choices = _CHOICES.search(text)
        if choices:
            listed = json.loads(choices[1])
            schema["enum"] = [item.strip() if isinstance(item, str) else item for item in listed]
            text = text[: choices.start()].strip()
        schema["description"] = text
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        parameters["required"] = required
    found: dict[str, Any] = {"name": name, "description": description, "parameters": parameters}
    if result is not None:
        found["return"] = {**result, "description": returned} if returned else result
    return {"type": "function", "function": found}


def _read(document: str) -> tuple[str, dict[str, str], str | None]:
    """Read description, arguments and result out of a docstring."""
    parts = _SECTION.split(document)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    returned = sections.get("Returns", "").strip() or None
    return parts[0].strip(), _arguments(sections.get("Args", "")), returned


def _arguments(section: str) -> dict[str, str]:
    arguments: dict[str, list[str]] = {}
    current: list[str] = []
    margin: int | None = None
    for line in section.splitlines():
        if not line.strip():
            continue
        match = _ARGUMENT.match(line)
        if match and (margin is None or len(match[1]) <= margin):
            margin = len(match[1])
            current = arguments.setdefault(match[2], [])
            current.append(match[3].strip())
        else:
            current.append(line.strip())
    return {name: " ".join(filter(None, lines)) for name, lines in arguments.items()}


def _types(
    function: Callable[..., Any],
) -> tuple[dict[str, dict[str, Any]], list[str], dict[str, Any] | None]:
    hints = get_type_hints(function)
    parameters = dict(inspect.signature(function).parameters)
    first = next(iter(parameters), None)
    if first in ("self", "cls") and parameters[first].annotation is inspect.Parameter.empty:
        del parameters[first]
    properties, required = {}, []
    for name, parameter in parameters.items():
        if name not in hints:
            raise InvalidValueError(
                f"Argument {name} is missing a type hint in function {function.__name__}"
            )
        properties[name] = _schema(hints[name])
        if parameter.default is inspect.Parameter.empty:
            required.append(name)
    result = None
    if "return" in hints:
        try:
            result = _schema(hints["return"])
        except InvalidValueError:
            # No model generates the result: a type that has no schema is left out.
            result = None
    return properties, required, result


def _schema(hint: Any) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is None:
        return _plain_schema(hint)
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _enumeration(arguments)
    if origin is list:
        return {"type": "array", "items": _schema(arguments[0])}
    if origin is tuple:
        if len(arguments) == 1 or ... in arguments:
            raise InvalidValueError(
                f"{hint}: a tuple of one, or of any length: write a list instead"
            )
        return {"type": "array", "prefixItems": [_schema(item) for item in arguments]}
    if origin is dict:
        values = {"additionalProperties": _schema(arguments[1])} if len(arguments) == 2 else {}
        return {"type": "object", **values}
    raise InvalidValueError(
        f"{hint}: this type hint has no JSON schema; pass the schema of the tool"
    )


def _plain_schema(hint: Any) -> dict[str, Any]:
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _enumeration([member.value for member in hint])
    if hint not in _SIMPLE:
        raise InvalidValueError(
            f"Couldn't convert the type hint {hint!r} to a JSON schema; pass the schema of the tool"
        )
    return dict(_SIMPLE[hint])


def _enumeration(values: Sequence[Any]) -> dict[str, Any]:
    if not values or any(type(value) not in _SCALARS for value in values):
        raise InvalidValueError(f"{list(values)}: only JSON scalars can be enumerated")
    kinds = list(dict.fromkeys(_SIMPLE[type(value)]["type"] for value in values))
    return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": list(values)}


def _union(arguments: Sequence[Any]) -> dict[str, Any]:
    parts = [_schema(item) for item in arguments if item is not type(None)]
    if len(parts) == 1:
        schema = parts[0]
    elif all(part.keys() == {"type"} and isinstance(part["type"], str) for part in parts):
        names = sorted({part["type"] for part in parts})
        schema = {"type": names[0] if len(names) == 1 else names}
    else:
        schema = {"anyOf": parts}
    if type(None) in arguments:
        schema["nullable"] = True
    return schema

"""Chat templates: rendered in jinja2's immutable sandbox, with a bound on the work they may do.

Templates come with models, from anywhere: they see plain values only (`plain`), reach no attribute that
the sandbox forbids, and stop with an error after `MAX_STEPS` rounds of their loops. A template keeps no
state between renderings, so that threads may share it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import Any

from .._rust import InvalidValueError, UnsupportedError

MAX_STEPS = 1_000_000
"""How many rounds the loops of one rendering may go, all together."""

MAX_TEXT = 100_000_000
"""How many characters a repetition (`"a" * n`) may give."""

SPAN_START, SPAN_END = "\U000f0002", "\U000f0003"
"""What stands around generated text while its place is still to be found."""

_ANOTHER = "Another template may be passed as `chat_template=`"

_steps: ContextVar[list[int] | None] = ContextVar("steps", default=None)
_marks_spans: ContextVar[bool] = ContextVar("marks_spans", default=False)


def render(template: str, variables: Mapping[str, Any], spans: bool = False) -> str:
    """Render a template.

    Args:
        template: Its text.
        variables: What it sees, made of plain values.
        spans: Put `SPAN_START` and `SPAN_END` around what `{% generation %}` blocks give.

    Returns:
        The text.

    Raises:
        InvalidValueError: When the template is broken, forbids the conversation (`raise_exception`),
            reaches for what it must not, or does not end.
    """
    compiled = _compile(template)
    jinja2 = _jinja()
    counted = _steps.set([MAX_STEPS])
    marked = _marks_spans.set(spans)
    try:
        text: str = compiled.render(**variables)
        return text
    except jinja2.exceptions.SecurityError as error:
        raise InvalidValueError(
            f"the chat template reaches for what it must not: {error}. {_ANOTHER}"
        ) from error
    except jinja2.exceptions.TemplateError as error:
        raise InvalidValueError(
            f"the chat template cannot be rendered: {error}. {_ANOTHER}"
        ) from error
    except RecursionError as error:
        raise InvalidValueError(
            f"the chat template calls itself without end. {_ANOTHER}"
        ) from error
    except (
        TypeError,
        ValueError,
        AttributeError,
        LookupError,
        ArithmeticError,
        MemoryError,
    ) as error:
        if isinstance(error, InvalidValueError):
            raise
        raise InvalidValueError(
            f"the chat template cannot be rendered with these messages: {type(error).__name__}: {error}. "
            f"Check the messages. {_ANOTHER}"
        ) from error
    finally:
        _steps.reset(counted)
        _marks_spans.reset(marked)


def literals(template: str) -> str:
    """All text that a template writes itself, its parts apart."""
    nodes = _jinja().nodes
    tree = _compile(template).environment.parse(template)
    parts = {node.data for node in tree.find_all(nodes.TemplateData)}
    parts |= {node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)}
    return "\0".join(sorted(parts))


def has_spans(template: str) -> bool:
    """Whether a template says what the assistant generates."""
    return "generation" in template and "endgeneration" in template


def _jinja() -> Any:
    try:
        import jinja2
        import jinja2.exceptions
        import jinja2.ext
        import jinja2.nodes
        import jinja2.sandbox
    except ImportError as error:
        raise UnsupportedError(
            "chat templates need the package jinja2, 3.1.6 or later (pip install 'fissile[chat]')"
        ) from error
    version = tuple(int(part) for part in jinja2.__version__.split(".")[:3] if part.isdigit())
    if version < (3, 1, 6):
        # Earlier ones have holes in the sandbox, and templates come from anywhere.
        raise UnsupportedError(
            f"chat templates need jinja2 3.1.6 or later, found {jinja2.__version__} "
            "(pip install -U jinja2)"
        )
    return jinja2


@lru_cache(maxsize=64)
def _compile(template: str) -> Any:
    jinja2 = _jinja()
    environment = _environment()
    try:
        return environment.from_string(template)
    except jinja2.exceptions.TemplateSyntaxError as error:
        raise InvalidValueError(
            f"the chat template has a mistake in line {error.lineno}: {error.message}"
        ) from error


@lru_cache(maxsize=1)
def _environment() -> Any:
    jinja2 = _jinja()

    class Sandbox(jinja2.sandbox.ImmutableSandboxedEnvironment):  # type: ignore[misc,name-defined]
        """The sandbox, with loops counted and repetition bounded."""

        intercepted_binops = frozenset(["*", "**"])

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            _check_size(operator, left, right)
            return super().call_binop(context, operator, left, right)

        def _parse(self, source: str, name: Any, filename: Any) -> Any:
            tree = super()._parse(source, name, filename)
            for loop in list(tree.find_all(jinja2.nodes.For)):
                loop.iter = jinja2.nodes.Filter(
                    loop.iter, "_counted", [], [], None, None
                ).set_lineno(loop.lineno)
            return tree

    class Namespace(jinja2.utils.Namespace):  # type: ignore[misc,name-defined]
        """A namespace that takes no name with a leading underscore."""

        def __init__(*args: Any, **kwargs: Any) -> None:
            self, values = args[0], dict(*args[1:], **kwargs)
            for name in values:
                _check_name(name)
            jinja2.utils.Namespace.__init__(self, values)

        def __setitem__(self, name: str, value: Any) -> None:
            _check_name(name)
            super().__setitem__(name, value)

    class Generation(jinja2.ext.Extension):  # type: ignore[misc,name-defined]
        """The block `{% generation %}`, around what the assistant writes."""

        tags = {"generation"}

        def parse(self, parser: Any) -> Any:
            line = next(parser.stream).lineno
            body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
            call = self.call_method("_mark")
            return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

        def _mark(self, caller: Callable[[], str]) -> str:
            text = caller()
            return f"{SPAN_START}{text}{SPAN_END}" if _marks_spans.get() else text

    environment = Sandbox(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    environment.filters["_counted"] = _Counted
    environment.globals["raise_exception"] = _raise
    environment.globals["strftime_now"] = lambda format: datetime.now().strftime(format)
    environment.globals["dict"] = _Dict()
    environment.globals["namespace"] = Namespace
    return environment


def _check_name(name: Any) -> None:
    if isinstance(name, str) and name.startswith("_"):
        raise _jinja().exceptions.SecurityError(
            f"a namespace takes no name that begins with an underscore, but got {name!r}"
        )


def _check_size(operator: str, left: Any, right: Any) -> None:
    if operator == "*":
        sizes = [
            len(value) if isinstance(value, (str, list, tuple)) else None for value in (left, right)
        ]
        known, times = (sizes[0], right) if sizes[0] is not None else (sizes[1], left)
        if known is not None and isinstance(times, int) and known * times > MAX_TEXT:
            raise InvalidValueError("the chat template repeats a text without bound")
    elif isinstance(left, int) and isinstance(right, int) and abs(left) > 1 and right > 4096:
        raise InvalidValueError("the chat template makes a number without bound")


def _raise(message: str) -> None:
    raise _jinja().exceptions.TemplateError(message)


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: Any = None,
    sort_keys: bool = False,
) -> str:
    """Write JSON as it is; jinja2's own filter would escape it for HTML."""
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


class _Dict:
    """`dict(...)`, without the attributes of the class."""

    def __call__(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return dict(*args, **kwargs)

    def fromkeys(self, *args: Any) -> dict[Any, Any]:
        return dict.fromkeys(*args)


class _Counted:
    """What a loop goes over; every round counts."""

    def __init__(self, values: Iterable[Any]) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        left = _steps.get()
        for value in self._values:
            if left is not None:
                left[0] -= 1
                if left[0] < 0:
                    raise InvalidValueError(
                        f"the chat template does not end: more than {MAX_STEPS} rounds of its loops"
                    )
            yield value


def plain(value: Any) -> Any:
    """Make plain values of anything: what is none becomes the name of its type in angle brackets."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    for kind in (str, int, float):
        if isinstance(value, kind):
            return getattr(kind, f"__{kind.__name__}__")(value)
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return list(map(plain, value)) if isinstance(value, list) else _plain_object(value)


def _plain_object(value: Any) -> Any:
    if type(value).__module__ == "numpy" and not getattr(value, "shape", None):
        return plain(value.item())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if callable(getattr(value, "model_dump", None)):
        return plain(value.model_dump())
    return f"<{type(value).__name__}>"

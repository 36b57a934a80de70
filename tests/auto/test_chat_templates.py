"""Templates of the families that models come in, rendered and encoded by both libraries.

The templates are written here in the way of each family; those of real models are in `test_chat`, where the
shared folder has them.
"""

from __future__ import annotations

import datetime
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.auto.conftest import SMALL
from tests.auto.test_chat import CHATS, GENERATION, outcome, weather

CHAT_ML = (
    "{%- for m in messages %}{{- '<|im_start|>' + m['role'] + '\\n' + m['content'] | string + '<|im_end|>\\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
INSTRUCTIONS = """\
{%- if messages[0].role == 'system' -%}
  {%- set system = messages[0].content -%}{%- set rest = messages[1:] -%}
{%- else -%}
  {%- set system = '' -%}{%- set rest = messages -%}
{%- endif -%}
{{ bos_token }}
{%- for m in rest -%}
  {%- if (m.role == 'user') != (loop.index0 % 2 == 0) -%}
    {{ raise_exception('roles must alternate, but message ' ~ loop.index0 ~ ' is of ' ~ m.role) }}
  {%- endif -%}
  {%- if m.role == 'user' -%}
    {%- if loop.first and system -%}
      {{ '[INST] <<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + m.content + ' [/INST]' }}
    {%- else -%}
      {{ '[INST] ' + m.content + ' [/INST]' }}
    {%- endif -%}
  {%- elif m.role == 'assistant' -%}
    {{ ' ' + m.content | trim + ' ' + eos_token }}
  {%- endif -%}
{%- endfor -%}
"""
HEADERS = """\
{{- bos_token }}
{%- set ns = namespace(seen=0, last='') %}
{%- for m in messages %}
    {%- set ns.seen = ns.seen + 1 %}
    {{- '<|start|>' ~ m.role ~ '<|end|>\\n\\n' }}{{ (m.content or '') | trim }}{{ '<|eot|>' }}
    {%- if m.role == 'tool' %}{% continue %}{% endif %}
    {%- set ns.last = m.role %}
{%- endfor %}
{%- if add_generation_prompt and ns.last != 'assistant' %}
    {{- '<|start|>assistant<|end|>\\n\\n' }}
{%- endif %}
"""
TOOLS = """\
{%- macro call(c) -%}
<call>{{ {'name': c.function.name, 'arguments': c.function.arguments} | tojson }}</call>
{%- endmacro -%}
{%- if tools %}{{ '<tools>\\n' }}
{%- for tool in tools %}{{ tool | tojson(indent=2) }}{{ '\\n' }}{% endfor %}{{ '</tools>\\n' }}{% endif %}
{%- for m in messages -%}
{%- if m.tool_calls is defined and m.tool_calls -%}
{{ m.role }}: {% for c in m.tool_calls %}{{ call(c) }}{% endfor %}
{% elif m.role == 'tool' -%}
<result>{{ m.content }}</result>
{% else -%}
{{ m.role | upper }}: {{ m.content }}{% if m.reasoning_content %} ({{ m.reasoning_content }}){% endif %}
{% endif -%}
{%- if loop.index > 50 %}{% break %}{% endif -%}
{%- endfor -%}
{%- for d in documents or [] %}[{{ loop.index }}] {{ d.title }}: {{ d.text | e }}
{% endfor -%}
{%- if add_generation_prompt %}ASSISTANT:{% endif -%}
"""
TEMPLATES = {
    "chat ml": CHAT_ML,
    "instructions": INSTRUCTIONS,
    "headers": HEADERS,
    "tools": TOOLS,
    "generation": GENERATION,
    "spaces": "{% for m in messages %}\n    {{ m.role }}\n  {% endfor %}\n\n",
    "date": "{{ strftime_now('%Y-%m-%d') }} {{ messages | length }} {{ unknown_name is defined }}",
}
VARIANTS: list[dict[str, Any]] = [
    {},
    {"add_generation_prompt": True},
    {"continue_final_message": True},
    {"tools": [weather]},
    {"documents": [{"title": "T", "text": "a < b & 'c'"}]},
    {"padding": "max_length", "max_length": 64, "truncation": True, "return_tensors": "pt"},
    {"padding": True, "return_tensors": "np"},
    {"return_dict": False},
    {"max_length": 12, "truncation": True},
]


def made(library: ModuleType) -> Any:
    tokenizer = library.PreTrainedTokenizerFast(tokenizer_file=str(SMALL / "word_pieces.json"))
    tokenizer.add_special_tokens(
        {
            "pad_token": "[PAD]",
            "bos_token": "[CLS]",
            "eos_token": "[SEP]",
            "extra_special_tokens": [
                "<|im_start|>",
                "<|im_end|>",
                "<|start|>",
                "<|end|>",
                "<|eot|>",
            ],
        }
    )
    return tokenizer


@pytest.mark.parity
@pytest.mark.parametrize("family", TEMPLATES)
def test_families_are_rendered_as_by_transformers(transformers: ModuleType, family: str) -> None:
    pytest.importorskip("torch")
    ours, theirs = made(fissile), made(transformers)
    for tokenizer in (ours, theirs):
        tokenizer.chat_template = TEMPLATES[family]
    errors = 0
    for chat in (*CHATS.values(), list(CHATS.values())[:2]):
        for variant in VARIANTS:
            for more in ({"tokenize": False}, {"sanitize_control_tokens": False}, {}):
                options = {**variant, **more}
                expected = outcome(theirs, chat, options)
                assert outcome(ours, chat, options) == expected, (chat, options)
                errors += expected == "error"
    # Most conversations have a text, or there is nothing to compare.
    assert errors < 100


@pytest.mark.parity
def test_masks_of_whole_batches_as_by_transformers(transformers: ModuleType) -> None:
    pytest.importorskip("torch")
    ours, theirs = made(fissile), made(transformers)
    batch = [CHATS["plain"], CHATS["reasoning"]]
    for kind in (None, "np", "pt"):
        options = {
            "chat_template": GENERATION,
            "return_assistant_tokens_mask": True,
            "padding": True,
            "return_tensors": kind,
        }
        assert outcome(ours, batch, options) == outcome(theirs, batch, options)


def test_the_date_is_that_of_today(small: Any) -> None:
    text = small.apply_chat_template(CHATS["one"], chat_template=TEMPLATES["date"], tokenize=False)
    assert text.startswith(f"{datetime.datetime.now():%Y-%m-}")


def test_an_error_of_a_template_says_what_can_be_done(small: Any) -> None:
    small.chat_template = INSTRUCTIONS
    with pytest.raises(ValueError, match=r"roles must alternate.*`chat_template=`"):
        small.apply_chat_template([*CHATS["one"], *CHATS["one"]])
    with pytest.raises(ValueError, match=r"must not.*`chat_template=`"):
        small.apply_chat_template(CHATS["one"], chat_template="{{ messages.__class__.mro() }}")
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(ValueError, match=r"rounds|steps|end"):
        small.apply_chat_template(CHATS["one"], chat_template=loop)

"""Post-processors."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.support.build import byte_level, words

FRAME = (("[SEP]", 2), ("[CLS]", 1))


def framed(library: ModuleType, processor: Any) -> Any:
    """The words tokenizer with another post-processor."""
    tokenizer = words(library)
    tokenizer.post_processor = processor
    return tokenizer


def test_bert(library: ModuleType) -> None:
    tokenizer = framed(library, library.processors.BertProcessing(*FRAME))
    pair = tokenizer.encode("my", "is john")
    assert pair.ids == [1, 4, 2, 6, 7, 2]
    assert pair.type_ids == [0, 0, 0, 1, 1, 1]
    assert pair.special_tokens_mask == [1, 0, 1, 0, 0, 1]
    assert tokenizer.encode("my", add_special_tokens=False).ids == [4]
    processor = tokenizer.post_processor
    assert (processor.sep, processor.cls) == FRAME
    assert processor.num_special_tokens_to_add(True) == 3


def test_roberta(library: ModuleType) -> None:
    processor = library.processors.RobertaProcessing(
        *FRAME, trim_offsets=True, add_prefix_space=False
    )
    tokenizer = framed(library, processor)
    pair = tokenizer.encode("my", "is")
    assert pair.ids == [1, 4, 2, 2, 6, 2]
    assert pair.type_ids == [0] * 6
    assert (processor.trim_offsets, processor.add_prefix_space) == (True, False)


def test_byte_level(library: ModuleType) -> None:
    tokenizer = byte_level(library)
    tokenizer.post_processor = library.processors.ByteLevel(trim_offsets=True)
    assert tokenizer.encode(" a b").offsets == [(0, 0), (1, 2), (3, 3), (3, 4)]
    tokenizer.post_processor = library.processors.ByteLevel(trim_offsets=False)
    assert tokenizer.encode(" a b").offsets == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_template(library: ModuleType) -> None:
    special = [("[CLS]", 1), (2, "[SEP]"), {"id": "<two>", "ids": [13, 14], "tokens": ["b", "c"]}]
    processor = library.processors.TemplateProcessing(
        single=["[CLS]", "$0", "[SEP]"], pair="<two>:4 $B:3 $A:1 [SEP]:2", special_tokens=special
    )
    tokenizer = framed(library, processor)
    assert tokenizer.encode("my").ids == [1, 4, 2]
    pair = tokenizer.encode("my", "is")
    assert (pair.ids, pair.type_ids) == ([13, 14, 6, 4, 2], [4, 4, 3, 1, 2])
    assert pair.sequence_ids == [None, None, 1, 0, None]
    assert processor.num_special_tokens_to_add(True) == 3
    plain = library.processors.TemplateProcessing()
    assert framed(library, plain).encode("my", "is").type_ids == [0, 1]


def test_template_of_unknown_tokens(library: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"Missing SpecialToken\(s\) with id\(s\)"):
        library.processors.TemplateProcessing(single="[CLS] $A", special_tokens=[("x", 1)])
    with pytest.raises(ValueError, match=r".+"):
        library.processors.TemplateProcessing(single="$A:x")
    with pytest.raises(Exception, match=r".+"):
        library.processors.TemplateProcessing(pair="$A")


def test_sequence(library: ModuleType) -> None:
    module = library.processors
    sequence = module.Sequence(
        [module.ByteLevel(trim_offsets=False), module.BertProcessing(*FRAME)]
    )
    assert framed(library, sequence).encode("my").ids == [1, 4, 2]
    assert isinstance(sequence[0], module.ByteLevel)
    sequence[1] = module.BertProcessing(("[SEP]", 3), ("[CLS]", 0))
    assert framed(library, sequence).encode("my").ids == [0, 4, 3]
    with pytest.raises(IndexError):
        sequence[2]


def test_none(library: ModuleType) -> None:
    pair = words(library, special=False).encode("my", "is")
    assert (pair.ids, pair.type_ids, pair.sequence_ids) == ([4, 6], [0, 1], [0, 1])


def test_process(library: ModuleType) -> None:
    tokenizer = words(library, special=False)
    first, second = tokenizer.encode("my"), tokenizer.encode("is")
    processor = library.processors.BertProcessing(*FRAME)
    assert processor.process(first).ids == [1, 4, 2]
    assert processor.process(first, second).ids == [1, 4, 2, 6, 2]
    assert processor.process(first, add_special_tokens=False).ids == [4]


def test_overflow_is_framed_too(oracle: ModuleType) -> None:
    for strategy in ("longest_first", "only_first"):
        found = []
        for library in (fissile, oracle):
            tokenizer = words(library)
            tokenizer.enable_truncation(8, stride=1, strategy=strategy)
            encoding = tokenizer.encode("my name is john my name is", "hello world a")
            found.append(
                [(part.ids, part.type_ids, part.sequence_ids) for part in encoding.overflowing]
            )
        assert found[0] == found[1]
        assert found[0]

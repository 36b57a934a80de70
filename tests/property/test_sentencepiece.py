"""SentencePiece's model files: fissile gives the ids that SentencePiece itself gives, saved and pickled too."""

from __future__ import annotations

import pickle
from pathlib import Path

import fissile
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support import spm

sentencepiece = pytest.importorskip("sentencepiece", reason="the oracle of .model files")

DATA = Path(__file__).parents[2] / "rust" / "core" / "tests" / "data"
LETTERS = "▁abc"
TEXTS = [
    "",
    "Hello world",
    "  the  cat ",
    "of the<sep>of",
    "<s>the</s>",
    "<unk>",
    "ＡＢＣ ﬁ½",
    "a[X]b é",
]


def both(
    content: bytes, folder: Path
) -> tuple[fissile.Tokenizer, sentencepiece.SentencePieceProcessor]:
    path = folder / "tiny.model"
    path.write_bytes(content)
    return (
        fissile.Tokenizer.from_file(path),
        sentencepiece.SentencePieceProcessor(model_proto=content),
    )


@st.composite
def tied_models(draw: st.DrawFn) -> list[tuple[str, float]]:
    """Pieces over few letters with few different scores."""
    longer = draw(st.lists(st.text(LETTERS, min_size=2, max_size=5), unique=True, max_size=14))
    scores = st.sampled_from([0.0, -0.0, -1.0, -1.5, -2.0])
    return [*((letter, -9.0) for letter in LETTERS), *((text, draw(scores)) for text in longer)]


@given(pieces=tied_models(), text=st.text("abc ", max_size=90))
@example(pieces=[("▁", -9), ("a", -9), ("b", -9), ("aa", -1), ("ab", -1)], text="aab")
@example(pieces=[("▁", -9), ("a", -9), ("b", -9), ("ab", -1), ("ba", -1)], text="babab" * 30)
def test_pieces_of_equal_score_join_from_the_left(
    pieces: list[tuple[str, float]], text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tokenizer, oracle = both(spm.model_file(pieces, spm.BPE), tmp_path_factory.mktemp("spm"))
    expected = oracle.encode(text)
    assert tokenizer.encode(text).ids == expected
    assert fissile.Tokenizer.from_str(tokenizer.to_str()).encode(text).ids == expected
    assert pickle.loads(pickle.dumps(tokenizer)).encode(text).ids == expected


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.model")))
@pytest.mark.parametrize("way", ["pickled", "saved", "model and normalizer pickled"])
def test_nothing_of_a_model_file_is_lost(name: str, way: str) -> None:
    first = fissile.Tokenizer.from_file(DATA / name)
    oracle = sentencepiece.SentencePieceProcessor(model_file=str(DATA / name))
    if way == "pickled":
        again = pickle.loads(pickle.dumps(first))
        assert again.encode_special_tokens
    elif way == "saved":
        again = fissile.Tokenizer.from_str(first.to_str())
        again.encode_special_tokens = True
    else:
        again = first
        again.model = pickle.loads(pickle.dumps(first.model))
        again.normalizer = pickle.loads(pickle.dumps(first.normalizer))
    for text in TEXTS:
        assert again.encode(text).ids == oracle.encode(text), text
        assert again.decode(oracle.encode(text)) == oracle.decode(oracle.encode(text)), text


def test_user_defined_pieces_outdo_all_others(tmp_path: Path) -> None:
    pieces = [("▁", -3.0), ("a", -3.0), ("b", -3.0), ("▁ab", -0.1), ("ba", -9.0, spm.USER_DEFINED)]
    tokenizer, oracle = both(spm.model_file(pieces, spm.UNIGRAM), tmp_path)
    again = fissile.Tokenizer.from_str(tokenizer.to_str())
    for text in ("ab", "aba", "abba baab"):
        assert tokenizer.encode(text).ids == again.encode(text).ids == oracle.encode(text)


def test_sampling_is_saved() -> None:
    model = fissile.models.Unigram([("a", -1.0), ("aa", -1.0)], 0, alpha=0.5, nbest_size=3, seed=7)
    again = pickle.loads(pickle.dumps(model))
    assert (again.alpha, again.nbest_size) == (0.5, 3)
    once, twice = fissile.Tokenizer(model), fissile.Tokenizer(again)
    assert [once.encode("aaaa").ids for _ in range(9)] == [
        twice.encode("aaaa").ids for _ in range(9)
    ]
    plain = fissile.models.Unigram([("a", -1.0)], 0)
    assert b"fissile" not in plain.__getstate__()


def test_broken_extensions_are_named() -> None:
    def read(model: str) -> None:
        fissile.Tokenizer.from_str(f'{{"model":{model}}}')

    bpe = '{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":[["a","b"]],"fissile":%s}'
    unigram = '{"type":"Unigram","unk_id":0,"vocab":[["a",0.0]],"fissile":{"sentencepiece":%s}}'
    read(bpe % '{"ties":[[0,1]],"of later versions":1}')
    read(unigram % '{"unmatched":[0]}')
    for model, place in [
        (bpe % '{"ties":[[0,2]]}', "ties"),
        (bpe % '{"ties":[[0,1],[0,1]]}', "ties"),
        (bpe % '{"ties":[[1,0]]}', "ties"),
        (bpe % '{"ties":7}', "fissile"),
        (unigram % '{"unmatched":[1]}', "unmatched"),
    ]:
        with pytest.raises(fissile.FissileError, match=place):
            read(model)

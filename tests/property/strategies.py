"""Texts as hypothesis makes them: any characters, and the nasty ones more often."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.support import hostile

NASTY = hostile.SPACES + hostile.INVISIBLE + hostile.MARKS + hostile.BASES + "'.,-_0123abc ABC\n"

characters = st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(NASTY))
pieces = st.one_of(
    st.sampled_from([*hostile.WORDS, *hostile.EMOJI]), st.text(characters, max_size=8)
)
texts = st.one_of(
    st.text(characters, max_size=60),
    st.lists(pieces, max_size=12).map("".join),
    st.lists(pieces, max_size=12).map(" ".join),
    st.builds(lambda piece, times: piece * times, pieces, st.integers(1, 40)),
)
batches = st.lists(texts, max_size=8)

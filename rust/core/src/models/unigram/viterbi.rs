//! The best segmentation, forward in one pass.
//!
//! At every position stands the best way to reach it. Going from character to character, each piece
//! that begins there offers a way to where it ends; a later offer replaces an earlier one only when
//! it is strictly better. Sums are made in the order of the text, so that equal input gives equal bits.
//!
//! The time is the text's length times that of the longest piece that matches.

use std::cell::RefCell;
use std::ops::Add;

use super::tables::{NO_UNK, Scores, Tables};
use super::{Unigram, missing_unk};
use crate::error::Result;
use crate::models::PieceTokens;
use crate::token::TokenId;
use crate::util::double_array::DoubleArray;

/// The best way to reach a position.
#[derive(Debug, Clone, Copy)]
struct Step<S> {
    score: S,
    /// Where the last piece of the way starts; [`UNREACHED`] while there is none.
    start: u32,
    id: TokenId,
}

const UNREACHED: u32 = u32::MAX;

/// Texts of so many bytes leave their memory behind for the next one.
const KEPT_STEPS: usize = 1 << 16;

#[derive(Default)]
struct Scratch {
    double: Vec<Step<f64>>,
    single: Vec<Step<f32>>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A number to sum scores in.
trait Score: Copy + Default + PartialOrd + Add<Output = Self> {
    /// A sum grown so large that all sums are taken down by it, or `None` for none such.
    fn excess(self) -> Option<Self>;
    fn less(self, excess: Self) -> Self;
}

impl Score for f64 {
    fn excess(self) -> Option<Self> {
        None
    }

    fn less(self, excess: Self) -> Self {
        self - excess
    }
}

impl Score for f32 {
    fn excess(self) -> Option<Self> {
        (self.abs() > 100_000.0).then_some(self)
    }

    fn less(self, excess: Self) -> Self {
        self - excess
    }
}

/// Append the tokens of the best segmentation of `piece` to `out`.
pub(super) fn encode(model: &Unigram, piece: &str, out: &mut PieceTokens) -> Result<()> {
    if piece.is_empty() {
        return Ok(());
    }
    SCRATCH.with_borrow_mut(|scratch| match &model.tables.scores {
        Scores::Double { of, unknown } => run(model, of, *unknown, piece, &mut scratch.double, out),
        Scores::Single { of, unknown } => run(model, of, *unknown, piece, &mut scratch.single, out),
    })
}

fn run<S: Score>(
    model: &Unigram,
    scores: &[S],
    unknown: S,
    piece: &str,
    steps: &mut Vec<Step<S>>,
    out: &mut PieceTokens,
) -> Result<()> {
    let search = Search {
        trie: &model.tables.trie,
        scores,
        unknown,
        unk_id: model.unk_id.unwrap_or(NO_UNK),
        text: piece.as_bytes(),
        longest: model.tables.longest,
    };
    steps.clear();
    steps.resize(piece.len() + 1, Step { score: S::default(), start: UNREACHED, id: NO_UNK });
    search.forward(steps);
    let result = if model.unk_id.is_none() && !may_miss_unk(&model.tables) && misses_unk(steps) {
        Err(missing_unk())
    } else {
        turn_around(steps);
        model.push_path(piece, along(steps), out)
    };
    if steps.len() > KEPT_STEPS {
        *steps = Vec::new();
    }
    result
}

/// Whether unknown characters are left to the byte tokens, as SentencePiece does.
fn may_miss_unk(tables: &Tables) -> bool {
    matches!(tables.scores, Scores::Single { .. })
}

/// Whether an unknown character was the best way anywhere, on the best path or off it: that alone
/// makes the reference give up.
fn misses_unk<S>(steps: &[Step<S>]) -> bool {
    steps.iter().any(|step| step.start != UNREACHED && step.id == NO_UNK)
}

struct Search<'a, S> {
    trie: &'a DoubleArray,
    scores: &'a [S],
    unknown: S,
    unk_id: TokenId,
    text: &'a [u8],
    /// No step further than so many bytes ahead can have been reached.
    longest: usize,
}

impl<S: Score> Search<'_, S> {
    fn forward(&self, steps: &mut [Step<S>]) {
        let mut start = 0;
        while start < self.text.len() {
            if let Some(excess) = steps[start].score.excess() {
                let end = steps.len().min(start + self.longest + 1);
                take_down(&mut steps[start..end], excess);
            }
            start = self.from(start, steps);
        }
    }

    /// Offer every piece that begins at `start`; where the character there ends.
    #[inline]
    fn from(&self, start: usize, steps: &mut [Step<S>]) -> usize {
        let here = steps[start].score;
        let char_end = start + char_length(self.text[start]);
        let mut covers_char = false;
        let mut state = self.trie.root();
        for (end, &byte) in (start + 1..).zip(&self.text[start..]) {
            let Some(next) = self.trie.step(state, byte) else { break };
            state = next;
            if let Some(id) = state.value() {
                covers_char |= end == char_end;
                offer(&mut steps[end], self.scores[id as usize] + here, start, id);
            }
        }
        if !covers_char {
            offer(&mut steps[char_end], self.unknown + here, start, self.unk_id);
        }
        char_end
    }
}

#[inline]
fn offer<S: Score>(step: &mut Step<S>, score: S, start: usize, id: TokenId) {
    if step.start == UNREACHED || score > step.score {
        let start = u32::try_from(start).expect("the length of a piece was checked");
        *step = Step { score, start, id };
    }
}

/// SentencePiece's guard against sums too large for single precision: only differences matter, so
/// all sums still in play lose what the first of them has.
fn take_down<S: Score>(steps: &mut [Step<S>], excess: S) {
    for (index, step) in steps.iter_mut().enumerate() {
        if index == 0 || step.start != UNREACHED {
            step.score = step.score.less(excess);
        }
    }
}

/// Bytes of the character that begins with `byte`.
#[inline]
fn char_length(byte: u8) -> usize {
    match byte {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Turn the best path's links around: each step on it then says where the piece that starts there
/// ends (in `start`), and which it is.
fn turn_around<S: Copy>(steps: &mut [Step<S>]) {
    let mut end = steps.len() - 1;
    let Step { mut start, mut id, .. } = steps[end];
    loop {
        let here = &mut steps[start as usize];
        let before = (here.start, here.id);
        here.start = u32::try_from(end).expect("the length of a piece was checked");
        here.id = id;
        if start == 0 {
            return;
        }
        end = start as usize;
        (start, id) = before;
    }
}

/// Ends and ids along links that were turned around.
fn along<S>(steps: &[Step<S>]) -> impl Iterator<Item = (u32, TokenId)> {
    let mut position = 0;
    std::iter::from_fn(move || {
        if position + 1 == steps.len() {
            return None;
        }
        let step = &steps[position];
        position = step.start as usize;
        Some((step.start, step.id))
    })
}

//! Where the tokens of a sequence are gathered, whichever road they come by.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]
#![allow(clippy::inline_always, reason = "what a level of instructions runs is compiled for it")]

use std::ops::Range;
use std::sync::Arc;

use crate::cache::{AsideTokens, Hit, Queue};
use crate::encoding::{Block, TokenNames, TokenRun};
use crate::text::offsets::{CharWalk, OffsetUnit};
use crate::token::TokenId;
use crate::util::level::{Work, on_best};

/// Texts that are not the names of their ids, by ascending index of their tokens.
pub(crate) type Texts = Vec<(u32, Box<str>)>;

/// Tokens of one sequence under way. Spans are bytes of the text at hand until that text is finished.
pub(crate) struct Sink {
    pub(crate) ids: Vec<TokenId>,
    pub(crate) spans: Vec<(u32, u32)>,
    pub(crate) words: Vec<u32>,
    texts: Texts,
    /// Whether anything but ids is wanted.
    pub(crate) detailed: bool,
    /// The word of everything that comes, where the caller cut the words.
    fixed_word: Option<u32>,
    /// The number of the next word.
    pub(crate) next_word: u32,
    /// Where the text at hand began.
    text_start: usize,
}

impl Sink {
    pub(crate) fn new(detailed: bool, bytes: usize) -> Self {
        let guess = token_guess(bytes);
        let detail = if detailed { guess } else { 0 };
        Self {
            ids: Vec::with_capacity(guess),
            spans: Vec::with_capacity(detail),
            words: Vec::with_capacity(detail),
            texts: Vec::new(),
            detailed,
            fixed_word: None,
            next_word: 0,
            text_start: 0,
        }
    }

    /// For ids alone, which come behind those that are there.
    pub(crate) fn behind(ids: Vec<TokenId>) -> Self {
        Self { ids, ..Self::new(false, 0) }
    }

    /// Begin a text; `word` is its number where the caller cut the words.
    pub(crate) fn begin(&mut self, word: Option<u32>) {
        self.text_start = self.ids.len();
        self.fixed_word = word;
        self.next_word = 0;
    }

    #[inline]
    pub(crate) fn push(&mut self, id: TokenId, span: (u32, u32), word: u32) {
        self.ids.push(id);
        if self.detailed {
            self.spans.push(span);
            self.words.push(self.fixed_word.unwrap_or(word));
        }
    }

    /// The last token's text is not the name of its id.
    pub(crate) fn text_of_last(&mut self, text: &str) {
        if self.detailed {
            self.texts.push((self.ids.len() as u32 - 1, text.into()));
        }
    }

    /// The tokens of all units of a queue, whose text begins at `base`. Where the whole text is one word,
    /// that is what all tokens belong to.
    pub(crate) fn take(&mut self, queue: &Queue, base: u32, one_word: bool) {
        let is_short = queue.len() <= SHORT_QUEUE;
        match (self.detailed, is_short) {
            (true, true) => on_best(TakeAll::<SHORT_STEP> { sink: self, queue, base, one_word }),
            (true, false) => on_best(TakeAll::<STEP> { sink: self, queue, base, one_word }),
            (false, true) => on_best(TakeIds::<SHORT_STEP> { sink: self, queue }),
            (false, false) => on_best(TakeIds::<STEP> { sink: self, queue }),
        }
    }

    #[inline(always)]
    fn append<const N: usize>(&mut self, step: &mut Step<N>) {
        self.ids.extend_from_slice(&step.ids[..step.len]);
        self.spans.extend(step.spans[..step.len].iter().map(|&[start, end]| (start, end)));
        match self.fixed_word {
            Some(word) => self.words.resize(self.words.len() + step.len, word),
            None => self.words.extend_from_slice(&step.words[..step.len]),
        }
        step.len = 0;
    }

    fn take_aside(&mut self, tokens: &AsideTokens<'_>, base: u32, word: u32) {
        let first = self.ids.len() as u32;
        self.ids.extend_from_slice(tokens.ids);
        self.spans.extend(tokens.spans.iter().map(|&(start, end)| (base + start, base + end)));
        let fixed = self.fixed_word;
        self.words.extend(tokens.words.iter().map(|&own| fixed.unwrap_or(word + own)));
        let texts = tokens.texts.iter();
        self.texts.extend(texts.map(|(index, text)| (first + index - tokens.first, text.clone())));
    }

    /// Append what another sink gathered of the text behind; `goes_on` says that its first word is the
    /// last one here.
    pub(crate) fn append_part(&mut self, part: Self, goes_on: bool) {
        let (first, word) = (self.ids.len() as u32, self.next_word - u32::from(goes_on));
        self.ids.extend_from_slice(&part.ids);
        self.spans.extend_from_slice(&part.spans);
        self.words.extend(part.words.iter().map(|own| word + own));
        self.texts.extend(part.texts.into_iter().map(|(index, text)| (first + index, text)));
        self.next_word = word + part.next_word;
    }

    /// End a text: its spans, so far in its bytes, become offsets.
    pub(crate) fn finish(&mut self, text: &str, unit: OffsetUnit) {
        if self.detailed && !text.is_ascii() {
            let spans = &mut self.spans[self.text_start..];
            match unit {
                OffsetUnit::Byte => {
                    for span in spans {
                        *span = whole_chars(text, *span);
                    }
                }
                OffsetUnit::Char => {
                    let mut walk = CharWalk::new(text);
                    for span in spans {
                        *span = walk.whole_span(*span);
                    }
                }
            }
        }
    }

    /// Forget all tokens, and keep the room.
    pub(crate) fn clear(&mut self) {
        self.ids.clear();
        self.spans.clear();
        self.words.clear();
        self.texts.clear();
        (self.fixed_word, self.next_word, self.text_start) = (None, 0, 0);
    }

    pub(crate) fn take_texts(&mut self) -> Texts {
        std::mem::take(&mut self.texts)
    }

    /// Append the tokens to those of a block, and say where they are, if there is room for all of them.
    pub(crate) fn write(&self, block: &mut Block) -> Option<Range<usize>> {
        block.append(&self.ids, &self.spans, &self.words)
    }

    pub(crate) fn into_run(self, names: &Arc<impl TokenNames + 'static>) -> TokenRun {
        let names = self.detailed.then(|| Arc::clone(names) as Arc<dyn TokenNames>);
        TokenRun::new(self.ids, self.spans, self.words, self.texts, names)
    }
}

/// About how many tokens a text has. Four bytes a token is what text comes to; a wrong guess costs one move.
pub(crate) fn token_guess(bytes: usize) -> usize {
    bytes / 4 + 1
}

/// Room for the tokens of most texts. What is never written to costs nothing where there is much of it.
pub(crate) fn room_guess(bytes: usize) -> usize {
    bytes / 8 * 3 + 4
}

/// How many tokens are gathered before they are appended together: one copy for many, and a place for them that
/// costs little to make ready where there are few.
const STEP: usize = 128;
const SHORT_STEP: usize = 32;
/// Units of which the tokens are few.
const SHORT_QUEUE: usize = 24;

/// Tokens gathered.
struct Step<const N: usize> {
    ids: [TokenId; N],
    spans: [[u32; 2]; N],
    words: [u32; N],
    len: usize,
}

impl<const N: usize> Step<N> {
    fn new() -> Self {
        Self { ids: [0; N], spans: [[0; 2]; N], words: [0; N], len: 0 }
    }

    /// Whether there is no room for another unit.
    #[inline(always)]
    fn is_full(&self) -> bool {
        self.len > N - 4
    }

    /// Write all four places and keep as many as there are tokens.
    #[inline(always)]
    fn push(&mut self, hit: Hit, base: u32, word: u32) {
        write_four(&mut self.ids, self.len, hit.ids());
        if let Some(spans) = hit.spans(base).as_chunks().0.first_chunk() {
            write_four(&mut self.spans, self.len, *spans);
        }
        write_four(&mut self.words, self.len, hit.words(word));
        self.len += hit.len();
    }
}

/// Taking everything there is to know of the units of a queue.
struct TakeAll<'s, const N: usize> {
    sink: &'s mut Sink,
    queue: &'s Queue,
    base: u32,
    one_word: bool,
}

impl<const N: usize> Work for TakeAll<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { sink, queue, base, one_word } = self;
        let mut step = Step::<N>::new();
        for (start, hit) in queue.units() {
            let start = base + start;
            let word = sink.next_word;
            let word_count = if let Some(number) = hit.number_aside() {
                sink.append(&mut step);
                let tokens = queue.aside(number);
                sink.take_aside(&tokens, start, word);
                tokens.word_count
            } else {
                step.push(hit, start, word);
                if step.is_full() {
                    sink.append(&mut step);
                }
                hit.word_count()
            };
            sink.next_word += if one_word { 0 } else { word_count };
        }
        sink.append(&mut step);
    }
}

/// Taking the ids of the units of a queue.
struct TakeIds<'s, const N: usize> {
    sink: &'s mut Sink,
    queue: &'s Queue,
}

impl<const N: usize> Work for TakeIds<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { sink: Sink { ids: taken, .. }, queue } = self;
        // Four ids are always written and as many kept as there are: no branch hangs on how many.
        let mut ids = [0; N];
        let mut len = 0;
        for (_, hit) in queue.units() {
            if let Some(number) = hit.number_aside() {
                taken.extend_from_slice(&ids[..len]);
                taken.extend_from_slice(queue.aside(number).ids);
                len = 0;
                continue;
            }
            write_four(&mut ids, len, hit.ids());
            len += hit.len();
            if len > N - 4 {
                taken.extend_from_slice(&ids[..len]);
                len = 0;
            }
        }
        taken.extend_from_slice(&ids[..len]);
    }
}

/// Write at `at`, where there is room. A fixed number is written without a call.
#[inline(always)]
fn write_four<T: Copy>(buffer: &mut [T], at: usize, values: [T; 4]) {
    if let Some(room) = buffer.get_mut(at..).and_then(<[T]>::first_chunk_mut::<4>) {
        *room = values;
    }
}

/// A byte-level token can be part of a character; its offsets are the whole of it.
pub(crate) fn whole_chars(text: &str, (start, end): (u32, u32)) -> (u32, u32) {
    if end <= start {
        return (start, end);
    }
    let start = text.floor_char_boundary(start as usize);
    let end = text.ceil_char_boundary(end as usize);
    (start as u32, end as u32)
}

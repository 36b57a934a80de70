//! The life of one text: added tokens are found, the rest takes its road, the sequences are cut to
//! length, framed, padded.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]

use std::sync::Arc;

use crate::cache::Scratch;
use crate::encoding::{Encoding, TokenRun};
use crate::error::{Error, Result};
use crate::post_processors::{PostProcessor, frame};
use crate::text::OffsetUnit;
use crate::token::{Span, Token, TokenId};
use crate::tokenizer::forbidden::Forbidden;
use crate::tokenizer::options::{EncodeInput, EncodeOptions, Input, SpecialTokens};
use crate::tokenizer::padding::pad_encodings;
use crate::tokenizer::pieces::{Segment, push_added};
use crate::tokenizer::plan::Road;
use crate::tokenizer::sink::{Sink, token_guess};
use crate::tokenizer::spread::{self, LONG_TEXT};
use crate::tokenizer::truncation::truncate_encodings;
use crate::tokenizer::{Front, Tokenizer, TruncationOptions, general};
use crate::util::parallel::thread_count;
use crate::vocab::added_tokens::Matchers;
use crate::vocab::matcher::Manner;

/// Which added tokens are looked for in a text.
pub(crate) struct Search<'a> {
    pub(crate) matchers: &'a Matchers,
    /// How a text is searched.
    pub(crate) manner: Manner,
}

/// The special tokens before and behind a sequence that is alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    pub(super) before: Vec<TokenId>,
    pub(super) after: Vec<TokenId>,
}

/// What comes around the tokens of a sequence that is alone.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(super) frame: &'a Frame,
    /// How many tokens between them are left as they are; more are truncated.
    room: Option<usize>,
}

/// Everything that is the same for all texts of a call.
pub(crate) struct Call<'a> {
    tokenizer: &'a Tokenizer,
    options: &'a EncodeOptions,
    /// Automata made for this call's choice of special tokens.
    chosen: Option<Matchers>,
    forbidden: Option<Forbidden>,
    /// Whether every text takes the general road.
    general: bool,
    /// How many texts share the threads.
    texts: usize,
}

/// A text of fewer bytes, alone in a call, is waited for.
const SHORT_TEXT: usize = 512;

impl<'a> Call<'a> {
    pub(crate) fn new(tokenizer: &'a Tokenizer, options: &'a EncodeOptions) -> Result<Self> {
        let added = &tokenizer.front.added;
        let chosen = match &options.allowed_special {
            None | Some(SpecialTokens::All) => None,
            Some(allowed) => {
                Some(added.matchers_of(|t| !t.special || allowed.contains(&t.content))?)
            }
        };
        let forbidden = Forbidden::of(&tokenizer.front, options)?;
        Ok(Self { tokenizer, options, chosen, forbidden, general: false, texts: 1 })
    }

    /// The same for a call with so many texts.
    pub(crate) fn of_texts(self, texts: usize) -> Self {
        Self { texts, ..self }
    }

    pub(super) fn search(&self) -> Result<Search<'_>> {
        let skip_special =
            self.options.allowed_special.is_none() && self.tokenizer.encode_special_tokens;
        let matchers = match &self.chosen {
            Some(chosen) => chosen,
            None => self.tokenizer.front.added.matchers()?,
        };
        let look_behind_rejected = self.options.exact_matching;
        Ok(Search { matchers, manner: Manner { skip_special, look_behind_rejected } })
    }

    fn truncation(&self) -> Option<&TruncationOptions> {
        match &self.options.truncation {
            Some(chosen) => chosen.as_ref(),
            None => self.tokenizer.truncation.as_ref(),
        }
    }

    /// Encode one input, all but padding.
    pub(crate) fn encode(&self, input: &EncodeInput<'_>) -> Result<Encoding> {
        let first = self.encode_sequence(&input.first, 0)?;
        let second = input.second.as_ref().map(|s| self.encode_sequence(s, 1)).transpose()?;
        self.frame(first, second)
    }

    /// The ids of one input, all but padding.
    pub(crate) fn encode_ids(&self, input: &EncodeInput<'_>) -> Result<Vec<TokenId>> {
        let bytes = input.bytes();
        let mut ids = Vec::with_capacity(token_guess(self.room_for(bytes)));
        self.append_ids(input, self.surroundings()?, &mut ids)?;
        Ok(ids)
    }

    /// What stands around a sequence that is alone, where that is the same for every such sequence.
    pub(crate) fn surroundings(&self) -> Result<Option<Surroundings<'_>>> {
        let room = match self.room(false) {
            Ok(room) => room.map(|room| room.max_length),
            // Texts say what is wrong, if there are any.
            Err(_) => return Ok(None),
        };
        let adds_nothing =
            matches!(self.tokenizer.post_processor, None | Some(PostProcessor::ByteLevel(_)));
        if room == Some(0) && !adds_nothing {
            return Ok(None);
        }
        let known = &self.tokenizer.frames[usize::from(self.options.skip_special_tokens)];
        let frame = if let Some(frame) = known.get() {
            frame
        } else {
            let frame = self.find_frame()?;
            known.get_or_init(|| frame)
        };
        Ok(frame.as_ref().map(|frame| Surroundings { frame, room }))
    }

    fn find_frame(&self) -> Result<Option<Frame>> {
        // A token that no tokenizer has shows where the sequence comes.
        let mark = Token { id: TokenId::MAX, value: String::new(), span: Span::new(0, 0) };
        let add = !self.options.skip_special_tokens;
        let mark = Encoding::from_tokens(vec![mark], 0);
        let framed = frame(self.tokenizer.post_processor.as_ref(), mark, None, add)?.ids();
        let mut parts = framed.split(|&id| id == TokenId::MAX).map(<[TokenId]>::to_vec);
        Ok(match (parts.next(), parts.next(), parts.next()) {
            (Some(before), Some(after), None) => Some(Frame { before, after }),
            _ => None,
        })
    }

    /// Append the ids of one input, all but padding.
    pub(crate) fn append_ids(
        &self,
        input: &EncodeInput<'_>,
        around: Option<Surroundings<'_>>,
        ids: &mut Vec<TokenId>,
    ) -> Result<()> {
        let Some(around) = around.filter(|_| input.second.is_none()) else {
            ids.append(&mut self.encode(input)?.ids());
            return Ok(());
        };
        let start = ids.len();
        ids.extend_from_slice(&around.frame.before);
        let mut sink = Sink::behind(std::mem::take(ids));
        let done = self.gather(&input.first, &mut sink);
        *ids = sink.ids;
        done?;
        let own = start + around.frame.before.len();
        if around.room.is_some_and(|room| ids.len() - own > room) {
            let run = TokenRun::new(ids.split_off(own), Vec::new(), Vec::new(), Vec::new(), None);
            ids.truncate(start);
            self.frame(Encoding::from_run(Arc::new(run), 0), None)?.write_ids(ids);
        } else {
            ids.extend_from_slice(&around.frame.after);
        }
        Ok(())
    }

    /// What truncation leaves for tokens of the text, where there is any.
    fn room(&self, is_pair: bool) -> Result<Option<TruncationOptions>> {
        let Some(truncation) = self.truncation() else { return Ok(None) };
        let skips = self.options.skip_special_tokens;
        let added = if skips { 0 } else { self.tokenizer.num_special_tokens_to_add(is_pair) };
        truncation.less_added(added).map(Some)
    }

    fn encode_sequence(&self, input: &Input<'_>, type_id: u32) -> Result<Encoding> {
        let mut sink = Sink::new(self.is_detailed(), self.room_for(input.bytes()));
        self.gather(input, &mut sink)?;
        Ok(Encoding::from_run(Arc::new(sink.into_run(self.front())), type_id))
    }

    /// So many bytes of text are given room. A short text that is alone gets more than enough: it is given back soon.
    fn room_for(&self, bytes: usize) -> usize {
        if self.texts == 1 { bytes.saturating_add(bytes.min(SHORT_TEXT)) } else { bytes }
    }

    pub(super) fn front(&self) -> &Arc<Front> {
        &self.tokenizer.front
    }

    /// Whether more than ids is wanted.
    pub(super) fn is_detailed(&self) -> bool {
        !self.options.ids_only
    }

    /// Append the tokens of a sequence to those in `sink`.
    pub(super) fn gather(&self, input: &Input<'_>, sink: &mut Sink) -> Result<()> {
        let bytes = input.bytes();
        if u32::try_from(bytes).is_err() {
            return Err(Error::invalid("a text is too long")
                .expecting("less than 4 GiB")
                .finding(format!("{bytes} bytes"))
                .hinting("cut it into documents"));
        }
        if let Input::Text(text) = input
            && bytes >= self.options.long_text.unwrap_or(LONG_TEXT)
            && self.gather_spread(text, sink)?
        {
            return Ok(());
        }
        let is_short = self.texts == 1 && bytes < SHORT_TEXT;
        self.tokenizer.front.scratches.with(|scratch| match input {
            Input::Text(text) => {
                scratch.put_off_growing(is_short);
                sink.begin(None);
                self.encode_text(text, scratch, sink)
            }
            Input::Words(words) => words.iter().enumerate().try_for_each(|(number, word)| {
                sink.begin(Some(number as u32));
                self.encode_text(word, scratch, sink)
            }),
        })
    }

    /// Gather the tokens of a long text on several threads, if it can be; whether it could.
    fn gather_spread(&self, text: &str, sink: &mut Sink) -> Result<bool> {
        let front = &*self.tokenizer.front;
        let threads = thread_count(self.options.num_threads) / self.texts.max(1);
        let search = self.search()?;
        if threads < 2
            || self.general
            || self.options.exact_offsets
            || !spread::is_possible(front, &search)
        {
            return Ok(false);
        }
        if let Some(forbidden) = &self.forbidden {
            forbidden.check(front, text)?;
        }
        sink.begin(None);
        let long_text = self.options.long_text.unwrap_or(LONG_TEXT);
        spread::encode(front, text, &search, threads, long_text, sink)?;
        sink.finish(text, self.offset_unit());
        Ok(true)
    }

    fn offset_unit(&self) -> OffsetUnit {
        if self.options.byte_offsets { OffsetUnit::Byte } else { OffsetUnit::Char }
    }

    fn encode_text(&self, text: &str, scratch: &mut Scratch, sink: &mut Sink) -> Result<()> {
        let front = &*self.tokenizer.front;
        if let Some(forbidden) = &self.forbidden {
            forbidden.check(front, text)?;
        }
        let search = self.search()?;
        if self.general || matches!(front.plan().road, Road::General) {
            general::encode(front, text, &search, self.options.exact_offsets, sink)?;
        } else {
            self.encode_segments(text, &search, scratch, sink)?;
        }
        sink.finish(text, self.offset_unit());
        Ok(())
    }

    fn encode_segments(
        &self,
        text: &str,
        search: &Search<'_>,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        let front = &*self.tokenizer.front;
        let Some(matcher) = &search.matchers.raw else {
            return self.encode_segment(text, 0, search, scratch, sink);
        };
        let mut result = Ok(());
        matcher.cut(text, search.manner, |part| {
            if result.is_err() {
                return;
            }
            let (slice, base) = (&text[part.span.range()], part.span.start as u32);
            match part.token {
                Some(id) => push_added(front, id, slice, (base, base + slice.len() as u32), sink),
                None => result = self.encode_segment(slice, base, search, scratch, sink),
            }
        });
        result
    }

    /// Encode a stretch between two added tokens of the raw text.
    fn encode_segment(
        &self,
        text: &str,
        base: u32,
        search: &Search<'_>,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        let front = &*self.tokenizer.front;
        let exact = self.options.exact_offsets;
        let matcher = search.matchers.normalized.as_ref();
        match &front.plan().road {
            Road::Pieces(road) => {
                let segment = Segment { text, base, matcher, manner: search.manner, exact };
                road.encode(front, &segment, scratch, sink)
            }
            // Units are normalized one by one: tokens that are looked for in the normalized text could
            // span several, and right offsets need the whole.
            Road::Units(road)
                if !exact
                    && road.takes(text)?
                    && !holds_normalized_token(front, matcher, text)? =>
            {
                road.encode(front, text, base, true, scratch, sink)
            }
            _ => general::encode_segment(front, text, base, search, exact, sink),
        }
    }

    /// Cut to length, then add the special tokens.
    pub(super) fn frame(
        &self,
        mut first: Encoding,
        mut second: Option<Encoding>,
    ) -> Result<Encoding> {
        let add = !self.options.skip_special_tokens;
        if let Some(room) = self.room(second.is_some())? {
            (first, second) = truncate_encodings(first, second, &room)?;
        }
        frame(self.tokenizer.post_processor.as_ref(), first, second, add)
    }
}

fn holds_normalized_token(
    front: &Front,
    matcher: Option<&crate::vocab::matcher::Matcher>,
    text: &str,
) -> Result<bool> {
    let Some(matcher) = matcher else { return Ok(false) };
    Ok(match &front.normalizer {
        Some(normalizer) => matcher.may_match(&normalizer.normalize_plain(text)?),
        None => matcher.may_match(text),
    })
}

/// One text at a time.
impl Tokenizer {
    /// Encode a sequence or a pair.
    ///
    /// # Errors
    /// When a part fails, the text is longer than 4 GiB, or the options contradict each other.
    pub fn encode(&self, input: &EncodeInput<'_>, options: &EncodeOptions) -> Result<Encoding> {
        let encoding = Call::new(self, options)?.encode(input)?;
        let mut padded = [encoding];
        self.pad(&mut padded, options)?;
        let [encoding] = padded;
        Ok(encoding)
    }

    /// The slow twin of [`encode`](Self::encode): the same result by the general road alone, without any
    /// cache. For tests, and for whoever doubts a result.
    pub fn encode_slowly(
        &self,
        input: &EncodeInput<'_>,
        options: &EncodeOptions,
    ) -> Result<Encoding> {
        let call = Call { general: true, ..Call::new(self, options)? };
        let mut padded = [call.encode(input)?];
        self.pad(&mut padded, options)?;
        let [encoding] = padded;
        Ok(encoding)
    }

    /// The ids alone: nothing else is worked out.
    pub fn encode_ids(
        &self,
        input: &EncodeInput<'_>,
        options: &EncodeOptions,
    ) -> Result<Vec<TokenId>> {
        let options = EncodeOptions { ids_only: true, ..options.clone() };
        if self.padding_of(&options).is_some() {
            return Ok(self.encode(input, &options)?.ids());
        }
        Call::new(self, &options)?.encode_ids(input)
    }

    /// How many tokens a text has.
    pub fn count(&self, input: &EncodeInput<'_>, options: &EncodeOptions) -> Result<usize> {
        Ok(self.encode_ids(input, options)?.len())
    }

    /// Cut to length, frame and pad encodings that were made before.
    pub fn post_process(
        &self,
        first: Encoding,
        second: Option<Encoding>,
        options: &EncodeOptions,
    ) -> Result<Encoding> {
        let encoding = Call::new(self, options)?.frame(first, second)?;
        let mut padded = [encoding];
        self.pad(&mut padded, options)?;
        let [encoding] = padded;
        Ok(encoding)
    }

    pub(crate) fn padding_of<'a>(
        &'a self,
        options: &'a EncodeOptions,
    ) -> Option<&'a crate::tokenizer::PaddingOptions> {
        match &options.padding {
            Some(chosen) => chosen.as_ref(),
            None => self.padding.as_ref(),
        }
    }

    pub(crate) fn pad(&self, encodings: &mut [Encoding], options: &EncodeOptions) -> Result<()> {
        self.padding_of(options).map_or(Ok(()), |padding| pad_encodings(encodings, padding))
    }
}

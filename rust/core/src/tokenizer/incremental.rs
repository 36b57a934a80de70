//! Text that grows at its end: what came before the last place where nothing looks across is not encoded
//! again.
//!
//! Such places are white space between letters, by the rules of [`spread`], where besides no added token
//! holds that white space: then everything before is what it will be, whatever follows, and what follows
//! can be encoded without what is before.

use crate::error::Result;
use crate::token::TokenId;
use crate::tokenizer::encode::{Call, Frame, Search};
use crate::tokenizer::options::{EncodeInput, EncodeOptions};
use crate::tokenizer::plan::Road;
use crate::tokenizer::sink::Sink;
use crate::tokenizer::spread::{self, Job};
use crate::tokenizer::{Front, Tokenizer};
use crate::vocab::matcher::Part;

/// The end of a text whose beginning is settled.
pub(super) struct Tail {
    text: String,
    /// Whether it goes on where the settled text ended inside a stretch without added tokens.
    continues: bool,
    /// White space that no added token holds.
    places: Vec<u8>,
}

/// The ids of a text cut in two where nothing looks across.
pub(super) struct Halves {
    pub(super) settled: Vec<TokenId>,
    pub(super) open: Vec<TokenId>,
}

impl Tail {
    /// Of a text that has not begun; `None` where no place is known to be safe.
    pub(super) fn new(front: &Front, search: &Search<'_>) -> Option<Self> {
        if !spread::is_possible(front, search) {
            return None;
        }
        let holds =
            |place: u8| front.added.iter().any(|(_, t)| t.content.as_bytes().contains(&place));
        let places: Vec<u8> = [b' ', b'\n'].into_iter().filter(|&place| !holds(place)).collect();
        (!places.is_empty()).then(|| Self { text: String::new(), continues: false, places })
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Forget the last bytes.
    pub(super) fn truncate(&mut self, len: usize) {
        self.text.truncate(len);
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Encode the text, settle what can be, and forget the text of that. The open half is left out unless
    /// it `is_wanted`.
    pub(super) fn encode(
        &mut self,
        front: &Front,
        search: &Search<'_>,
        is_wanted: bool,
    ) -> Result<Halves> {
        let parts = self.parts(search);
        let cut = parts.iter().enumerate().rev().find_map(|(number, part)| {
            self.last_place(front, part, number == 0).map(|cut| (number, cut))
        });
        let mut halves = Halves { settled: Vec::new(), open: Vec::new() };
        for (number, part) in parts.iter().enumerate() {
            let (before, behind) = match cut {
                Some((at, place)) if at == number => (part.span.start..place, place..part.span.end),
                Some((at, _)) if number < at => (part.span.range(), 0..0),
                _ => (0..0, part.span.range()),
            };
            let token = part.token;
            let continues = number == 0 && self.continues;
            let job = Job { range: before, token, continues };
            self.encode_job(front, search, &job, &mut halves.settled)?;
            if is_wanted {
                let continues = continues || job.range.end > job.range.start;
                let job = Job { range: behind, token, continues };
                self.encode_job(front, search, &job, &mut halves.open)?;
            }
        }
        if let Some((_, place)) = cut {
            self.text.drain(..place);
            self.continues = true;
        }
        Ok(halves)
    }

    fn parts(&self, search: &Search<'_>) -> Vec<Part> {
        let mut parts = Vec::new();
        match &search.matchers.raw {
            Some(matcher) => matcher.cut(&self.text, search.manner, |part| parts.push(part)),
            None => parts.push(Part::whole(&self.text)),
        }
        parts
    }

    /// The last place in a part where the text can be cut for good.
    fn last_place(&self, front: &Front, part: &Part, is_first: bool) -> Option<usize> {
        let text = &self.text[..part.span.end];
        let begins = !(is_first && self.continues);
        let is_taken = match &front.plan().road {
            Road::Units(road) if begins => road.takes(&text[part.span.start..]).unwrap_or(false),
            _ => true,
        };
        if part.token.is_some() || !is_taken {
            return None;
        }
        let range = part.span.start + 1..text.len();
        let mut places = text.as_bytes().get(range)?.iter().enumerate().rev();
        places.find_map(|(at, byte)| {
            let at = part.span.start + 1 + at;
            (self.places.contains(byte) && spread::can_cut_at(front, text, at)).then_some(at)
        })
    }

    fn encode_job(
        &self,
        front: &Front,
        search: &Search<'_>,
        job: &Job,
        ids: &mut Vec<TokenId>,
    ) -> Result<()> {
        if job.range.is_empty() {
            return Ok(());
        }
        let mut sink = Sink::behind(std::mem::take(ids));
        let done = spread::encode_job(front, &self.text, job, search, &mut sink);
        *ids = sink.ids;
        done
    }
}

/// What an addition to a text changes of its ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// So many of the last ids no longer count.
    pub dropped: usize,
    /// These come instead.
    pub added: Vec<TokenId>,
}

/// The ids of a text that only grows at its end (a conversation, say), without encoding all of it anew.
///
/// After each addition the ids are those that encoding the whole text gives, without truncation and
/// padding. What is encoded again is what stands behind the last white space between two letters that is
/// known to be safe; where a tokenizer has no such places (a normalizer or a pattern that is not known,
/// dropout, added tokens looked for in normalized text), everything is.
pub struct IncrementalEncoder {
    tokenizer: Tokenizer,
    options: EncodeOptions,
    /// What stands around every text.
    around: Frame,
    /// `None`: everything is encoded anew, from this text.
    tail: Result<Tail, String>,
    ids: Vec<TokenId>,
    /// How many of the ids are settled.
    settled: usize,
}

impl IncrementalEncoder {
    /// Of an empty text.
    ///
    /// # Errors
    /// When encoding an empty text fails.
    pub fn new(tokenizer: &Tokenizer, add_special_tokens: bool) -> Result<Self> {
        let options = EncodeOptions {
            skip_special_tokens: !add_special_tokens,
            ids_only: true,
            truncation: Some(None),
            padding: Some(None),
            num_threads: Some(1),
            ..EncodeOptions::default()
        };
        let call = Call::new(tokenizer, &options)?;
        let around = call.surroundings()?.map(|around| around.frame.clone());
        let tail = match &around {
            Some(_) => Tail::new(&tokenizer.front, &call.search()?),
            None => None,
        };
        let mut encoder = Self {
            tokenizer: tokenizer.clone(),
            around: around.unwrap_or_default(),
            tail: tail.ok_or_else(String::new),
            ids: Vec::new(),
            settled: 0,
            options: options.clone(),
        };
        if encoder.is_incremental() {
            encoder.ids.extend(encoder.around.before.iter().chain(&encoder.around.after));
            encoder.settled = encoder.around.before.len();
        } else {
            encoder.append("")?;
        }
        Ok(encoder)
    }

    /// Whether anything is known to be safe: otherwise each addition encodes the whole text.
    pub fn is_incremental(&self) -> bool {
        self.tail.is_ok()
    }

    /// The ids of the text so far.
    pub fn ids(&self) -> &[TokenId] {
        &self.ids
    }

    /// How many of the ids no addition changes any more.
    pub fn settled(&self) -> usize {
        self.settled
    }

    /// Add to the text.
    ///
    /// # Errors
    /// When encoding fails; the text is then as before.
    pub fn append(&mut self, text: &str) -> Result<Change> {
        let call = Call::new(&self.tokenizer, &self.options)?;
        let (settled, fresh) = match &mut self.tail {
            Ok(tail) => {
                let before = tail.len();
                tail.push(text);
                let halves = tail.encode(&self.tokenizer.front, &call.search()?, true);
                let Halves { settled: mut fresh, open } =
                    halves.inspect_err(|_| tail.truncate(before))?;
                let settled = self.settled + fresh.len();
                fresh.extend(open);
                fresh.extend_from_slice(&self.around.after);
                (settled, fresh)
            }
            Err(whole) => {
                let before = whole.len();
                whole.push_str(text);
                let ids = call.encode_ids(&EncodeInput::text(whole));
                (0, ids.inspect_err(|_| whole.truncate(before))?)
            }
        };
        let open = &self.ids[self.settled..];
        let same = open.iter().zip(&fresh).take_while(|(old, new)| old == new).count();
        let change = Change { dropped: open.len() - same, added: fresh[same..].to_vec() };
        self.ids.truncate(self.settled + same);
        self.ids.extend_from_slice(&change.added);
        self.settled = settled;
        Ok(change)
    }
}

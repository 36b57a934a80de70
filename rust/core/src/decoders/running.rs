//! Decoding a text as its tokens come, in constant work a token.

use std::borrow::Cow;
use std::sync::Arc;

use crate::decoders::byte_fallback::{ByteRun, RunView, byte_of};
use crate::decoders::byte_level::{LossyBytes, write_bytes};
use crate::decoders::{BpeSuffix, Ctc, Decoder, StripDecoder, WordPieceDecoder};
use crate::error::Result;
use crate::text::Replacement;
use crate::text::metaspace::Metaspace;

/// The text of the tokens seen so far, under one decoder.
///
/// At any time it equals what the decoder gives for these tokens at once. It consists of a part that
/// no further token changes and an open end (bytes that may become a character, a last token that may
/// turn out not to be the last). [`Decoder::running`] makes one where the decoder allows it: where it
/// is a chain of per-token members, at most one of the two byte decoders, then `Fuse`, then `Strip` at
/// the front.
#[derive(Clone)]
pub struct Running {
    /// What is done to each token.
    maps: Vec<Map>,
    joint: Joint,
    /// What is done to the tokens that runs of byte tokens become, and to all others then.
    late_maps: Vec<Map>,
    /// Taken off the front of the joined text.
    strip: Option<StripDecoder>,
    text: String,
    /// Bytes of `text` that `strip` takes, and characters it may still take.
    cut: usize,
    left_to_cut: usize,
}

/// A per-token member of a decoder, and what it remembers of tokens before.
#[derive(Clone)]
enum Map {
    Replace(Arc<Replacement>),
    Strip(StripDecoder),
    Metaspace {
        metaspace: Metaspace,
        is_first: bool,
    },
    WordPiece {
        wordpiece: WordPieceDecoder,
        is_first: bool,
    },
    Ctc {
        ctc: Arc<Ctc>,
        previous: Option<String>,
    },
    /// Tokens joined by spaces: what is done without any decoder.
    Spaced {
        is_first: bool,
    },
}

/// How tokens become text.
#[derive(Clone)]
enum Joint {
    Plain,
    Bytes(LossyBytes),
    Fallback(ByteRun),
    /// The last token is kept back: its suffix is no space while it is the last.
    Suffix {
        suffix: BpeSuffix,
        last: Option<String>,
    },
}

impl Map {
    /// The text of one token; `None` when the member drops it.
    fn apply<'t>(&mut self, token: &'t str) -> Result<Option<Cow<'t, str>>> {
        let text = match self {
            Self::Replace(replacement) => replacement.token(token)?,
            Self::Strip(strip) => Cow::Borrowed(strip.token(token)),
            Self::Metaspace { metaspace, is_first } => {
                metaspace.token(token, std::mem::take(is_first))
            }
            Self::WordPiece { wordpiece, is_first } => {
                wordpiece.token(token, std::mem::take(is_first))
            }
            Self::Ctc { ctc, previous } => {
                if previous.as_deref() == Some(token) {
                    return Ok(None);
                }
                *previous = Some(token.to_owned());
                return Ok(ctc.token(token).map(Cow::Owned));
            }
            Self::Spaced { is_first } => {
                if std::mem::take(is_first) {
                    Cow::Borrowed(token)
                } else {
                    Cow::Owned(format!(" {token}"))
                }
            }
        };
        Ok(Some(text))
    }

    fn reset(&mut self) {
        match self {
            Self::Metaspace { is_first, .. }
            | Self::WordPiece { is_first, .. }
            | Self::Spaced { is_first } => *is_first = true,
            Self::Ctc { previous, .. } => *previous = None,
            Self::Replace(_) | Self::Strip(_) => {}
        }
    }
}

/// One token through several members.
fn apply_all<'t>(maps: &mut [Map], token: &'t str) -> Result<Option<Cow<'t, str>>> {
    let mut text = Cow::Borrowed(token);
    for map in maps {
        let mapped = match &text {
            Cow::Borrowed(text) => map.apply(text)?,
            Cow::Owned(text) => map.apply(text)?.map(|text| Cow::Owned(text.into_owned())),
        };
        let Some(mapped) = mapped else { return Ok(None) };
        text = mapped;
    }
    Ok(Some(text))
}

/// The open end of a text.
enum End<'a> {
    Text(Cow<'a, str>),
    Repeated(Cow<'a, str>, usize),
}

impl End<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Repeated(text, count) => text.len() * count,
        }
    }

    fn last(&self) -> &str {
        match self {
            Self::Text(text) | Self::Repeated(text, _) => text,
        }
    }

    fn chars(&self) -> impl Iterator<Item = char> {
        let (text, count) = match self {
            Self::Text(text) => (text, 1),
            Self::Repeated(text, count) => (text, *count),
        };
        std::iter::repeat_n(text, count).flat_map(|text| text.chars())
    }
}

impl Decoder {
    /// The decoder as a running text, where it can be one.
    pub fn running(&self) -> Option<Running> {
        let mut running = Running::of(Vec::new(), Joint::Plain);
        let mut is_joined = false;
        running.add(self, &mut is_joined).then_some(running)
    }

    /// The same for a decoder that ends with a replacement in the joined text, which is given apart.
    pub(crate) fn running_before_last(&self) -> Option<(Running, Arc<Replacement>)> {
        let Self::Sequence(list) = self else { return None };
        let [before @ .., Self::Replace(last)] = list.as_slice() else { return None };
        let mut running = Running::of(Vec::new(), Joint::Plain);
        let mut is_joined = false;
        let fits = before.iter().all(|member| running.add(member, &mut is_joined));
        (fits && is_joined).then(|| (running, last.clone()))
    }
}

/// How tokens that have gone through the members become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// They are text.
    Text,
    /// They are bytes.
    Bytes,
    /// Some are bytes, the others text.
    Runs,
}

/// Where every token but the first adds the same to a text wherever it stands: what it adds.
pub(super) struct Pieces {
    maps: Vec<Map>,
    kind: Kind,
}

impl Pieces {
    /// Append what a token adds; whether that is a byte of a run.
    ///
    /// # Errors
    /// When a pattern gives up on the token.
    pub(super) fn piece(&mut self, token: &str, out: &mut Vec<u8>) -> Result<bool> {
        let mapped = apply_all(&mut self.maps, token)?.unwrap_or_default();
        match (self.kind, byte_of(&mapped)) {
            (Kind::Runs, Some(byte)) => {
                out.push(byte);
                return Ok(true);
            }
            (Kind::Bytes, _) => write_bytes(&mapped, out),
            _ => out.extend_from_slice(mapped.as_bytes()),
        }
        Ok(false)
    }
}

/// Decoding by a table of what tokens add.
impl Running {
    fn kind(&self) -> Option<Kind> {
        let depends = self.maps.iter().any(|map| matches!(map, Map::Ctc { .. }));
        match &self.joint {
            _ if depends || !self.late_maps.is_empty() => None,
            Joint::Plain => Some(Kind::Text),
            Joint::Bytes(_) => Some(Kind::Bytes),
            Joint::Fallback(_) => Some(Kind::Runs),
            Joint::Suffix { .. } => None,
        }
    }

    /// Whether the first token is treated in another way than the others.
    pub(super) fn knows_first(&self) -> bool {
        !self.maps.iter().all(|map| matches!(map, Map::Replace(_) | Map::Strip(_)))
    }

    /// What tokens behind the first add; `None` where that depends on others, or where the first is not
    /// simply text before theirs.
    pub(super) fn pieces_behind_first(&self) -> Result<Option<Pieces>> {
        let Some(kind) = self.kind() else { return Ok(None) };
        if self.knows_first() && (kind != Kind::Text || self.strip.is_some()) {
            return Ok(None);
        }
        let mut maps = self.maps.clone();
        apply_all(&mut maps, "")?;
        Ok(Some(Pieces { maps, kind }))
    }

    /// How many bytes are taken off the front of a whole text.
    pub(super) fn cut_of(&self, text: &str) -> usize {
        let Some(strip) = self.strip else { return 0 };
        let taken = text.chars().take(strip.start).take_while(|next| *next == strip.content);
        taken.count() * strip.content.len_utf8()
    }
}

impl Running {
    /// Tokens joined by spaces: what is done without a decoder.
    pub fn spaced() -> Self {
        Self::of(vec![Map::Spaced { is_first: true }], Joint::Plain)
    }

    fn of(maps: Vec<Map>, joint: Joint) -> Self {
        let (late_maps, text) = (Vec::new(), String::new());
        Self { maps, joint, late_maps, strip: None, text, cut: 0, left_to_cut: 0 }
    }

    /// Take in one more decoder; whether that can be done.
    fn add(&mut self, decoder: &Decoder, is_joined: &mut bool) -> bool {
        if let Decoder::Sequence(list) = decoder {
            return list.iter().all(|member| self.add(member, is_joined));
        }
        if *is_joined {
            return self.add_to_joined(decoder);
        }
        let is_late = matches!(self.joint, Joint::Fallback(_));
        let map = match decoder {
            Decoder::Replace(replacement) => Map::Replace(replacement.clone()),
            Decoder::Strip(strip) => Map::Strip(*strip),
            Decoder::Metaspace(metaspace) if !is_late => {
                Map::Metaspace { metaspace: *metaspace, is_first: true }
            }
            Decoder::WordPiece(wordpiece) if !is_late => {
                Map::WordPiece { wordpiece: wordpiece.clone(), is_first: true }
            }
            Decoder::Ctc(ctc) if !is_late => Map::Ctc { ctc: ctc.clone(), previous: None },
            _ => return self.set_joint(decoder, is_joined),
        };
        let maps = if is_late { &mut self.late_maps } else { &mut self.maps };
        maps.push(map);
        !matches!(self.joint, Joint::Suffix { .. })
    }

    fn set_joint(&mut self, decoder: &Decoder, is_joined: &mut bool) -> bool {
        let is_plain = matches!(self.joint, Joint::Plain);
        match decoder {
            Decoder::Fuse => *is_joined = true,
            Decoder::ByteFallback if is_plain => self.joint = Joint::Fallback(ByteRun::default()),
            Decoder::ByteLevel(_) if is_plain => {
                self.joint = Joint::Bytes(LossyBytes::default());
                *is_joined = true;
            }
            Decoder::Bpe(suffix) if is_plain => {
                self.joint = Joint::Suffix { suffix: suffix.clone(), last: None };
            }
            _ => return false,
        }
        true
    }

    fn add_to_joined(&mut self, decoder: &Decoder) -> bool {
        match decoder {
            Decoder::Fuse => true,
            Decoder::Strip(strip) if strip.stop == 0 && self.strip.is_none() => {
                self.strip = Some(*strip);
                self.left_to_cut = strip.start;
                true
            }
            _ => false,
        }
    }

    /// Take one more token.
    ///
    /// # Errors
    /// When a pattern gives up on it.
    pub fn push(&mut self, token: &str) -> Result<()> {
        let Some(mapped) = apply_all(&mut self.maps, token)? else { return Ok(()) };
        match &mut self.joint {
            Joint::Plain => self.text.push_str(&mapped),
            Joint::Bytes(bytes) => bytes.push(&mapped, &mut self.text),
            Joint::Fallback(run) => {
                if let Some(byte) = byte_of(&mapped) {
                    run.push(byte);
                } else {
                    self.close_run()?;
                    if let Some(late) = apply_all(&mut self.late_maps, &mapped)? {
                        self.text.push_str(&late);
                    }
                }
            }
            Joint::Suffix { suffix, last } => {
                if let Some(before) = last.replace(mapped.into_owned()) {
                    self.text.push_str(&suffix.token(&before, false));
                }
            }
        }
        self.advance_cut();
        Ok(())
    }

    fn close_run(&mut self) -> Result<()> {
        let mut end = String::new();
        write_end(&self.end()?, &mut end);
        self.text.push_str(&end);
        if let Joint::Fallback(run) = &mut self.joint {
            run.clear();
        }
        Ok(())
    }

    /// What the open end looks like if nothing follows.
    fn end(&self) -> Result<End<'_>> {
        let end = match &self.joint {
            Joint::Plain => End::Text(Cow::Borrowed("")),
            Joint::Bytes(bytes) => {
                End::Text(Cow::Borrowed(if bytes.has_pending() { "\u{FFFD}" } else { "" }))
            }
            Joint::Fallback(run) if run.is_empty() => End::Text(Cow::Borrowed("")),
            Joint::Fallback(run) => match run.view() {
                RunView::Text(text) => End::Text(self.late(text)?),
                RunView::Invalid(count) => End::Repeated(self.late("\u{FFFD}")?, count),
            },
            Joint::Suffix { suffix, last } => {
                let last = last.as_ref().map(|last| suffix.token(last, true));
                End::Text(Cow::Owned(last.unwrap_or_default()))
            }
        };
        Ok(end)
    }

    /// A token of a run of bytes through the members behind, none of which remembers anything.
    fn late<'t>(&self, token: &'t str) -> Result<Cow<'t, str>> {
        if self.late_maps.is_empty() {
            return Ok(Cow::Borrowed(token));
        }
        Ok(apply_all(&mut self.late_maps.clone(), token)?.unwrap_or_default())
    }

    /// Let `strip` take what it can of the certain text.
    fn advance_cut(&mut self) {
        let Some(strip) = self.strip else { return };
        while self.left_to_cut > 0
            && let Some(next) = self.text[self.cut..].chars().next()
        {
            if next == strip.content {
                self.cut += next.len_utf8();
                self.left_to_cut -= 1;
            } else {
                self.left_to_cut = 0;
            }
        }
    }

    /// How many bytes `strip` takes off the open end.
    fn cut_of_end(&self, end: &End<'_>) -> usize {
        let Some(strip) = self.strip else { return 0 };
        let of_end = end.chars().take(self.left_to_cut).take_while(|next| *next == strip.content);
        of_end.count() * strip.content.len_utf8()
    }

    /// The length of the text in bytes, and whether it ends with U+FFFD.
    pub(crate) fn summary(&self) -> Result<(usize, bool)> {
        let end = self.end()?;
        let of_end = end.len() - self.cut_of_end(&end);
        let is_open = if of_end > 0 {
            end.last().ends_with(char::REPLACEMENT_CHARACTER)
        } else {
            self.text[self.cut..].ends_with(char::REPLACEMENT_CHARACTER)
        };
        Ok((self.text.len() - self.cut + of_end, is_open))
    }

    /// The text of all tokens so far.
    pub fn text(&self) -> Result<String> {
        let mut text = self.text[self.cut..].to_owned();
        self.write_open(&mut text)?;
        Ok(text)
    }

    /// The text of all tokens, when there are no more.
    pub fn into_text(mut self) -> Result<String> {
        let mut text = std::mem::take(&mut self.text);
        text.drain(..self.cut);
        self.write_open(&mut text)?;
        Ok(text)
    }

    fn write_open(&self, text: &mut String) -> Result<()> {
        let end = self.end()?;
        let start = text.len();
        write_end(&end, text);
        let cut = self.cut_of_end(&end);
        if cut > 0 {
            text.drain(start..start + cut);
        }
        Ok(())
    }

    /// Forget all tokens.
    pub fn clear(&mut self) {
        self.maps.iter_mut().for_each(Map::reset);
        match &mut self.joint {
            Joint::Plain => {}
            Joint::Bytes(bytes) => bytes.clear(),
            Joint::Fallback(run) => run.clear(),
            Joint::Suffix { last, .. } => *last = None,
        }
        self.text.clear();
        self.cut = 0;
        self.left_to_cut = self.strip.map_or(0, |strip| strip.start);
    }
}

fn write_end(end: &End<'_>, text: &mut String) {
    match end {
        End::Text(end) => text.push_str(end),
        End::Repeated(piece, count) => {
            text.reserve(piece.len() * count);
            for _ in 0..*count {
                text.push_str(piece);
            }
        }
    }
}

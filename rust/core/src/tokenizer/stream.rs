//! Decoding ids one by one, as generation gives them.
//!
//! A stream keeps the ids since the text it gave out last, and those before that were needed to give
//! it. With each step it decodes them; what the result has beyond the text already given is new. Text
//! that ends with U+FFFD waits, since more bytes may complete a character.
//!
//! Decoding the window anew at each step would be quadratic where nothing can be given out for long
//! (runs of special tokens, of invalid bytes). So the window is kept decoded in a [`Running`] text, which
//! grows with it. Decoders that cannot run take the plain road.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::decoders::{Decoder, Running};
use crate::error::{Error, ErrorKind, Result};
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;

/// The state of a decoding stream: what has been given out and what is still open.
#[derive(Clone, Default)]
pub struct DecodeStream {
    skip_special_tokens: bool,
    window: Window,
    known: Option<Known>,
}

/// What a pickle holds.
#[derive(Serialize, Deserialize)]
struct Document {
    skip_special_tokens: bool,
    window: Window,
}

/// What was made for the tokenizer of the last step.
#[derive(Clone)]
struct Known {
    /// Kept so that its address cannot come to mean another.
    tokenizer: Tokenizer,
    /// The window decoded, where the decoder can run.
    running: Option<Running>,
}

impl DecodeStream {
    /// A stream that starts behind `ids` (a prompt, say), which are not given out.
    pub fn new(ids: Vec<TokenId>, skip_special_tokens: bool) -> Self {
        let window = Window { ids, ..Window::default() };
        Self { skip_special_tokens, window, known: None }
    }

    /// Take ids; the text that became certain with them, if any. Unknown ids give nothing.
    ///
    /// # Errors
    /// When decoding contradicts the text already given out (a run of byte tokens that turns out not to
    /// be UTF-8 after its first characters were), or when the decoder fails.
    pub fn step(&mut self, tokenizer: &Tokenizer, ids: &[TokenId]) -> Result<Option<String>> {
        let (source, window, running) = self.prepare(tokenizer)?;
        let Some(live) = running else { return window.step(&source, ids) };
        let result = window.step_running(&source, live, ids);
        if result.as_ref().is_err_and(|error| !matches!(error.kind(), ErrorKind::StreamPrefix)) {
            self.known = None;
        }
        result
    }

    /// The text still held back, at the end of a stream: unfinished characters become U+FFFD. The stream
    /// is then as new.
    ///
    /// # Errors
    /// When the decoder fails.
    pub fn flush(&mut self, tokenizer: &Tokenizer) -> Result<Option<String>> {
        let (source, window, _) = self.prepare(tokenizer)?;
        let rest = window.rest(&source)?;
        *self = Self::new(Vec::new(), self.skip_special_tokens);
        Ok((!rest.is_empty()).then_some(rest))
    }

    /// The state as JSON: what a pickle holds. What was made for a tokenizer is made again when needed.
    pub fn to_json(&self) -> String {
        let Self { skip_special_tokens, window, .. } = self.clone();
        let document = Document { skip_special_tokens, window };
        serde_json::to_string(&document).expect("texts and numbers are plain JSON")
    }

    /// A stream from its JSON.
    ///
    /// # Errors
    /// When it is not JSON, lacks a field, or counts more ids than there are.
    pub fn from_json(json: &str) -> Result<Self> {
        let Document { skip_special_tokens, window } =
            serde_json::from_str(json).map_err(|error| Error::format(error.to_string()))?;
        if window.prefix_index > window.ids.len() {
            return Err(Error::format("more ids were given out than there are")
                .in_field("window.prefix_index")
                .expecting(format!("at most {}", window.ids.len()))
                .finding(window.prefix_index.to_string()));
        }
        Ok(Self { skip_special_tokens, window, known: None })
    }

    /// What a step needs; made anew when the tokenizer is not that of the step before.
    fn prepare<'a>(
        &'a mut self,
        tokenizer: &'a Tokenizer,
    ) -> Result<(TokenizerSource<'a>, &'a mut Window, Option<&'a mut Running>)> {
        let known = self.known.take().filter(|known| is_same(&known.tokenizer, tokenizer));
        let known = match known {
            Some(known) => known,
            None => Known::new(tokenizer, self.skip_special_tokens, &self.window)?,
        };
        let known = self.known.insert(known);
        let source = TokenizerSource { tokenizer, skip_special_tokens: self.skip_special_tokens };
        Ok((source, &mut self.window, known.running.as_mut()))
    }
}

impl Known {
    fn new(tokenizer: &Tokenizer, skip_special_tokens: bool, window: &Window) -> Result<Self> {
        let source = TokenizerSource { tokenizer, skip_special_tokens };
        let mut running = source.running();
        if let Some(running) = &mut running {
            window.redecode(&source, running)?;
        }
        Ok(Self { tokenizer: tokenizer.clone(), running })
    }
}

impl std::fmt::Debug for DecodeStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecodeStream")
            .field("skip_special_tokens", &self.skip_special_tokens)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

/// Whether two tokenizers decode alike because they share all that decoding depends on.
fn is_same(one: &Tokenizer, other: &Tokenizer) -> bool {
    std::ptr::eq(one.added_tokens(), other.added_tokens())
        && match (one.decoder(), other.decoder()) {
            (None, None) => true,
            (Some(one), Some(other)) => is_same_decoder(one, other),
            _ => false,
        }
}

fn is_same_decoder(one: &Decoder, other: &Decoder) -> bool {
    match (one, other) {
        (Decoder::Bpe(one), Decoder::Bpe(other)) => one == other,
        (Decoder::ByteLevel(_), Decoder::ByteLevel(_))
        | (Decoder::Fuse, Decoder::Fuse)
        | (Decoder::ByteFallback, Decoder::ByteFallback) => true,
        (Decoder::WordPiece(one), Decoder::WordPiece(other)) => one == other,
        (Decoder::Metaspace(one), Decoder::Metaspace(other)) => one == other,
        (Decoder::Strip(one), Decoder::Strip(other)) => one == other,
        (Decoder::Ctc(one), Decoder::Ctc(other)) => one == other,
        (Decoder::Replace(one), Decoder::Replace(other)) => Arc::ptr_eq(one, other),
        (Decoder::Sequence(one), Decoder::Sequence(other)) => Arc::ptr_eq(one, other),
        (Decoder::Custom(one), Decoder::Custom(other)) => {
            std::ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(other))
        }
        _ => false,
    }
}

/// Where a window gets its tokens and texts from.
trait Source {
    /// The token that decoding sees for an id, if any.
    fn token(&self, id: TokenId) -> Option<&str>;
    /// The text of ids.
    fn decode(&self, ids: &[TokenId]) -> Result<String>;
    /// The decoder as a running text.
    fn running(&self) -> Option<Running>;
}

struct TokenizerSource<'a> {
    tokenizer: &'a Tokenizer,
    skip_special_tokens: bool,
}

impl Source for TokenizerSource<'_> {
    fn token(&self, id: TokenId) -> Option<&str> {
        self.tokenizer.kept_token(id, self.skip_special_tokens)
    }

    fn decode(&self, ids: &[TokenId]) -> Result<String> {
        self.tokenizer.decode(ids, self.skip_special_tokens)
    }

    fn running(&self) -> Option<Running> {
        self.tokenizer.decoder().map_or_else(|| Some(Running::spaced()), Decoder::running)
    }
}

/// The ids a stream still looks at, and what it gave out of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Window {
    ids: Vec<TokenId>,
    /// The text of the first `prefix_index` ids that is not given out again.
    prefix: String,
    prefix_index: usize,
}

impl Window {
    /// One step with the window decoded anew, as the reference does it.
    fn step(&mut self, source: &impl Source, new: &[TokenId]) -> Result<Option<String>> {
        if self.prefix.is_empty() && !self.ids.is_empty() {
            let prefix = source.decode(&self.ids)?;
            if !prefix.ends_with(char::REPLACEMENT_CHARACTER) {
                self.settle(prefix);
            }
        }
        self.ids.extend_from_slice(new);
        let text = source.decode(&self.ids)?;
        if text.len() <= self.prefix.len() || text.ends_with(char::REPLACEMENT_CHARACTER) {
            return Ok(None);
        }
        let given = self.give_out(text)?;
        self.prefix = source.decode(&self.ids)?;
        Ok(Some(given))
    }

    /// The same step, `running` holding the text of the window.
    fn step_running(
        &mut self,
        source: &impl Source,
        running: &mut Running,
        new: &[TokenId],
    ) -> Result<Option<String>> {
        if self.prefix.is_empty() && !self.ids.is_empty() {
            let (length, is_open) = running.summary()?;
            if !is_open {
                self.settle(if length == 0 { String::new() } else { running.text()? });
            }
        }
        self.ids.extend_from_slice(new);
        for token in new.iter().filter_map(|id| source.token(*id)) {
            running.push(token)?;
        }
        let (length, is_open) = running.summary()?;
        if length <= self.prefix.len() || is_open {
            return Ok(None);
        }
        let given = self.give_out(running.text()?)?;
        self.redecode(source, running)?;
        self.prefix = running.text()?;
        Ok(Some(given))
    }

    /// Take `text`, that of all ids, for given out.
    fn settle(&mut self, text: String) {
        self.prefix = text;
        self.prefix_index = self.ids.len();
    }

    /// What `text` has beyond the prefix; the ids of the prefix leave the window.
    fn give_out(&mut self, mut text: String) -> Result<String> {
        if !text.starts_with(&self.prefix) {
            let id = self.ids.last().copied().unwrap_or_default();
            return Err(Error::new(
                ErrorKind::StreamPrefix,
                format!(
                    "Invalid prefix encountered while decoding stream. Token ID: {id}, Expected prefix: \
                     '{}', Actual string: '{text}'",
                    self.prefix
                ),
            ));
        }
        text.drain(..self.prefix.len());
        self.ids.drain(..self.prefix_index);
        self.prefix_index = self.ids.len();
        Ok(text)
    }

    /// Let `running` hold the text of the window.
    fn redecode(&self, source: &impl Source, running: &mut Running) -> Result<()> {
        running.clear();
        for token in self.ids.iter().filter_map(|id| source.token(*id)) {
            running.push(token)?;
        }
        Ok(())
    }

    /// What was not given out yet.
    fn rest(&mut self, source: &impl Source) -> Result<String> {
        let text = source.decode(&self.ids)?;
        if self.prefix.is_empty() && self.prefix_index == 0 && !text.ends_with('\u{FFFD}') {
            self.settle(text.clone());
        }
        match text.strip_prefix(&self.prefix) {
            Some(rest) => Ok(rest.to_owned()),
            // The bytes behind the text given out turned it into something else: they stand alone.
            None => source.decode(&self.ids[self.prefix_index..]),
        }
    }
}

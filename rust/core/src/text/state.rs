//! What pickles of texts and pieces hold: JSON that loses nothing, and is checked when it is read.
//!
//! A slice remembers the whole text it was cut from, so that text is in there too: once, however many
//! pieces share it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::alignment::{Rewritten, Source};
use crate::text::normalized::{Edited, NormalizedText};
use crate::text::pieces::{Piece, Pieces};
use crate::token::{Span, Token, TokenId};

/// A text; `root` is its index among the roots.
#[derive(Serialize, Deserialize)]
struct TextState {
    root: usize,
    span: (usize, usize),
    exact: bool,
    edited: Option<EditedState>,
}

/// The normalized text and where each of its bytes came from.
#[derive(Serialize, Deserialize)]
struct EditedState {
    text: String,
    sources: Vec<Source>,
}

#[derive(Serialize, Deserialize)]
struct TextDocument {
    roots: Vec<String>,
    text: TextState,
}

#[derive(Serialize, Deserialize)]
struct PiecesDocument {
    roots: Vec<String>,
    original: TextState,
    pieces: Vec<PieceState>,
}

/// Id, text and span.
type TokenState = (TokenId, String, (usize, usize));

#[derive(Serialize, Deserialize)]
struct PieceState {
    text: TextState,
    tokens: Option<Vec<TokenState>>,
}

impl NormalizedText {
    /// The text, its original and the alignment of the two, as JSON.
    pub fn to_json(&self) -> String {
        let mut roots = Roots::default();
        let text = roots.text_state(self);
        written(&TextDocument { roots: roots.texts(), text })
    }

    /// A text from its JSON.
    ///
    /// # Errors
    /// When it is not JSON, lacks a field, or its alignment does not fit its texts.
    pub fn from_json(json: &str) -> Result<Self> {
        let document: TextDocument = read(json)?;
        text(&shared(document.roots), document.text).map_err(|error| error.under("text"))
    }
}

impl Pieces {
    /// The pieces with their alignments and tokens, as JSON.
    pub fn to_json(&self) -> String {
        let mut roots = Roots::default();
        let original = roots.text_state(&self.original);
        let pieces = self.pieces.iter().map(|piece| PieceState {
            text: roots.text_state(&piece.text),
            tokens: piece.tokens.as_ref().map(|tokens| tokens.iter().map(token_state).collect()),
        });
        let pieces = pieces.collect();
        written(&PiecesDocument { roots: roots.texts(), original, pieces })
    }

    /// Pieces from their JSON.
    ///
    /// # Errors
    /// When it is not JSON, lacks a field, or an alignment does not fit its texts.
    pub fn from_json(json: &str) -> Result<Self> {
        let document: PiecesDocument = read(json)?;
        let roots = shared(document.roots);
        let original = text(&roots, document.original).map_err(|error| error.under("original"))?;
        let pieces = document.pieces.into_iter().enumerate().map(|(index, piece)| {
            let text = text(&roots, piece.text)
                .map_err(|error| error.under(&format!("pieces[{index}].text")))?;
            let tokens = piece.tokens.map(|tokens| tokens.into_iter().map(token).collect());
            Ok(Piece { text, tokens })
        });
        Ok(Self { original, pieces: pieces.collect::<Result<_>>()? })
    }
}

/// The texts that slices were cut from, each once.
#[derive(Default)]
struct Roots(Vec<Arc<String>>);

impl Roots {
    fn text_state(&mut self, text: &NormalizedText) -> TextState {
        // Pieces nearly always share the root of the piece before.
        let known = self.0.iter().rposition(|root| Arc::ptr_eq(root, &text.root));
        let root = known.unwrap_or_else(|| {
            self.0.push(Arc::clone(&text.root));
            self.0.len() - 1
        });
        let edited = text.edited.as_ref().map(|edited| EditedState {
            text: text.get().to_owned(),
            sources: edited.whole.sources[edited.span.clone()].to_vec(),
        });
        TextState { root, span: (text.span.start, text.span.end), exact: text.is_exact(), edited }
    }

    fn texts(self) -> Vec<String> {
        self.0.iter().map(|root| String::clone(root)).collect()
    }
}

fn shared(roots: Vec<String>) -> Vec<Arc<String>> {
    roots.into_iter().map(Arc::new).collect()
}

fn text(roots: &[Arc<String>], state: TextState) -> Result<NormalizedText> {
    let root = roots.get(state.root).ok_or_else(|| {
        Error::format("there is no such root")
            .in_field("root")
            .expecting(format!("a number below {}", roots.len()))
            .finding(state.root.to_string())
    })?;
    let (start, end) = state.span;
    // An empty slice of an edited text may lie anywhere.
    if start > end || (start < end && root.get(start..end).is_none()) {
        return Err(Error::format("the span is not one of the original text")
            .in_field("span")
            .expecting(format!("character boundaries within 0..{}", root.len()))
            .finding(format!("{start}..{end}")));
    }
    let edited = state.edited.map(edited).transpose()?;
    Ok(NormalizedText { root: Arc::clone(root), span: start..end, edited, exact: state.exact })
}

fn edited(EditedState { text, sources }: EditedState) -> Result<Edited> {
    let broken = |message: &str| Err(Error::format(message).in_field("edited.sources"));
    if sources.len() != text.len() {
        return broken("there is not one source for each byte");
    }
    // The searches of alignments rest on these laws.
    if sources.windows(2).any(|pair| pair[1].0 < pair[0].0 || pair[1].1 < pair[0].1) {
        return broken("the sources step back");
    }
    let torn =
        (1..text.len()).any(|at| !text.is_char_boundary(at) && sources[at] != sources[at - 1]);
    if torn {
        return broken("the bytes of a character have different sources");
    }
    let span = 0..text.len();
    Ok(Edited { whole: Arc::new(Rewritten { text, sources }), span })
}

fn token_state(token: &Token) -> TokenState {
    (token.id, token.value.clone(), (token.span.start, token.span.end))
}

fn token((id, value, (start, end)): TokenState) -> Token {
    Token::new(id, value, Span::new(start, end))
}

fn written(document: &impl Serialize) -> String {
    serde_json::to_string(document).expect("texts and numbers are plain JSON")
}

fn read<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| Error::format(error.to_string()))
}

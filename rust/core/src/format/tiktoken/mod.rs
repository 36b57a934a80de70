//! tiktoken's rank files (`cl100k_base.tiktoken`), in and out.
//!
//! A rank file holds only the vocabulary. How texts are cut and which special tokens there are is
//! known for tiktoken's own encodings, which are told by their ranks; for others it is asked for.
//!
//! | file | what it does |
//! |---|---|
//! | `ranks` | the file, and merges from ranks |
//! | `known` | tiktoken's encodings |
//! | `dialect` | patterns of one regex dialect in the other |

mod dialect;
mod export;
mod known;
mod ranks;

use std::path::Path;
use std::sync::Arc;

pub(super) use self::dialect::translate;
use self::known::Known;
pub(super) use self::ranks::Ranks;
use super::lines::read_file;
use crate::decoders::Decoder;
use crate::error::{Error, Result};
use crate::models::bpe::BpeOptions;
use crate::models::{Bpe, Model};
use crate::pre_tokenizers::{PreTokenizer, Split};
use crate::text::byte_alphabet::{ByteLevel, byte_to_char};
use crate::text::{Pattern, SplitBehavior};
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;
use crate::util::hash::Map;
use crate::util::regex::Regex;
use crate::vocab::{AddedToken, Vocab};

/// What a rank file does not say. All of it may be left out for the encodings that tiktoken knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TiktokenOptions {
    /// One of tiktoken's encodings: its pattern and special tokens are taken, where the other two
    /// fields do not say otherwise. Tells encodings apart that share their ranks.
    pub name: Option<String>,
    /// How texts are cut, in tiktoken's regex dialect.
    pub pattern: Option<String>,
    /// Special tokens and their ids.
    pub special_tokens: Option<Vec<(String, TokenId)>>,
}

impl Tokenizer {
    /// Read a `.tiktoken` rank file. Ids are tiktoken's; special tokens are found in texts, as with
    /// its `allowed_special="all"`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is no rank file, or when the encoding is unknown and the
    /// options do not describe it.
    pub fn from_tiktoken(path: &Path, options: &TiktokenOptions) -> Result<Self> {
        Self::from_tiktoken_bytes(&read_file(path)?, options)
            .map_err(|error| error.in_path(path.display().to_string()))
    }

    /// The same from the file's content.
    ///
    /// # Errors
    ///
    /// As [`from_tiktoken`](Self::from_tiktoken).
    pub fn from_tiktoken_bytes(bytes: &[u8], options: &TiktokenOptions) -> Result<Self> {
        let ranks = Ranks::parse(bytes)?;
        let known = find_known(&ranks, options)?;
        let pattern = match (&options.pattern, known) {
            (Some(pattern), _) => translate(pattern)?,
            (None, Some(known)) => known.pattern.to_owned(),
            (None, None) => return Err(unknown_ranks(&ranks)),
        };
        let special_tokens = match (&options.special_tokens, known) {
            (Some(tokens), _) => tokens.clone(),
            (None, Some(known)) => known.special_tokens(),
            (None, None) => Vec::new(),
        };
        byte_level_tokenizer(&ranks, 0, &pattern, &special_tokens)
    }
}

fn find_known(ranks: &Ranks, options: &TiktokenOptions) -> Result<Option<&'static Known>> {
    let Some(name) = &options.name else {
        // A pattern of the caller's own is not mixed with the special tokens of others.
        return Ok(if options.pattern.is_none() { Known::of(ranks) } else { None });
    };
    let known = Known::named(name).ok_or_else(|| {
        Error::invalid("no such encoding")
            .in_field("name")
            .expecting(Known::names())
            .finding(format!("{name:?}"))
    })?;
    Ok(Some(known))
}

fn unknown_ranks(ranks: &Ranks) -> Error {
    Error::unsupported(format!("{} ranks of no encoding that is known here", ranks.len()))
        .hinting(format!("give a pattern (and special tokens), or a name: {}", Known::names()))
}

/// A tokenizer with ranks as ids, `shift` added.
pub(super) fn byte_level_tokenizer(
    ranks: &Ranks,
    shift: TokenId,
    pattern: &str,
    special_tokens: &[(String, TokenId)],
) -> Result<Tokenizer> {
    let model = byte_level_bpe(ranks, shift, special_tokens)?;
    let pattern = Pattern::Regex(Regex::new(pattern).map_err(|error| error.in_field("pattern"))?);
    let split = Split { pattern, behavior: SplitBehavior::Isolated, invert: false };
    let bytes = ByteLevel { add_prefix_space: false, trim_offsets: true, use_regex: false };
    let cut = vec![PreTokenizer::Split(Arc::new(split)), PreTokenizer::ByteLevel(bytes)];
    let mut tokenizer = Tokenizer::new(Model::Bpe(model));
    tokenizer.set_pre_tokenizer(Some(PreTokenizer::Sequence(Arc::new(cut))));
    tokenizer.set_decoder(Some(Decoder::ByteLevel(ByteLevel::default())));
    // The model knows their ids: that is how they keep them, holes or not.
    let added = special_tokens.iter().map(|(token, _)| AddedToken::new(token, true)).collect();
    tokenizer.add_tokens(added)?;
    Ok(tokenizer)
}

fn byte_level_bpe(
    ranks: &Ranks,
    shift: TokenId,
    special_tokens: &[(String, TokenId)],
) -> Result<Bpe> {
    let tokens = ranks.iter().map(|(token, rank)| (printable(token), rank + shift));
    let mut pairs: Vec<(String, TokenId)> = tokens.collect();
    check_special_tokens(&pairs, special_tokens)?;
    pairs.extend(special_tokens.iter().cloned());
    let merges = ranks.merges();
    let merges =
        merges.iter().map(|merge| (printable(merge.left), printable(merge.right))).collect();
    // tiktoken looks for the whole piece before it merges.
    let options = BpeOptions { ignore_merges: true, ..BpeOptions::default() };
    Bpe::new(Vocab::from_pairs(pairs), merges, options)
}

/// No special token may take the text or the id of another token.
fn check_special_tokens(
    tokens: &[(String, TokenId)],
    special_tokens: &[(String, TokenId)],
) -> Result<()> {
    let mut texts: Map<&str, TokenId> = Map::default();
    let mut ids: Map<TokenId, &str> = Map::default();
    texts.extend(tokens.iter().map(|(token, id)| (token.as_str(), *id)));
    ids.extend(tokens.iter().map(|(token, id)| (*id, token.as_str())));
    for (token, id) in special_tokens {
        let error = |message: String| Err(Error::invalid(message).in_field("special_tokens"));
        if token.is_empty() {
            return error(format!("the special token with id {id} is empty"));
        }
        if let Some(other) = texts.insert(token, *id) {
            return error(format!("{token:?} has the ids {other} and {id}"));
        }
        if let Some(other) = ids.insert(*id, token) {
            return error(format!("the id {id} belongs to {other:?} and {token:?}"));
        }
    }
    Ok(())
}

/// Bytes as the characters that stand for them in a vocabulary.
fn printable(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| byte_to_char(byte)).collect()
}

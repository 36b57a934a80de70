//! `tekken.json`: Mistral's byte-level vocabularies.
//!
//! The file holds tiktoken ranks, more of them than are used, and a pattern. The first ids belong to
//! special tokens; ranks follow behind. Special tokens that the file does not name are called after
//! their id.

use std::borrow::Cow;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::lines::read_file;
use super::tiktoken::{Ranks, byte_level_tokenizer, translate};
use crate::error::{Error, Result};
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;
use crate::util::hash::{Map, Set};

/// More special tokens are refused: each takes memory that the file does not have to pay for.
const MAX_SPECIAL_TOKENS: u32 = 1 << 20;

/// The special tokens of files that name none (up to version 7), in order of id.
const DEFAULT_SPECIAL_TOKENS: &[&str] = &[
    "<unk>",
    "<s>",
    "</s>",
    "[INST]",
    "[/INST]",
    "[AVAILABLE_TOOLS]",
    "[/AVAILABLE_TOOLS]",
    "[TOOL_RESULTS]",
    "[/TOOL_RESULTS]",
    "[TOOL_CALLS]",
    "[IMG]",
    "<pad>",
    "[IMG_BREAK]",
    "[IMG_END]",
    "[PREFIX]",
    "[MIDDLE]",
    "[SUFFIX]",
    "[SYSTEM_PROMPT]",
    "[/SYSTEM_PROMPT]",
    "[TOOL_CONTENT]",
];

#[derive(Deserialize)]
struct Document<'a> {
    config: Config<'a>,
    #[serde(borrow)]
    vocab: Vec<Entry<'a>>,
    #[serde(borrow)]
    special_tokens: Option<Vec<SpecialToken<'a>>>,
}

#[derive(Deserialize)]
struct Config<'a> {
    #[serde(borrow)]
    pattern: Cow<'a, str>,
    default_vocab_size: u32,
    default_num_special_tokens: u32,
}

#[derive(Deserialize)]
struct Entry<'a> {
    rank: u32,
    #[serde(borrow)]
    token_bytes: Cow<'a, str>,
}

#[derive(Deserialize)]
struct SpecialToken<'a> {
    rank: u32,
    #[serde(borrow)]
    token_str: Cow<'a, str>,
}

impl Tokenizer {
    /// Read a `tekken.json`. As with the library that the file is made for, special tokens are not
    /// looked for in texts: [`set_encode_special_tokens`](Self::set_encode_special_tokens) changes
    /// that.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is no JSON of this shape, or contradicts itself.
    pub fn from_tekken(path: &Path) -> Result<Self> {
        Self::from_tekken_bytes(&read_file(path)?)
            .map_err(|error| error.in_path(path.display().to_string()))
    }

    /// The same from the file's content.
    ///
    /// # Errors
    ///
    /// As [`from_tekken`](Self::from_tekken).
    pub fn from_tekken_bytes(bytes: &[u8]) -> Result<Self> {
        let document: Document<'_> = serde_json::from_slice(bytes)
            .map_err(|error| Error::format(format!("no tekken.json: {error}")))?;
        let special_tokens = special_tokens(&document)?;
        let ranks = ranks(&document)?;
        let pattern = translate(&document.config.pattern).map_err(|error| error.under("config"))?;
        let shift = document.config.default_num_special_tokens;
        let mut tokenizer = byte_level_tokenizer(&ranks, shift, &pattern, &special_tokens)?;
        tokenizer.set_encode_special_tokens(true);
        Ok(tokenizer)
    }
}

/// The ranks that are used: as many as the vocabulary has room for.
fn ranks(document: &Document<'_>) -> Result<Ranks> {
    let Config { default_vocab_size, default_num_special_tokens, .. } = document.config;
    let used = default_vocab_size
        .checked_sub(default_num_special_tokens)
        .and_then(|used| document.vocab.get(..used as usize));
    let used = used.ok_or_else(|| {
        Error::format("the sizes do not fit together")
            .in_field("config.default_vocab_size")
            .expecting(format!(
                "{default_num_special_tokens} special tokens and at most {} others",
                document.vocab.len()
            ))
            .finding(default_vocab_size.to_string())
    })?;
    let tokens = used
        .iter()
        .enumerate()
        .map(|(index, entry)| token(index, entry).map_err(|error| error.in_field(place(index))));
    Ranks::new(tokens.collect::<Result<_>>()?, place)
}

fn token(index: usize, entry: &Entry<'_>) -> Result<(Vec<u8>, u32)> {
    if entry.rank as usize != index {
        return Err(Error::format("a rank out of order")
            .expecting(index.to_string())
            .finding(entry.rank.to_string()));
    }
    match STANDARD.decode(&*entry.token_bytes) {
        Ok(bytes) => Ok((bytes, entry.rank)),
        Err(error) => Err(Error::format("no base64").finding(error.to_string())),
    }
}

fn place(index: usize) -> String {
    format!("vocab[{index}]")
}

/// All special tokens by ascending id, those without a name too.
fn special_tokens(document: &Document<'_>) -> Result<Vec<(String, TokenId)>> {
    let count = document.config.default_num_special_tokens;
    if count > MAX_SPECIAL_TOKENS {
        return Err(Error::format("too many special tokens")
            .in_field("config.default_num_special_tokens")
            .expecting(format!("at most {MAX_SPECIAL_TOKENS}"))
            .finding(count.to_string()));
    }
    let named: Vec<(u32, &str)> = match &document.special_tokens {
        Some(tokens) => tokens.iter().map(|token| (token.rank, &*token.token_str)).collect(),
        None => (0..count).zip(DEFAULT_SPECIAL_TOKENS.iter().copied()).collect(),
    };
    let mut by_id: Map<u32, &str> = Map::default();
    let mut texts: Set<&str> = Set::default();
    for (index, &(id, text)) in named.iter().enumerate() {
        let known = by_id.insert(id, text).is_some() || !texts.insert(text);
        if known || id >= count {
            return Err(Error::format("a special token out of place")
                .in_field(format!("special_tokens[{index}]"))
                .expecting(format!("a text and a rank of its own, below {count}"))
                .finding(format!("{text:?} with rank {id}")));
        }
    }
    let name =
        |id: u32| by_id.get(&id).map_or_else(|| format!("<SPECIAL_{id}>"), |&t| t.to_owned());
    Ok((0..count).map(|id| (name(id), id)).collect())
}

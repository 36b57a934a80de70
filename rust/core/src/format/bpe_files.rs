//! `vocab.json` and `merges.txt`: the two files of byte-pair encoding before `tokenizer.json`.

use std::path::Path;

use serde_json::{Map, Value};

use super::lines::{lines, read_file};
use super::tokenizer_json::{
    Document, describe, merges_from_lines, owned, quote, vocab_from_document,
};
use crate::decoders::Decoder;
use crate::error::{Error, Result};
use crate::models::bpe::{Bpe, BpeOptions};
use crate::models::{Model, WordLevel};
use crate::post_processors::PostProcessor;
use crate::pre_tokenizers::PreTokenizer;
use crate::text::byte_alphabet::ByteLevel;
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;
use crate::vocab::{AddedToken, Vocab};

/// Merges by ascending rank.
pub type Merges = Vec<(String, String)>;

/// What GPT-2 and its like write between documents: a special token wherever the vocabulary has it.
const END_OF_TEXT: &str = "<|endoftext|>";

const MERGES_HEADER: &str = "#version: 0.2\n";

impl Bpe {
    /// Read the vocabulary in `vocab` (a `vocab.json`) and the merges in `merges` (a `merges.txt`).
    ///
    /// # Errors
    /// When a file cannot be read or is not of its format; the error names the file and the line.
    pub fn read_files(vocab: &Path, merges: &Path) -> Result<(Vocab, Merges)> {
        let read = (read_vocab_file(vocab)?, read_merges_file(merges)?);
        Ok(read)
    }
}

impl WordLevel {
    /// Read the vocabulary in a `vocab.json`.
    pub fn read_file(path: &Path) -> Result<Vocab> {
        read_vocab_file(path)
    }
}

impl Tokenizer {
    /// A byte-level BPE tokenizer, as GPT-2's, from the bytes of a `vocab.json` and a `merges.txt`.
    ///
    /// # Errors
    /// When one of them is not of its format, or a merge has parts that are no tokens.
    pub fn from_bpe_bytes(vocab: &[u8], merges: &[u8]) -> Result<Self> {
        byte_level(read_vocab_json(vocab)?, read_merges_txt(merges)?)
    }
}

pub(super) fn byte_level(vocab: Vocab, merges: Merges) -> Result<Tokenizer> {
    let special = vocab.id(END_OF_TEXT).map(|_| AddedToken::new(END_OF_TEXT, true));
    let model = Bpe::new(vocab, merges, BpeOptions::default())?;
    let mut tokenizer = Tokenizer::new(Model::Bpe(model));
    let cut = ByteLevel { add_prefix_space: false, ..ByteLevel::default() };
    let trim = ByteLevel { trim_offsets: false, ..ByteLevel::default() };
    tokenizer.set_pre_tokenizer(Some(PreTokenizer::ByteLevel(cut)));
    tokenizer.set_post_processor(Some(PostProcessor::ByteLevel(trim)));
    tokenizer.set_decoder(Some(Decoder::ByteLevel(ByteLevel::default())));
    tokenizer.add_tokens(special.into_iter().collect())?;
    Ok(tokenizer)
}

pub(super) fn read_vocab_file(path: &Path) -> Result<Vocab> {
    read_vocab_json(&read_file(path)?).map_err(|error| error.in_path(path.display().to_string()))
}

pub(super) fn read_merges_file(path: &Path) -> Result<Merges> {
    read_merges_txt(&read_file(path)?).map_err(|error| error.in_path(path.display().to_string()))
}

/// `{"token": id, …}`. Values that are no numbers do not count: old files carry some.
pub(super) fn read_vocab_json(bytes: &[u8]) -> Result<Vocab> {
    let document = Document::from_bytes(bytes)?;
    vocab_from_document(document).or_else(|_| match document.value()? {
        Value::Object(members) => numbers_of(&members),
        other => Err(bad_vocabulary().finding(describe(&other))),
    })
}

fn numbers_of(members: &Map<String, Value>) -> Result<Vocab> {
    let mut entries = Vec::with_capacity(members.len());
    for (token, value) in members.iter().filter(|(_, value)| value.is_number()) {
        let id = value.as_u64().and_then(|id| TokenId::try_from(id).ok());
        let place = || format!("[{}]", quote(token));
        entries.push((
            token,
            id.ok_or_else(|| bad_vocabulary().in_field(place()).finding(describe(value)))?,
        ));
    }
    Ok(Vocab::from_pairs(entries))
}

fn bad_vocabulary() -> Error {
    Error::format("Bad vocabulary json file")
        .expecting("an object of tokens and ids from 0 to 4294967295")
}

/// Two tokens a line with a space between them, the merge of highest rank first.
pub(super) fn read_merges_txt(bytes: &[u8]) -> Result<Merges> {
    merges_from_lines(lines(bytes), |index| format!("line {}", index + 1)).map(owned)
}

/// The text of a `merges.txt`.
pub(super) fn write_merges_txt(model: &Bpe) -> String {
    let mut text = MERGES_HEADER.to_owned();
    for (left, right) in model.merges() {
        text.extend([left, " ", right, "\n"]);
    }
    text
}

/// The error for a vocabulary without its merges.
pub(super) fn lonely_vocab(path: &Path) -> Error {
    Error::format("a vocabulary of byte-pair encoding without its merges")
        .in_path(path.display().to_string())
        .expecting("merges.txt beside it")
        .hinting("put merges.txt into the same folder, or build the model from its parts")
}

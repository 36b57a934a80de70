//! The one door to the core's functions that are not methods of a class here.
//!
//! What the binding asks of the core by way of a trait or of `format` goes through this file, so that a
//! change over there is a change of this file only.

use std::path::{Path, PathBuf};

use fissile_core::encoding::Encoding;
use fissile_core::format::{BertOptions, CacheUse, ModelFile, TiktokenOptions};
use fissile_core::models::{Bpe, Model, WordLevel, WordPiece};
use fissile_core::normalizers::Normalizer;
use fissile_core::post_processors::{PostProcessor, frame};
use fissile_core::pre_tokenizers::PreTokenizer;
use fissile_core::stages::{Normalize, PostProcess, PreTokenize, Tokenize};
use fissile_core::text::{NormalizedText, Pieces};
use fissile_core::vocab::Vocab;
use fissile_core::{Error, Result, Token, TokenId, Tokenizer};

/// Vocabulary entries, by ascending id.
pub(crate) type Entries = Vec<(String, TokenId)>;
/// Merges by ascending rank.
pub(crate) type Merges = Vec<(String, String)>;

/// Normalize a text.
pub(crate) fn normalize(part: &Normalizer, text: &mut NormalizedText) -> Result<()> {
    part.normalize(text)
}

/// Cut a text.
pub(crate) fn pre_tokenize(part: &PreTokenizer, pieces: &mut Pieces) -> Result<()> {
    part.pre_tokenize(pieces)
}

/// The tokens of one piece.
pub(crate) fn tokenize(model: &Model, piece: &str) -> Result<Vec<Token>> {
    model.tokenize(piece)
}

/// The id of a token in the model's vocabulary.
pub(crate) fn token_to_id(model: &Model, token: &str) -> Option<TokenId> {
    model.token_to_id(token)
}

/// The token of an id in the model's vocabulary.
pub(crate) fn id_to_token(model: &Model, id: TokenId) -> Option<String> {
    model.id_to_token(id).map(str::to_owned)
}

/// How many tokens a post-processor adds.
pub(crate) fn added_tokens(part: &PostProcessor, is_pair: bool) -> usize {
    part.added_tokens(is_pair)
}

/// Frame one encoding or the two of a pair.
pub(crate) fn process(
    part: &PostProcessor,
    first: Encoding,
    second: Option<Encoding>,
    add_special_tokens: bool,
) -> Result<Encoding> {
    frame(Some(part), first, second, add_special_tokens)
}

/// Read a tokenizer from a file of any format.
pub(crate) fn load(path: &str) -> Result<Tokenizer> {
    Tokenizer::from_file(Path::new(path))
}

/// The same by way of a cache file, beside the tokenizer's own if it is not named; and why that could not be
/// written, if so.
pub(crate) fn load_with_cache(
    path: &str,
    cache: Option<&str>,
) -> Result<(Tokenizer, Option<Error>)> {
    let path = Path::new(path);
    let cache = match cache {
        Some(cache) => PathBuf::from(cache),
        None => Tokenizer::cache_beside(path)?,
    };
    let (tokenizer, done) = Tokenizer::from_file_with_cache(path, &cache)?;
    Ok((tokenizer, if let CacheUse::Failed(error) = done { Some(error) } else { None }))
}

fn read_bytes(path: &str) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|cause| Error::io(path, cause))
}

/// Read a `.tiktoken` rank file.
pub(crate) fn load_tiktoken(path: &str, options: &TiktokenOptions) -> Result<Tokenizer> {
    Tokenizer::from_tiktoken(Path::new(path), options)
}

/// Read a SentencePiece `.model` file.
pub(crate) fn load_sentencepiece(path: &str) -> Result<Tokenizer> {
    Tokenizer::from_sentencepiece(Path::new(path))
}

/// Read a `tekken.json`.
pub(crate) fn load_tekken(path: &str) -> Result<Tokenizer> {
    Tokenizer::from_tekken(Path::new(path))
}

/// Read a BERT `vocab.txt`.
pub(crate) fn load_vocab_txt(path: &str, options: &BertOptions) -> Result<Tokenizer> {
    Tokenizer::from_vocab_txt_bytes(&read_bytes(path)?, options)
        .map_err(|error| error.in_path(path))
}

/// Read a byte-level `vocab.json` and `merges.txt`.
pub(crate) fn load_bpe(vocab: &str, merges: &str) -> Result<Tokenizer> {
    Tokenizer::from_bpe_bytes(&read_bytes(vocab)?, &read_bytes(merges)?)
}

/// Write a `tokenizer.json`.
pub(crate) fn save(tokenizer: &Tokenizer, path: &str, pretty: bool) -> Result<()> {
    tokenizer.save(Path::new(path), pretty)
}

/// Write the files of a model; their paths.
pub(crate) fn save_model(model: &Model, folder: &str, prefix: Option<&str>) -> Result<Vec<String>> {
    let paths = model.save(Path::new(folder), prefix)?;
    Ok(paths.into_iter().map(|path| path.to_string_lossy().into_owned()).collect())
}

/// Read a `vocab.json` and a `merges.txt`.
pub(crate) fn read_bpe(vocab: &str, merges: &str) -> Result<(Entries, Merges)> {
    let (vocab, merges) = Bpe::read_files(Path::new(vocab), Path::new(merges))?;
    Ok((entries(&vocab), merges))
}

/// Read a `vocab.txt`.
pub(crate) fn read_wordpiece(vocab: &str) -> Result<Entries> {
    WordPiece::read_file(Path::new(vocab)).map(|vocab| entries(&vocab))
}

/// Read a `vocab.json`.
pub(crate) fn read_wordlevel(vocab: &str) -> Result<Entries> {
    WordLevel::read_file(Path::new(vocab)).map(|vocab| entries(&vocab))
}

fn entries(vocab: &Vocab) -> Entries {
    vocab.iter().map(|(token, id)| (token.to_owned(), id)).collect()
}

/// What a SentencePiece model says.
pub(crate) fn read_sentencepiece(path: &str) -> Result<ModelFile> {
    ModelFile::read(Path::new(path))
}

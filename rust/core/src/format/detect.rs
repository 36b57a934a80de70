//! One door for all formats: what a file is, is told by its content.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::bpe_files::{
    byte_level, lonely_vocab, read_merges_txt, read_vocab_file, read_vocab_json,
};
use super::lines::{lines, read_file};
use super::tiktoken::TiktokenOptions;
use super::tokenizer_json::{Document, Member, read_ordinary};
use super::vocab_txt::BertOptions;
use crate::error::{Error, Result};
use crate::normalizers::BertNormalizer;
use crate::tokenizer::Tokenizer;

/// The formats, as they are listed when a file is none of them.
const FORMATS: &str = "tokenizer.json, tekken.json, a .tiktoken rank file, a SentencePiece .model, \
                       a BERT vocab.txt, or vocab.json with merges.txt beside it";

/// Files that a folder may hold, the first one found is taken.
const IN_FOLDER: &[&str] = &[
    "tokenizer.json",
    "tekken.json",
    "tokenizer.model",
    "sentencepiece.bpe.model",
    "spiece.model",
    "vocab.json",
    "vocab.txt",
];

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    TokenizerJson,
    Tekken,
    VocabJson,
    Merges,
    SentencePiece,
    Tiktoken,
    VocabTxt,
}

impl Tokenizer {
    /// Read a tokenizer from a file of any known format, or from a folder that holds one.
    ///
    /// The format is told by the content, not by the name. What some formats leave open is settled so:
    /// the ranks of a `.tiktoken` file tell which of tiktoken's encodings it is; a `vocab.txt` with
    /// capital letters is cased; `vocab.json` and `merges.txt` are byte-level, as GPT-2's.
    ///
    /// # Errors
    /// When nothing is there, when the content is of no known format, or when it is broken.
    pub fn from_file(path: &Path) -> Result<Self> {
        let path = found_in_folder(path)?;
        read_bytes(&path, &read_file(&path)?).map(|(tokenizer, _)| tokenizer)
    }
}

/// The file itself, or the one that the folder holds.
pub(super) fn found_in_folder(path: &Path) -> Result<Cow<'_, Path>> {
    if path.is_dir() { in_folder(path).map(Cow::Owned) } else { Ok(Cow::Borrowed(path)) }
}

/// Read the bytes of a file; and whether there is no other file that belongs to it.
pub(super) fn read_bytes(path: &Path, bytes: &[u8]) -> Result<(Tokenizer, bool)> {
    let mut is_alone = true;
    let found = read_ordinary(bytes).unwrap_or_else(|| {
        let format = detect(bytes).ok_or_else(|| unknown(bytes))?;
        is_alone = !matches!(format, Format::VocabJson | Format::Merges);
        read(format, path, bytes)
    });
    let tokenizer = found.map_err(|error| match error.path() {
        Some(_) => error,
        None => error.in_path(path.display().to_string()),
    })?;
    Ok((tokenizer, is_alone))
}

fn read(format: Format, path: &Path, bytes: &[u8]) -> Result<Tokenizer> {
    match format {
        Format::TokenizerJson => Tokenizer::from_json_bytes(bytes),
        Format::Tiktoken => Tokenizer::from_tiktoken_bytes(bytes, &TiktokenOptions::default()),
        Format::Tekken => Tokenizer::from_tekken_bytes(bytes),
        Format::SentencePiece => Tokenizer::from_sentencepiece_bytes(bytes),
        Format::VocabTxt => Tokenizer::from_vocab_txt_bytes(bytes, &bert_options(bytes)),
        Format::VocabJson => {
            let merges = beside(path, "vocab.json", "merges.txt");
            let merges = merges.ok_or_else(|| lonely_vocab(path))?;
            let merges = super::bpe_files::read_merges_file(&merges)?;
            byte_level(read_vocab_json(bytes)?, merges)
        }
        Format::Merges => {
            let vocab = beside(path, "merges.txt", "vocab.json").ok_or_else(|| {
                Error::format("merges without their vocabulary").expecting("vocab.json beside them")
            })?;
            byte_level(read_vocab_file(&vocab)?, read_merges_txt(bytes)?)
        }
    }
}

/// The file that goes with `path`: `x-merges.txt` with `x-vocab.json`, else plainly `merges.txt`.
fn beside(path: &Path, own: &str, other: &str) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy();
    let prefixed = name.strip_suffix(own).map(|prefix| format!("{prefix}{other}"));
    let names = prefixed.into_iter().chain([other.to_owned()]);
    names.map(|name| path.with_file_name(name)).find(|path| path.is_file())
}

fn in_folder(folder: &Path) -> Result<PathBuf> {
    let named = IN_FOLDER.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    named.or_else(|| only_one_of(folder, &["model", "tiktoken"])).ok_or_else(|| {
        Error::format("no tokenizer in this folder")
            .in_path(folder.display().to_string())
            .expecting(format!("one of {}, *.model, *.tiktoken", IN_FOLDER.join(", ")))
    })
}

/// The file with one of these endings, if the folder holds one and no more.
fn only_one_of(folder: &Path, endings: &[&str]) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    let fits = |path: &PathBuf| {
        path.is_file()
            && path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending))
    };
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(fits);
    let first = paths.next()?;
    paths.next().is_none().then_some(first)
}

fn detect(bytes: &[u8]) -> Option<Format> {
    if looks_like_sentencepiece(bytes) {
        return Some(Format::SentencePiece);
    }
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    match text.first()? {
        b'{' => Some(detect_json(bytes)),
        _ if text.starts_with(b"#version") => Some(Format::Merges),
        _ => detect_lines(bytes),
    }
}

/// A document that cannot be taken apart counts as a `tokenizer.json`: reading it says what is wrong.
fn detect_json(bytes: &[u8]) -> Format {
    let members = Document::from_bytes(bytes).and_then(Document::members).unwrap_or_default();
    let has = |name: &str| members.iter().any(|member: &Member<'_>| member.name == name);
    let is_id = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // A vocabulary comes first: GPT-2's has "model", "vocab" and "config" among its tokens.
    if !members.is_empty() && members.iter().all(|member| is_id(member.value.text())) {
        Format::VocabJson
    } else if has("config") && has("vocab") && !has("model") {
        Format::Tekken
    } else {
        Format::TokenizerJson
    }
}

/// The message of the first piece: its text (field 1) and its score (field 2), inside field 1.
fn looks_like_sentencepiece(bytes: &[u8]) -> bool {
    const FIELD_1: u8 = 0x0a;
    const FIELD_2_FLOAT: u8 = 0x15;
    match bytes {
        [FIELD_1, length @ 0..=0x7f, FIELD_1, text @ 0..=0x7f, rest @ ..] => {
            let score = rest.get(usize::from(*text));
            usize::from(*length) <= rest.len() + 2
                && *length >= 2 + text
                && (score == Some(&FIELD_2_FLOAT) || *length == 2 + text)
        }
        _ => false,
    }
}

/// Ranks are lines of base64 and a number; a vocabulary of BERT has its special tokens on lines of
/// their own.
fn detect_lines(bytes: &[u8]) -> Option<Format> {
    let first = lines(bytes).find_map(|line| line.ok().filter(|line| !line.trim().is_empty()))?;
    if let Some((token, rank)) = first.split_once(' ') {
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        let ranked = !rank.is_empty() && rank.trim_end().bytes().all(|byte| byte.is_ascii_digit());
        return (token.bytes().all(base64) && ranked).then_some(Format::Tiktoken);
    }
    let special = |line: &str| matches!(line.trim_end(), "[CLS]" | "[UNK]" | "[SEP]" | "[PAD]");
    lines(bytes).any(|line| line.is_ok_and(special)).then_some(Format::VocabTxt)
}

/// A vocabulary with capital letters is a cased one: its texts must not be lower-cased.
fn bert_options(bytes: &[u8]) -> BertOptions {
    let cased = lines(bytes)
        .filter_map(Result::ok)
        .any(|line| !line.starts_with('[') && line.bytes().any(|byte| byte.is_ascii_uppercase()));
    let normalizer = BertNormalizer { lowercase: !cased, ..BertNormalizer::default() };
    BertOptions { normalizer, ..BertOptions::default() }
}

fn unknown(bytes: &[u8]) -> Error {
    let begin = String::from_utf8_lossy(&bytes[..bytes.len().min(24)]).escape_debug().to_string();
    let found = if bytes.is_empty() {
        "an empty file".to_owned()
    } else {
        format!("a file that begins with \"{begin}\"")
    };
    Error::format("no known format").expecting(FORMATS).finding(found)
}

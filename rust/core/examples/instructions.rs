//! What `bench/instructions` counts the instructions of: a vocabulary, a fixed text, four jobs.
//!
//! ```text
//! instructions TOKENIZER TEXT
//! ```
//!
//! Documents in the text are separated by a line that holds only U+001E. Every job is a function of its own that is
//! never inlined, so that a profile has its inclusive cost under its name.

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;

use fissile_core::tokenizer::{EncodeInput, EncodeOptions};
use fissile_core::{Encoding, Result, TokenId, Tokenizer};

/// Ids of texts that the process meets for the first time.
#[inline(never)]
fn job_cold(
    tokenizer: &Tokenizer,
    texts: &[EncodeInput<'_>],
    options: &EncodeOptions,
) -> Result<Vec<Vec<TokenId>>> {
    texts.iter().map(|text| tokenizer.encode_ids(text, options)).collect()
}

/// The same once more.
#[inline(never)]
fn job_again(
    tokenizer: &Tokenizer,
    texts: &[EncodeInput<'_>],
    options: &EncodeOptions,
) -> Result<usize> {
    let rows: Result<Vec<_>> =
        texts.iter().map(|text| tokenizer.encode_ids(text, options)).collect();
    Ok(rows?.iter().map(Vec::len).sum())
}

/// Encodings, and their offsets read.
#[inline(never)]
fn job_full(
    tokenizer: &Tokenizer,
    texts: &[EncodeInput<'_>],
    options: &EncodeOptions,
) -> Result<usize> {
    let encodings: Result<Vec<Encoding>> =
        texts.iter().map(|text| tokenizer.encode(text, options)).collect();
    Ok(encodings?.iter().flat_map(Encoding::offsets).map(|span| span.end).sum())
}

/// The ids back into texts.
#[inline(never)]
fn job_decode(tokenizer: &Tokenizer, rows: &[Vec<TokenId>]) -> Result<usize> {
    let texts: Result<Vec<String>> = rows.iter().map(|ids| tokenizer.decode(ids, false)).collect();
    Ok(texts?.iter().map(String::len).sum())
}

/// Read, then do all jobs.
fn jobs(path: &Path, text: &str) -> Result<()> {
    let tokenizer = Tokenizer::from_file(path)?;
    let texts: Vec<_> = text.split("\n\u{1e}\n").map(EncodeInput::text).collect();
    let options = EncodeOptions { skip_special_tokens: true, ..EncodeOptions::default() };
    let rows = job_cold(&tokenizer, black_box(&texts), &options)?;
    black_box(job_again(&tokenizer, black_box(&texts), &options)?);
    black_box(job_full(&tokenizer, black_box(&texts), &options)?);
    black_box(job_decode(&tokenizer, black_box(&rows))?);
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [tokenizer, text] = arguments.as_slice() else {
        eprintln!("usage: instructions TOKENIZER TEXT");
        return ExitCode::FAILURE;
    };
    let text = match std::fs::read_to_string(text) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{}: {error}", text.display());
            return ExitCode::FAILURE;
        }
    };
    match jobs(Path::new(tokenizer), &text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

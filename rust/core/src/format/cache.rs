//! A cache file: the tables of a tokenizer as they lie in memory, so that they need not be made of its file again.
//!
//! Nearly all of a `tokenizer.json` is a vocabulary and its merges, and nearly all of loading is to look them up
//! in each other. A cache file holds what comes of that, and the rest of the document as it is. It is
//! never needed and never trusted: it counts only if it was written by this very version on a machine of this
//! kind, from a file with the same bytes as the one at hand, if its own bytes are those that were written, and if every
//! number in it lies where it may. Otherwise the file is read as ever, and the cache written anew.
//!
//! It is read, not mapped: a mapped file could change while it is in use.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::detect::{found_in_folder, read_bytes};
use super::lines::read_file;
use super::tokenizer_json::{Tables, read_outline, write_outline};
use super::write::write_file;
use crate::error::{Error, Result};
use crate::models::Model;
use crate::models::bpe::BpeRules;
use crate::models::unigram::UnigramRules;
use crate::tokenizer::Tokenizer;
use crate::util::sections::{Sections, Stored, Sum};
use crate::vocab::Vocab;

const MAGIC: &[u8; 8] = b"fissile\0";
/// Changes with what the tables mean.
const LAYOUT: u64 = 1;
/// So much of a file is summed at a time.
const CHUNK: usize = 1 << 17;
/// Another number where bytes are in another order.
const ORDER: u64 = 0x0102_0304_0506_0708;
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the cache file did.
#[derive(Debug)]
pub enum CacheUse {
    /// The tables came out of it.
    Read,
    /// It was missing or did not fit, and was written anew.
    Written,
    /// This tokenizer has none: its numbers are too large, or it comes of several files.
    None,
    /// It could not be written. The tokenizer is none the worse for it.
    Failed(Error),
}

impl Tokenizer {
    /// Read a tokenizer as [`from_file`](Self::from_file) does, by way of a cache file: the tables come out of `cache`
    /// if it was made of the very bytes that are at `path`, and are written there if not. Tokenizers
    /// come out the same either way.
    ///
    /// # Errors
    /// As [`from_file`](Self::from_file). What is wrong with the cache file is no error.
    pub fn from_file_with_cache(path: &Path, cache: &Path) -> Result<(Self, CacheUse)> {
        let path = found_in_folder(path)?;
        let header =
            Header::of_file(&path).map_err(|cause| Error::io(path.display().to_string(), cause))?;
        if let Some(tokenizer) = File::open(cache).ok().and_then(|kept| restore(kept, &header)) {
            return Ok((tokenizer, CacheUse::Read));
        }
        let source = read_file(&path)?;
        let (tokenizer, is_alone) = read_bytes(&path, &source)?;
        let stored = if is_alone { store(&tokenizer, &source) } else { None };
        let done = match stored.map(|bytes| write_file(cache, &bytes)) {
            None => CacheUse::None,
            Some(Ok(())) => CacheUse::Written,
            Some(Err(error)) => CacheUse::Failed(error),
        };
        Ok((tokenizer, done))
    }

    /// Where the cache file of a tokenizer's file is, unless one says otherwise: beside it.
    pub fn cache_beside(path: &Path) -> Result<PathBuf> {
        let mut beside = found_in_folder(path)?.into_owned().into_os_string();
        beside.push(".fissile");
        Ok(beside.into())
    }
}

/// The bytes of a cache file; `None` for what has none.
fn store(tokenizer: &Tokenizer, source: &[u8]) -> Option<Vec<u8>> {
    let mut sections = Header::of_bytes(source).sections();
    sections.number(kind(tokenizer.model()));
    match tokenizer.model() {
        Model::Bpe(model) => model.store(&mut sections)?,
        Model::WordPiece(model) => model.vocab().store(&mut sections),
        Model::WordLevel(model) => model.vocab().store(&mut sections),
        Model::Unigram(model) => model.store(&mut sections),
    }
    sections.row(write_outline(tokenizer).ok()?.as_bytes());
    Some(sections.into_whole())
}

/// The tokenizer in a cache file, if it is one of this source.
fn restore(mut file: File, header: &Header) -> Option<Tokenizer> {
    let len = usize::try_from(file.metadata().ok()?.len()).ok()?;
    let mut stored = Stored::new(&mut file, len);
    if !header.opens(&mut stored) {
        return None;
    }
    let kind = stored.number()?;
    let tables = match kind {
        BPE => Tables::Bpe(BpeRules::restore(&mut stored)?),
        UNIGRAM => Tables::Unigram(UnigramRules::restore(&mut stored)?),
        _ => Tables::Vocab(Vocab::restore(&mut stored)?),
    };
    let outline = String::from_utf8(stored.row()?).ok()?;
    if !stored.ends_well() {
        return None;
    }
    let tokenizer = read_outline(&outline, tables).ok()?;
    (self::kind(tokenizer.model()) == kind).then_some(tokenizer)
}

/// What all cache files of a source begin with: the length and the sum of its bytes, and who wrote them.
struct Header {
    len: u64,
    sum: u64,
}

impl Header {
    fn of_bytes(source: &[u8]) -> Self {
        let mut sum = Sum::new();
        source.chunks(CHUNK).for_each(|chunk| sum.add(chunk));
        Self { len: source.len() as u64, sum: sum.get() }
    }

    /// The same without room for the whole file.
    fn of_file(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let (mut len, mut sum, mut chunk) = (0, Sum::new(), Vec::with_capacity(CHUNK));
        loop {
            chunk.clear();
            let count = (&mut file).take(CHUNK as u64).read_to_end(&mut chunk)?;
            if count == 0 {
                return Ok(Self { len, sum: sum.get() });
            }
            len += count as u64;
            sum.add(&chunk);
        }
    }

    fn sections(&self) -> Sections {
        let mut sections = Sections::default();
        sections.row(MAGIC);
        self.numbers().into_iter().for_each(|number| sections.number(number));
        sections.row(VERSION.as_bytes());
        sections
    }

    /// Whether a file begins like this.
    fn opens(&self, stored: &mut Stored<'_>) -> bool {
        stored.row().as_deref() == Some(MAGIC)
            && self.numbers().into_iter().all(|number| stored.number() == Some(number))
            && stored.row().as_deref() == Some(VERSION.as_bytes())
    }

    fn numbers(&self) -> [u64; 4] {
        [ORDER, LAYOUT, self.len, self.sum]
    }
}

const BPE: u64 = 0;
const UNIGRAM: u64 = 1;

fn kind(model: &Model) -> u64 {
    match model {
        Model::Bpe(_) => BPE,
        Model::Unigram(_) => UNIGRAM,
        Model::WordPiece(_) => 2,
        Model::WordLevel(_) => 3,
    }
}

//! Counting words: texts in, distinct words and how often each occurs out.
//!
//! A [`Counter`] takes batches of texts, works on each with all threads and keeps one table a thread;
//! its size is that of the distinct words, whatever the size of the corpus. [`WordCounts`] is what
//! comes out: sorted, so that neither threads nor the order of the texts leave a trace in it.

use std::hash::{BuildHasher, Hasher};
use std::io::{self, Read};
use std::sync::{Mutex, OnceLock, PoisonError};

use fissile_core::tokenizer::UnitForm;
use fissile_core::util::parallel::{chunks_by_weight, map_chunks, thread_count};
use fissile_core::{Error, Result, Tokenizer};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::front::Front;
use crate::order::order;
use crate::progress::{Progress, Stage};

/// Bytes of text that are worth a thread's attention.
const CHUNK_BYTES: usize = 1 << 17;

/// Bytes of text after which a batch is counted.
pub const BATCH_BYTES: usize = 1 << 22;

/// Bytes that are read of a file at a time: so many stay in a cache until they are counted.
const BLOCK_BYTES: u64 = 1 << 20;

/// Units that are looked at between two looks at who wants the work to stop.
const PAUSE: usize = 1 << 12;

/// Words and how often each occurs.
#[derive(Clone, Default)]
pub struct WordCounts {
    text: String,
    /// Where each word's text ends.
    ends: Vec<usize>,
    counts: Vec<u64>,
    /// Where each word is; made when the first one is looked for.
    index: OnceLock<HashTable<u32>>,
}

impl WordCounts {
    /// No words.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many distinct words there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Count `word` `count` times more.
    ///
    /// # Errors
    /// When there are 2³² distinct words, or a count passes 2⁶⁴.
    pub fn add(&mut self, word: &str, count: u64) -> Result<()> {
        self.index();
        let Self { text, ends, counts, index } = self;
        let Some(index) = index.get_mut() else { return Ok(()) };
        let entry = index.entry(
            hash(word),
            |&at| slice_at(text, ends, at as usize) == word,
            |&at| hash(slice_at(text, ends, at as usize)),
        );
        match entry {
            Entry::Occupied(known) => {
                let sum = &mut counts[*known.get() as usize];
                *sum = sum.checked_add(count).ok_or_else(|| too_many("occurrences of a word"))?;
            }
            Entry::Vacant(free) => {
                let at = u32::try_from(ends.len()).map_err(|_| too_many("distinct words"))?;
                free.insert(at);
                text.push_str(word);
                ends.push(text.len());
                counts.push(count);
            }
        }
        Ok(())
    }

    fn index(&self) -> &HashTable<u32> {
        self.index.get_or_init(|| {
            let of = |at: u32| hash(self.word(at as usize));
            let mut index = HashTable::with_capacity(self.len());
            for at in (0..).take(self.len()) {
                index.insert_unique(of(at), at, |&at| of(at));
            }
            index
        })
    }

    /// Append a word that is not there yet.
    fn append(&mut self, word: &str, count: u64) -> Result<()> {
        u32::try_from(self.ends.len()).map_err(|_| too_many("distinct words"))?;
        self.index = OnceLock::new();
        self.text.push_str(word);
        self.ends.push(self.text.len());
        self.counts.push(count);
        Ok(())
    }

    /// Add all counts of another table: counts of two parts of a corpus become those of the whole.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        other.iter().try_for_each(|(word, count)| self.add(word, count))
    }

    /// How often `word` occurs.
    pub fn get(&self, word: &str) -> u64 {
        let found = self.index().find(hash(word), |&at| self.word(at as usize) == word);
        found.map_or(0, |&at| self.counts[at as usize])
    }

    /// Words and counts, in the order in which they first came; sorted if [`sorted`](Self::sorted) was
    /// called.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, u64)> + Clone {
        (0..self.len()).map(|at| (self.word(at), self.counts[at]))
    }

    /// The word at a position.
    pub(crate) fn word(&self, at: usize) -> &str {
        slice_at(&self.text, &self.ends, at)
    }

    /// The same counts, ordered by word: no trace is left of the order of the texts.
    #[must_use]
    pub fn sorted(self) -> Self {
        self.sorted_or_stopped(&mut Progress::silent()).expect("nobody stops what nobody hears of")
    }

    fn sorted_or_stopped(self, progress: &mut Progress<'_>) -> Result<Self> {
        let order = order(&self, progress)?;
        let mut sorted = Self {
            text: String::with_capacity(self.text.len()),
            ends: Vec::with_capacity(self.len()),
            counts: Vec::with_capacity(self.len()),
            index: OnceLock::new(),
        };
        for &at in &order {
            sorted.append(self.word(at as usize), self.counts[at as usize])?;
        }
        Ok(sorted)
    }
}

impl<S: AsRef<str>> FromIterator<(S, u64)> for WordCounts {
    fn from_iter<I: IntoIterator<Item = (S, u64)>>(counts: I) -> Self {
        let mut table = Self::new();
        for (word, count) in counts {
            table.add(word.as_ref(), count).expect("a table written out by hand is small");
        }
        table.sorted()
    }
}

fn slice_at<'a>(text: &'a str, ends: &[usize], at: usize) -> &'a str {
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &text[start..ends[at]]
}

fn hash(word: &str) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    hasher.write(word.as_bytes());
    hasher.finish()
}

fn too_many(what: &str) -> Error {
    Error::invalid(format!("the texts hold too many {what} to count"))
}

/// What one thread has counted: short units in front, the others by what is left to do to them.
#[derive(Default)]
struct UnitCounts {
    tables: [WordCounts; UnitForm::ALL.len()],
    front: Front,
}

impl UnitCounts {
    fn count<'t>(
        &mut self,
        tokenizer: &Tokenizer,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<()> {
        let Self { tables, front } = self;
        let mut result = Ok(());
        tokenizer.cut_units(texts, |form, unit| {
            if result.is_ok() {
                result = match front.count(form as u8, unit) {
                    Ok(false) => tables[form as usize].add(unit, 1),
                    other => other.map(|_| ()),
                };
            }
        })?;
        result
    }

    fn is_empty(&self) -> bool {
        self.front.is_empty() && self.tables.iter().all(WordCounts::is_empty)
    }

    fn merge(&mut self, other: &Self, progress: &mut Progress<'_>) -> Result<()> {
        self.front.merge(&other.front)?;
        for (mine, theirs) in self.tables.iter_mut().zip(&other.tables) {
            for (at, (unit, count)) in theirs.iter().enumerate() {
                mine.add(unit, count)?;
                pause(at, theirs, progress)?;
            }
        }
        Ok(())
    }

    /// The words that all units become.
    fn into_words(self, tokenizer: &Tokenizer, progress: &mut Progress<'_>) -> Result<WordCounts> {
        let Self { tables, front } = self;
        // Different units of one form are different words, unless they are raw.
        let alone = [UnitForm::Word, UnitForm::Bytes].into_iter().any(|form| {
            let of_others = UnitForm::ALL.into_iter().filter(|&other| other != form);
            of_others.map(|other| &tables[other as usize]).all(WordCounts::is_empty)
                && front.all_are(form as u8)
        });
        let mut words = WordCounts::new();
        let mut take = |form, unit: &str, count| {
            let mut result = Ok(());
            tokenizer.words_of_unit(form, unit, |word| {
                if result.is_ok() {
                    result = if alone { words.append(word, count) } else { words.add(word, count) };
                }
            })?;
            result
        };
        front.each(|form, unit, count| take(UnitForm::ALL[usize::from(form)], unit, count))?;
        drop(front);
        for (form, units) in UnitForm::ALL.into_iter().zip(&tables) {
            for (at, (unit, count)) in units.iter().enumerate() {
                pause(at, units, progress)?;
                take(form, unit, count)?;
            }
        }
        Ok(words)
    }
}

/// Give whoever listens a chance to stop the work, once in a while.
fn pause(at: usize, units: &WordCounts, progress: &mut Progress<'_>) -> Result<()> {
    if at.is_multiple_of(PAUSE) { progress.step(Stage::Words, at, units.len()) } else { Ok(()) }
}

/// Counts the words of texts, batch by batch.
pub struct Counter<'a> {
    tokenizer: &'a Tokenizer,
    threads: usize,
    /// The tables of threads that are not at work.
    tables: Mutex<Vec<UnitCounts>>,
}

impl<'a> Counter<'a> {
    /// A counter of the words that `tokenizer` makes of texts. `threads` as for encoding: `None` leaves
    /// it to the environment.
    pub fn new(tokenizer: &'a Tokenizer, threads: Option<usize>) -> Self {
        Self { tokenizer, threads: thread_count(threads), tables: Mutex::default() }
    }

    /// Count the words of some more texts.
    ///
    /// # Errors
    /// When a part of the pipeline fails; the counter is of no use then.
    pub fn add<S: AsRef<str> + Sync>(&mut self, texts: &[S]) -> Result<()> {
        let weights = texts.iter().map(|text| text.as_ref().len());
        let chunks = chunks_by_weight(weights, CHUNK_BYTES);
        map_chunks(&chunks, self.threads, |chunk| {
            let mut table = self.take();
            let result = table.count(self.tokenizer, texts[chunk].iter().map(AsRef::as_ref));
            self.give_back(table);
            result
        })?;
        Ok(())
    }

    /// The counts of all texts, ordered by word.
    ///
    /// # Errors
    /// When a part of the pipeline fails, or the listener of `progress` says so.
    pub fn finish(self, progress: &mut Progress<'_>) -> Result<WordCounts> {
        self.finish_unordered(progress)?.sorted_or_stopped(progress)
    }

    /// The same, in no order: enough for training BPE, which leaves no trace of it.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn finish_unordered(self, progress: &mut Progress<'_>) -> Result<WordCounts> {
        let tables = self.tables.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut all = UnitCounts::default();
        for mut table in tables {
            table.front.settle()?;
            if all.is_empty() {
                all = table;
            } else {
                all.merge(&table, progress)?;
            }
        }
        all.into_words(self.tokenizer, progress)
    }

    fn take(&self) -> UnitCounts {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give_back(&self, table: UnitCounts) {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner).push(table);
    }
}

/// Read files line by line (a line keeps its line feed) and give the lines out in batches.
///
/// # Errors
/// When a file cannot be read or is not UTF-8, or as `take` says.
pub fn for_each_batch_of_lines<P: AsRef<str>>(
    paths: &[P],
    mut take: impl FnMut(&[&str]) -> Result<()>,
) -> Result<()> {
    // A missing file is found before hours are spent on the others.
    let files = paths.iter().map(|path| open(path.as_ref())).collect::<Result<Vec<_>>>()?;
    for (path, mut file) in paths.iter().zip(files) {
        let failed = |error| Error::io(path.as_ref(), error);
        let mut block = Vec::new();
        loop {
            let kept = block.len();
            let part = file.by_ref().take(BLOCK_BYTES);
            let read = { part }.read_to_end(&mut block).map_err(failed)?;
            let line_end = memchr::memrchr(b'\n', &block[kept..]);
            let end = match line_end {
                _ if read == 0 => block.len(),
                Some(at) => kept + at + 1,
                None => continue,
            };
            let text = simdutf8::basic::from_utf8(&block[..end])
                .map_err(|_| failed(not_text(&block[..end])))?;
            let lines = lines(text);
            if !lines.is_empty() {
                take(&lines)?;
            }
            if read == 0 {
                break;
            }
            block.drain(..end);
        }
    }
    Ok(())
}

/// What is wrong with bytes that are no text.
fn not_text(bytes: &[u8]) -> io::Error {
    let error = str::from_utf8(bytes).err().map(|error| error.to_string());
    io::Error::new(io::ErrorKind::InvalidData, error.unwrap_or_default())
}

fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    for at in memchr::memchr_iter(b'\n', text.as_bytes()) {
        lines.push(&text[start..=at]);
        start = at + 1;
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

fn open(path: &str) -> Result<std::fs::File> {
    std::fs::File::open(path).map_err(|error| Error::io(path, error))
}

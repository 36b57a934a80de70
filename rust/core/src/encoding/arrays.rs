//! Reading an encoding as arrays: numbers in a row, shared with the run where it has them as they are.

use std::ops::Range;
use std::sync::Arc;

use crate::encoding::{Encoding, Segment, TokenRun, fit_signed};
use crate::error::{Error, Result};
use crate::token::TokenId;

/// Numbers in a row: a column of an encoding.
pub struct Column<T: 'static> {
    source: Source<T>,
}

enum Source<T: 'static> {
    /// A part of a column of a run, which is not copied.
    Run {
        run: Arc<TokenRun>,
        column: fn(&TokenRun) -> &[T],
        range: Range<usize>,
    },
    Own(Vec<T>),
}

impl<T> Column<T> {
    /// The numbers.
    pub fn as_slice(&self) -> &[T] {
        match &self.source {
            Source::Run { run, column, range } => &column(run)[range.clone()],
            Source::Own(numbers) => numbers,
        }
    }

    fn shared(run: &Arc<TokenRun>, range: Range<usize>, column: fn(&TokenRun) -> &[T]) -> Self {
        Self { source: Source::Run { run: run.clone(), column, range } }
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(numbers: Vec<T>) -> Self {
        Self { source: Source::Own(numbers) }
    }
}

/// The word number of a token of no word in [`Encoding::word_column`].
const NO_WORD: i32 = -1;

impl Encoding {
    /// The ids.
    pub fn id_column(&self) -> Column<TokenId> {
        match self.segments.as_slice() {
            [only] => match only.shared() {
                Some((run, range, _)) => Column::shared(run, range, TokenRun::all_ids),
                None => self.ids().into(),
            },
            _ => self.ids().into(),
        }
    }

    /// Start and end of each token in its text, `[0, 0]` for tokens of no text.
    ///
    /// # Errors
    /// When a position is beyond 2³¹ − 1.
    pub fn offset_column(&self) -> Result<Column<[i32; 2]>> {
        if let [only] = self.segments.as_slice()
            && let Some((run, range, true)) = only.shared()
            && run.has_offsets()
        {
            if !run.are_signed {
                check_signed(bytemuck::cast_slice(&run.all_offsets()[range.clone()]))?;
            }
            return Ok(Column::shared(run, range, |run| bytemuck::cast_slice(run.all_offsets())));
        }
        let mut out = Vec::with_capacity(self.len());
        for segment in &self.segments {
            segment.write_offsets(&mut out);
        }
        check_signed(&out)?;
        Ok(out.into())
    }

    /// The word of each token, -1 for none.
    ///
    /// # Errors
    /// When there are more than 2³¹ − 1 words.
    pub fn word_column(&self) -> Result<Column<i32>> {
        if let [only] = self.segments.as_slice()
            && let Some((run, range, _)) = only.shared()
            && !run.all_words().is_empty()
        {
            check_words(run, range.clone())?;
            return Ok(Column::shared(run, range, |run| bytemuck::cast_slice(run.all_words())));
        }
        let mut out = Vec::with_capacity(self.len());
        for segment in &self.segments {
            match segment.shared() {
                Some((run, range, _)) if !run.all_words().is_empty() => {
                    out.extend_from_slice(bytemuck::cast_slice(check_words(run, range)?));
                }
                _ => out.resize(out.len() + segment.len, NO_WORD),
            }
        }
        Ok(out.into())
    }

    /// The type of each token.
    pub fn type_column(&self) -> Column<u32> {
        self.type_ids().into()
    }

    /// 1 for tokens that a post-processor or padding added, 0 for those of the text.
    pub fn special_column(&self) -> Column<u8> {
        self.byte_column(|segment| segment.special)
    }

    /// 0 for padding, 1 for the rest.
    pub fn attention_column(&self) -> Column<u8> {
        self.byte_column(|segment| segment.attention)
    }

    fn byte_column(&self, value: impl Fn(&Segment) -> u32) -> Column<u8> {
        let mut out = Vec::with_capacity(self.len());
        for segment in &self.segments {
            // Masks are 0 and 1, unless a pickle says otherwise.
            let value = u8::try_from(value(segment)).unwrap_or(u8::MAX);
            out.resize(out.len() + segment.len, value);
        }
        out.into()
    }
}

fn check_signed(offsets: &[[i32; 2]]) -> Result<()> {
    let offsets = bytemuck::cast_slice(offsets.as_flattened());
    if fit_signed(offsets, &[]) { Ok(()) } else { Err(too_large("offsets")) }
}

fn check_words(run: &TokenRun, range: Range<usize>) -> Result<&[u32]> {
    let words = &run.all_words()[range];
    if run.are_signed || fit_signed(&[], words) { Ok(words) } else { Err(too_large("word ids")) }
}

fn too_large(what: &str) -> Error {
    Error::invalid(format!("the {what} do not fit an array of signed 32-bit numbers"))
        .expecting("a text below 2 GiB")
        .hinting("read them as a list, or cut the text into documents")
}

//! The words of a text: what the model is given, piece by piece. Training counts them.
//!
//! Counting goes in two steps, because a text repeats itself. [`Tokenizer::cut_units`] cuts texts into
//! units as cheaply as its pipeline allows, and [`Tokenizer::words_of_unit`] makes words of a unit;
//! whoever counts does the second step once for all units that are the same.

use std::ops::ControlFlow;

use crate::error::Result;
use crate::normalizers::Normalizer;
use crate::pre_tokenizers::PreTokenizer;
use crate::pre_tokenizers::scan::Scratch;
use crate::stages::PreTokenize;
use crate::text::byte_alphabet::byte_to_char;
use crate::text::{NormalizedText, Pieces};
use crate::tokenizer::Tokenizer;
use crate::tokenizer::drain::Road as _;
use crate::tokenizer::pieces::{PieceRoad, Spelling};
use crate::tokenizer::plan::Road;
use crate::tokenizer::units::UnitRoad;
use crate::vocab::matcher::{Manner, Matcher, Part};

/// What is left to do to a unit before it is a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitForm {
    /// Nothing: it is a word.
    Word,
    /// Its bytes are to be shown in the byte alphabet.
    Bytes,
    /// It is raw text, to be normalized and pre-tokenized like a text of its own.
    Raw,
}

impl UnitForm {
    /// All forms.
    pub const ALL: [Self; 3] = [Self::Word, Self::Bytes, Self::Raw];
}

impl Tokenizer {
    /// Cut texts into units; the words of all of them together, in order, are those of the texts.
    ///
    /// An added token in a text is a word, as in the reference.
    ///
    /// # Errors
    /// When a part of the pipeline fails.
    pub fn cut_units<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
        mut emit: impl FnMut(UnitForm, &str),
    ) -> Result<()> {
        let matcher = self.front.added.matchers()?.raw.as_ref();
        let mut memory = Scratch::default();
        texts.into_iter().try_for_each(|text| {
            self.cut_at_tokens(text, matcher, &mut emit, |segment, emit| {
                self.cut_segment(segment, &mut memory, emit)
            })
        })
    }

    /// The words that a unit becomes.
    ///
    /// # Errors
    /// When a part of the pipeline fails.
    pub fn words_of_unit(
        &self,
        form: UnitForm,
        unit: &str,
        mut emit: impl FnMut(&str),
    ) -> Result<()> {
        match form {
            UnitForm::Word => emit(unit),
            UnitForm::Bytes => emit(&unit.bytes().map(byte_to_char).collect::<String>()),
            UnitForm::Raw => {
                let text = self.front.normalizer.as_ref().map(|part| part.normalize_plain(unit));
                let text = text.transpose()?.unwrap_or_else(|| unit.into());
                self.pre_tokenize_words(&text, |_, word| emit(word))?;
            }
        }
        Ok(())
    }

    /// The words of a text, one after the other.
    ///
    /// # Errors
    /// When a part of the pipeline fails.
    pub fn words(&self, text: &str) -> Result<Vec<String>> {
        let mut units = Vec::new();
        self.cut_units([text], |form, unit| units.push((form, unit.to_owned())))?;
        let mut words = Vec::new();
        for (form, unit) in units {
            self.words_of_unit(form, &unit, |word| words.push(word.to_owned()))?;
        }
        Ok(words)
    }

    /// Emit the added tokens of a text as words, and hand what lies between them to `cut`.
    fn cut_at_tokens<E: FnMut(UnitForm, &str)>(
        &self,
        text: &str,
        matcher: Option<&Matcher>,
        emit: &mut E,
        mut cut: impl FnMut(&str, &mut E) -> Result<()>,
    ) -> Result<()> {
        let Some(matcher) = matcher else {
            return if text.is_empty() { Ok(()) } else { cut(text, emit) };
        };
        let mut result = Ok(());
        let manner = Manner { skip_special: self.encode_special_tokens, ..Manner::default() };
        matcher.cut(text, manner, |Part { span, token }| {
            let slice = &text[span.range()];
            match token {
                Some(_) => emit(UnitForm::Word, slice),
                None if result.is_ok() => result = cut(slice, emit),
                None => {}
            }
        });
        result
    }

    /// Cut what lies between two added tokens of the raw text.
    fn cut_segment(
        &self,
        text: &str,
        memory: &mut Scratch,
        emit: &mut impl FnMut(UnitForm, &str),
    ) -> Result<()> {
        let normalizer = self.front.normalizer.as_ref();
        let matcher = self.front.added.matchers()?.normalized.as_ref();
        match &self.front.plan().road {
            Road::Pieces(road) => {
                self.cut_normalized(normalizer, matcher, text, emit, |t, emit| {
                    cut_pieces(road, t, memory, emit)
                })
            }
            // Tokens that are looked for in the normalized text could span several units.
            Road::Units(road) if !road.is_one_word() && matcher.is_none() => {
                cut_raw_units(road, text, emit);
                Ok(())
            }
            _ => self.cut_normalized(normalizer, matcher, text, emit, |t, emit| {
                self.pre_tokenize_words(t, emit)
            }),
        }
    }

    fn cut_normalized<E: FnMut(UnitForm, &str)>(
        &self,
        normalizer: Option<&Normalizer>,
        matcher: Option<&Matcher>,
        text: &str,
        emit: &mut E,
        cut: impl FnMut(&str, &mut E) -> Result<()>,
    ) -> Result<()> {
        let text =
            normalizer.map(|part| part.normalize_plain(text)).transpose()?.unwrap_or(text.into());
        self.cut_at_tokens(&text, matcher, emit, cut)
    }

    fn pre_tokenize_words(&self, text: &str, mut emit: impl FnMut(UnitForm, &str)) -> Result<()> {
        let Some(pre_tokenizer) = &self.front.pre_tokenizer else {
            if !text.is_empty() {
                emit(UnitForm::Word, text);
            }
            return Ok(());
        };
        pre_tokenize(pre_tokenizer, text, emit)
    }
}

fn pre_tokenize(
    pre_tokenizer: &PreTokenizer,
    text: &str,
    mut emit: impl FnMut(UnitForm, &str),
) -> Result<()> {
    let mut pieces = Pieces::new(NormalizedText::new(text));
    // What normalizing emptied is no piece.
    pieces.split(|_, text| Ok([text]))?;
    pre_tokenizer.pre_tokenize(&mut pieces)?;
    for piece in pieces.pieces() {
        emit(UnitForm::Word, piece.text.get());
    }
    Ok(())
}

fn cut_pieces(
    road: &PieceRoad,
    text: &str,
    memory: &mut Scratch,
    emit: &mut impl FnMut(UnitForm, &str),
) -> Result<()> {
    let spaced;
    let mut text = text;
    if road.wants_space(text) {
        spaced = format!(" {text}");
        text = &spaced;
    }
    let form = match road.spelling {
        Spelling::Text => UnitForm::Word,
        Spelling::StandIns | Spelling::RawBytes => UnitForm::Bytes,
    };
    let scanned = road.scanner.for_each_piece(text, memory, |span| {
        emit(form, &text[span.range()]);
        ControlFlow::Continue(())
    });
    scanned.map(|_| ())
}

fn cut_raw_units(road: &UnitRoad, text: &str, emit: &mut impl FnMut(UnitForm, &str)) {
    let mut at = 0;
    while let Some((start, end)) = road.cut.next_unit(text, at) {
        emit(UnitForm::Raw, &text[start..end]);
        at = end;
    }
}

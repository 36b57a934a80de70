//! What a SentencePiece model file says, checked as SentencePiece checks it.

use super::wire::{Value, fields};
use crate::error::{Error, Result};
use crate::util::hash::Set;

/// SentencePiece refuses longer pieces.
const MAX_PIECE_BYTES: usize = 8000;

/// How a model cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Unigram,
    Bpe,
    Word,
    Char,
}

/// What a piece is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    /// Stands for what is unknown.
    Unknown,
    /// Never found in a text.
    Control,
    /// Found in a text before anything else.
    UserDefined,
    /// Taken out of use.
    Unused,
    /// Stands for one byte of what is unknown.
    Byte,
}

#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) score: f32,
    pub(super) kind: Kind,
}

/// A model file.
#[derive(Debug)]
pub(super) struct ModelProto {
    pub(super) pieces: Vec<Piece>,
    pub(super) trainer: TrainerSpec,
    pub(super) normalizer: NormalizerSpec,
}

/// What the trainer left behind, as far as it matters for reading texts.
#[derive(Debug)]
pub(super) struct TrainerSpec {
    pub(super) algorithm: Algorithm,
    pub(super) byte_fallback: bool,
    pub(super) whitespace_as_suffix: bool,
    /// What the unknown piece is decoded as.
    pub(super) unk_surface: String,
}

/// How texts are cleaned.
#[derive(Debug)]
pub(super) struct NormalizerSpec {
    pub(super) charsmap: Vec<u8>,
    pub(super) add_dummy_prefix: bool,
    pub(super) remove_extra_whitespaces: bool,
    /// Spaces are shown as `▁`.
    pub(super) escape_whitespaces: bool,
}

impl Default for TrainerSpec {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Unigram,
            byte_fallback: false,
            whitespace_as_suffix: false,
            unk_surface: " \u{2047} ".to_owned(),
        }
    }
}

impl Default for NormalizerSpec {
    fn default() -> Self {
        Self {
            charsmap: Vec::new(),
            add_dummy_prefix: true,
            remove_extra_whitespaces: true,
            escape_whitespaces: true,
        }
    }
}

impl ModelProto {
    /// Read and check a file.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let mut model = Self {
            pieces: Vec::new(),
            trainer: TrainerSpec::default(),
            normalizer: NormalizerSpec::default(),
        };
        for field in fields(bytes) {
            let (number, value) = field.map_err(|error| no_model(&error))?;
            match number {
                1 => {
                    let index = model.pieces.len();
                    let piece = value.bytes().and_then(parse_piece);
                    model.pieces.push(piece.map_err(|error| error.under(&place(index)))?);
                }
                2 => value
                    .bytes()
                    .and_then(|bytes| model.trainer.parse(bytes))
                    .map_err(|error| error.under("trainer_spec"))?,
                3 => value
                    .bytes()
                    .and_then(|bytes| model.normalizer.parse(bytes))
                    .map_err(|error| error.under("normalizer_spec"))?,
                5 => value.bytes().and_then(check_denormalizer)?,
                _ => {}
            }
        }
        model.check()?;
        Ok(model)
    }

    /// The id of the piece that stands for the unknown.
    pub(super) fn unk_id(&self) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.kind == Kind::Unknown)
    }

    /// Pieces of one kind, and their ids.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (usize, &str)> {
        self.pieces
            .iter()
            .enumerate()
            .filter(move |(_, piece)| piece.kind == kind)
            .map(|(id, piece)| (id, piece.text.as_str()))
    }

    fn check(&self) -> Result<()> {
        if self.pieces.is_empty() {
            return Err(no_model(&Error::format("it has no pieces")));
        }
        let mut seen = Set::default();
        for (id, piece) in self.pieces.iter().enumerate() {
            let error = if piece.text.is_empty() {
                Error::format("piece must not be empty")
            } else if piece.text.len() >= MAX_PIECE_BYTES {
                Error::format("piece is too long").finding(format!("{} bytes", piece.text.len()))
            } else if piece.text.contains('\0') && piece.kind != Kind::Unused {
                Error::format("piece must not include null character")
            } else if !piece.score.is_finite() {
                Error::format("score is NaN or Inf")
            } else if !seen.insert((self.class(piece.kind), piece.text.as_str())) {
                Error::format("piece is already defined").finding(format!("{:?}", piece.text))
            } else {
                continue;
            };
            return Err(error.in_field(place(id)));
        }
        self.check_unknown()
    }

    /// Pieces of different classes may have the same text, where the algorithm keeps them apart.
    fn class(&self, kind: Kind) -> bool {
        let found = matches!(kind, Kind::Normal | Kind::UserDefined | Kind::Unused);
        found && self.trainer.algorithm == Algorithm::Unigram
    }

    fn check_unknown(&self) -> Result<()> {
        let mut bytes = Set::default();
        for (id, text) in self.of_kind(Kind::Byte) {
            let error = if !self.trainer.byte_fallback {
                Error::format("a byte piece although `byte_fallback` is false")
            } else if byte_of(text).is_none_or(|byte| !bytes.insert(byte)) {
                Error::format("a byte piece that is none").finding(format!("{text:?}"))
            } else {
                continue;
            };
            return Err(error.in_field(place(id)));
        }
        if self.trainer.byte_fallback && bytes.len() < 256 {
            return Err(Error::format("`byte_fallback` without a piece for every byte")
                .expecting("256 byte pieces")
                .finding(bytes.len().to_string()));
        }
        match self.of_kind(Kind::Unknown).count() {
            1 => Ok(()),
            0 if self.trainer.byte_fallback => Ok(()),
            0 => Err(Error::format("unk is not defined").in_field("pieces")),
            _ => Err(Error::format("unk is already defined").in_field("pieces")),
        }
    }
}

/// The byte that a piece `<0x41>` stands for.
fn byte_of(text: &str) -> Option<u8> {
    let digits = text.strip_prefix("<0x")?.strip_suffix('>')?;
    let byte = u8::from_str_radix(digits, 16).ok()?;
    (text == format!("<0x{byte:02X}>")).then_some(byte)
}

fn no_model(cause: &Error) -> Error {
    let mut error = Error::format(format!("no SentencePiece model: {}", cause.message()));
    if let Some(place) = cause.field() {
        error = error.in_field(place);
    }
    error
}

fn place(id: usize) -> String {
    format!("pieces[{id}]")
}

fn parse_piece(message: &[u8]) -> Result<Piece> {
    let mut piece = Piece { text: String::new(), score: 0.0, kind: Kind::Normal };
    for field in fields(message) {
        match field? {
            (1, value) => value.text()?.clone_into(&mut piece.text),
            (2, value) => piece.score = value.float()?,
            (3, value) => piece.kind = kind(value)?,
            _ => {}
        }
    }
    Ok(piece)
}

fn kind(value: Value<'_>) -> Result<Kind> {
    Ok(match value.number()? {
        1 => Kind::Normal,
        2 => Kind::Unknown,
        3 => Kind::Control,
        4 => Kind::UserDefined,
        5 => Kind::Unused,
        6 => Kind::Byte,
        other => {
            return Err(Error::format("an unknown type of piece")
                .in_field("type")
                .expecting("1 to 6")
                .finding(other.to_string()));
        }
    })
}

impl TrainerSpec {
    fn parse(&mut self, message: &[u8]) -> Result<()> {
        for field in fields(message) {
            match field? {
                (3, value) => self.algorithm = algorithm(value)?,
                (24, value) => self.whitespace_as_suffix = value.truth()?,
                (35, value) => self.byte_fallback = value.truth()?,
                (44, value) => value.text()?.clone_into(&mut self.unk_surface),
                _ => {}
            }
        }
        Ok(())
    }
}

fn algorithm(value: Value<'_>) -> Result<Algorithm> {
    Ok(match value.number()? {
        1 => Algorithm::Unigram,
        2 => Algorithm::Bpe,
        3 => Algorithm::Word,
        4 => Algorithm::Char,
        other => {
            return Err(Error::format("an unknown type of model")
                .in_field("model_type")
                .expecting("1 to 4")
                .finding(other.to_string()));
        }
    })
}

impl NormalizerSpec {
    fn parse(&mut self, message: &[u8]) -> Result<()> {
        for field in fields(message) {
            match field? {
                (2, value) => self.charsmap = value.bytes()?.to_vec(),
                (3, value) => self.add_dummy_prefix = value.truth()?,
                (4, value) => self.remove_extra_whitespaces = value.truth()?,
                (5, value) => self.escape_whitespaces = value.truth()?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Rules applied to decoded texts: none of the known models has any.
fn check_denormalizer(message: &[u8]) -> Result<()> {
    for field in fields(message) {
        if let (2, value) = field?
            && !value.bytes()?.is_empty()
        {
            return Err(Error::unsupported("a model with rules for decoded texts")
                .in_field("denormalizer_spec.precompiled_charsmap"));
        }
    }
    Ok(())
}

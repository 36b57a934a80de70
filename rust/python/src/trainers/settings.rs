//! The settings of all trainers, and how they are written down.

use std::collections::BTreeSet;

use fissile_core::models::Model;
use fissile_core::vocab::AddedToken;
use fissile_core::{Error, Result};
use fissile_train::{BpeTrainer, Trainer, UnigramTrainer, WordLevelTrainer, WordPieceTrainer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::printer::{Fields, Print, Printer};
use crate::printer_parts::special_token;

/// Which model is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bpe,
    WordPiece,
    WordLevel,
    Unigram,
}

impl Kind {
    /// The kind that trains a model.
    pub(crate) fn of(model: &Model) -> Self {
        match model {
            Model::Bpe(_) => Self::Bpe,
            Model::WordPiece(_) => Self::WordPiece,
            Model::WordLevel(_) => Self::WordLevel,
            Model::Unigram(_) => Self::Unigram,
        }
    }

    /// The name of the trainer.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bpe => "BpeTrainer",
            Self::WordPiece => "WordPieceTrainer",
            Self::WordLevel => "WordLevelTrainer",
            Self::Unigram => "UnigramTrainer",
        }
    }
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProgressFormat {
    /// A bar.
    Bar,
    /// One JSON object a line.
    JsonLines,
    /// Not at all.
    Silent,
}

impl ProgressFormat {
    /// The format of a name; an unknown one is a bar.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "json" | "JsonLines" => Self::JsonLines,
            "silent" | "Silent" => Self::Silent,
            _ => Self::Bar,
        }
    }

    /// Its name in Python.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bar => "indicatif",
            Self::JsonLines => "json",
            Self::Silent => "silent",
        }
    }

    /// Its name in files.
    fn tag(self) -> &'static str {
        match self {
            Self::Bar => "Indicatif",
            Self::JsonLines => "JsonLines",
            Self::Silent => "Silent",
        }
    }
}

/// Everything a trainer can be told. Not every kind of trainer reads every field.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) kind: Kind,
    pub(crate) vocab_size: usize,
    pub(crate) min_frequency: u64,
    pub(crate) show_progress: bool,
    pub(crate) progress_format: ProgressFormat,
    pub(crate) special_tokens: Vec<AddedToken>,
    pub(crate) limit_alphabet: Option<usize>,
    pub(crate) initial_alphabet: BTreeSet<char>,
    pub(crate) continuing_subword_prefix: Option<String>,
    pub(crate) end_of_word_suffix: Option<String>,
    pub(crate) max_token_length: Option<usize>,
    pub(crate) shrinking_factor: f64,
    pub(crate) unk_token: Option<String>,
    pub(crate) max_piece_length: usize,
    pub(crate) n_sub_iterations: u32,
    pub(crate) seed_size: usize,
    pub(crate) seed_tokens: Vec<String>,
    pub(crate) clean: bool,
}

impl Settings {
    /// The defaults of a kind.
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            vocab_size: if kind == Kind::Unigram { 8000 } else { 30000 },
            min_frequency: 0,
            show_progress: true,
            progress_format: ProgressFormat::Bar,
            special_tokens: Vec::new(),
            limit_alphabet: None,
            initial_alphabet: BTreeSet::new(),
            continuing_subword_prefix: (kind == Kind::WordPiece).then(|| "##".to_owned()),
            end_of_word_suffix: None,
            max_token_length: None,
            shrinking_factor: 0.75,
            unk_token: None,
            max_piece_length: 16,
            n_sub_iterations: 2,
            seed_size: 1_000_000,
            seed_tokens: Vec::new(),
            clean: false,
        }
    }

    /// The trainer itself.
    pub(crate) fn engine(&self) -> Trainer {
        match self.kind {
            Kind::Bpe => Trainer::Bpe(self.bpe()),
            Kind::WordPiece => Trainer::WordPiece(WordPieceTrainer { bpe: self.bpe() }),
            Kind::WordLevel => Trainer::WordLevel(WordLevelTrainer {
                vocab_size: self.vocab_size,
                min_frequency: self.min_frequency,
                special_tokens: self.special_tokens.clone(),
                seed_tokens: self.seed_tokens.clone(),
            }),
            Kind::Unigram => Trainer::Unigram(UnigramTrainer {
                vocab_size: self.vocab_size,
                n_sub_iterations: self.n_sub_iterations,
                shrinking_factor: self.shrinking_factor,
                special_tokens: self.special_tokens.clone(),
                initial_alphabet: self.initial_alphabet.iter().copied().collect(),
                unk_token: self.unk_token.clone(),
                max_piece_length: self.max_piece_length,
                seed_size: self.seed_size,
                seed_tokens: self.seed_tokens.clone(),
            }),
        }
    }

    fn bpe(&self) -> BpeTrainer {
        BpeTrainer {
            vocab_size: self.vocab_size,
            min_frequency: self.min_frequency,
            special_tokens: self.special_tokens.clone(),
            limit_alphabet: self.limit_alphabet,
            initial_alphabet: self.initial_alphabet.iter().copied().collect(),
            continuing_subword_prefix: self.continuing_subword_prefix.clone(),
            end_of_word_suffix: self.end_of_word_suffix.clone(),
            max_token_length: self.max_token_length,
            seed_tokens: self.seed_tokens.clone(),
            clean: self.clean,
        }
    }

    /// The field's JSON of a trainer, members in the field's order.
    pub(crate) fn to_json(&self) -> String {
        let body = match self.kind {
            Kind::Bpe => Body::BpeTrainer(BpeBody::of(self)),
            Kind::WordPiece => Body::WordPieceTrainer { bpe_trainer: BpeBody::of(self) },
            Kind::WordLevel => Body::WordLevelTrainer {
                min_frequency: self.min_frequency,
                vocab_size: self.vocab_size,
                show_progress: self.show_progress,
                special_tokens: tokens(self),
                words: Map::new(),
                seed_tokens: &self.seed_tokens,
            },
            Kind::Unigram => Body::UnigramTrainer {
                show_progress: self.show_progress,
                vocab_size: self.vocab_size,
                n_sub_iterations: self.n_sub_iterations,
                shrinking_factor: self.shrinking_factor,
                special_tokens: tokens(self),
                initial_alphabet: &self.initial_alphabet,
                unk_token: self.unk_token.as_deref(),
                max_piece_length: self.max_piece_length,
                seed_size: self.seed_size,
                words: Map::new(),
                seed_tokens: &self.seed_tokens,
            },
        };
        serde_json::to_string(&body).expect("settings are plain data")
    }

    /// Read the field's JSON of a trainer; what is missing keeps its default.
    pub(crate) fn from_json(json: &str) -> Result<Self> {
        let value: Value =
            serde_json::from_str(json).map_err(|error| Error::format(error.to_string()))?;
        for kind in [Kind::Bpe, Kind::WordPiece, Kind::WordLevel, Kind::Unigram] {
            if let Some(body) = value.get(kind.name()) {
                let body = if kind == Kind::WordPiece { &body["bpe_trainer"] } else { body };
                return Self::new(kind).read(body).map_err(|error| error.under(kind.name()));
            }
        }
        Err(Error::format("this is no trainer").expecting("the name of a trainer"))
    }

    fn read(mut self, body: &Value) -> Result<Self> {
        let body =
            body.as_object().ok_or_else(|| Error::format("the settings must be an object"))?;
        read(body, "vocab_size", &mut self.vocab_size)?;
        read(body, "min_frequency", &mut self.min_frequency)?;
        read(body, "show_progress", &mut self.show_progress)?;
        read(body, "limit_alphabet", &mut self.limit_alphabet)?;
        read(body, "initial_alphabet", &mut self.initial_alphabet)?;
        read(body, "continuing_subword_prefix", &mut self.continuing_subword_prefix)?;
        read(body, "end_of_word_suffix", &mut self.end_of_word_suffix)?;
        read(body, "max_token_length", &mut self.max_token_length)?;
        read(body, "shrinking_factor", &mut self.shrinking_factor)?;
        read(body, "unk_token", &mut self.unk_token)?;
        read(body, "max_piece_length", &mut self.max_piece_length)?;
        read(body, "n_sub_iterations", &mut self.n_sub_iterations)?;
        read(body, "seed_size", &mut self.seed_size)?;
        read(body, "seed_tokens", &mut self.seed_tokens)?;
        read(body, "clean", &mut self.clean)?;
        let mut format = self.progress_format.tag().to_owned();
        read(body, "progress_format", &mut format)?;
        self.progress_format = ProgressFormat::named(&format);
        let mut special: Vec<Map<String, Value>> = Vec::new();
        read(body, "special_tokens", &mut special)?;
        self.special_tokens = special.iter().map(token_from_json).collect::<Result<_>>()?;
        Ok(self)
    }
}

/// Read one field, when it is there.
fn read<T: DeserializeOwned>(body: &Map<String, Value>, key: &str, place: &mut T) -> Result<()> {
    if let Some(value) = body.get(key) {
        *place = serde_json::from_value(value.clone())
            .map_err(|error| Error::format(error.to_string()).in_field(key))?;
    }
    Ok(())
}

/// A trainer as its JSON shows it.
#[derive(Serialize)]
#[expect(clippy::enum_variant_names, reason = "the field's names")]
enum Body<'a> {
    BpeTrainer(BpeBody<'a>),
    WordPieceTrainer {
        bpe_trainer: BpeBody<'a>,
    },
    WordLevelTrainer {
        min_frequency: u64,
        vocab_size: usize,
        show_progress: bool,
        special_tokens: Vec<TokenBody<'a>>,
        words: Map<String, Value>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        seed_tokens: &'a [String],
    },
    UnigramTrainer {
        show_progress: bool,
        vocab_size: usize,
        n_sub_iterations: u32,
        shrinking_factor: f64,
        special_tokens: Vec<TokenBody<'a>>,
        initial_alphabet: &'a BTreeSet<char>,
        unk_token: Option<&'a str>,
        max_piece_length: usize,
        seed_size: usize,
        words: Map<String, Value>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        seed_tokens: &'a [String],
    },
}

#[derive(Serialize)]
struct BpeBody<'a> {
    min_frequency: u64,
    vocab_size: usize,
    show_progress: bool,
    progress_format: &'static str,
    special_tokens: Vec<TokenBody<'a>>,
    limit_alphabet: Option<usize>,
    initial_alphabet: &'a BTreeSet<char>,
    continuing_subword_prefix: Option<&'a str>,
    end_of_word_suffix: Option<&'a str>,
    max_token_length: Option<usize>,
    words: Map<String, Value>,
    // The reference has no such settings, and its file none such members.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    seed_tokens: &'a [String],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    clean: bool,
}

impl<'a> BpeBody<'a> {
    fn of(settings: &'a Settings) -> Self {
        Self {
            min_frequency: settings.min_frequency,
            vocab_size: settings.vocab_size,
            show_progress: settings.show_progress,
            progress_format: settings.progress_format.tag(),
            special_tokens: tokens(settings),
            limit_alphabet: settings.limit_alphabet,
            initial_alphabet: &settings.initial_alphabet,
            continuing_subword_prefix: settings.continuing_subword_prefix.as_deref(),
            end_of_word_suffix: settings.end_of_word_suffix.as_deref(),
            max_token_length: settings.max_token_length,
            words: Map::new(),
            seed_tokens: &settings.seed_tokens,
            clean: settings.clean,
        }
    }
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the field's token has as many")]
struct TokenBody<'a> {
    content: &'a str,
    single_word: bool,
    lstrip: bool,
    rstrip: bool,
    normalized: bool,
    special: bool,
}

fn tokens(settings: &Settings) -> Vec<TokenBody<'_>> {
    fn body(token: &AddedToken) -> TokenBody<'_> {
        let AddedToken { content, single_word, lstrip, rstrip, normalized, special } = token;
        TokenBody {
            content,
            single_word: *single_word,
            lstrip: *lstrip,
            rstrip: *rstrip,
            normalized: *normalized,
            special: *special,
        }
    }
    settings.special_tokens.iter().map(body).collect()
}

fn token_from_json(body: &Map<String, Value>) -> Result<AddedToken> {
    let mut token = AddedToken::new("", true);
    read(body, "content", &mut token.content)?;
    read(body, "single_word", &mut token.single_word)?;
    read(body, "lstrip", &mut token.lstrip)?;
    read(body, "rstrip", &mut token.rstrip)?;
    read(body, "normalized", &mut token.normalized)?;
    read(body, "special", &mut token.special)?;
    Ok(token)
}

fn bpe_fields(settings: &Settings, fields: &mut Fields<'_>) -> Result<()> {
    fields
        .number("min_frequency", settings.min_frequency)?
        .number("vocab_size", settings.vocab_size)?
        .bool("show_progress", settings.show_progress)?
        .word("progress_format", settings.progress_format.tag())?
        .field("special_tokens", |out| out.list(&settings.special_tokens, special_token))?
        .field("limit_alphabet", |out| out.option(settings.limit_alphabet, Printer::number))?
        .field("initial_alphabet", |out| alphabet(out, settings))?
        .optional("continuing_subword_prefix", settings.continuing_subword_prefix.as_deref())?
        .optional("end_of_word_suffix", settings.end_of_word_suffix.as_deref())?
        .field("max_token_length", |out| out.option(settings.max_token_length, Printer::number))?
        .word("words", "{}")?;
    Ok(())
}

fn alphabet(out: &mut Printer, settings: &Settings) -> Result<()> {
    out.list(&settings.initial_alphabet, |out, character| {
        out.string(character.encode_utf8(&mut [0; 4]))
    })
}

impl Print for Settings {
    fn print(&self, out: &mut Printer) -> Result<()> {
        let name = self.kind.name();
        out.word(name)?;
        out.word("(")?;
        out.object(name, |fields| match self.kind {
            Kind::Bpe => bpe_fields(self, fields),
            Kind::WordPiece => fields
                .field("bpe_trainer", |out| {
                    out.object("BpeTrainer", |fields| bpe_fields(self, fields))
                })
                .map(|_| ()),
            Kind::WordLevel => {
                fields
                    .number("min_frequency", self.min_frequency)?
                    .number("vocab_size", self.vocab_size)?
                    .bool("show_progress", self.show_progress)?
                    .field("special_tokens", |out| out.list(&self.special_tokens, special_token))?
                    .word("words", "{}")?;
                Ok(())
            }
            Kind::Unigram => {
                fields
                    .bool("show_progress", self.show_progress)?
                    .number("vocab_size", self.vocab_size)?
                    .number("n_sub_iterations", self.n_sub_iterations)?
                    .number("shrinking_factor", self.shrinking_factor)?
                    .field("special_tokens", |out| out.list(&self.special_tokens, special_token))?
                    .field("initial_alphabet", |out| alphabet(out, self))?
                    .optional("unk_token", self.unk_token.as_deref())?
                    .number("max_piece_length", self.max_piece_length)?
                    .number("seed_size", self.seed_size)?
                    .word("words", "{}")?;
                Ok(())
            }
        })?;
        out.word(")")
    }
}

//! The four trainers: constructors and attributes over [`Settings`].

use fissile_core::vocab;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::added_token::{AddedToken, tokens_from};
use crate::convert::{first_chars, list_or_tuple};
use crate::error::warn_unknown_keyword;
use crate::trainers::settings::ProgressFormat;
use crate::trainers::{Kind, Settings, Trainer};

/// The special tokens of a trainer, given as strings or `AddedToken`s.
pub(crate) struct SpecialTokens(pub(crate) Vec<vocab::AddedToken>);

impl FromPyObject<'_, '_> for SpecialTokens {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let message = "special_tokens must be a List[Union[str, AddedToken]]";
        tokens_from(&list_or_tuple(&object, message)?, true, message).map(Self)
    }
}

/// Set what the keyword names; whether the kind of trainer knows it.
fn set(settings: &mut Settings, key: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    use Kind::{Bpe, Unigram, WordLevel, WordPiece};
    match (key, settings.kind) {
        ("vocab_size", _) => settings.vocab_size = value.extract()?,
        ("show_progress", _) => settings.show_progress = value.extract()?,
        ("special_tokens", _) => settings.special_tokens = value.extract::<SpecialTokens>()?.0,
        ("min_frequency", Bpe | WordPiece | WordLevel) => {
            settings.min_frequency = value.extract()?;
        }
        ("progress_format", Bpe) => {
            settings.progress_format = ProgressFormat::named(&value.extract::<String>()?);
        }
        ("seed_tokens", _) => settings.seed_tokens = value.extract()?,
        ("clean", Bpe | WordPiece) => settings.clean = value.extract()?,
        ("limit_alphabet", Bpe | WordPiece) => settings.limit_alphabet = value.extract()?,
        ("max_token_length", Bpe) => settings.max_token_length = value.extract()?,
        ("initial_alphabet", Bpe | WordPiece | Unigram) => {
            let alphabet: Vec<String> = value.extract()?;
            settings.initial_alphabet = first_chars(&alphabet).into_iter().collect();
        }
        ("continuing_subword_prefix", Bpe | WordPiece) => {
            settings.continuing_subword_prefix = value.extract()?;
        }
        ("end_of_word_suffix", Bpe | WordPiece) => settings.end_of_word_suffix = value.extract()?,
        ("n_sub_iterations", Unigram) => settings.n_sub_iterations = value.extract()?,
        ("shrinking_factor", Unigram) => settings.shrinking_factor = value.extract()?,
        ("unk_token", Unigram) => settings.unk_token = value.extract()?,
        ("max_piece_length", Unigram) => settings.max_piece_length = value.extract()?,
        ("seed_size", Unigram) => settings.seed_size = value.extract()?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn from_keywords(kind: Kind, keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Trainer> {
    let mut settings = Settings::new(kind);
    for (key, value) in keywords.iter().flat_map(|keywords| keywords.iter()) {
        let key: String = key.extract()?;
        if !set(&mut settings, &key, &value)? {
            warn_unknown_keyword(value.py(), &key)?;
        }
    }
    Ok(settings.into())
}

fn alphabet(settings: &Settings) -> Vec<char> {
    settings.initial_alphabet.iter().copied().collect()
}

fn special_tokens(settings: &Settings) -> Vec<AddedToken> {
    settings.special_tokens.iter().cloned().map(AddedToken::from).collect()
}

macro_rules! trainer_class {
    (
        $(#[$meta:meta])*
        $class:ident, $kind:expr, $signature:literal;
        fields {
            $( $(#[$field_meta:meta])* $field:ident / $setter:ident : $get:ty => $read:expr, $set:ty => $write:expr; )*
        }
        $(extra { $($extra:tt)* })?
    ) => {
        $(#[$meta])*
        #[pyclass(extends = Trainer, module = "fissile.trainers", frozen)]
        pub(crate) struct $class;

        #[pymethods]
        impl $class {
            #[new]
            #[pyo3(signature = (**kwargs), text_signature = $signature)]
            fn new(kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<PyClassInitializer<Self>> {
                Ok(PyClassInitializer::from(from_keywords($kind, kwargs)?).add_subclass($class))
            }
            $(
                $(#[$field_meta])*
                #[getter($field)]
                fn $field(slf: PyRef<'_, Self>) -> $get {
                    let read: fn(&Settings) -> $get = $read;
                    read(&slf.as_super().settings())
                }

                #[setter($field)]
                fn $setter(slf: PyRef<'_, Self>, value: $set) {
                    let write: fn(&mut Settings, $set) = $write;
                    slf.as_super().edit(|settings| write(settings, value));
                }
            )*
            $($($extra)*)?
        }
    };
}

trainer_class! {
    /// Settings to train a BPE model.
    ///
    /// Args:
    ///     vocab_size: Tokens at most, alphabet and special tokens included.
    ///     min_frequency: How often a pair has to occur to be merged.
    ///     show_progress: Show progress.
    ///     progress_format: "indicatif", "json" or "silent".
    ///     special_tokens: Tokens that come first and are found whole.
    ///     limit_alphabet: Characters at most.
    ///     initial_alphabet: Characters that are kept even if they do not occur.
    ///     continuing_subword_prefix: Put before every symbol but the first of a word.
    ///     end_of_word_suffix: Put behind the last symbol of a word.
    ///     max_token_length: Characters of a token at most.
    ///     seed_tokens: Texts that become tokens whatever the corpus says, spelled in the characters of the
    ///         words (the byte alphabet where the pre-tokenizer is byte-level).
    ///     clean: Merge the pair that is the most frequent at the time, wherever it stands, and never make
    ///         longer tokens than asked: the textbook's way. By default all of the reference's habits are
    ///         kept, so that the result is the reference's.
    BpeTrainer, Kind::Bpe,
    "(*, vocab_size=30000, min_frequency=0, show_progress=True, progress_format='indicatif', special_tokens=[], limit_alphabet=None, initial_alphabet=[], continuing_subword_prefix=None, end_of_word_suffix=None, max_token_length=None, seed_tokens=[], clean=False)";
    fields {
        /// Texts that become tokens whatever the corpus says.
        seed_tokens / set_seed_tokens: Vec<String> => |s| s.seed_tokens.clone(),
            Vec<String> => |s, value| s.seed_tokens = value;
        /// Whether the reference's habits are left out.
        clean / set_clean: bool => |s| s.clean, bool => |s, value| s.clean = value;
        /// Tokens at most.
        vocab_size / set_vocab_size: usize =>
            |s| s.vocab_size, usize => |s, value| s.vocab_size = value;
        /// How often a pair has to occur to be merged.
        min_frequency / set_min_frequency: u64 =>
            |s| s.min_frequency, u64 => |s, value| s.min_frequency = value;
        /// Whether progress is shown.
        show_progress / set_show_progress: bool =>
            |s| s.show_progress, bool => |s, value| s.show_progress = value;
        /// How progress is shown.
        progress_format / set_progress_format: String => |s| s.progress_format.name().to_owned(),
            String => |s, value| s.progress_format = ProgressFormat::named(&value);
        /// Tokens that come first.
        special_tokens / set_special_tokens: Vec<AddedToken> =>
            special_tokens, SpecialTokens => |s, value| s.special_tokens = value.0;
        /// Characters at most.
        limit_alphabet / set_limit_alphabet: Option<usize> =>
            |s| s.limit_alphabet, Option<usize> => |s, value| s.limit_alphabet = value;
        /// Characters of a token at most.
        max_token_length / set_max_token_length: Option<usize> => |s| s.max_token_length,
            Option<usize> => |s, value| s.max_token_length = value;
        /// Characters that are kept.
        initial_alphabet / set_initial_alphabet: Vec<char> =>
            alphabet, Vec<char> => |s, value| s.initial_alphabet = value.into_iter().collect();
        /// Put before every symbol but the first of a word.
        continuing_subword_prefix / set_continuing_subword_prefix: Option<String> =>
            |s| s.continuing_subword_prefix.clone(),
            Option<String> => |s, value| s.continuing_subword_prefix = value;
        /// Put behind the last symbol of a word.
        end_of_word_suffix / set_end_of_word_suffix: Option<String> =>
            |s| s.end_of_word_suffix.clone(),
            Option<String> => |s, value| s.end_of_word_suffix = value;
    }
    extra {
        /// How many distinct words were counted.
        fn get_word_count(slf: PyRef<'_, Self>) -> usize {
            slf.as_super().word_count()
        }
    }
}

trainer_class! {
    /// Settings to train a WordPiece model.
    ///
    /// Args:
    ///     vocab_size: Tokens at most, alphabet and special tokens included.
    ///     min_frequency: How often a pair has to occur to be merged.
    ///     show_progress: Show progress.
    ///     special_tokens: Tokens that come first and are found whole.
    ///     limit_alphabet: Characters at most.
    ///     initial_alphabet: Characters that are kept even if they do not occur.
    ///     continuing_subword_prefix: Put before every symbol but the first of a word.
    ///     end_of_word_suffix: Put behind the last symbol of a word.
    ///     seed_tokens: Texts that become tokens whatever the corpus says, spelled in the characters of the
    ///         words (the byte alphabet where the pre-tokenizer is byte-level).
    ///     clean: Merge the pair that is the most frequent at the time, wherever it stands, and never make
    ///         longer tokens than asked: the textbook's way. By default all of the reference's habits are
    ///         kept, so that the result is the reference's.
    WordPieceTrainer, Kind::WordPiece,
    "(*, vocab_size=30000, min_frequency=0, show_progress=True, special_tokens=[], limit_alphabet=None, initial_alphabet=[], continuing_subword_prefix='##', end_of_word_suffix=None, seed_tokens=[], clean=False)";
    fields {
        /// Texts that become tokens whatever the corpus says.
        seed_tokens / set_seed_tokens: Vec<String> => |s| s.seed_tokens.clone(),
            Vec<String> => |s, value| s.seed_tokens = value;
        /// Whether the reference's habits are left out.
        clean / set_clean: bool => |s| s.clean, bool => |s, value| s.clean = value;
        /// Tokens at most.
        vocab_size / set_vocab_size: usize =>
            |s| s.vocab_size, usize => |s, value| s.vocab_size = value;
        /// How often a pair has to occur to be merged.
        min_frequency / set_min_frequency: u64 =>
            |s| s.min_frequency, u64 => |s, value| s.min_frequency = value;
        /// Whether progress is shown.
        show_progress / set_show_progress: bool =>
            |s| s.show_progress, bool => |s, value| s.show_progress = value;
        /// Tokens that come first.
        special_tokens / set_special_tokens: Vec<AddedToken> =>
            special_tokens, SpecialTokens => |s, value| s.special_tokens = value.0;
        /// Characters at most.
        limit_alphabet / set_limit_alphabet: Option<usize> =>
            |s| s.limit_alphabet, Option<usize> => |s, value| s.limit_alphabet = value;
        /// Characters that are kept.
        initial_alphabet / set_initial_alphabet: Vec<char> =>
            alphabet, Vec<char> => |s, value| s.initial_alphabet = value.into_iter().collect();
        /// Put before every symbol but the first of a word.
        continuing_subword_prefix / set_continuing_subword_prefix: Option<String> =>
            |s| s.continuing_subword_prefix.clone(),
            Option<String> => |s, value| s.continuing_subword_prefix = value;
        /// Put behind the last symbol of a word.
        end_of_word_suffix / set_end_of_word_suffix: Option<String> =>
            |s| s.end_of_word_suffix.clone(),
            Option<String> => |s, value| s.end_of_word_suffix = value;
    }
}

trainer_class! {
    /// Settings to train a word-level model.
    ///
    /// Args:
    ///     vocab_size: Words at most, special tokens included.
    ///     min_frequency: How often a word has to occur.
    ///     show_progress: Show progress.
    ///     special_tokens: Tokens that come first and are found whole.
    ///     seed_tokens: Texts that become tokens whatever the corpus says, spelled in the characters of the
    ///         words (the byte alphabet where the pre-tokenizer is byte-level).
    WordLevelTrainer, Kind::WordLevel,
    "(*, vocab_size=30000, min_frequency=0, show_progress=True, special_tokens=[], seed_tokens=[])";
    fields {
        /// Texts that become tokens whatever the corpus says.
        seed_tokens / set_seed_tokens: Vec<String> => |s| s.seed_tokens.clone(),
            Vec<String> => |s, value| s.seed_tokens = value;
        /// Words at most.
        vocab_size / set_vocab_size: usize =>
            |s| s.vocab_size, usize => |s, value| s.vocab_size = value;
        /// How often a word has to occur.
        min_frequency / set_min_frequency: u64 =>
            |s| s.min_frequency, u64 => |s, value| s.min_frequency = value;
        /// Whether progress is shown.
        show_progress / set_show_progress: bool =>
            |s| s.show_progress, bool => |s, value| s.show_progress = value;
        /// Tokens that come first.
        special_tokens / set_special_tokens: Vec<AddedToken> =>
            special_tokens, SpecialTokens => |s, value| s.special_tokens = value.0;
    }
}

trainer_class! {
    /// Settings to train a Unigram model.
    ///
    /// Args:
    ///     vocab_size: Tokens at most, alphabet and special tokens included.
    ///     show_progress: Show progress.
    ///     special_tokens: Tokens that come first and are found whole.
    ///     initial_alphabet: Characters that are kept even if they do not occur.
    ///     shrinking_factor: The share of tokens that survives a pruning.
    ///     unk_token: What stands for the unknown.
    ///     max_piece_length: Characters of a token at most.
    ///     n_sub_iterations: Rounds of expectation-maximisation before a pruning.
    ///     seed_tokens: Texts that become tokens whatever the corpus says, spelled in the characters of the
    ///         words (the byte alphabet where the pre-tokenizer is byte-level).
    UnigramTrainer, Kind::Unigram,
    "(*, vocab_size=8000, show_progress=True, special_tokens=[], initial_alphabet=[], shrinking_factor=0.75, unk_token=None, max_piece_length=16, n_sub_iterations=2, seed_tokens=[])";
    fields {
        /// Texts that become tokens whatever the corpus says.
        seed_tokens / set_seed_tokens: Vec<String> => |s| s.seed_tokens.clone(),
            Vec<String> => |s, value| s.seed_tokens = value;
        /// Tokens at most.
        vocab_size / set_vocab_size: usize =>
            |s| s.vocab_size, usize => |s, value| s.vocab_size = value;
        /// Whether progress is shown.
        show_progress / set_show_progress: bool =>
            |s| s.show_progress, bool => |s, value| s.show_progress = value;
        /// Tokens that come first.
        special_tokens / set_special_tokens: Vec<AddedToken> =>
            special_tokens, SpecialTokens => |s, value| s.special_tokens = value.0;
        /// Characters that are kept.
        initial_alphabet / set_initial_alphabet: Vec<char> =>
            alphabet, Vec<char> => |s, value| s.initial_alphabet = value.into_iter().collect();
    }
}

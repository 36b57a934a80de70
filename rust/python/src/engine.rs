//! The one door to the core's functions that are not methods of a class here.
//!
//! Everything the binding asks of the core by way of a trait or of `format` goes through this file, so
//! that a change over there is a change of this file only.

use fissile_core::decoders::Decoder;
use fissile_core::encoding::Encoding;
use fissile_core::models::Model;
use fissile_core::normalizers::Normalizer;
use fissile_core::post_processors::PostProcessor;
use fissile_core::pre_tokenizers::PreTokenizer;
use fissile_core::text::{NormalizedText, Pieces};
use fissile_core::{Error, Result, Token, Tokenizer};

fn not_yet<T>(what: &str) -> Result<T> {
    Err(Error::unsupported(format!("{what} is not wired up yet")))
}

/// Normalize a text.
pub(crate) fn normalize(_part: &Normalizer, _text: &mut NormalizedText) -> Result<()> {
    not_yet("normalize")
}

/// Cut a text.
pub(crate) fn pre_tokenize(_part: &PreTokenizer, _pieces: &mut Pieces) -> Result<()> {
    not_yet("pre_tokenize")
}

/// The tokens of one piece.
pub(crate) fn tokenize(_model: &Model, _piece: &str) -> Result<Vec<Token>> {
    not_yet("tokenize")
}

/// The id of a token in the model's vocabulary.
pub(crate) fn token_to_id(_model: &Model, _token: &str) -> Option<u32> {
    None
}

/// The token of an id in the model's vocabulary.
pub(crate) fn id_to_token(_model: &Model, _id: u32) -> Option<String> {
    None
}

/// How many tokens a post-processor adds.
pub(crate) fn added_tokens(_part: &PostProcessor, _is_pair: bool) -> usize {
    0
}

/// Frame one encoding or the two of a pair.
pub(crate) fn process(
    _part: &PostProcessor,
    _encodings: Vec<Encoding>,
    _add_special_tokens: bool,
) -> Result<Encoding> {
    not_yet("process")
}

/// Join tokens to a text.
pub(crate) fn decode(_part: &Decoder, _tokens: Vec<String>) -> Result<String> {
    not_yet("decode")
}

/// The JSON of parts, as a `tokenizer.json` writes them, and back.
pub(crate) mod json {
    use super::*;

    pub(crate) fn write_normalizer(_part: &Normalizer) -> Result<String> {
        not_yet("json")
    }
    pub(crate) fn read_normalizer(_json: &str) -> Result<Normalizer> {
        not_yet("json")
    }
    pub(crate) fn write_pre_tokenizer(_part: &PreTokenizer) -> Result<String> {
        not_yet("json")
    }
    pub(crate) fn read_pre_tokenizer(_json: &str) -> Result<PreTokenizer> {
        not_yet("json")
    }
    pub(crate) fn write_model(_part: &Model) -> Result<String> {
        not_yet("json")
    }
    pub(crate) fn read_model(_json: &str) -> Result<Model> {
        not_yet("json")
    }
    pub(crate) fn write_post_processor(_part: &PostProcessor) -> Result<String> {
        not_yet("json")
    }
    pub(crate) fn read_post_processor(_json: &str) -> Result<PostProcessor> {
        not_yet("json")
    }
    pub(crate) fn write_decoder(_part: &Decoder) -> Result<String> {
        not_yet("json")
    }
    pub(crate) fn read_decoder(_json: &str) -> Result<Decoder> {
        not_yet("json")
    }
    pub(crate) fn write_tokenizer(_tokenizer: &Tokenizer, _pretty: bool) -> Result<String> {
        not_yet("json")
    }
    pub(crate) fn read_tokenizer(_json: &str) -> Result<Tokenizer> {
        not_yet("json")
    }
}

/// Files.
pub(crate) mod files {
    use super::*;

    /// Vocabulary entries, as files hold them.
    pub(crate) type VocabEntries = Vec<(String, u32)>;
    /// Merges by rank.
    pub(crate) type Merges = Vec<(String, String)>;

    pub(crate) fn read_tokenizer(_path: &str) -> Result<Tokenizer> {
        not_yet("files")
    }
    pub(crate) fn save_tokenizer(_tokenizer: &Tokenizer, _path: &str, _pretty: bool) -> Result<()> {
        not_yet("files")
    }
    pub(crate) fn read_bpe(_vocab: &str, _merges: &str) -> Result<(VocabEntries, Merges)> {
        not_yet("files")
    }
    pub(crate) fn read_wordpiece(_vocab: &str) -> Result<VocabEntries> {
        not_yet("files")
    }
    pub(crate) fn read_wordlevel(_vocab: &str) -> Result<VocabEntries> {
        not_yet("files")
    }
    pub(crate) fn save_model(
        _model: &Model,
        _folder: &str,
        _prefix: Option<&str>,
    ) -> Result<Vec<String>> {
        not_yet("files")
    }
}

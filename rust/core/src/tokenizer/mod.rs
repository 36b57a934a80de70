//! The parts composed: encode, decode, batches, streams.

mod batch;
mod decode;
mod encode;
mod padding;
mod stream;
mod truncation;

pub use padding::{PaddingOptions, PaddingStrategy, pad_encodings};
pub use stream::DecodeStream;
pub use truncation::{TruncationOptions, TruncationStrategy, truncate_encodings};

use std::sync::Arc;

use crate::decoders::Decoder;
use crate::encoding::Encoding;
use crate::error::Result;
use crate::models::Model;
use crate::normalizers::Normalizer;
use crate::post_processors::PostProcessor;
use crate::pre_tokenizers::PreTokenizer;
use crate::token::TokenId;
use crate::vocab::{AddedToken, AddedTokens};

/// A tokenizer: immutable, shared freely between threads. Changing one (`with_…`) gives another that
/// shares all parts but the changed one.
#[derive(Clone)]
pub struct Tokenizer {
    model: Model,
    normalizer: Option<Normalizer>,
    pre_tokenizer: Option<PreTokenizer>,
    post_processor: Option<PostProcessor>,
    decoder: Option<Decoder>,
    added: Arc<AddedTokens>,
    truncation: Option<TruncationOptions>,
    padding: Option<PaddingOptions>,
    encode_special_tokens: bool,
}

/// One text or a text already cut into words.
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// A text.
    Text(&'a str),
    /// Words.
    Words(Vec<&'a str>),
}

/// What is encoded in one go: a sequence, or a pair.
#[derive(Debug, Clone)]
pub struct EncodeInput<'a> {
    /// The first sequence.
    pub first: Input<'a>,
    /// The second of a pair.
    pub second: Option<Input<'a>>,
}

/// Which special tokens a text may contain (after tiktoken).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SpecialTokens {
    /// All of them.
    #[default]
    All,
    /// None: their text is encoded like any other.
    None,
    /// Only these; the others are text.
    Only(Vec<String>),
}

/// How to encode: what a call can say beside its text. The defaults are the tokenizer's own settings.
#[derive(Debug, Clone, Default)]
pub struct EncodeOptions {
    /// Leave out the special tokens of the post-processor (the default is to add them).
    pub skip_special_tokens: bool,
    /// Skip offsets, words and token texts.
    pub ids_only: bool,
    /// Offsets in bytes rather than characters.
    pub byte_offsets: bool,
    /// Offsets as they ought to be where the reference's are wrong.
    pub exact_offsets: bool,
    /// Instead of the tokenizer's truncation: `Some(None)` for none.
    pub truncation: Option<Option<TruncationOptions>>,
    /// Instead of the tokenizer's padding: `Some(None)` for none.
    pub padding: Option<Option<PaddingOptions>>,
    /// Special tokens that may stand in the text; the default is the tokenizer's `encode_special_tokens`.
    pub allowed_special: Option<SpecialTokens>,
    /// Special tokens that make encoding fail when they stand in the text.
    pub disallowed_special: Option<SpecialTokens>,
    /// At most so many threads; the default asks the environment.
    pub num_threads: Option<usize>,
}

/// Ids of several texts in one buffer: row `i` is `values[splits[i]..splits[i + 1]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RaggedIds {
    /// All ids.
    pub values: Vec<TokenId>,
    /// Where rows begin; one more than there are rows.
    pub splits: Vec<i64>,
}

#[allow(unused_variables, clippy::todo)]
impl Tokenizer {
    /// A tokenizer of nothing but a model.
    pub fn new(model: Model) -> Self { todo!() }
    pub fn model(&self) -> &Model { &self.model }
    pub fn normalizer(&self) -> Option<&Normalizer> { self.normalizer.as_ref() }
    pub fn pre_tokenizer(&self) -> Option<&PreTokenizer> { self.pre_tokenizer.as_ref() }
    pub fn post_processor(&self) -> Option<&PostProcessor> { self.post_processor.as_ref() }
    pub fn decoder(&self) -> Option<&Decoder> { self.decoder.as_ref() }
    pub fn added_tokens(&self) -> &AddedTokens { &self.added }
    pub fn truncation(&self) -> Option<&TruncationOptions> { self.truncation.as_ref() }
    pub fn padding(&self) -> Option<&PaddingOptions> { self.padding.as_ref() }
    pub fn encode_special_tokens(&self) -> bool { self.encode_special_tokens }
    // Setters (`&mut self`: a tokenizer not yet shared; the binding clones, sets, swaps).
    pub fn set_model(&mut self, model: Model) { todo!() }
    pub fn set_normalizer(&mut self, normalizer: Option<Normalizer>) -> Result<()> { todo!() }
    pub fn set_pre_tokenizer(&mut self, pre_tokenizer: Option<PreTokenizer>) { todo!() }
    pub fn set_post_processor(&mut self, post_processor: Option<PostProcessor>) { todo!() }
    pub fn set_decoder(&mut self, decoder: Option<Decoder>) { todo!() }
    pub fn set_truncation(&mut self, truncation: Option<TruncationOptions>) -> Result<()> { todo!() }
    pub fn set_padding(&mut self, padding: Option<PaddingOptions>) { todo!() }
    pub fn set_encode_special_tokens(&mut self, value: bool) { todo!() }
    /// Add tokens; how many were new or changed.
    pub fn add_tokens(&mut self, tokens: Vec<AddedToken>) -> Result<usize> { todo!() }
    // Vocabulary.
    pub fn vocab_size(&self, with_added_tokens: bool) -> usize { todo!() }
    pub fn token_to_id(&self, token: &str) -> Option<TokenId> { todo!() }
    /// As decoding sees it (the normalized form of an added token).
    pub fn id_to_token(&self, id: TokenId) -> Option<&str> { todo!() }
    /// Every token and id, by ascending id, model first where both have one.
    pub fn vocab(&self, with_added_tokens: bool) -> Vec<(&str, TokenId)> { todo!() }
    /// The raw bytes an id stands for when decoded.
    pub fn token_bytes(&self, id: TokenId) -> Option<Vec<u8>> { todo!() }
    // Encode.
    pub fn encode(&self, input: &EncodeInput<'_>, options: &EncodeOptions) -> Result<Encoding> { todo!() }
    pub fn encode_batch(&self, inputs: &[EncodeInput<'_>], options: &EncodeOptions) -> Result<Vec<Encoding>> { todo!() }
    pub fn encode_ids(&self, input: &EncodeInput<'_>, options: &EncodeOptions) -> Result<Vec<TokenId>> { todo!() }
    pub fn encode_ids_batch(&self, inputs: &[EncodeInput<'_>], options: &EncodeOptions) -> Result<RaggedIds> { todo!() }
    pub fn count(&self, input: &EncodeInput<'_>, options: &EncodeOptions) -> Result<usize> { todo!() }
    pub fn count_batch(&self, inputs: &[EncodeInput<'_>], options: &EncodeOptions) -> Result<Vec<usize>> { todo!() }
    pub fn post_process(&self, first: Encoding, second: Option<Encoding>, options: &EncodeOptions) -> Result<Encoding> { todo!() }
    pub fn num_special_tokens_to_add(&self, is_pair: bool) -> usize { todo!() }
    // Decode.
    pub fn decode(&self, ids: &[TokenId], skip_special_tokens: bool) -> Result<String> { todo!() }
    pub fn decode_batch(&self, batch: &[Vec<TokenId>], skip_special_tokens: bool, num_threads: Option<usize>) -> Result<Vec<String>> { todo!() }
    /// The bytes of ids joined, before they are made text.
    pub fn decode_bytes(&self, ids: &[TokenId], skip_special_tokens: bool) -> Result<Vec<u8>> { todo!() }
}

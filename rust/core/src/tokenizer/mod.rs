//! The parts composed: encode, decode, batches, streams.
//!
//! [`Tokenizer`] is plain data behind an `Arc`; [`encode`] is the life of one text, which takes one of
//! three roads: [`general`] (any parts; the readable twin), [`pieces`] and [`units`] (through the cache).
//! [`plan`] decides which.

mod batch;
mod bert_words;
mod bytes;
mod decode;
mod decode_batch;
mod drain;
mod encode;
mod forbidden;
mod general;
mod incremental;
mod options;
mod padding;
mod pieces;
mod plain_words;
mod plan;
mod seams;
mod sink;
mod spread;
mod stream;
mod together;
mod truncation;
mod turns;
mod units;
mod words;

pub use crate::util::rooms::Numbers;
pub use decode_batch::DecodedTexts;
pub use incremental::{Change, IncrementalEncoder};
pub use options::{EncodeInput, EncodeOptions, Input, RaggedIds, SpecialTokens};
pub use padding::{PaddingOptions, PaddingStrategy, pad_encodings};
pub use stream::DecodeStream;
pub use truncation::{TruncationOptions, TruncationStrategy, truncate_encodings};
pub use words::UnitForm;

use std::sync::{Arc, OnceLock};

use crate::cache::ScratchPool;
use crate::decoders::Decoder;
use crate::encoding::{Blanks, BlanksTable, TokenNames};
use crate::error::Result;
use crate::models::Model;
use crate::normalizers::Normalizer;
use crate::post_processors::PostProcessor;
use crate::pre_tokenizers::PreTokenizer;
use crate::stages::{PostProcess, Tokenize};
use crate::token::TokenId;
use crate::vocab::added_tokens::ModelVocabulary;
use crate::vocab::{AddedToken, AddedTokens};
use decode::Decoding;
use encode::Frame;
use plan::Plan;

/// A tokenizer: immutable, shared freely between threads. Changing one (`set_…` on a clone) gives
/// another that shares all parts but the changed one.
#[derive(Clone)]
pub struct Tokenizer {
    front: Arc<Front>,
    post_processor: Option<PostProcessor>,
    decoder: Option<Decoder>,
    truncation: Option<TruncationOptions>,
    padding: Option<PaddingOptions>,
    encode_special_tokens: bool,
    verbatim_added_tokens: bool,
    /// What decoding works out when it is first needed.
    decoding: Arc<Decoding>,
    /// What the post-processor puts around ids, with special tokens and without; found out when first needed. `None`
    /// where it depends on the sequence.
    frames: [OnceLock<Option<Frame>>; 2],
}

/// What turns text into tokens, with what was derived from it.
pub(crate) struct Front {
    pub(crate) model: Model,
    pub(crate) normalizer: Option<Normalizer>,
    pub(crate) pre_tokenizer: Option<PreTokenizer>,
    pub(crate) added: AddedTokens,
    plan: OnceLock<Plan>,
    pub(crate) scratches: ScratchPool,
    /// White space at the ends of tokens; made when first asked for.
    blanks: OnceLock<BlanksTable>,
}

impl Front {
    fn new(
        model: Model,
        normalizer: Option<Normalizer>,
        pre_tokenizer: Option<PreTokenizer>,
        added: AddedTokens,
    ) -> Self {
        let (plan, scratches, blanks) = (OnceLock::new(), ScratchPool::new(), OnceLock::new());
        Self { model, normalizer, pre_tokenizer, added, plan, scratches, blanks }
    }

    /// How texts are encoded; decided when the first one comes.
    pub(crate) fn plan(&self) -> &Plan {
        self.plan.get_or_init(|| Plan::new(self))
    }

    /// The normalized form of an added token; `None` without a normalizer.
    fn normalize(normalizer: Option<&Normalizer>, text: &str) -> Result<Option<String>> {
        normalizer.map(|normalizer| normalizer.normalize_str(text)).transpose()
    }
}

impl TokenNames for Front {
    fn name(&self, id: TokenId) -> Option<&str> {
        self.model.id_to_token(id).or_else(|| Some(&self.added.get(id)?.content))
    }

    fn blanks(&self, id: TokenId) -> Blanks {
        let table = self
            .blanks
            .get_or_init(|| BlanksTable::new(self.model.vocab_size() + self.added.beyond_model()));
        table.of(id, || self.name(id).unwrap_or(""))
    }
}

impl ModelVocabulary for Model {
    fn token_to_id(&self, token: &str) -> Option<TokenId> {
        Tokenize::token_to_id(self, token)
    }

    fn has_id(&self, id: TokenId) -> bool {
        self.id_to_token(id).is_some()
    }

    fn size(&self) -> usize {
        self.vocab_size()
    }
}

/// The parts and settings.
impl Tokenizer {
    /// A tokenizer of nothing but a model.
    pub fn new(model: Model) -> Self {
        Self {
            front: Arc::new(Front::new(model, None, None, AddedTokens::default())),
            post_processor: None,
            decoder: None,
            truncation: None,
            padding: None,
            encode_special_tokens: false,
            verbatim_added_tokens: false,
            decoding: Arc::default(),
            frames: Default::default(),
        }
    }

    /// What turns pieces into tokens.
    pub fn model(&self) -> &Model {
        &self.front.model
    }

    /// What cleans texts.
    pub fn normalizer(&self) -> Option<&Normalizer> {
        self.front.normalizer.as_ref()
    }

    /// What cuts texts into pieces.
    pub fn pre_tokenizer(&self) -> Option<&PreTokenizer> {
        self.front.pre_tokenizer.as_ref()
    }

    /// What frames encodings.
    pub fn post_processor(&self) -> Option<&PostProcessor> {
        self.post_processor.as_ref()
    }

    /// What turns tokens back into text.
    pub fn decoder(&self) -> Option<&Decoder> {
        self.decoder.as_ref()
    }

    /// The tokens added on top of the model's.
    pub fn added_tokens(&self) -> &AddedTokens {
        &self.front.added
    }

    /// How encodings are cut, unless a call says otherwise.
    pub fn truncation(&self) -> Option<&TruncationOptions> {
        self.truncation.as_ref()
    }

    /// How encodings are padded, unless a call says otherwise.
    pub fn padding(&self) -> Option<&PaddingOptions> {
        self.padding.as_ref()
    }

    /// Whether special tokens in a text are encoded as text, unless a call says otherwise.
    pub fn encode_special_tokens(&self) -> bool {
        self.encode_special_tokens
    }

    /// Take another model; added tokens keep their ids.
    pub fn set_model(&mut self, model: Model) {
        self.edit_front(|front| {
            front.added.recount(&model);
            front.model = model;
        });
    }

    /// Take another normalizer; added tokens are normalized anew.
    pub fn set_normalizer(&mut self, normalizer: Option<Normalizer>) -> Result<()> {
        self.edit_front(|front| {
            front.added.renormalize(|text| Front::normalize(normalizer.as_ref(), text))?;
            front.normalizer = normalizer;
            Ok(())
        })
    }

    /// Take another pre-tokenizer.
    pub fn set_pre_tokenizer(&mut self, pre_tokenizer: Option<PreTokenizer>) {
        self.edit_front(|front| front.pre_tokenizer = pre_tokenizer);
    }

    /// Take another post-processor.
    pub fn set_post_processor(&mut self, post_processor: Option<PostProcessor>) {
        self.post_processor = post_processor;
        self.frames = Default::default();
    }

    /// Take another decoder.
    pub fn set_decoder(&mut self, decoder: Option<Decoder>) {
        self.decoder = decoder;
        self.decoding = Arc::default();
    }

    /// Cut encodings from now on. A stride that leaves no progress is an error.
    pub fn set_truncation(&mut self, truncation: Option<TruncationOptions>) -> Result<()> {
        if let Some(options) = &truncation {
            options.check(self.num_special_tokens_to_add(false))?;
        }
        self.truncation = truncation;
        Ok(())
    }

    /// Pad encodings from now on.
    pub fn set_padding(&mut self, padding: Option<PaddingOptions>) {
        self.padding = padding;
    }

    /// Whether special tokens in a text are text like any other.
    pub fn set_encode_special_tokens(&mut self, value: bool) {
        self.encode_special_tokens = value;
    }

    /// Whether decoding takes added tokens for the text they are, even where the decoder reads characters
    /// as bytes.
    pub fn verbatim_added_tokens(&self) -> bool {
        self.verbatim_added_tokens
    }

    /// Whether decoding takes added tokens for the text they are, even where the decoder reads characters
    /// as bytes ("naïve" among byte-level tokens). The default is the reference's way: it does not.
    pub fn set_verbatim_added_tokens(&mut self, value: bool) {
        self.verbatim_added_tokens = value;
        self.decoding = Arc::default();
    }

    /// Add tokens; how many were new or changed.
    pub fn add_tokens(&mut self, tokens: Vec<AddedToken>) -> Result<usize> {
        self.edit_front(|front| {
            let normalizer = front.normalizer.as_ref();
            front.added.add(tokens, &front.model, |text| Front::normalize(normalizer, text))
        })
    }

    /// Edit the front part: in place where nobody shares it, else a copy. What was derived goes.
    fn edit_front<R>(&mut self, edit: impl FnOnce(&mut Front) -> R) -> R {
        self.decoding = Arc::default();
        if Arc::get_mut(&mut self.front).is_none() {
            let old = &*self.front;
            self.front = Arc::new(Front::new(
                old.model.clone(),
                old.normalizer.clone(),
                old.pre_tokenizer.clone(),
                old.added.clone(),
            ));
        }
        let front = Arc::get_mut(&mut self.front).expect("just made, or found to be unshared");
        front.blanks = OnceLock::new();
        if front.plan.get().is_some() {
            front.plan = OnceLock::new();
            front.scratches = ScratchPool::new();
        }
        edit(front)
    }
}

/// The vocabulary.
impl Tokenizer {
    /// How many tokens there are, in constant time.
    pub fn vocab_size(&self, with_added_tokens: bool) -> usize {
        let added = if with_added_tokens { self.front.added.beyond_model() } else { 0 };
        self.front.model.vocab_size() + added
    }

    /// The id of a token, added ones first.
    pub fn token_to_id(&self, token: &str) -> Option<TokenId> {
        self.front.added.id(token).or_else(|| Tokenize::token_to_id(&self.front.model, token))
    }

    /// The token of an id as decoding sees it: for an added token, its normalized form.
    pub fn id_to_token(&self, id: TokenId) -> Option<&str> {
        self.front.added.decoded_text(id).or_else(|| self.front.model.id_to_token(id))
    }

    /// Every token and its id, by ascending id; an added token's id wins over the model's.
    pub fn vocab(&self, with_added_tokens: bool) -> Vec<(&str, TokenId)> {
        let added = &self.front.added;
        let mut vocab: Vec<_> = self
            .front
            .model
            .vocab_iter()
            .filter(|(token, _)| !with_added_tokens || added.id(token).is_none())
            .collect();
        if with_added_tokens {
            vocab.extend(added.texts());
        }
        vocab.sort_unstable_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)));
        vocab
    }

    /// How many tokens the post-processor adds to one sequence or to a pair.
    pub fn num_special_tokens_to_add(&self, is_pair: bool) -> usize {
        self.post_processor.as_ref().map_or(0, |processor| processor.added_tokens(is_pair))
    }
}

//! BERT's `vocab.txt`: one token a line, its id the number of the line.

use std::path::Path;

use super::lines::{lines, read_file};
use crate::decoders::{Decoder, WordPieceDecoder};
use crate::error::{Error, Result};
use crate::models::Model;
use crate::models::wordpiece::{WordPiece, WordPieceOptions};
use crate::normalizers::{BertNormalizer, Normalizer};
use crate::post_processors::PostProcessor;
use crate::post_processors::template::{SpecialToken, TemplateProcessing, parse_template};
use crate::pre_tokenizers::PreTokenizer;
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;
use crate::vocab::{AddedToken, Vocab};

/// The parts of a BERT tokenizer that its `vocab.txt` does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BertOptions {
    /// Stands for a word that cannot be built.
    pub unk_token: String,
    /// Closes every sequence.
    pub sep_token: String,
    /// Opens the first sequence.
    pub cls_token: String,
    /// Fills encodings up.
    pub pad_token: String,
    /// Stands for a word to be guessed.
    pub mask_token: String,
    /// How texts are cleaned.
    pub normalizer: BertNormalizer,
    /// Begins the pieces of a word but the first.
    pub continuing_subword_prefix: String,
}

impl Default for BertOptions {
    fn default() -> Self {
        Self {
            unk_token: "[UNK]".to_owned(),
            sep_token: "[SEP]".to_owned(),
            cls_token: "[CLS]".to_owned(),
            pad_token: "[PAD]".to_owned(),
            mask_token: "[MASK]".to_owned(),
            normalizer: BertNormalizer::default(),
            continuing_subword_prefix: "##".to_owned(),
        }
    }
}

impl WordPiece {
    /// Read the vocabulary in a `vocab.txt`.
    ///
    /// White space at the ends of lines does not count. Of lines that are equal the last counts.
    pub fn read_file(path: &Path) -> Result<Vocab> {
        read_vocab_txt(&read_file(path)?).map_err(|error| error.in_path(path.display().to_string()))
    }
}

impl Tokenizer {
    /// A BERT tokenizer from the bytes of a `vocab.txt`: clean-up, cut at white space and punctuation,
    /// `WordPiece`, `[CLS] A [SEP] B [SEP]`.
    ///
    /// # Errors
    /// When a line is not UTF-8, or the vocabulary lacks the tokens of the frame.
    pub fn from_vocab_txt_bytes(bytes: &[u8], options: &BertOptions) -> Result<Self> {
        bert(read_vocab_txt(bytes)?, options)
    }
}

pub(super) fn read_vocab_txt(bytes: &[u8]) -> Result<Vocab> {
    let mut entries: Vec<(&str, TokenId)> = Vec::new();
    for (line, id) in lines(bytes).zip(0..) {
        entries.push((line?.trim_end(), id));
    }
    Ok(Vocab::from_pairs(entries))
}

fn bert(vocab: Vocab, options: &BertOptions) -> Result<Tokenizer> {
    let frame = frame(&vocab, options)?;
    let names = [
        &options.unk_token,
        &options.sep_token,
        &options.cls_token,
        &options.pad_token,
        &options.mask_token,
    ];
    let known = names.into_iter().filter(|token| vocab.id(token).is_some());
    let special = known.map(|token| AddedToken::new(token, true)).collect();
    let prefix = options.continuing_subword_prefix.clone();
    let wordpiece = WordPieceOptions {
        unk_token: options.unk_token.clone(),
        continuing_subword_prefix: prefix.clone(),
        ..WordPieceOptions::default()
    };
    let mut tokenizer = Tokenizer::new(Model::WordPiece(WordPiece::new(vocab, wordpiece)));
    tokenizer.set_normalizer(Some(Normalizer::Bert(options.normalizer)))?;
    tokenizer.set_pre_tokenizer(Some(PreTokenizer::Bert));
    tokenizer.set_post_processor(Some(PostProcessor::Template(frame.into())));
    tokenizer.set_decoder(Some(Decoder::WordPiece(WordPieceDecoder { prefix, cleanup: true })));
    tokenizer.add_tokens(special)?;
    Ok(tokenizer)
}

/// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`, the second sequence of type 1.
fn frame(vocab: &Vocab, options: &BertOptions) -> Result<TemplateProcessing> {
    let special = |token: &String| {
        let id = vocab.id(token).ok_or_else(|| {
            Error::format(format!("the vocabulary lacks {token:?}, which frames every text"))
                .hinting("name the tokens that this vocabulary has for it")
        })?;
        Ok(SpecialToken { id: token.clone(), ids: vec![id], tokens: vec![token.clone()] })
    };
    let (cls, sep) = (special(&options.cls_token)?, special(&options.sep_token)?);
    let single = parse_template(&format!("{0}:0 $A:0 {1}:0", cls.id, sep.id))?;
    let pair = parse_template(&format!("{0}:0 $A:0 {1}:0 $B:1 {1}:1", cls.id, sep.id))?;
    TemplateProcessing::new(single, pair, vec![cls, sep])
}

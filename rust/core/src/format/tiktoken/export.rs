//! A byte-level BPE as a rank file.

use super::ranks::{Merge, Ranks};
use crate::error::{Error, Result};
use crate::models::{Bpe, Model};
use crate::stages::Tokenize;
use crate::text::byte_alphabet::char_to_byte;
use crate::tokenizer::Tokenizer;
use crate::util::hash::{Map, Set};

impl Tokenizer {
    /// The vocabulary as a `.tiktoken` rank file: tokens in base64, each with its id as its rank.
    /// Added tokens are left out, for tiktoken takes them separately.
    ///
    /// # Errors
    ///
    /// When tiktoken would cut with these ranks otherwise than this tokenizer: when the model is no
    /// byte-level BPE, has options that tiktoken knows nothing of, or makes its tokens in another
    /// order than that of their ids.
    pub fn to_tiktoken(&self) -> Result<String> {
        let Model::Bpe(model) = self.model() else {
            return Err(not_exportable("the model is no BPE").finding(self.model().name()));
        };
        check_options(model)?;
        let ranks = byte_ranks(self, model)?;
        check_merges(model, &ranks)?;
        Ok(ranks.write())
    }
}

fn not_exportable(why: impl Into<String>) -> Error {
    Error::unsupported("this tokenizer has no ranks that say the same").hinting(why.into())
}

fn check_options(model: &Bpe) -> Result<()> {
    let options = model.options();
    let says = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    if options.dropout.is_some_and(|chance| chance != 0.0) {
        return Err(not_exportable("tiktoken knows no dropout"));
    }
    if says(&options.continuing_subword_prefix) || says(&options.end_of_word_suffix) {
        return Err(not_exportable("tiktoken knows no prefixes and suffixes of words"));
    }
    Ok(())
}

fn byte_ranks(tokenizer: &Tokenizer, model: &Bpe) -> Result<Ranks> {
    let added: Set<u32> = tokenizer.added_tokens().iter().map(|(id, _)| id).collect();
    let own = model.vocab().iter().filter(|(_, id)| !added.contains(id));
    let tokens = own.map(|(token, id)| {
        let bytes: Option<Vec<u8>> = token.chars().map(char_to_byte).collect();
        let bytes = bytes.ok_or_else(|| {
            not_exportable("its tokens are not bytes in printable form")
                .finding(format!("{token:?} (id {id})"))
        })?;
        Ok((bytes, id))
    });
    let tokens: Vec<_> = tokens.collect::<Result<_>>()?;
    let ids: Vec<u32> = tokens.iter().map(|&(_, id)| id).collect();
    Ranks::new(tokens, |index| format!("id {}", ids[index]))
}

/// The merges that ranks stand for must all be there, and those that are there must come in the order
/// of what they make. Other ways to make a token are never used then, and may stay out.
fn check_merges(model: &Bpe, ranks: &Ranks) -> Result<()> {
    let bytes = |token: &str| -> Vec<u8> { token.chars().filter_map(char_to_byte).collect() };
    let mut there: Map<(Vec<u8>, Vec<u8>), ()> = Map::default();
    let mut last = 0;
    for (left, right) in model.merges() {
        let result = format!("{left}{right}");
        let id = model.token_to_id(&result).unwrap_or_default();
        if id < last {
            return Err(not_exportable("a token is made before one with a lower id")
                .finding(format!("{result:?} (id {id}) after id {last}")));
        }
        last = id;
        there.insert((bytes(left), bytes(right)), ());
    }
    let merges = ranks.merges();
    let missing =
        |merge: &&Merge<'_>| !there.contains_key(&(merge.left.to_vec(), merge.right.to_vec()));
    if let Some(merge) = merges.iter().find(missing) {
        return Err(not_exportable("tiktoken would merge what this model leaves apart").finding(
            format!("b\"{}\" and b\"{}\"", merge.left.escape_ascii(), merge.right.escape_ascii()),
        ));
    }
    let made = merges.len() + 256 == ranks.len();
    if !made && !model.options().ignore_merges {
        return Err(not_exportable(
            "it has tokens that no merge makes; tiktoken would take them for whole pieces",
        ));
    }
    Ok(())
}

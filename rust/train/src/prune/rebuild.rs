//! The tokenizer of the tokens that stay.

use std::ops::Range;
use std::sync::Arc;

use fissile_core::models::{Bpe, Model, WordLevel, WordPiece};
use fissile_core::post_processors::template::SpecialToken;
use fissile_core::post_processors::{
    BertProcessing, PostProcessor, RobertaProcessing, TemplateProcessing,
};
use fissile_core::util::hash::Map;
use fissile_core::vocab::Vocab;
use fissile_core::{Error, Result, TokenId, Tokenizer};

use super::{Ids, Pruned, parts};
use crate::install::with_model;

/// `tokenizer` with the tokens of its model that are `kept`.
pub(super) fn rebuild(tokenizer: &Tokenizer, kept: &Ids) -> Result<Pruned> {
    let mut old_ids: Vec<TokenId> = kept.iter().copied().collect();
    let mut new_ids: Map<TokenId, TokenId> = old_ids.iter().copied().zip(0..).collect();
    let model = model(tokenizer.model(), &old_ids, &new_ids)?;
    let mut pruned = with_model(tokenizer, model)?;
    for (new, token) in pruned.added_tokens().iter() {
        let Some(old) = tokenizer.added_tokens().id(&token.content) else { continue };
        if new as usize == old_ids.len() {
            old_ids.push(old);
        }
        new_ids.insert(old, new);
    }
    let processor = tokenizer.post_processor().map(|frame| renumbered(frame, &new_ids));
    pruned.set_post_processor(processor.transpose()?);
    if let Some(mut padding) = tokenizer.padding().cloned() {
        padding.pad_id = new_ids.get(&padding.pad_id).copied().unwrap_or(padding.pad_id);
        pruned.set_padding(Some(padding));
    }
    Ok(Pruned { tokenizer: pruned, old_ids })
}

fn model(old: &Model, old_ids: &[TokenId], new_ids: &Map<TokenId, TokenId>) -> Result<Model> {
    let vocab = |vocab: &Vocab| {
        let kept = vocab.iter().filter_map(|(text, id)| Some((text, *new_ids.get(&id)?)));
        Vocab::from_pairs(kept.collect::<Vec<_>>())
    };
    Ok(match old {
        Model::Bpe(bpe) => Model::Bpe(bpe_of(bpe, vocab(bpe.vocab()), new_ids)?),
        Model::WordPiece(pieces) => {
            Model::WordPiece(WordPiece::new(vocab(pieces.vocab()), pieces.options().clone()))
        }
        Model::WordLevel(words) => {
            Model::WordLevel(WordLevel::new(vocab(words.vocab()), words.unk_token().to_owned()))
        }
        Model::Unigram(unigram) => Model::Unigram(unigram.with_pieces(old_ids)?),
    })
}

/// The merges whose tokens stay, in their order; groups of equally good ones shrink.
fn bpe_of(bpe: &Bpe, vocab: Vocab, new_ids: &Map<TokenId, TokenId>) -> Result<Bpe> {
    let stays: Vec<bool> = parts::merges(bpe)
        .map(|(left, right, made)| [left, right, made].iter().all(|id| new_ids.contains_key(id)))
        .collect();
    let mut before = vec![0_u32];
    before.extend(stays.iter().scan(0, |sum, &stays| {
        *sum += u32::from(stays);
        Some(*sum)
    }));
    let ties: Vec<Range<u32>> = (bpe.ties().iter())
        .map(|group| before[group.start as usize]..before[group.end as usize])
        .filter(|group| group.len() > 1)
        .collect();
    let merges = bpe.merges().zip(&stays).filter(|(_, stays)| **stays).map(|(merge, _)| merge);
    Bpe::with_ties(vocab, merges, ties, bpe.options().clone())
}

/// A post-processor that puts the same tokens around texts under their new ids.
fn renumbered(processor: &PostProcessor, new_ids: &Map<TokenId, TokenId>) -> Result<PostProcessor> {
    let renumber = |(text, id): &(String, TokenId)| Ok((text.clone(), new_id(new_ids, *id)?));
    Ok(match processor {
        PostProcessor::Bert(frame) => PostProcessor::Bert(Arc::new(BertProcessing {
            sep: renumber(&frame.sep)?,
            cls: renumber(&frame.cls)?,
        })),
        PostProcessor::Roberta(frame) => PostProcessor::Roberta(Arc::new(RobertaProcessing {
            sep: renumber(&frame.sep)?,
            cls: renumber(&frame.cls)?,
            ..(**frame).clone()
        })),
        PostProcessor::ByteLevel(_) => processor.clone(),
        PostProcessor::Template(template) => {
            let tokens = template.special_tokens().iter().map(|(name, token)| {
                let ids: Result<_> = token.ids.iter().map(|&id| new_id(new_ids, id)).collect();
                Ok((name.clone(), SpecialToken { ids: ids?, ..token.clone() }))
            });
            let (single, pair) = (template.single().to_vec(), template.pair().to_vec());
            let tokens = tokens.collect::<Result<_>>()?;
            PostProcessor::Template(Arc::new(TemplateProcessing::from_parts(single, pair, tokens)?))
        }
        PostProcessor::Sequence(list) => {
            let list = list.iter().map(|member| renumbered(member, new_ids));
            PostProcessor::Sequence(Arc::new(list.collect::<Result<_>>()?))
        }
    })
}

fn new_id(new_ids: &Map<TokenId, TokenId>, old: TokenId) -> Result<TokenId> {
    new_ids.get(&old).copied().ok_or_else(|| {
        Error::invalid("the post-processor puts an id around texts that is no token")
            .finding(old.to_string())
            .hinting("mend or remove the post-processor before pruning")
    })
}

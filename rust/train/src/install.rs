//! Putting a trained model into a tokenizer.
//!
//! Tokens that were added before the training keep their ids, as in the reference, unless one of them
//! would share its id with another token of the trained model, or have another id there: then all of
//! them are numbered anew, and the caller is told.

use fissile_core::models::Model;
use fissile_core::stages::Tokenize;
use fissile_core::vocab::AddedToken;
use fissile_core::{Result, TokenId, Tokenizer};

/// A tokenizer with its trained model.
pub struct Installed {
    /// The tokenizer.
    pub tokenizer: Tokenizer,
    /// Tokens that were added before and have another id than before: text, old id, new id.
    pub renumbered: Vec<(String, TokenId, TokenId)>,
}

/// The tokenizer with a trained model and the special tokens it was trained with.
///
/// # Errors
/// When a token cannot be added: the normalizer fails on it, or no id is left.
pub fn install(
    tokenizer: &Tokenizer,
    model: Model,
    special_tokens: &[AddedToken],
) -> Result<Installed> {
    if !collide(tokenizer, &model) {
        let mut tokenizer = tokenizer.clone();
        tokenizer.set_model(model);
        tokenizer.add_tokens(special_tokens.to_vec())?;
        return Ok(Installed { tokenizer, renumbered: Vec::new() });
    }
    let mut fresh = with_model(tokenizer, model)?;
    fresh.add_tokens(special_tokens.to_vec())?;
    let mut renumbered: Vec<_> = tokenizer
        .added_tokens()
        .texts()
        .filter_map(|(text, old)| {
            let new = fresh.added_tokens().id(text)?;
            (new != old).then(|| (text.to_owned(), old, new))
        })
        .collect();
    renumbered.sort_unstable_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    Ok(Installed { tokenizer: fresh, renumbered })
}

/// The tokenizer with another model, its added tokens numbered behind it.
pub(crate) fn with_model(tokenizer: &Tokenizer, model: Model) -> Result<Tokenizer> {
    let mut fresh = Tokenizer::new(model);
    fresh.set_normalizer(tokenizer.normalizer().cloned())?;
    fresh.set_pre_tokenizer(tokenizer.pre_tokenizer().cloned());
    fresh.set_post_processor(tokenizer.post_processor().cloned());
    fresh.set_decoder(tokenizer.decoder().cloned());
    fresh.set_truncation(tokenizer.truncation().copied())?;
    fresh.set_padding(tokenizer.padding().cloned());
    fresh.set_encode_special_tokens(tokenizer.encode_special_tokens());
    fresh.set_verbatim_added_tokens(tokenizer.verbatim_added_tokens());
    let added = tokenizer.added_tokens();
    fresh.add_tokens(added.iter().map(|(_, token)| token.clone()).collect())?;
    Ok(fresh)
}

fn collide(tokenizer: &Tokenizer, model: &Model) -> bool {
    tokenizer.added_tokens().texts().any(|(text, id)| {
        model.token_to_id(text).is_some_and(|trained| trained != id)
            || model.id_to_token(id).is_some_and(|trained| trained != text)
    })
}

//! Trained models in tokenizers: which ids tokens have that were added before.

use fissile_core::models::{Model, WordLevel};
use fissile_core::vocab::Vocab;
use fissile_core::{AddedToken, Tokenizer};
use fissile_train::install;

use crate::counting::tokenizer;

fn trained() -> Model {
    let vocab = Vocab::from_pairs(["<s>", "the", "cat"].into_iter().zip(0..));
    Model::WordLevel(WordLevel::new(vocab, "[UNK]".into()))
}

fn ids(tokenizer: &Tokenizer) -> Vec<(String, u32)> {
    tokenizer.vocab(true).into_iter().map(|(token, id)| (token.to_owned(), id)).collect()
}

#[test]
fn special_tokens_are_added() {
    let special = [AddedToken::new("<s>", true)];
    let installed = install(&tokenizer(None), trained(), &special).unwrap();
    assert!(installed.renumbered.is_empty());
    assert!(installed.tokenizer.added_tokens().get(0).unwrap().special);
}

#[test]
fn tokens_that_would_share_an_id_get_another() {
    let mut before = tokenizer(None);
    before.add_tokens(vec![AddedToken::new("zz", false), AddedToken::new("cat", false)]).unwrap();
    let installed = install(&before, trained(), &[AddedToken::new("<s>", true)]).unwrap();
    let wanted = [("<s>", 0), ("the", 1), ("cat", 2), ("zz", 3)];
    assert_eq!(ids(&installed.tokenizer), wanted.map(|(token, id)| (token.to_owned(), id)));
    let moved = [("zz".to_owned(), 0, 3), ("cat".to_owned(), 1, 2)];
    assert_eq!(installed.renumbered, moved);
}

#[test]
fn tokens_in_nobody_s_way_keep_their_ids() {
    let mut before = tokenizer(None);
    before.set_model(trained());
    before.add_tokens(vec![AddedToken::new("zz", false)]).unwrap();
    let vocab = Vocab::from_pairs([("<s>", 0)]);
    let smaller = Model::WordLevel(WordLevel::new(vocab, "[UNK]".into()));
    let installed = install(&before, smaller, &[]).unwrap();
    assert!(installed.renumbered.is_empty());
    assert_eq!(installed.tokenizer.token_to_id("zz"), Some(3));
}

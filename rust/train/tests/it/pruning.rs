//! Smaller vocabularies.

use fissile_core::Tokenizer;
use fissile_core::models::bpe::BpeOptions;
use fissile_core::models::unigram::UnigramOptions;
use fissile_core::models::{Bpe, Model, Unigram};
use fissile_core::vocab::Vocab;
use fissile_train::{Progress, Pruned, Pruner, WordCounts};

fn pruned(model: Model, size: usize, words: &[(&str, u64)]) -> Pruned {
    let counts: WordCounts = words.iter().copied().collect();
    let pruner = Pruner { size: Some(size), ..Pruner::default() };
    pruner.prune(&Tokenizer::new(model), &counts, &mut Progress::silent()).unwrap()
}

#[test]
fn a_token_with_several_merges_stays_with_those_that_are_carried_out() {
    let tokens = ["a", "b", "c", "bc", "ab", "abc"];
    let merges = [("b", "c"), ("a", "b"), ("ab", "c"), ("a", "bc")];
    let vocab = Vocab::from_pairs(tokens.into_iter().zip(0..));
    let bpe = Bpe::from_merges(vocab, merges, BpeOptions::default()).unwrap();
    // "bc" comes first, so that "abc" is made of "a" and "bc", and "ab" is of no use.
    let small = pruned(Model::Bpe(bpe), 5, &[("abc", 9)]);
    assert_eq!(small.old_ids, [0, 1, 2, 3, 5]);
    let Model::Bpe(left) = small.tokenizer.model() else { panic!("still BPE") };
    assert_eq!(left.merges().collect::<Vec<_>>(), [("b", "c"), ("a", "bc")]);
}

#[test]
fn groups_of_equal_merges_shrink() {
    let tokens = ["a", "b", "c", "d", "ab", "cd", "bc"];
    let merges = [("c", "d"), ("a", "b"), ("b", "c")];
    let vocab = Vocab::from_pairs(tokens.into_iter().zip(0..));
    let group = 0..3;
    let bpe = Bpe::with_ties(vocab, merges, vec![group], BpeOptions::default()).unwrap();
    let small = pruned(Model::Bpe(bpe), 6, &[("ab", 1), ("bc", 1), ("d", 1)]);
    let Model::Bpe(left) = small.tokenizer.model() else { panic!("still BPE") };
    assert_eq!(left.merges().collect::<Vec<_>>(), [("a", "b"), ("b", "c")]);
    assert_eq!(left.ties().len(), 1);
    assert_eq!(left.ties()[0], 0..2);
}

#[test]
fn what_the_unknown_costs_stays() {
    let pieces = [("<unk>", 0.0), ("a", -1.0), ("b", -9.0), ("c", -2.0)];
    let pieces = pieces.map(|(text, score)| (text.to_owned(), score)).to_vec();
    let options = UnigramOptions { unk_id: Some(0), ..UnigramOptions::default() };
    let unigram = Unigram::new(pieces, options).unwrap();
    let small = pruned(Model::Unigram(unigram), 3, &[("cc", 5)]);
    assert_eq!(small.old_ids, [0, 2, 3]);
}

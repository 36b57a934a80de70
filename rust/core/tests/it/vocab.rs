//! Vocabularies: both ways, holes, and input that contradicts itself.

use std::collections::BTreeMap;

use fissile_core::vocab::Vocab;
use proptest::prelude::*;

#[test]
fn both_ways() {
    let vocab = Vocab::from_pairs([("a", 0), ("é", 1), ("", 2)]);
    assert_eq!((vocab.len(), vocab.id_bound(), vocab.is_empty()), (3, 3, false));
    assert_eq!(vocab.id("é"), Some(1));
    assert_eq!(vocab.id_of_bytes("é".as_bytes()), Some(1));
    assert_eq!(vocab.id(""), Some(2));
    assert_eq!(vocab.id("e"), None);
    assert_eq!(vocab.id_of_bytes(&[0xC3]), None);
    assert_eq!(vocab.token(2), Some(""));
    assert_eq!(vocab.token(3), None);
    assert_eq!(vocab.token(u32::MAX), None);
}

#[test]
fn nothing_at_all() {
    for vocab in [Vocab::default(), Vocab::from_pairs::<&str>([])] {
        assert!(vocab.is_empty());
        assert_eq!((vocab.len(), vocab.id_bound(), vocab.iter().count()), (0, 0, 0));
        assert_eq!((vocab.id(""), vocab.token(0)), (None, None));
    }
}

#[test]
fn a_later_pair_with_the_same_token_wins() {
    let vocab = Vocab::from_pairs([("a", 0), ("b", 1), ("a", 7)]);
    assert_eq!(vocab.id("a"), Some(7));
    assert_eq!((vocab.token(0), vocab.token(7)), (None, Some("a")));
    assert_eq!(vocab.iter().collect::<Vec<_>>(), [("b", 1), ("a", 7)]);
}

#[test]
fn of_two_tokens_with_one_id_the_first_answers() {
    let vocab = Vocab::from_pairs([("b", 3), ("a", 3), ("c", 0)]);
    assert!(vocab.has_shared_ids());
    assert_eq!((vocab.id("a"), vocab.id("b")), (Some(3), Some(3)));
    assert_eq!(vocab.token(3), Some("b"));
    assert_eq!((vocab.len(), vocab.id_bound()), (3, 4));
    assert_eq!(vocab.iter().collect::<Vec<_>>(), [("c", 0), ("b", 3), ("a", 3)]);
}

#[test]
fn a_huge_id_costs_no_memory() {
    let vocab = Vocab::from_pairs([("a", u32::MAX), ("b", 5)]);
    assert_eq!(
        (vocab.token(u32::MAX), vocab.token(5), vocab.token(6)),
        (Some("a"), Some("b"), None)
    );
    assert_eq!(vocab.id_bound(), 1 << 32);
}

proptest! {
    #[test]
    fn agrees_with_a_map(pairs in proptest::collection::vec(("[ab]{0,3}", 0_u32..40), 0..60)) {
        let map: BTreeMap<&str, u32> = pairs.iter().map(|(token, id)| (token.as_str(), *id)).collect();
        let vocab = Vocab::from_pairs(pairs.iter().map(|(token, id)| (token, *id)));
        prop_assert_eq!(vocab.len(), map.len());
        for (&token, &id) in &map {
            prop_assert_eq!(vocab.id(token), Some(id));
            prop_assert_eq!(map.get(vocab.token(id).unwrap()), Some(&id));
        }
        for id in 0..41 {
            prop_assert_eq!(vocab.token(id).is_some(), map.values().any(|&other| other == id));
        }
        prop_assert!(vocab.iter().map(|(_, id)| id).is_sorted());
        prop_assert_eq!(vocab.iter().collect::<BTreeMap<_, _>>(), map);
    }
}

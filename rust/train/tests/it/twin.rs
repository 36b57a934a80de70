//! The readable twin of the BPE trainer: words as lists, pairs in maps, nothing clever. It has the
//! habits of the reference, which `fissile_train::bpe` lists.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fissile_train::{BpeTrainer, WordCounts};

type Pair = (usize, usize);

/// A pair, the count it was queued with, when, and the words in which it came up.
struct Queued {
    pair: Pair,
    count: u64,
    words: BTreeSet<usize>,
}

/// The tokens and the merges, both as texts. Affixes and limits of the alphabet are left out.
pub(crate) fn train(trainer: &BpeTrainer, counts: &WordCounts) -> (Vec<String>, Vec<String>) {
    let mut tokens: Vec<String> =
        trainer.special_tokens.iter().map(|token| token.content.clone()).collect();
    let alphabet: BTreeSet<char> = counts
        .iter()
        .flat_map(|(word, _)| word.chars())
        .chain(trainer.initial_alphabet.iter().copied())
        .collect();
    for text in alphabet.iter().map(char::to_string) {
        if !tokens.contains(&text) {
            tokens.push(text);
        }
    }
    let id = |tokens: &[String], text: &str| tokens.iter().position(|token| token == text);
    let mut words: Vec<(Vec<usize>, i64)> = Vec::new();
    for (word, count) in counts.iter() {
        let ids = word.chars().map(|c| id(&tokens, &c.to_string()).unwrap()).collect();
        words.push((ids, i64::try_from(count).unwrap()));
    }

    let mut pairs: HashMap<Pair, i64> = HashMap::new();
    let mut first: BTreeMap<Pair, BTreeSet<usize>> = BTreeMap::new();
    for (at, (word, count)) in words.iter().enumerate() {
        for pair in word.windows(2).map(|pair| (pair[0], pair[1])) {
            *pairs.entry(pair).or_default() += count;
            first.entry(pair).or_default().insert(at);
        }
    }
    let mut queue: Vec<Queued> = Vec::new();
    let push = |queue: &mut Vec<Queued>, pairs: &HashMap<Pair, i64>, found: BTreeMap<_, _>| {
        for (pair, words) in found {
            if pairs[&pair] > 0 {
                queue.push(Queued { pair, count: pairs[&pair].cast_unsigned(), words });
            }
        }
    };
    push(&mut queue, &pairs, first);

    let mut merges = Vec::new();
    let limit = trainer.max_token_length.unwrap_or(usize::MAX);
    while tokens.len() < trainer.vocab_size {
        // The highest count; the lowest pair; the one queued first.
        let Some(best) = (0..queue.len())
            .rev()
            .max_by_key(|&at| (queue[at].count, std::cmp::Reverse(queue[at].pair)))
        else {
            break;
        };
        let now = pairs[&queue[best].pair].cast_unsigned();
        if queue[best].count != now {
            queue[best].count = now;
            continue;
        }
        let Queued { pair, count, words: places } = queue.remove(best);
        if count < 1 || count < trainer.min_frequency {
            break;
        }
        let text = [tokens[pair.0].as_str(), &tokens[pair.1]].concat();
        merges.push([tokens[pair.0].as_str(), &tokens[pair.1]].join(" "));
        let merged = id(&tokens, &text).unwrap_or_else(|| {
            tokens.push(text);
            tokens.len() - 1
        });
        let mut found: BTreeMap<Pair, BTreeSet<usize>> = BTreeMap::new();
        let wide = |tokens: &[String], a: usize, b: usize| {
            tokens[a].chars().count() + tokens[b].chars().count() >= limit
        };
        for at in places {
            let (word, count) = &mut words[at];
            let mut i = 0;
            while i + 1 < word.len() {
                if (word[i], word[i + 1]) == pair {
                    word.splice(i..i + 2, [merged]);
                    if i > 0 {
                        *pairs.entry((word[i - 1], pair.0)).or_default() -= *count;
                        if !wide(&tokens, word[i - 1], merged) {
                            *pairs.entry((word[i - 1], merged)).or_default() += *count;
                            found.entry((word[i - 1], merged)).or_default().insert(at);
                        }
                    }
                    if i + 1 < word.len() {
                        *pairs.entry((pair.1, word[i + 1])).or_default() -= *count;
                        if !wide(&tokens, merged, word[i + 1]) {
                            *pairs.entry((merged, word[i + 1])).or_default() += *count;
                            found.entry((merged, word[i + 1])).or_default().insert(at);
                        }
                    }
                }
                i += 1;
            }
        }
        push(&mut queue, &pairs, found);
    }
    (tokens, merges)
}

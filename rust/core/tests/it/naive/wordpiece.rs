//! `WordPiece` as it is usually written: try the whole rest of the word, then one character less, and
//! so on, until a token fits.

use fissile_core::models::WordPiece;

/// The tokens of `word` as (id, start, end); `None` where the unknown token is missing.
pub(crate) fn encode(model: &WordPiece, word: &str) -> Option<Vec<(u32, usize, usize)>> {
    let unknown = || Some(vec![(model.vocab().id(&model.options().unk_token)?, 0, word.len())]);
    if word.chars().count() > model.options().max_input_chars_per_word {
        return unknown();
    }
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < word.len() {
        match longest(model, word, start) {
            Some((id, end)) => tokens.push((id, start, end)),
            None => return unknown(),
        }
        start = tokens.last()?.2;
    }
    Some(tokens)
}

fn longest(model: &WordPiece, word: &str, start: usize) -> Option<(u32, usize)> {
    let prefix = if start > 0 { &model.options().continuing_subword_prefix } else { "" };
    let ends =
        word[start..].char_indices().map(|(at, character)| start + at + character.len_utf8());
    ends.rev()
        .find_map(|end| Some((model.vocab().id(&format!("{prefix}{}", &word[start..end]))?, end)))
}

//! Byte-pair encoding as a textbook has it: look at all neighbours, join the pair of the lowest
//! rank, look again.

use std::collections::HashMap;

use fissile_core::models::Bpe;

/// A token's id and how many bytes it covers.
type Symbol = (u32, usize);

/// The rank of each pair of tokens, and what it makes.
type Rules = HashMap<(u32, u32), (usize, u32)>;

/// The twin of a model. Dropout is not looked at.
pub(crate) struct Twin<'a> {
    model: &'a Bpe,
    rules: Rules,
}

impl<'a> Twin<'a> {
    pub(crate) fn of(model: &'a Bpe) -> Self {
        Self { model, rules: rules(model) }
    }

    /// The tokens of `piece` as (id, start, end); `None` where the unknown token is missing.
    pub(crate) fn encode(&self, piece: &str) -> Option<Vec<(u32, usize, usize)>> {
        if self.model.options().ignore_merges
            && let Some(id) = self.model.vocab().id(piece)
            && !piece.is_empty()
        {
            return Some(vec![(id, 0, piece.len())]);
        }
        let mut symbols = symbols(self.model, piece)?;
        while let Some((_, at, result)) = best(&symbols, &self.rules) {
            symbols[at] = (result, symbols[at].1 + symbols[at + 1].1);
            symbols.remove(at + 1);
        }
        let mut start = 0;
        let spans = symbols.into_iter().map(|(id, length)| {
            start += length;
            (id, start - length, start)
        });
        Some(spans.collect())
    }
}

/// The lowest rank among the neighbours, where it stands (leftmost first) and what it makes.
fn best(symbols: &[Symbol], rules: &Rules) -> Option<(usize, usize, u32)> {
    let ranked = symbols.windows(2).enumerate().filter_map(|(at, pair)| {
        let (rank, result) = rules.get(&(pair[0].0, pair[1].0))?;
        Some((*rank, at, *result))
    });
    ranked.min()
}

fn rules(model: &Bpe) -> Rules {
    let vocab = model.vocab();
    let id = |token: &str| vocab.id(token).expect("merges are made of tokens");
    let prefix = model.options().continuing_subword_prefix.as_ref().map_or(0, String::len);
    let rule = |(rank, (left, right)): (usize, (&str, &str))| {
        let result = format!("{left}{}", &right[prefix..]);
        ((id(left), id(right)), (rank, id(&result)))
    };
    model.merges().enumerate().map(rule).collect()
}

/// One symbol a character; unknown ones as bytes, as the unknown token, or left out.
fn symbols(model: &Bpe, piece: &str) -> Option<Vec<Symbol>> {
    let (vocab, options) = (model.vocab(), model.options());
    let prefix = options.continuing_subword_prefix.as_deref().unwrap_or("");
    let suffix = options.end_of_word_suffix.as_deref().unwrap_or("");
    let mut symbols: Vec<Symbol> = Vec::new();
    let mut unknown: Option<Symbol> = None;
    for (at, character) in piece.char_indices() {
        let is_last = at + character.len_utf8() == piece.len();
        let text = format!(
            "{}{character}{}",
            if at > 0 { prefix } else { "" },
            if is_last { suffix } else { "" }
        );
        if let Some(id) = vocab.id(&text) {
            symbols.extend(unknown.take());
            symbols.push((id, character.len_utf8()));
            continue;
        }
        let bytes: Option<Vec<u32>> =
            text.bytes().map(|byte| vocab.id(&format!("<0x{byte:02X}>"))).collect();
        if let (true, Some(bytes)) = (options.byte_fallback, bytes) {
            symbols.extend(bytes.into_iter().map(|id| (id, 1)));
            continue;
        }
        let Some(unk) = &options.unk_token else { continue };
        match &mut unknown {
            Some((_, length)) if options.fuse_unk => *length += character.len_utf8(),
            _ => {
                symbols.extend(unknown.take());
                unknown = Some((vocab.id(unk)?, character.len_utf8()));
            }
        }
    }
    symbols.extend(unknown);
    Some(symbols)
}

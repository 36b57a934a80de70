//! Which pattern texts the grammars stand for.

use super::grammar::{Contractions, Grammar, Numbers, Tail, Words};
use crate::util::regex::famous;

/// GPT-2, and all that came from it.
const GPT2: Grammar = Grammar {
    contractions: Contractions::Exact,
    words: Words::Spaced,
    numbers: Numbers::Spaced,
    tail: Tail::Nothing,
    newlines: false,
};

/// `cl100k_base`, Llama 3.
const CL100K: Grammar = Grammar {
    contractions: Contractions::AnyCase,
    words: Words::Prefixed,
    numbers: Numbers::UpTo(3),
    tail: Tail::Newlines,
    newlines: true,
};

/// Qwen 2 and 3: one digit at a time.
const QWEN: Grammar = Grammar { numbers: Numbers::UpTo(1), ..CL100K };

/// `o200k_base`.
const O200K: Grammar = Grammar { words: Words::Cased, tail: Tail::NewlinesAndSlashes, ..CL100K };

/// Mistral's Tekken.
const TEKKEN: Grammar =
    Grammar { contractions: Contractions::None, numbers: Numbers::UpTo(1), ..O200K };

/// Each pattern text with its grammar.
const FAMOUS: [(&str, Grammar); 6] = [
    (famous::GPT2, GPT2),
    (famous::CL100K, CL100K),
    (famous::CL100K_SHORT, CL100K),
    (famous::QWEN, QWEN),
    (famous::O200K, O200K),
    (famous::TEKKEN, TEKKEN),
];

/// The grammar of a pattern text, if it is one of the famous ones.
pub(super) fn grammar(pattern: &str) -> Option<Grammar> {
    FAMOUS.iter().find(|(text, _)| *text == pattern).map(|&(_, grammar)| grammar)
}

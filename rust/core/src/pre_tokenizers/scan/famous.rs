//! Which pattern texts the grammars stand for.

use super::grammar::{Contractions, Grammar, Numbers, Tail, Words};

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
const O200K: Grammar =
    Grammar { words: Words::Cased, tail: Tail::NewlinesAndSlashes, ..CL100K };

/// Mistral's Tekken.
const TEKKEN: Grammar =
    Grammar { contractions: Contractions::None, numbers: Numbers::UpTo(1), ..O200K };

/// The patterns as they stand in tokenizer files.
const FAMOUS: [(&str, Grammar); 6] = [
    (super::super::GPT2_PATTERN, GPT2),
    (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        CL100K,
    ),
    // The same with the contractions put together.
    (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        CL100K,
    ),
    (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        QWEN,
    ),
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        O200K,
    ),
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        TEKKEN,
    ),
];

/// The grammar of a pattern text, if it is one of the famous ones.
pub(super) fn grammar(pattern: &str) -> Option<Grammar> {
    FAMOUS.iter().find(|(text, _)| *text == pattern).map(|&(_, grammar)| grammar)
}

/// All famous patterns, for tests.
pub(super) fn patterns() -> impl Iterator<Item = &'static str> {
    FAMOUS.iter().map(|&(text, _)| text)
}

//! The encodings that tiktoken itself knows: how they cut texts, and their special tokens.

use super::ranks::Ranks;

/// What a rank file does not say.
pub(super) struct Known {
    pub(super) name: &'static str,
    /// How many ranks there are, and their fingerprint.
    ranks: (usize, u64),
    pub(super) pattern: &'static str,
    special_tokens: &'static [(&'static str, u32)],
    /// Ids of special tokens that are called after their number.
    reserved: std::ops::Range<u32>,
}

impl Known {
    /// The encoding of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.name == name)
    }

    /// The first encoding with these ranks: of two that share them, the plain one.
    pub(super) fn of(ranks: &Ranks) -> Option<&'static Self> {
        let found = |known: &&Self| known.ranks == (ranks.len(), ranks.fingerprint());
        KNOWN.iter().find(|known| known.ranks.0 == ranks.len()).filter(found)
    }

    /// All names.
    pub(super) fn names() -> String {
        KNOWN.iter().map(|known| known.name).collect::<Vec<_>>().join(", ")
    }

    /// The special tokens and their ids.
    pub(super) fn special_tokens(&self) -> Vec<(String, u32)> {
        let named = self.special_tokens.iter().map(|&(token, id)| (token.to_owned(), id));
        // o200k_harmony gives the id 200018 to two texts; the one that has a meaning keeps it.
        let is_free = |id: &u32| self.special_tokens.iter().all(|(_, other)| other != id);
        let reserved = self.reserved.clone().filter(is_free);
        named.chain(reserved.map(|id| (format!("<|reserved_{id}|>"), id))).collect()
    }
}

// The patterns are the well-known forms in which these encodings live in tokenizer.json files. They
// match what tiktoken's own, written for another regex engine, match.

pub(super) const GPT2_PATTERN: &str =
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

const CL100K_PATTERN: &str = concat!(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}",
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
);

const O200K_PATTERN: &str = concat!(
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
);

const R50K: (usize, u64) = (50_256, 0x9bb7_3e9e_8c8b_c772);
const P50K: (usize, u64) = (50_280, 0x00bc_4e7a_3ebd_5c2a);
const CL100K: (usize, u64) = (100_256, 0xbb61_e661_c43b_b544);
const O200K: (usize, u64) = (199_998, 0xa144_f372_10a4_c46c);

const KNOWN: &[Known] = &[
    Known {
        name: "r50k_base",
        ranks: R50K,
        pattern: GPT2_PATTERN,
        special_tokens: &[("<|endoftext|>", 50_256)],
        reserved: 0..0,
    },
    Known {
        name: "gpt2",
        ranks: R50K,
        pattern: GPT2_PATTERN,
        special_tokens: &[("<|endoftext|>", 50_256)],
        reserved: 0..0,
    },
    Known {
        name: "p50k_base",
        ranks: P50K,
        pattern: GPT2_PATTERN,
        special_tokens: &[("<|endoftext|>", 50_256)],
        reserved: 0..0,
    },
    Known {
        name: "p50k_edit",
        ranks: P50K,
        pattern: GPT2_PATTERN,
        special_tokens: &[
            ("<|endoftext|>", 50_256),
            ("<|fim_prefix|>", 50_281),
            ("<|fim_middle|>", 50_282),
            ("<|fim_suffix|>", 50_283),
        ],
        reserved: 0..0,
    },
    Known {
        name: "cl100k_base",
        ranks: CL100K,
        pattern: CL100K_PATTERN,
        special_tokens: &[
            ("<|endoftext|>", 100_257),
            ("<|fim_prefix|>", 100_258),
            ("<|fim_middle|>", 100_259),
            ("<|fim_suffix|>", 100_260),
            ("<|endofprompt|>", 100_276),
        ],
        reserved: 0..0,
    },
    Known {
        name: "o200k_base",
        ranks: O200K,
        pattern: O200K_PATTERN,
        special_tokens: &[("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018)],
        reserved: 0..0,
    },
    Known {
        name: "o200k_harmony",
        ranks: O200K,
        pattern: O200K_PATTERN,
        special_tokens: &[
            ("<|startoftext|>", 199_998),
            ("<|endoftext|>", 199_999),
            ("<|reserved_200000|>", 200_000),
            ("<|reserved_200001|>", 200_001),
            ("<|return|>", 200_002),
            ("<|constrain|>", 200_003),
            ("<|reserved_200004|>", 200_004),
            ("<|channel|>", 200_005),
            ("<|start|>", 200_006),
            ("<|end|>", 200_007),
            ("<|message|>", 200_008),
            ("<|reserved_200009|>", 200_009),
            ("<|reserved_200010|>", 200_010),
            ("<|reserved_200011|>", 200_011),
            ("<|call|>", 200_012),
            ("<|endofprompt|>", 200_018),
        ],
        reserved: 200_013..201_088,
    },
];

//! What a Unigram model looks up: pieces, the trie over them, scores, byte tokens.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::token::TokenId;
use crate::util::double_array::DoubleArray;
use crate::util::hash::{Map, Set};
use crate::util::sections::{Sections, Stored};

/// How much worse than the worst piece an unknown character is.
const UNKNOWN_PENALTY: f32 = 10.0;

/// In place of the id of the unknown token where a model has none.
pub(super) const NO_UNK: TokenId = TokenId::MAX;

/// The tables of a model, built once.
#[derive(Debug)]
pub(super) struct Tables {
    /// Pieces and scores by id, as they are saved.
    pub(super) pieces: Vec<(String, f64)>,
    /// All pieces that a text can be cut into.
    pub(super) trie: DoubleArray,
    /// The ids of the pieces that stand outside of the trie.
    hidden: Map<String, TokenId>,
    /// The ids of `<0x00>` to `<0xFF>`.
    pub(super) byte_ids: Vec<Option<TokenId>>,
    /// The lowest score of all.
    pub(super) min_score: f64,
    /// What decides.
    pub(super) scores: Scores,
    /// Bytes of the longest piece, or of the longest character where that is more.
    pub(super) longest: usize,
    /// For a model as SentencePiece itself reads it.
    pub(super) kinds: Option<SentencePieceKinds>,
}

/// Scores by id, in the precision that sums are made in.
#[derive(Debug)]
pub(super) enum Scores {
    /// The field's way.
    Double { of: Vec<f64>, unknown: f64 },
    /// SentencePiece's way, where a sum decides differently once rounding does.
    Single { of: Vec<f32>, unknown: f32 },
}

/// What a SentencePiece model says beyond pieces and scores: which pieces are not ordinary ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct SentencePieceKinds {
    /// The ids of those that outdo everything else that covers their bytes.
    #[serde(default)]
    pub(crate) user_defined: Vec<TokenId>,
    /// The ids of those that no text contains: control pieces, bytes, the unknown.
    #[serde(default)]
    pub(crate) unmatched: Vec<TokenId>,
}

impl SentencePieceKinds {
    /// The kinds of some of the pieces, which are numbered anew in the given order.
    pub(super) fn of_pieces(&self, ids: &[TokenId]) -> Self {
        let among = |of: &[TokenId]| {
            let of: Set<TokenId> = of.iter().copied().collect();
            (0..).zip(ids).filter(|(_, id)| of.contains(*id)).map(|(new, _)| new).collect()
        };
        Self { user_defined: among(&self.user_defined), unmatched: among(&self.unmatched) }
    }

    /// The kind of each piece.
    fn by_id(&self, count: usize) -> Result<Vec<Kind>> {
        let mut kinds = vec![Kind::Ordinary; count];
        for (name, kind, ids) in [
            ("user_defined", Kind::UserDefined, &self.user_defined),
            ("unmatched", Kind::Unmatched, &self.unmatched),
        ] {
            for &id in ids {
                *kinds.get_mut(id as usize).ok_or_else(|| {
                    Error::invalid("there is no such piece")
                        .in_field(name)
                        .expecting(format!("ids below {count}"))
                        .finding(id.to_string())
                })? = kind;
            }
        }
        Ok(kinds)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ordinary,
    UserDefined,
    Unmatched,
}

/// Pieces and the trie that was made of them.
pub(crate) struct UnigramRules {
    pub(super) pieces: Vec<(String, f64)>,
    pub(super) trie: DoubleArray,
}

impl UnigramRules {
    /// Read what [`Unigram::store`](super::Unigram::store) wrote; `None` if it cannot be that.
    pub(crate) fn restore(stored: &mut Stored<'_>) -> Option<Self> {
        let texts = String::from_utf8(stored.row()?).ok()?;
        let (lengths, scores): (Vec<u64>, Vec<f64>) = (stored.row()?, stored.row()?);
        let mut left = texts.as_str();
        let mut pieces = Vec::with_capacity(lengths.len());
        for (length, &score) in lengths.iter().zip(&scores) {
            let (piece, behind) = left.split_at_checked(usize::try_from(*length).ok()?)?;
            pieces.push((piece.to_owned(), score));
            left = behind;
        }
        let trie = DoubleArray::restore(stored, pieces.len())?;
        let is_sound = left.is_empty() && lengths.len() == scores.len();
        is_sound.then_some(Self { pieces, trie })
    }
}

impl Tables {
    /// `trie` is what was made of these pieces before, if it was.
    pub(super) fn new(pieces: Vec<(String, f64)>, trie: Option<DoubleArray>) -> Result<Self> {
        let of: Vec<f64> = pieces.iter().map(|&(_, score)| score).collect();
        // Not `f64::min` over all: a score that is no number must not count, wherever it stands.
        let min_score =
            of.iter().fold(f64::INFINITY, |min, &score| if score < min { score } else { min });
        let scores = Scores::Double { of, unknown: min_score - f64::from(UNKNOWN_PENALTY) };
        Self::build(pieces, trie, |_| true, min_score, scores)
    }

    pub(super) fn of_sentencepiece(
        pieces: Vec<(String, f64)>,
        kinds: SentencePieceKinds,
        trie: Option<DoubleArray>,
    ) -> Result<Self> {
        let by_id = kinds.by_id(pieces.len())?;
        let all = || pieces.iter().zip(&by_id);
        let of = all().map(|((piece, score), kind)| single_score(piece, *score, *kind)).collect();
        let ordinary = all().filter(|(_, kind)| **kind == Kind::Ordinary);
        let min_score = ordinary.map(|((_, score), _)| narrow(*score)).fold(f32::MAX, f32::min);
        let scores = Scores::Single { of, unknown: min_score - UNKNOWN_PENALTY };
        let is_matched = |id: usize| by_id[id] != Kind::Unmatched;
        let tables = Self::build(pieces, trie, is_matched, f64::from(min_score), scores)?;
        Ok(Self { kinds: Some(kinds), ..tables })
    }

    fn build(
        pieces: Vec<(String, f64)>,
        trie: Option<DoubleArray>,
        is_matched: impl Fn(usize) -> bool,
        min_score: f64,
        scores: Scores,
    ) -> Result<Self> {
        let is_hidden = |id: usize, piece: &str| piece.is_empty() || !is_matched(id);
        let ids = || (0..).zip(&pieces).map(|(id, (piece, _))| (id, piece.as_str()));
        let keys = ids()
            .filter(|&(id, piece)| !is_hidden(id as usize, piece))
            .map(|(id, piece)| (piece.as_bytes(), id));
        let trie = trie.map_or_else(|| DoubleArray::build(keys), Ok)?;
        let hidden = ids()
            .filter(|&(id, piece)| is_hidden(id as usize, piece))
            .map(|(id, piece)| (piece.to_owned(), id))
            .collect();
        let longest = pieces.iter().map(|(piece, _)| piece.len()).fold(4, usize::max);
        let mut tables = Self {
            pieces,
            trie,
            hidden,
            byte_ids: Vec::new(),
            min_score,
            scores,
            longest,
            kinds: None,
        };
        tables.byte_ids = (0..=255u8).map(|byte| tables.id(&format!("<0x{byte:02X}>"))).collect();
        Ok(tables)
    }

    /// Write down what takes time to make.
    pub(super) fn store(&self, sections: &mut Sections) {
        let texts: String = self.pieces.iter().map(|(piece, _)| piece.as_str()).collect();
        let lengths: Vec<u64> = self.pieces.iter().map(|(piece, _)| piece.len() as u64).collect();
        let scores: Vec<f64> = self.pieces.iter().map(|&(_, score)| score).collect();
        sections.row(texts.as_bytes());
        sections.row(&lengths);
        sections.row(&scores);
        self.trie.store(sections);
    }

    /// The id of a piece, found in texts or not.
    pub(super) fn id(&self, piece: &str) -> Option<TokenId> {
        self.trie.get(piece.as_bytes()).or_else(|| self.hidden.get(piece).copied())
    }

    /// The piece that a run of unknown characters is. SentencePiece does not look.
    pub(super) fn find_run(&self, run: &[u8]) -> Option<TokenId> {
        match self.scores {
            Scores::Double { .. } => self.trie.get(run),
            Scores::Single { .. } => None,
        }
    }

    /// Whether there is a byte token for every byte of `run`.
    pub(super) fn has_bytes(&self, run: &[u8]) -> bool {
        run.iter().all(|&byte| self.byte_ids[usize::from(byte)].is_some())
    }
}

/// The score that decides, as SentencePiece has it.
fn single_score(piece: &str, score: f64, kind: Kind) -> f32 {
    match kind {
        Kind::UserDefined => {
            let length = u32::try_from(piece.len().saturating_sub(1)).unwrap_or(u32::MAX);
            narrow(0.1 * f64::from(length))
        }
        _ => narrow(score),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "rounded as SentencePiece rounds it")]
fn narrow(score: f64) -> f32 {
    score as f32
}

//! The most likely segmentation.
//!
//! Every piece of the vocabulary has a score, the logarithm of its probability; of all ways to cut a
//! text into pieces, the one with the highest sum wins. Two roads lead there:
//!
//! | file | road |
//! |---|---|
//! | `viterbi` | the best segmentation in one pass forward, nothing allocated: what encoding runs on |
//! | `lattice` | all segmentations, drawn out: for the n best, for sampling, and to test the first |
//!
//! Characters that no piece covers become the unknown token, a run of them one; with byte fallback,
//! one token for each of their bytes.

mod lattice;
mod tables;
mod viterbi;

use std::borrow::Cow;
use std::sync::Arc;

use self::lattice::Lattice;
pub(crate) use self::tables::SentencePieceKinds;
use self::tables::Tables;
pub(crate) use self::tables::UnigramRules;
use crate::error::{Error, Result};
use crate::models::PieceTokens;
use crate::models::piece_tokens::piece_length;
use crate::stages::Tokenize;
use crate::token::{Token, TokenId};
use crate::util::sections::Sections;

/// What can be set on a Unigram model without touching its tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnigramOptions {
    /// The id of the unknown token.
    pub unk_id: Option<usize>,
    /// `<0x00>` tokens for what is unknown.
    pub byte_fallback: bool,
    /// Sampling: smoothing of the distribution. `None` and 0 give the best segmentation.
    pub alpha: Option<f64>,
    /// Sampling: out of the best so many. `None`, 0 and less sample out of all.
    pub nbest_size: Option<i64>,
    /// Sampling: the same draws for the same text in every run.
    pub seed: Option<u64>,
}

/// A Unigram model: tables behind an `Arc`, options beside them.
///
/// ```
/// use fissile_core::models::unigram::{Unigram, UnigramOptions};
/// use fissile_core::stages::Tokenize;
///
/// let pieces = [("<unk>", 0.0), ("a", -2.0), ("b", -2.0), ("ab", -1.0)];
/// let pieces = pieces.map(|(piece, score)| (piece.to_owned(), score)).to_vec();
/// let options = UnigramOptions { unk_id: Some(0), ..UnigramOptions::default() };
/// let model = Unigram::new(pieces, options)?;
/// let ids: Vec<u32> = model.tokenize("aabx")?.iter().map(|token| token.id).collect();
/// assert_eq!(ids, [1, 3, 0]);
/// # Ok::<(), fissile_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Unigram {
    tables: Arc<Tables>,
    options: UnigramOptions,
    /// `options.unk_id` as an id.
    unk_id: Option<TokenId>,
}

impl Unigram {
    /// From pieces and their scores, in order of id; of equal pieces the last is the one found.
    ///
    /// # Errors
    ///
    /// When `unk_id` lies outside, or the vocabulary is too large for its trie.
    pub fn new(pieces: Vec<(String, f64)>, options: UnigramOptions) -> Result<Self> {
        // The cheap check first: no trie is built for options that cannot be.
        let unk_id = checked_unk_id(&options, pieces.len())?;
        Ok(Self { tables: Arc::new(Tables::new(pieces, None)?), options, unk_id })
    }

    /// As SentencePiece itself reads its models: scores and sums in single precision, pieces that no text
    /// can be cut into, and pieces that outdo all others.
    pub(crate) fn of_sentencepiece(
        pieces: Vec<(String, f64)>,
        kinds: SentencePieceKinds,
        options: UnigramOptions,
    ) -> Result<Self> {
        let unk_id = checked_unk_id(&options, pieces.len())?;
        let tables = Tables::of_sentencepiece(pieces, kinds, None)?;
        Ok(Self { tables: Arc::new(tables), options, unk_id })
    }

    /// From what was made before; as SentencePiece itself reads its models where there are kinds.
    ///
    /// # Errors
    ///
    /// When `unk_id` or one of the kinds lies outside.
    pub(crate) fn of_rules(
        rules: UnigramRules,
        kinds: Option<SentencePieceKinds>,
        options: UnigramOptions,
    ) -> Result<Self> {
        let UnigramRules { pieces, trie } = rules;
        let unk_id = checked_unk_id(&options, pieces.len())?;
        let tables = match kinds {
            None => Tables::new(pieces, Some(trie))?,
            Some(kinds) => Tables::of_sentencepiece(pieces, kinds, Some(trie))?,
        };
        Ok(Self { tables: Arc::new(tables), options, unk_id })
    }

    /// Write down what takes time to make.
    pub(crate) fn store(&self, sections: &mut Sections) {
        self.tables.store(sections);
    }

    /// The kinds of pieces, for a model as SentencePiece itself reads it.
    pub(crate) fn sentencepiece_kinds(&self) -> Option<&SentencePieceKinds> {
        self.tables.kinds.as_ref()
    }

    /// The same model with some of its pieces only, in the given order, and their kinds.
    ///
    /// # Errors
    ///
    /// When there is no such piece, or the unknown token is not among them.
    pub fn with_pieces(&self, ids: &[TokenId]) -> Result<Self> {
        let piece = |id: &TokenId| {
            self.tables
                .pieces
                .get(*id as usize)
                .cloned()
                .ok_or_else(|| Error::invalid("there is no such piece").finding(id.to_string()))
        };
        let pieces = ids.iter().map(piece).collect::<Result<Vec<_>>>()?;
        let unk_id = match self.unk_id {
            None => None,
            Some(unk) => Some(ids.iter().position(|&id| id == unk).ok_or_else(|| {
                Error::invalid("the unknown token has to stay").finding(unk.to_string())
            })?),
        };
        let options = UnigramOptions { unk_id, ..self.options.clone() };
        match &self.tables.kinds {
            None => Self::new(pieces, options),
            Some(kinds) => Self::of_sentencepiece(pieces, kinds.of_pieces(ids), options),
        }
    }

    /// The same model with other pieces behind its own.
    ///
    /// # Errors
    ///
    /// When the vocabulary is too large for its trie.
    pub fn with_more_pieces(&self, more: &[(String, f64)]) -> Result<Self> {
        let pieces = [self.pieces(), more].concat();
        match &self.tables.kinds {
            None => Self::new(pieces, self.options.clone()),
            Some(kinds) => Self::of_sentencepiece(pieces, kinds.clone(), self.options.clone()),
        }
    }

    /// The pieces and their scores, in order of id.
    pub fn pieces(&self) -> &[(String, f64)] {
        &self.tables.pieces
    }

    /// The options.
    pub fn options(&self) -> &UnigramOptions {
        &self.options
    }

    /// The lowest score, and so ten more than what an unknown character costs; infinite for an empty
    /// vocabulary.
    pub fn min_score(&self) -> f64 {
        self.tables.min_score
    }

    /// The same tables under other options.
    ///
    /// # Errors
    ///
    /// When `unk_id` lies outside of the vocabulary.
    pub fn with_options(&self, options: UnigramOptions) -> Result<Self> {
        let unk_id = checked_unk_id(&options, self.tables.pieces.len())?;
        Ok(Self { tables: Arc::clone(&self.tables), options, unk_id })
    }

    /// The `n` best segmentations as ids, best first; fewer when there are fewer.
    ///
    /// A model without an unknown token has none for a text that its pieces cannot cover.
    pub fn nbest(&self, text: &str, n: usize) -> Vec<Vec<TokenId>> {
        let mut lattice = self.lattice(text);
        let paths = lattice.nbest(n);
        paths
            .iter()
            .filter_map(|path| {
                let mut tokens = PieceTokens::new();
                self.push_path(text, path.iter().map(|&node| lattice.step(node)), &mut tokens)
                    .ok()?;
                Some(tokens.ids)
            })
            .collect()
    }

    /// The tokens of `piece` as numbers; what `out` held before is gone.
    ///
    /// # Errors
    ///
    /// When a character is unknown and the model has no unknown token, or the piece is longer than
    /// 4 GiB.
    pub fn encode_piece(&self, piece: &str, out: &mut PieceTokens) -> Result<()> {
        out.clear();
        piece_length(piece.as_bytes())?;
        match self.options.alpha {
            Some(alpha) if alpha != 0.0 => self.sample_piece(piece, alpha, out),
            _ => viterbi::encode(self, piece, out),
        }
    }

    /// The text of a token that [`encode_piece`](Self::encode_piece) found over `slice` of the piece:
    /// an unknown token shows what it stands for, any other itself.
    pub fn token_text<'a>(&'a self, id: TokenId, slice: &'a str) -> Cow<'a, str> {
        if Some(id) == self.unk_id {
            return Cow::Borrowed(slice);
        }
        Cow::Borrowed(self.id_to_token(id).unwrap_or_default())
    }

    /// Whether this is the unknown token, whose text is what it stands for.
    pub(crate) fn is_unknown(&self, id: TokenId) -> bool {
        Some(id) == self.unk_id
    }

    fn lattice<'a>(&self, text: &'a str) -> Lattice<'a> {
        Lattice::of_text(text, &self.tables, self.unk_id)
    }

    fn sample_piece(&self, piece: &str, alpha: f64, out: &mut PieceTokens) -> Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        let mut lattice = self.lattice(piece);
        let random = out.random(self.options.seed);
        let path = match self.options.nbest_size.map(usize::try_from) {
            Some(Ok(n)) if n > 0 => lattice.sample_nbest(n, alpha, random),
            _ => lattice.sample(alpha, random),
        };
        let path = path.ok_or_else(missing_unk)?;
        self.push_path(piece, path.iter().map(|&node| lattice.step(node)), out)
    }

    /// Turn a segmentation (where each step ends, and its id) into tokens.
    fn push_path(
        &self,
        piece: &str,
        path: impl Iterator<Item = (u32, TokenId)>,
        out: &mut PieceTokens,
    ) -> Result<()> {
        let unknown = self.unk_id.unwrap_or(tables::NO_UNK);
        let (mut run_start, mut start) = (0, 0);
        for (end, id) in path {
            if id != unknown {
                self.push_unknown(piece, run_start, start, out)?;
                out.push(id, start, end);
                run_start = end;
            }
            start = end;
        }
        self.push_unknown(piece, run_start, start, out)
    }

    /// The tokens of a run of unknown characters.
    fn push_unknown(&self, piece: &str, start: u32, end: u32, out: &mut PieceTokens) -> Result<()> {
        if start == end {
            return Ok(());
        }
        let run = &piece.as_bytes()[start as usize..end as usize];
        // A run that is a piece after all: its characters together scored better than the piece.
        if let Some(id) = self.tables.find_run(run) {
            out.push(id, start, end);
        } else if self.options.byte_fallback && self.tables.has_bytes(run) {
            for &byte in run {
                let id = self.tables.byte_ids[usize::from(byte)].expect("has_bytes looked");
                out.push(id, start, end);
            }
        } else {
            out.push(self.unk_id.ok_or_else(missing_unk)?, start, end);
        }
        Ok(())
    }
}

impl Tokenize for Unigram {
    fn tokenize(&self, piece: &str) -> Result<Vec<Token>> {
        let mut tokens = PieceTokens::new();
        self.encode_piece(piece, &mut tokens)?;
        Ok(tokens.to_tokens(|id, span| self.token_text(id, &piece[span.range()]).into_owned()))
    }

    fn token_to_id(&self, token: &str) -> Option<TokenId> {
        self.tables.id(token)
    }

    fn id_to_token(&self, id: TokenId) -> Option<&str> {
        self.tables.pieces.get(id as usize).map(|(piece, _)| piece.as_str())
    }

    fn vocab_size(&self) -> usize {
        self.tables.pieces.len()
    }
}

fn checked_unk_id(options: &UnigramOptions, size: usize) -> Result<Option<TokenId>> {
    let Some(unk_id) = options.unk_id else { return Ok(None) };
    let error = match TokenId::try_from(unk_id) {
        _ if size == 0 => {
            Error::invalid("The vocabulary is empty but at least <unk> is needed").in_field("vocab")
        }
        Ok(id) if unk_id < size => return Ok(Some(id)),
        _ => Error::invalid("The `unk_id` is larger than vocabulary size")
            .in_field("unk_id")
            .expecting(format!("less than {size}"))
            .finding(unk_id.to_string()),
    };
    Err(error)
}

fn missing_unk() -> Error {
    // No hint: callers compare the whole text.
    Error::model("Encountered an unknown token but `unk_id` is missing")
}

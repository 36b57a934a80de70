//! Byte-pair encoding.
//!
//! A piece starts as one symbol a character ([`symbols`]); then the neighbours whose rule has the
//! lowest rank are joined until none are left that have one ([`merge`]). Byte-level vocabularies,
//! which know every byte, have a shorter way from raw bytes to tokens ([`bytes`]).

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::piece_tokens::{PieceTokens, piece_length};
use crate::error::{Error, Result};
use crate::stages::Tokenize;
use crate::token::{Token, TokenId};
use crate::util::sections::{Sections, Stored};
use crate::vocab::Vocab;
use crate::vocab::merges::Merges;

mod bridges;
mod bytes;
mod char_table;
mod merge;
mod queue;
mod rules;
mod spaced;
mod symbols;
mod ties;
mod windows;

use bridges::Bridges;
use bytes::ByteTables;
use char_table::CharTable;
pub(crate) use merge::TOGETHER;
use merge::{Dropout, LongMerge, SHORT, ShortMerge};
pub(crate) use queue::join_all;
use rules::Rules;
pub(crate) use spaced::Spaced;
use spaced::{Ends, SpacedTables};
use symbols::Symbols;
use ties::Ties;
use windows::merge_all;

/// What can be set on a BPE model without touching its tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BpeOptions {
    /// Chance of skipping a merge, 0 to 1.
    pub dropout: Option<f32>,
    /// Where dropout's draws start, for results that can be had again; without it they differ from
    /// call to call. See [`PieceTokens::reset_random`].
    pub seed: Option<u64>,
    /// What stands for the unknown. Without it, unknown characters are left out.
    pub unk_token: Option<String>,
    /// Put before every symbol but the first of a word.
    pub continuing_subword_prefix: Option<String>,
    /// Put behind the last symbol of a word.
    pub end_of_word_suffix: Option<String>,
    /// One unknown token for a run of unknowns.
    pub fuse_unk: bool,
    /// `<0x00>` tokens for what is unknown.
    pub byte_fallback: bool,
    /// A piece that is a token is that token, whatever the merges say.
    pub ignore_merges: bool,
}

impl BpeOptions {
    fn check(&self) -> Result<()> {
        match self.dropout {
            Some(chance) if !(0.0..=1.0).contains(&chance) => {
                Err(Error::invalid("Dropout should be between 0 and 1, inclusive")
                    .finding(chance.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// The chance of skipping a merge where there is one. A chance of 0 counts as none: the results
    /// can be cached.
    fn chance(&self) -> Option<f32> {
        self.dropout.filter(|&chance| chance != 0.0)
    }

    /// Whether symbols are looked up with something before or behind the character.
    fn decorates(&self) -> bool {
        let says = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        says(&self.continuing_subword_prefix) || says(&self.end_of_word_suffix)
    }
}

/// A BPE model: tables behind an `Arc`, options beside them.
#[derive(Debug, Clone)]
pub struct Bpe {
    tables: Arc<BpeTables>,
    options: BpeOptions,
}

/// Where pieces are merged together.
pub(crate) struct MergeRoom([ShortMerge; TOGETHER], [Ends; TOGETHER]);

impl Default for MergeRoom {
    fn default() -> Self {
        Self([const { ShortMerge::empty() }; TOGETHER], [[0; SHORT]; TOGETHER])
    }
}

/// What a vocabulary and its merges come to.
pub(crate) struct BpeRules {
    vocab: Vocab,
    merges: Merges,
    /// As in [`BpeTables`].
    is_regular: bool,
    shows_seams: bool,
}

impl BpeRules {
    /// Read what [`Bpe::store`] wrote; `None` if it cannot be that.
    pub(crate) fn restore(stored: &mut Stored<'_>) -> Option<Self> {
        let vocab = Vocab::restore(stored)?;
        let merges = Merges::restore(stored, |id| vocab.token(id).is_some())?;
        let (is_regular, shows_seams) = (stored.number()? == 1, stored.number()? == 1);
        Some(Self { vocab, merges, is_regular, shows_seams })
    }
}

/// The tables, built once.
struct BpeTables {
    vocab: Vocab,
    merges: Merges,
    ties: Option<Ties>,
    /// Whether a merge always makes its text longer, and a text has one id. Then neighbours that
    /// changed can never make the token that they made before, an outdated candidate of the queue
    /// is never taken for a good one, and plain scanning for the lowest rank gives what the queue
    /// gives.
    is_regular: bool,
    /// Whether the parts of every merge are whole in what it makes of them, and not empty, so that
    /// the characters at its seam are those of its parts.
    shows_seams: bool,
    chars: OnceLock<CharTable>,
    bridges: OnceLock<Bridges>,
    byte_tokens: OnceLock<Box<[Option<TokenId>; 256]>>,
    byte_level: OnceLock<Option<Box<ByteTables>>>,
    spaced: OnceLock<SpacedTables>,
}

impl Bpe {
    /// From a vocabulary and merges in order of rank. Every merge's parts and result must be tokens.
    ///
    /// The result of a merge is its left part followed by its right part without as many bytes as
    /// `continuing_subword_prefix` has. Of two merges of the same pair the later one counts.
    ///
    /// # Errors
    ///
    /// When a part or a result is not in the vocabulary, or dropout is not a probability.
    #[allow(clippy::needless_pass_by_value, reason = "whoever reads a file has no use for them")]
    pub fn new(vocab: Vocab, merges: Vec<(String, String)>, options: BpeOptions) -> Result<Self> {
        Self::from_merges(vocab, merges.iter().map(|(left, right)| (&**left, &**right)), options)
    }

    /// As [`new`](Self::new), from texts that stay where they are.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn from_merges<'a>(
        vocab: Vocab,
        merges: impl IntoIterator<Item = (&'a str, &'a str)>,
        options: BpeOptions,
    ) -> Result<Self> {
        Self::with_ties(vocab, merges, Vec::new(), options)
    }

    /// The same where the merges of each group of ranks are equally good: of neighbours that could be
    /// joined by any of them, the leftmost are joined first. Dropout goes by rank all the same.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and when a group lies outside of the merges or reaches into another.
    pub fn with_ties<'a>(
        vocab: Vocab,
        merges: impl IntoIterator<Item = (&'a str, &'a str)>,
        ties: Vec<Range<u32>>,
        options: BpeOptions,
    ) -> Result<Self> {
        let merges: Vec<_> = merges.into_iter().collect();
        Self::from_rows(vocab, merges.len(), |rank| merges[rank], ties, options)
    }

    /// As [`with_ties`](Self::with_ties), from `count` merges wherever they lie.
    pub(crate) fn from_rows<'a>(
        vocab: Vocab,
        count: usize,
        merge: impl Fn(usize) -> (&'a str, &'a str) + Sync,
        ties: Vec<Range<u32>>,
        options: BpeOptions,
    ) -> Result<Self> {
        options.check()?;
        let prefix = options.continuing_subword_prefix.as_ref().map_or(0, String::len);
        let Rules { merges: rules, grows, shows_seams } = Rules::new(&vocab, prefix, count, merge)?;
        let merges = Merges::new(rules);
        let is_regular = grows && !vocab.has_shared_ids() && ShortMerge::fits(&merges);
        Self::of_rules(BpeRules { vocab, merges, is_regular, shows_seams }, ties, options)
    }

    /// From rules that were looked up before.
    ///
    /// # Errors
    ///
    /// As [`with_ties`](Self::with_ties).
    pub(crate) fn of_rules(
        rules: BpeRules,
        ties: Vec<Range<u32>>,
        options: BpeOptions,
    ) -> Result<Self> {
        options.check()?;
        let BpeRules { vocab, merges, is_regular, shows_seams } = rules;
        let ties = Ties::new(ties, &merges).map_err(|error| error.under("ties"))?;
        let tables = Arc::new(BpeTables {
            vocab,
            merges,
            ties,
            is_regular,
            shows_seams,
            chars: OnceLock::new(),
            bridges: OnceLock::new(),
            byte_tokens: OnceLock::new(),
            byte_level: OnceLock::new(),
            spaced: OnceLock::new(),
        });
        Ok(Self { tables, options })
    }

    /// Its vocabulary.
    pub fn vocab(&self) -> &Vocab {
        &self.tables.vocab
    }

    /// Its options.
    pub fn options(&self) -> &BpeOptions {
        &self.options
    }

    /// The same tables under other options. Merges keep the results that they had, whatever becomes
    /// of `continuing_subword_prefix`.
    ///
    /// # Errors
    ///
    /// When dropout is not between 0 and 1.
    pub fn with_options(&self, options: BpeOptions) -> Result<Self> {
        options.check()?;
        Ok(Self { tables: self.tables.clone(), options })
    }

    /// Write the rules down, which is possible where their numbers are not too large.
    pub(crate) fn store(&self, sections: &mut Sections) -> Option<()> {
        self.tables.vocab.store(sections);
        self.tables.merges.store(sections)?;
        sections.number(self.tables.is_regular.into());
        sections.number(self.tables.shows_seams.into());
        Some(())
    }

    /// The merges by ascending rank, as token texts.
    pub fn merges(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        let text = |id| self.tables.vocab.token(id).expect("merges are made of tokens");
        self.tables.merges.iter().map(move |rule| (text(rule.left), text(rule.right)))
    }

    /// The groups of ranks whose merges are equally good (see [`with_ties`](Self::with_ties)).
    pub fn ties(&self) -> &[Range<u32>] {
        self.tables.ties.as_ref().map_or(&[], Ties::groups)
    }

    /// The tokens of `piece` as numbers; what `out` held before is gone.
    ///
    /// # Errors
    ///
    /// When a character is unknown and the unknown token is not in the vocabulary.
    pub fn encode_piece(&self, piece: &str, out: &mut PieceTokens) -> Result<()> {
        out.clear();
        let length = piece_length(piece.as_bytes())?;
        if piece.is_empty() {
            return Ok(());
        }
        let chance = self.options.chance();
        if let (true, None) = (self.options.ignore_merges, chance)
            && let Some(id) = self.tables.vocab.id(piece)
        {
            out.push(id, 0, length);
            return Ok(());
        }
        let symbols = Symbols::new(&self.tables, &self.options, out);
        match chance {
            None => symbols.merged(piece)?,
            Some(chance) => {
                symbols.unmerged(piece)?;
                self.merge_with_dropout(chance, out);
            }
        }
        out.starts.push(0);
        out.starts.extend_from_slice(&out.ends[..out.ends.len().saturating_sub(1)]);
        out.starts.truncate(out.ends.len());
        Ok(())
    }

    /// For byte-level vocabularies: encode raw bytes (not their printable stand-ins), appending ids
    /// and the raw byte length of each. `None` when this vocabulary or these options rule that road
    /// out; nothing is appended then.
    pub fn encode_bytes(
        &self,
        bytes: &[u8],
        ids: &mut Vec<TokenId>,
        lengths: &mut Vec<u32>,
    ) -> Option<()> {
        let tables = self.byte_level()?;
        let length = u32::try_from(bytes.len()).ok()?;
        let mut push = |id, length| {
            ids.push(id);
            lengths.push(length);
        };
        if let (true, Some(id)) = (self.options.ignore_merges, tables.whole(bytes, self.vocab())) {
            push(id, length);
        } else if bytes.len() <= SHORT && self.tables.is_regular {
            tables.encode_short(bytes, &self.tables.merges, push);
        } else if !bytes.is_empty() {
            tables.encode_long(bytes, &self.tables.merges, self.tables.is_regular, push);
        }
        Some(())
    }

    /// Whether a piece that is a token is not merged, so that [`whole_pieces`](Self::whole_pieces) has to be asked.
    pub(crate) fn has_whole_pieces(&self) -> bool {
        self.options.ignore_merges
    }

    /// The tokens that whole pieces of bytes are: for up to [`TOGETHER`] pieces of at most
    /// [`longest_together`](Self::longest_together) bytes, where [`has_whole_pieces`](Self::has_whole_pieces).
    pub(crate) fn whole_pieces(&self, pieces: &[&[u8]]) -> [Option<TokenId>; TOGETHER] {
        let tables = self.byte_level().filter(|_| self.options.ignore_merges);
        tables.map_or([None; TOGETHER], |tables| tables.whole_each(pieces, self.vocab()))
    }

    /// The longest piece, in bytes, for [`merge_together`](Self::merge_together); 0 for none.
    pub(crate) fn longest_together(&self) -> usize {
        if self.tables.is_regular && self.encodes_bytes() { SHORT } else { 0 }
    }

    /// Merge up to [`TOGETHER`] pieces of at most [`longest_together`](Self::longest_together) bytes at a time, which
    /// takes less time than one after the other: for each its tokens, id, start and end. `room` is used again.
    pub(crate) fn merge_together<'r>(
        &self,
        pieces: &[&[u8]],
        room: &'r mut MergeRoom,
    ) -> impl Iterator<Item = impl Iterator<Item = (TokenId, u32, u32)> + Clone + 'r> {
        let tables = self.byte_level();
        let count = if tables.is_some() { pieces.len() } else { 0 };
        let symbols = &mut room.0[..count];
        if let Some(tables) = tables {
            for (symbols, piece) in symbols.iter_mut().zip(pieces) {
                tables.fill(symbols, piece);
            }
            ShortMerge::run_together(symbols, &self.tables.merges);
        }
        symbols.iter().map(ShortMerge::tokens)
    }

    /// Cut `piece` into parts that can be encoded apart: their tokens, one part behind the other, are
    /// the tokens of the piece, spans moved by the bytes of the parts before.
    ///
    /// Worth it for models whose pieces are long (no pre-tokenizer), since parts recur and pieces do
    /// not. `None` where options or merges make parts depend on each other.
    pub fn parts<'a>(&'a self, piece: &'a str) -> Option<impl Iterator<Item = &'a str>> {
        let options = &self.options;
        let apart = options.unk_token.is_some()
            && options.chance().is_none()
            && !options.ignore_merges
            && !options.decorates();
        let bridges = apart.then(|| self.tables.bridges()).flatten()?;
        Some(bridges::parts(piece, bridges, self.tables.chars()))
    }

    /// Whether [`encode_bytes`](Self::encode_bytes) works: every byte is a token, and no option
    /// looks at characters.
    pub fn encodes_bytes(&self) -> bool {
        self.byte_level().is_some()
    }

    fn byte_level(&self) -> Option<&ByteTables> {
        let is_plain = self.options.chance().is_none() && !self.options.decorates();
        if !is_plain || self.tables.ties.is_some() {
            return None;
        }
        let BpeTables { vocab, merges, byte_level, .. } = &*self.tables;
        byte_level.get_or_init(|| ByteTables::new(vocab, merges).map(Box::new)).as_deref()
    }

    fn merge_with_dropout(&self, chance: f32, out: &mut PieceTokens) {
        let mut random = std::mem::take(out.random(self.options.seed));
        let mut dropout = Dropout { chance, random: &mut random };
        let PieceTokens { ids, ends, .. } = out;
        LongMerge::new(&self.tables.merges, ids, ends).run_with_dropout(&mut dropout);
        *out.random(None) = random;
    }
}

impl Tokenize for Bpe {
    fn tokenize(&self, piece: &str) -> Result<Vec<Token>> {
        let mut out = PieceTokens::new();
        self.encode_piece(piece, &mut out)?;
        Ok(out.to_tokens(|id, _| self.id_to_token(id).unwrap_or_default().to_owned()))
    }

    fn token_to_id(&self, token: &str) -> Option<TokenId> {
        self.tables.vocab.id(token)
    }

    fn id_to_token(&self, id: TokenId) -> Option<&str> {
        self.tables.vocab.token(id)
    }

    fn vocab_size(&self) -> usize {
        self.tables.vocab.len()
    }
}

impl BpeTables {
    fn chars(&self) -> &CharTable {
        self.chars.get_or_init(|| CharTable::new(&self.vocab))
    }

    fn bridges(&self) -> Option<&Bridges> {
        (self.is_regular && self.shows_seams)
            .then(|| self.bridges.get_or_init(|| Bridges::new(&self.vocab, &self.merges)))
    }

    /// Merge the symbols from position `from` on.
    fn merge_from(&self, from: usize, ids: &mut Vec<TokenId>, ends: &mut Vec<u32>) {
        let is_short = ids.len() - from <= SHORT && self.is_regular;
        if let (Some(ties), false) = (&self.ties, is_short) {
            return ties.merge_from(&self.merges, from, ids, ends);
        }
        if !is_short {
            let (mut some_ids, mut some_ends) = (ids.split_off(from), ends.split_off(from));
            merge_all(&self.merges, self.is_regular, &mut some_ids, &mut some_ends);
            ids.append(&mut some_ids);
            ends.append(&mut some_ends);
            return;
        }
        let symbols = ids[from..].iter().copied();
        let mut symbols = ShortMerge::new(symbols, |_, left, right| self.merges.rank(left, right));
        // Few pieces come to a merge that has an equal; until then the order is that of the ranks.
        if let Some(ties) = &self.ties {
            if !symbols.run_until(&self.merges, |rank| ties.has_equals(rank)) {
                return ties.merge_from(&self.merges, from, ids, ends);
            }
        } else {
            symbols.run(&self.merges);
        }
        let mut len = from;
        for (id, _, end) in symbols.tokens() {
            ids[len] = id;
            ends[len] = ends[from + end as usize - 1];
            len += 1;
        }
        ids.truncate(len);
        ends.truncate(len);
    }

    fn byte_tokens(&self) -> &[Option<TokenId>; 256] {
        self.byte_tokens.get_or_init(|| {
            let mut byte = 0..=u8::MAX;
            Box::new([(); 256].map(|()| self.vocab.id(&format!("<0x{:02X}>", byte.next()?))))
        })
    }
}

impl std::fmt::Debug for BpeTables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BpeTables")
            .field("vocab", &self.vocab.len())
            .field("merges", &self.merges.len())
            .finish_non_exhaustive()
    }
}

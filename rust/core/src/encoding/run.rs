//! The tokens of one text, as the model gave them: the only file that knows how they are stored.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::encoding::blanks::Blanks;
use crate::encoding::block::Block;
use crate::token::{Span, Token, TokenId};

/// Marks a token that belongs to no word in [`TokenRun::words`].
pub(crate) const NO_WORD: u32 = u32::MAX;

/// Where the texts of ids are looked up when somebody asks.
pub trait TokenNames: Send + Sync {
    /// The text of an id.
    fn name(&self, id: TokenId) -> Option<&str>;

    /// The white space around the text of an id. Who is asked often remembers it.
    fn blanks(&self, id: TokenId) -> Blanks {
        Blanks::of(self.name(id).unwrap_or(""))
    }
}

/// The tokens of one encoded text, as the model gave them: immutable and shared.
///
pub struct TokenRun {
    columns: Columns,
    /// Texts that are not simply the name of the id, by ascending index.
    texts: Vec<(u32, Box<str>)>,
    /// Names of the ids; `None` gives empty texts.
    names: Option<Arc<dyn TokenNames>>,
    /// Whether offsets and words are known to fit signed numbers.
    pub(crate) are_signed: bool,
    /// What binary search may rely on, found out when first needed.
    order: OnceLock<Order>,
}

/// Ids; offsets into the original text, in the unit asked for; word numbers, [`NO_WORD`] for none. The latter two are
/// empty when none were asked for.
enum Columns {
    Own { ids: Vec<TokenId>, offsets: Vec<[u32; 2]>, words: Vec<u32> },
    Part { block: Arc<Block>, range: Range<usize> },
}

/// Which columns of a run never step back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order {
    offsets: bool,
    words: bool,
}

impl TokenRun {
    /// A run of these columns. Each of `offsets` and `words` is empty or as long as `ids`.
    pub fn new(
        ids: Vec<TokenId>,
        offsets: Vec<(u32, u32)>,
        words: Vec<u32>,
        texts: Vec<(u32, Box<str>)>,
        names: Option<Arc<dyn TokenNames>>,
    ) -> Self {
        debug_assert!(offsets.is_empty() || offsets.len() == ids.len());
        debug_assert!(words.is_empty() || words.len() == ids.len());
        // The vector stays where it is: only arrays have a layout that can be shown to others.
        let offsets: Vec<_> = offsets.into_iter().map(|(start, end)| [start, end]).collect();
        // Now that the numbers are at hand.
        let are_signed = fit_signed(offsets.as_flattened(), &words);
        let columns = Columns::Own { ids, offsets, words };
        Self { columns, texts, names, are_signed, order: OnceLock::new() }
    }

    /// A run of a range of tokens of a block; `are_signed` says that offsets and words fit signed numbers.
    pub(crate) fn of_block(
        block: Arc<Block>,
        range: Range<usize>,
        texts: Vec<(u32, Box<str>)>,
        names: Option<Arc<dyn TokenNames>>,
        are_signed: bool,
    ) -> Self {
        let columns = Columns::Part { block, range };
        Self { columns, texts, names, are_signed, order: OnceLock::new() }
    }

    /// A run of tokens that carry their own texts, all of no word.
    pub fn from_tokens(tokens: Vec<Token>) -> Self {
        let ids = tokens.iter().map(|token| token.id).collect();
        let offsets = tokens.iter().map(|token| (narrow(token.span.start), narrow(token.span.end)));
        let offsets = offsets.collect();
        let texts = tokens.into_iter().enumerate();
        let texts = texts.map(|(i, token)| (narrow(i), token.value.into_boxed_str())).collect();
        Self::new(ids, offsets, Vec::new(), texts, None)
    }

    /// How many tokens.
    pub fn len(&self) -> usize {
        match &self.columns {
            Columns::Own { ids, .. } => ids.len(),
            Columns::Part { range, .. } => range.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of a range of tokens.
    pub fn ids(&self, range: Range<usize>) -> &[TokenId] {
        &self.all_ids()[range]
    }

    /// The id of a token.
    pub fn id(&self, index: usize) -> TokenId {
        self.all_ids()[index]
    }

    /// The offsets of a token, `0..0` where none were kept.
    pub fn offset(&self, index: usize) -> Span {
        let [start, end] = self.all_offsets().get(index).copied().unwrap_or_default();
        Span::new(start as usize, end as usize)
    }

    /// All ids.
    pub(crate) fn all_ids(&self) -> &[TokenId] {
        match &self.columns {
            Columns::Own { ids, .. } => ids,
            Columns::Part { block, range } => block.ids(range.clone()),
        }
    }

    /// All offsets; nothing where none were kept.
    pub(crate) fn all_offsets(&self) -> &[[u32; 2]] {
        match &self.columns {
            Columns::Own { offsets, .. } => offsets,
            Columns::Part { block, range } => block.offsets(range.clone()),
        }
    }

    /// All words, [`NO_WORD`] for none; nothing where none were kept.
    pub(crate) fn all_words(&self) -> &[u32] {
        match &self.columns {
            Columns::Own { words, .. } => words,
            Columns::Part { block, range } => block.words(range.clone()),
        }
    }

    /// Whether offsets were kept at all.
    pub fn has_offsets(&self) -> bool {
        !self.all_offsets().is_empty()
    }

    /// The word of a token.
    pub fn word(&self, index: usize) -> Option<u32> {
        self.all_words().get(index).copied().filter(|word| *word != NO_WORD)
    }

    /// The text of a token.
    pub fn text(&self, index: usize) -> &str {
        let found = self.texts.binary_search_by(|(at, _)| (*at as usize).cmp(&index));
        match found {
            Ok(place) => &self.texts[place].1,
            Err(_) => {
                self.names.as_ref().and_then(|names| names.name(self.id(index))).unwrap_or("")
            }
        }
    }

    /// The white space around the text of a token.
    pub(crate) fn blanks(&self, index: usize) -> Blanks {
        match &self.names {
            Some(names) if self.texts.is_empty() => names.blanks(self.id(index)),
            _ => Blanks::of(self.text(index)),
        }
    }

    /// Whether starts and ends of offsets never step back (so that both can be searched by halving).
    pub(crate) fn has_ordered_offsets(&self) -> bool {
        self.order().offsets
    }

    /// Whether every token has a word and words never step back.
    pub(crate) fn has_ordered_words(&self) -> bool {
        self.order().words
    }

    fn order(&self) -> Order {
        *self.order.get_or_init(|| {
            let (offsets, words) = (self.all_offsets(), self.all_words());
            Order {
                offsets: offsets.iter().all(|[start, end]| start <= end)
                    && offsets
                        .windows(2)
                        .all(|pair| pair[0][0] <= pair[1][0] && pair[0][1] <= pair[1][1]),
                words: words.is_sorted() && words.last().is_some_and(|word| *word != NO_WORD),
            }
        })
    }

    /// A copy of a range of tokens with other offsets.
    pub(crate) fn with_offsets(&self, range: Range<usize>, offsets: Vec<(u32, u32)>) -> Self {
        let texts = self.texts.iter().filter(|(at, _)| range.contains(&(*at as usize)));
        let texts = texts.map(|(at, text)| (at - narrow(range.start), text.clone())).collect();
        let words = self.all_words().get(range.clone()).unwrap_or_default().to_vec();
        Self::new(self.ids(range).to_vec(), offsets, words, texts, self.names.clone())
    }
}

/// Whether offsets and words, [`NO_WORD`] aside, fit signed numbers.
pub(crate) fn fit_signed(offsets: &[u32], words: &[u32]) -> bool {
    let most = i32::MAX.cast_unsigned();
    // One more, so that the mark of no word is zero and the rest keep their order.
    let words = words.iter().fold(0, |most, word| word.wrapping_add(1).max(most));
    offsets.iter().fold(0, |all, number| all | number) <= most && words <= most + 1
}

/// A position as runs store it. Texts end long before 4 GiB; a position past that sticks at the end.
pub(crate) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

//! What a character is, by each definition that tokenizers use.
//!
//! "Punctuation" or "white space" means different sets in the reference's different parts, so each function names
//! whose definition it follows. The `\p{..}` functions answer as the reference's regular expressions do
//! (Oniguruma, Unicode 16); letters added later are no letters there.
//!
//! ```
//! use fissile_unicode::category;
//!
//! assert!(category::is_bert_punctuation('$') && !category::is_punctuation('$'));
//! ```

use crate::tables::category::CATEGORIES;
use crate::tables::chinese::CHINESE_RANGES;
use crate::tables::traits::TRAITS;

/// The general category of Unicode 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are Unicode's own")]
pub enum GeneralCategory {
    Unassigned,
    UppercaseLetter,
    LowercaseLetter,
    TitlecaseLetter,
    ModifierLetter,
    OtherLetter,
    NonspacingMark,
    SpacingMark,
    EnclosingMark,
    DecimalNumber,
    LetterNumber,
    OtherNumber,
    ConnectorPunctuation,
    DashPunctuation,
    OpenPunctuation,
    ClosePunctuation,
    InitialPunctuation,
    FinalPunctuation,
    OtherPunctuation,
    MathSymbol,
    CurrencySymbol,
    ModifierSymbol,
    OtherSymbol,
    SpaceSeparator,
    LineSeparator,
    ParagraphSeparator,
    Control,
    Format,
    PrivateUse,
}

use GeneralCategory as Category;

/// All categories in the order of the table's numbers, and their two-letter names.
const CATEGORY_NAMES: [(Category, &str); 29] = [
    (Category::Unassigned, "Cn"),
    (Category::UppercaseLetter, "Lu"),
    (Category::LowercaseLetter, "Ll"),
    (Category::TitlecaseLetter, "Lt"),
    (Category::ModifierLetter, "Lm"),
    (Category::OtherLetter, "Lo"),
    (Category::NonspacingMark, "Mn"),
    (Category::SpacingMark, "Mc"),
    (Category::EnclosingMark, "Me"),
    (Category::DecimalNumber, "Nd"),
    (Category::LetterNumber, "Nl"),
    (Category::OtherNumber, "No"),
    (Category::ConnectorPunctuation, "Pc"),
    (Category::DashPunctuation, "Pd"),
    (Category::OpenPunctuation, "Ps"),
    (Category::ClosePunctuation, "Pe"),
    (Category::InitialPunctuation, "Pi"),
    (Category::FinalPunctuation, "Pf"),
    (Category::OtherPunctuation, "Po"),
    (Category::MathSymbol, "Sm"),
    (Category::CurrencySymbol, "Sc"),
    (Category::ModifierSymbol, "Sk"),
    (Category::OtherSymbol, "So"),
    (Category::SpaceSeparator, "Zs"),
    (Category::LineSeparator, "Zl"),
    (Category::ParagraphSeparator, "Zp"),
    (Category::Control, "Cc"),
    (Category::Format, "Cf"),
    (Category::PrivateUse, "Co"),
];

const CATEGORY_BITS: u8 = 0x1F;
const REGEX_SPACE: u8 = 1 << 5;

/// All a regular expression asks about a character, from one look into the table: for loops that ask several questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class(u8);

/// Looks a character up once; ask the [`Class`] the questions.
#[inline]
pub fn class(character: char) -> Class {
    Class(CATEGORIES.get_latin_first(character))
}

impl Class {
    /// `\p{L}`.
    #[inline]
    pub fn is_letter(self) -> bool {
        self.within(Category::UppercaseLetter, Category::OtherLetter)
    }

    /// `\p{N}`.
    #[inline]
    pub fn is_number(self) -> bool {
        self.within(Category::DecimalNumber, Category::OtherNumber)
    }

    /// `\p{M}`.
    #[inline]
    pub fn is_mark(self) -> bool {
        self.within(Category::NonspacingMark, Category::EnclosingMark)
    }

    /// `\p{P}`.
    #[inline]
    pub fn is_punctuation(self) -> bool {
        self.within(Category::ConnectorPunctuation, Category::OtherPunctuation)
    }

    /// `\p{S}`.
    #[inline]
    pub fn is_symbol(self) -> bool {
        self.within(Category::MathSymbol, Category::OtherSymbol)
    }

    /// `\p{Z}`.
    #[inline]
    pub fn is_separator(self) -> bool {
        self.within(Category::SpaceSeparator, Category::ParagraphSeparator)
    }

    /// `\s`.
    #[inline]
    pub fn is_regex_space(self) -> bool {
        self.0 & REGEX_SPACE != 0
    }

    /// The general category.
    #[inline]
    pub fn general_category(self) -> GeneralCategory {
        CATEGORY_NAMES[usize::from(self.0 & CATEGORY_BITS)].0
    }

    #[inline]
    fn is(self, category: Category) -> bool {
        self.0 & CATEGORY_BITS == category as u8
    }

    #[inline]
    fn within(self, first: Category, last: Category) -> bool {
        (first as u8..=last as u8).contains(&(self.0 & CATEGORY_BITS))
    }
}

impl GeneralCategory {
    /// The two-letter name, such as `Lu`.
    pub fn name(self) -> &'static str {
        CATEGORY_NAMES[self as usize].1
    }
}

/// The general category, by Unicode 16.
#[inline]
pub fn general_category(character: char) -> GeneralCategory {
    class(character).general_category()
}

/// `\p{L}`: letters.
#[inline]
pub fn is_letter(character: char) -> bool {
    class(character).is_letter()
}

/// `\p{N}`: decimal digits, letter-like and other numbers.
#[inline]
pub fn is_number(character: char) -> bool {
    class(character).is_number()
}

/// `\p{M}`: combining marks. The normalizer that strips accents has its own, older set: [`is_accent`].
#[inline]
pub fn is_mark(character: char) -> bool {
    class(character).is_mark()
}

/// `\p{P}`: punctuation. BERT counts more: [`is_bert_punctuation`].
#[inline]
pub fn is_punctuation(character: char) -> bool {
    class(character).is_punctuation()
}

/// `\p{S}`: symbols.
#[inline]
pub fn is_symbol(character: char) -> bool {
    class(character).is_symbol()
}

/// `\p{Z}`: separators.
#[inline]
pub fn is_separator(character: char) -> bool {
    class(character).is_separator()
}

/// `\p{Lu}`: upper-case letters.
#[inline]
pub fn is_uppercase(character: char) -> bool {
    class(character).is(Category::UppercaseLetter)
}

/// `\p{Ll}`: lower-case letters.
#[inline]
pub fn is_lowercase_letter(character: char) -> bool {
    class(character).is(Category::LowercaseLetter)
}

/// `\p{Lt}`: title-case letters.
#[inline]
pub fn is_titlecase(character: char) -> bool {
    class(character).is(Category::TitlecaseLetter)
}

/// `\p{Lm}`: modifier letters.
#[inline]
pub fn is_modifier_letter(character: char) -> bool {
    class(character).is(Category::ModifierLetter)
}

/// `\p{Lo}`: letters without case.
#[inline]
pub fn is_other_letter(character: char) -> bool {
    class(character).is(Category::OtherLetter)
}

/// `\s` of the reference's regular expressions (Oniguruma).
#[inline]
pub fn is_regex_space(character: char) -> bool {
    class(character).is_regex_space()
}

/// `\w` of the `Whitespace` pre-tokenizer, which uses the Rust regex crate (Unicode 16).
#[inline]
pub fn is_word(character: char) -> bool {
    has(character, WORD)
}

/// White space by `WhitespaceSplit`, `Strip` and BERT's pre-tokenizer: Rust's `char::is_whitespace`.
#[inline]
pub fn is_whitespace(character: char) -> bool {
    has(character, WHITESPACE)
}

/// A digit by the `Digits` pre-tokenizer: Rust's `char::is_numeric`, of a newer Unicode than [`is_number`].
#[inline]
pub fn is_numeric(character: char) -> bool {
    has(character, NUMERIC)
}

/// Punctuation by `BertPreTokenizer` and `Punctuation`: all of ASCII's, beyond it that of an old Unicode.
#[inline]
pub fn is_bert_punctuation(character: char) -> bool {
    has(character, BERT_PUNCTUATION)
}

/// What `BertNormalizer(clean_text)` drops: controls, formats, private use, U+0000 and U+FFFD.
#[inline]
pub fn is_bert_control(character: char) -> bool {
    has(character, BERT_CONTROL)
}

/// What `BertNormalizer(clean_text)` turns into a plain space, of what it has not dropped.
#[inline]
pub fn is_bert_whitespace(character: char) -> bool {
    TRAITS.get_latin_first(character) & (WHITESPACE | BERT_CONTROL) == WHITESPACE
}

/// A mark that `StripAccents` drops: every combining mark of Unicode 9, spacing and enclosing ones included.
#[inline]
pub fn is_accent(character: char) -> bool {
    has(character, ACCENT)
}

/// A mark that `BertNormalizer(strip_accents)` drops after NFD: non-spacing marks of an old Unicode only.
#[inline]
pub fn is_bert_accent(character: char) -> bool {
    has(character, BERT_ACCENT)
}

/// What `BertNormalizer(handle_chinese_chars)` puts spaces around.
///
/// The reference mistypes the start of one block as U+2B920, so the ideographs U+2B820 to U+2B91F are left out; ids
/// depend on it.
#[inline]
pub fn is_chinese(character: char) -> bool {
    character >= CHINESE_RANGES[0].0
        && CHINESE_RANGES.iter().any(|&(first, last)| (first..=last).contains(&character))
}

const WORD: u8 = 1;
const WHITESPACE: u8 = 1 << 1;
const NUMERIC: u8 = 1 << 2;
const BERT_PUNCTUATION: u8 = 1 << 3;
const BERT_CONTROL: u8 = 1 << 4;
const ACCENT: u8 = 1 << 5;
const BERT_ACCENT: u8 = 1 << 6;

#[inline]
fn has(character: char, bit: u8) -> bool {
    TRAITS.get_latin_first(character) & bit != 0
}

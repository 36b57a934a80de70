//! Which road the texts of a tokenizer take. What is not recognised takes the general one.

use crate::models::Model;
use crate::normalizers::Normalizer;
use crate::pre_tokenizers::PreTokenizer;
use crate::pre_tokenizers::scan::{Apart, Cut, Scanner};
use crate::text::byte_alphabet::ByteLevel;
use crate::text::metaspace::PrependScheme;
use crate::text::{Pattern, Replacement};
use crate::tokenizer::Front;
use crate::tokenizer::bert_words::BertWords;
use crate::tokenizer::pieces::{PieceRoad, Spelling};
use crate::tokenizer::plain_words::PlainWords;
use crate::tokenizer::seams::seams;
use crate::tokenizer::units::UnitRoad;

/// How the texts of a tokenizer are encoded.
pub(crate) struct Plan {
    pub(crate) road: Road,
    /// Whether the model gives the same tokens every time (no dropout, no sampling).
    pub(crate) cacheable: bool,
}

/// The roads.
pub(crate) enum Road {
    /// Any parts.
    General,
    /// Pieces of the normalized text.
    Pieces(PieceRoad),
    /// Words.
    Units(UnitRoad),
}

impl Plan {
    pub(crate) fn new(front: &Front) -> Self {
        // Words are normalized one by one and so come before pieces, which are cut of the whole text
        // after it was normalized; a byte-level pipeline is never one of words.
        let road = unit_road(front)
            .map(Road::Units)
            .or_else(|| piece_road(front).map(Road::Pieces))
            .unwrap_or(Road::General);
        Self { road, cacheable: is_deterministic(&front.model) }
    }
}

fn is_deterministic(model: &Model) -> bool {
    match model {
        Model::Bpe(bpe) => bpe.options().dropout.is_none_or(|chance| chance == 0.0),
        Model::Unigram(unigram) => {
            let options = unigram.options();
            options.alpha.is_none() && options.nbest_size.is_none()
        }
        Model::WordPiece(_) | Model::WordLevel(_) => true,
    }
}

/// Parts that cut the text and leave its characters alone, but for the byte alphabet at the end.
fn piece_road(front: &Front) -> Option<PieceRoad> {
    if front.normalizer.as_ref().is_some_and(has_custom) {
        return None;
    }
    let pre_tokenizer = front.pre_tokenizer.as_ref()?;
    // A space before the text can be put there beforehand; one before every piece of a cut cannot.
    let (pre_tokenizer, prefix_space) = match pre_tokenizer {
        PreTokenizer::ByteLevel(options) if options.add_prefix_space => {
            (&PreTokenizer::ByteLevel(ByteLevel { add_prefix_space: false, ..*options }), true)
        }
        other => (other, false),
    };
    let scanner = Scanner::of(pre_tokenizer)?;
    let spelling = if !spells_bytes(pre_tokenizer) {
        Spelling::Text
    } else if matches!(&front.model, Model::Bpe(bpe) if bpe.encodes_bytes()) {
        Spelling::RawBytes
    } else {
        Spelling::StandIns
    };
    Some(PieceRoad { scanner, prefix_space, spelling })
}

/// Whether the pieces end up in the byte alphabet.
fn spells_bytes(pre_tokenizer: &PreTokenizer) -> bool {
    match pre_tokenizer {
        PreTokenizer::ByteLevel(_) => true,
        PreTokenizer::Sequence(parts) => parts.iter().any(spells_bytes),
        _ => false,
    }
}

/// Whether a part written elsewhere is among them: what it does cannot be known.
fn has_custom(normalizer: &Normalizer) -> bool {
    match normalizer {
        Normalizer::Custom(_) => true,
        Normalizer::Sequence(parts) => parts.iter().any(has_custom),
        _ => false,
    }
}

fn unit_road(front: &Front) -> Option<UnitRoad> {
    match &front.pre_tokenizer {
        Some(pre_tokenizer) => word_road(front, pre_tokenizer),
        None => sentencepiece_road(front),
    }
}

/// Pre-tokenizers that drop white space or turn each space into the beginning of a piece.
fn word_road(front: &Front, pre_tokenizer: &PreTokenizer) -> Option<UnitRoad> {
    let cut = if drops_space(pre_tokenizer) {
        Cut::DroppedSpace { apart: set_apart(front.normalizer.as_ref(), pre_tokenizer) }
    } else if opens_at_space(pre_tokenizer) {
        Cut::BeforeSpace
    } else {
        return None;
    };
    let normalizer = front.normalizer.clone();
    let drops = matches!(cut, Cut::DroppedSpace { .. });
    if normalizer.as_ref().is_some_and(|normalizer| !is_local(normalizer, drops)) {
        return None;
    }
    let plain = PlainWords::of(normalizer.as_ref(), Some(pre_tokenizer));
    Some(UnitRoad {
        plain,
        bert: BertWords::of(normalizer.as_ref(), pre_tokenizer, &front.model),
        cut,
        first: normalizer.clone(),
        rest: normalizer,
        first_differs: false,
        pre_tokenizer: Some(pre_tokenizer.clone()),
    })
}

/// Whether the part gives the same for a text as for its words, white space being dropped.
fn drops_space(pre_tokenizer: &PreTokenizer) -> bool {
    match pre_tokenizer {
        PreTokenizer::Bert | PreTokenizer::Whitespace | PreTokenizer::WhitespaceSplit => true,
        PreTokenizer::Sequence(parts) => parts
            .split_first()
            .is_some_and(|(first, rest)| drops_space(first) && rest.iter().all(is_blind)),
        _ => false,
    }
}

/// What becomes a piece of its own, whatever stands beside it.
fn set_apart(normalizer: Option<&Normalizer>, pre_tokenizer: &PreTokenizer) -> Apart {
    match pre_tokenizer {
        PreTokenizer::Bert => match normalizer {
            None => Apart::Bert { chinese: false },
            Some(Normalizer::Bert(bert)) => Apart::Bert { chinese: bert.handle_chinese_chars },
            Some(_) => Apart::AsciiPunctuation,
        },
        PreTokenizer::Sequence(parts) => {
            parts.first().map_or(Apart::Nothing, |part| set_apart(normalizer, part))
        }
        _ => Apart::Nothing,
    }
}

/// Whether the part treats each piece for itself, wherever it stands.
fn is_blind(pre_tokenizer: &PreTokenizer) -> bool {
    match pre_tokenizer {
        PreTokenizer::Metaspace(metaspace) => metaspace.prepend_scheme != PrependScheme::First,
        PreTokenizer::Sequence(parts) => parts.iter().all(is_blind),
        PreTokenizer::Custom(_) => false,
        _ => true,
    }
}

/// Whether each space opens a piece.
fn opens_at_space(pre_tokenizer: &PreTokenizer) -> bool {
    matches!(pre_tokenizer, PreTokenizer::Metaspace(metaspace)
        if metaspace.split && metaspace.prepend_scheme != PrependScheme::First)
}

/// Whether normalizing a text is normalizing its words, at white space that stands free.
fn is_local(normalizer: &Normalizer, drops_space: bool) -> bool {
    match normalizer {
        Normalizer::Bert(_)
        | Normalizer::Nfc
        | Normalizer::Nfd
        | Normalizer::Nfkc
        | Normalizer::Nfkd
        | Normalizer::Lowercase
        | Normalizer::StripAccents
        | Normalizer::Nmt
        | Normalizer::Precompiled(_) => true,
        // Fewer spaces, where spaces are dropped, are the same spaces.
        Normalizer::Replace(replacement) => drops_space && squeezes_spaces(replacement),
        Normalizer::Sequence(parts) => parts.iter().all(|part| is_local(part, drops_space)),
        _ => false,
    }
}

/// `Replace(Regex(" {2,}"), " ")`, which SentencePiece's converters write.
fn squeezes_spaces(replacement: &Replacement) -> bool {
    replacement.content == " "
        && matches!(&replacement.pattern, Pattern::Regex(regex) if regex.source() == " {2,}")
}

/// SentencePiece-style BPE without a pre-tokenizer: spaces become ▁, and the text is cut where no token
/// reaches across.
fn sentencepiece_road(front: &Front) -> Option<UnitRoad> {
    let Model::Bpe(bpe) = &front.model else { return None };
    let parts = match front.normalizer.as_ref()? {
        Normalizer::Sequence(parts) => parts.as_slice(),
        single => std::slice::from_ref(single),
    };
    let (prepend, replace) = match parts {
        [Normalizer::Prepend(prepend), Normalizer::Replace(replace)] => (Some(prepend), replace),
        [Normalizer::Replace(replace)] => (None, replace),
        _ => return None,
    };
    let from_space = matches!(&replace.pattern, Pattern::Literal(text) if text == " ");
    if !from_space || replace.content != "▁" || prepend.is_some_and(|p| p.prepend != "▁") {
        return None;
    }
    Some(UnitRoad {
        cut: Cut::Unbridged(Box::new(seams(bpe)?)),
        first: front.normalizer.clone(),
        plain: PlainWords::of(Some(&Normalizer::Replace(replace.clone())), None),
        bert: None,
        rest: Some(Normalizer::Replace(replace.clone())),
        first_differs: prepend.is_some(),
        pre_tokenizer: None,
    })
}

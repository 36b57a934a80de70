//! How SentencePiece cleans texts before its models see them, and puts them together again.

use std::sync::Arc;

use super::bpe::escaped;
use super::proto::{Kind, ModelProto};
use crate::decoders::{Decoder, StripDecoder};
use crate::error::Result;
use crate::normalizers::{Normalizer, Precompiled, Prepend};
use crate::text::{Pattern, Replacement};
use crate::util::regex::Regex;

/// What stands for a space.
const SPACE: &str = "▁";

/// Stands for the unknown piece while texts are put together: two characters that Unicode promises
/// never to use.
const UNKNOWN_MARK: &str = "\u{FDD0}\u{FDD1}";

/// The steps of cleaning, in SentencePiece's order; `None` where a text stays as it is.
pub(super) fn normalizer(proto: &ModelProto) -> Result<Option<Normalizer>> {
    let spec = &proto.normalizer;
    let space = if spec.escape_whitespaces { SPACE } else { " " };
    let as_suffix = proto.trainer.whitespace_as_suffix;
    let mut steps = Vec::new();
    if !spec.charsmap.is_empty() {
        let kept = proto.of_kind(Kind::UserDefined).map(|(_, text)| text.to_owned()).collect();
        let map = Precompiled::longest_match(spec.charsmap.clone(), kept)
            .map_err(|error| error.under("normalizer_spec"))?;
        steps.push(Normalizer::Precompiled(Arc::new(map)));
    }
    if spec.remove_extra_whitespaces {
        steps.push(Normalizer::Replace(replacement(r"\A +", "")?));
        steps.push(Normalizer::Replace(replacement(" {2,}", " ")?));
    }
    if spec.add_dummy_prefix && !as_suffix {
        steps.push(Normalizer::Prepend(Prepend { prepend: space.to_owned() }));
    }
    if spec.escape_whitespaces {
        let pattern = Pattern::Literal(" ".to_owned());
        let content = SPACE.to_owned();
        steps.push(Normalizer::Replace(Arc::new(Replacement { pattern, content })));
    }
    // By now a `▁` of the text itself looks like a space, and goes with those at the end.
    let (ending, content) =
        match (spec.remove_extra_whitespaces, spec.add_dummy_prefix && as_suffix) {
            (false, false) => (String::new(), ""),
            (true, false) => (format!(r"{space}+\z"), ""),
            (false, true) => (r"(?<=[\s\S])\z".to_owned(), space),
            (true, true) => (format!(r"(?:{space}+|(?<=[^{space}]))\z"), space),
        };
    if !ending.is_empty() {
        steps.push(Normalizer::Replace(replacement(&ending, content)?));
    }
    Ok(match steps.len() {
        0 => None,
        1 => steps.pop(),
        _ => Some(Normalizer::Sequence(Arc::new(steps))),
    })
}

/// Pieces to text: `▁` to spaces, byte pieces to bytes, the space in front dropped, the unknown shown.
pub(super) fn decoder(proto: &ModelProto) -> Result<Decoder> {
    let spec = &proto.normalizer;
    let mut steps = Vec::new();
    let unknown = proto.of_kind(Kind::Unknown).next();
    if let Some((_, text)) = unknown {
        let whole = format!(r"\A{}\z", escaped(text));
        steps.push(Decoder::Replace(replacement(&whole, UNKNOWN_MARK)?));
    }
    let pattern = Pattern::Literal(SPACE.to_owned());
    steps.push(Decoder::Replace(Arc::new(Replacement { pattern, content: " ".to_owned() })));
    if proto.trainer.byte_fallback {
        steps.push(Decoder::ByteFallback);
    }
    steps.push(Decoder::Fuse);
    // The space put in front; or all there are, where texts do not begin with spaces.
    let start = if spec.remove_extra_whitespaces {
        usize::from(u16::MAX)
    } else {
        usize::from(spec.add_dummy_prefix)
    };
    if start > 0 {
        steps.push(Decoder::Strip(StripDecoder { content: ' ', start, stop: 0 }));
    }
    if unknown.is_some() {
        let pattern = Pattern::Literal(UNKNOWN_MARK.to_owned());
        let content = proto.trainer.unk_surface.clone();
        steps.push(Decoder::Replace(Arc::new(Replacement { pattern, content })));
    }
    Ok(Decoder::Sequence(Arc::new(steps)))
}

fn replacement(pattern: &str, content: &str) -> Result<Arc<Replacement>> {
    let pattern = Pattern::Regex(Regex::new(pattern)?);
    Ok(Arc::new(Replacement { pattern, content: content.to_owned() }))
}

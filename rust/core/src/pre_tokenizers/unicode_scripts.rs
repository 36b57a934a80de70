//! Cut where the script changes.

use fissile_unicode::Script;

use super::fixed_length::slices;
use crate::error::Result;
use crate::text::{NormalizedText, Pieces};

pub(super) fn cut(pieces: &mut Pieces) -> Result<()> {
    pieces.split(|_, text| Ok(runs(&text)))
}

/// The runs of one script. Characters without a script join the run before them; those in front of the
/// first run are dropped, as in the reference.
fn runs(text: &NormalizedText) -> Vec<NormalizedText> {
    let mut current = None;
    let mut cuts = Vec::new();
    for (at, c) in text.get().char_indices() {
        let script = script(c);
        if script != Script::Any && current != Some(script) {
            cuts.push(at);
            current = Some(script);
        }
    }
    cuts.push(text.len());
    slices(text, &cuts)
}

/// The script, with kana counted as Han and the space as anything.
fn script(c: char) -> Script {
    match c {
        'ー' => Script::Han,
        ' ' => Script::Any,
        other => match fissile_unicode::script(other) {
            Script::Hiragana | Script::Katakana => Script::Han,
            script => script,
        },
    }
}

//! Tokens as bytes: what a token stands for before the text it belongs to is whole.
//!
//! Byte-level and byte-fallback tokens can be parts of characters. Decoding to text has to replace what
//! is not UTF-8; here nothing is replaced.

use std::borrow::Cow;

use crate::decoders::{Decoder, StripDecoder};
use crate::text::Pattern;
use crate::text::byte_alphabet::char_to_byte;

/// The bytes of one token on its own: stand-ins undone, `<0x0A>` read, ▁ a space. What a decoder does to
/// the whole text (stripping its ends, spacing words) is not done to a token.
pub(crate) fn of_token(decoder: Option<&Decoder>, token: &str) -> Vec<u8> {
    match decoder {
        Some(Decoder::Sequence(steps)) => {
            let mut text = Cow::Borrowed(token);
            for step in steps.iter() {
                match step {
                    Decoder::ByteLevel(_) | Decoder::ByteFallback => {
                        return of_token(Some(step), &text);
                    }
                    _ => text = text_of(step, text),
                }
            }
            text.into_owned().into_bytes()
        }
        Some(Decoder::ByteLevel(_)) => {
            let bytes: Option<Vec<u8>> = token.chars().map(char_to_byte).collect();
            // A token with a character outside of the alphabet was added as it stands.
            bytes.unwrap_or_else(|| token.as_bytes().to_vec())
        }
        Some(Decoder::ByteFallback) => {
            fallback_byte(token).map_or_else(|| token.as_bytes().to_vec(), |byte| vec![byte])
        }
        Some(step) => text_of(step, Cow::Borrowed(token)).into_owned().into_bytes(),
        None => token.as_bytes().to_vec(),
    }
}

/// The bytes of tokens joined, where the decoder joins bytes; `None` for any other decoder.
pub(crate) fn of_tokens<'a>(
    decoder: &Decoder,
    tokens: impl Iterator<Item = &'a str>,
) -> Option<Vec<u8>> {
    let stripped: &[Decoder] = match decoder {
        Decoder::ByteLevel(_) | Decoder::ByteFallback => &[],
        Decoder::Sequence(steps) => behind_the_join(steps)?,
        _ => return None,
    };
    let mut bytes: Vec<u8> = tokens.flat_map(|token| of_token(Some(decoder), token)).collect();
    for step in stripped {
        if let Decoder::Strip(strip) = step {
            strip_ends(&mut bytes, *strip);
        }
    }
    Some(bytes)
}

/// The steps behind `Fuse` in SentencePiece's decoder: replacements, bytes, one text, its ends stripped.
fn behind_the_join(steps: &[Decoder]) -> Option<&[Decoder]> {
    let rest = steps.iter().position(|step| !matches!(step, Decoder::Replace(_)))?;
    match &steps[rest..] {
        [Decoder::ByteFallback, Decoder::Fuse, strips @ ..]
            if strips.iter().all(|step| matches!(step, Decoder::Strip(_))) =>
        {
            Some(strips)
        }
        [Decoder::ByteFallback | Decoder::ByteLevel(_)] => Some(&[]),
        _ => None,
    }
}

fn text_of<'a>(step: &Decoder, text: Cow<'a, str>) -> Cow<'a, str> {
    match step {
        Decoder::Replace(replacement) => match &replacement.pattern {
            Pattern::Literal(from) if !from.is_empty() && text.contains(from.as_str()) => {
                text.replace(from.as_str(), &replacement.content).into()
            }
            _ => text,
        },
        Decoder::Metaspace(metaspace) if text.contains(metaspace.replacement) => {
            text.replace(metaspace.replacement, " ").into()
        }
        _ => text,
    }
}

/// The byte of a token such as `<0x0A>`.
fn fallback_byte(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    if digits.len() == 2 { u8::from_str_radix(digits, 16).ok() } else { None }
}

fn strip_ends(bytes: &mut Vec<u8>, strip: StripDecoder) {
    let mut buffer = [0; 4];
    let content = strip.content.encode_utf8(&mut buffer).as_bytes();
    for _ in 0..strip.stop {
        if bytes.ends_with(content) {
            bytes.truncate(bytes.len() - content.len());
        }
    }
    let front =
        (0..strip.start).take_while(|n| bytes[n * content.len()..].starts_with(content)).count();
    bytes.drain(..front * content.len());
}

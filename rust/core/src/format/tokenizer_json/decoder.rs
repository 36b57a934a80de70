//! Decoders in `tokenizer.json`.

use serde::ser::{Error as _, Serialize, SerializeStruct, Serializer};
use serde_json::Value;

use super::AsJson;
use super::fields::Fields;
use super::part::{Known, bare, read_part, sequence};
use super::pattern::{read_replacement, write_replacement};
use super::pre_tokenizer::{read_byte_level, read_metaspace};
use crate::decoders::{BpeSuffix, Ctc, Decoder, StripDecoder, WordPieceDecoder};
use crate::error::Result;

/// In the order in which a part without a tag is tried.
const KNOWN: &[Known<Decoder>] = &[
    Known { tags: &["BPEDecoder"], by_fields: true, read: read_suffix },
    Known { tags: &["ByteLevel"], by_fields: false, read: read_bytes },
    Known { tags: &["WordPiece"], by_fields: true, read: read_wordpiece },
    Known { tags: &["Metaspace"], by_fields: false, read: read_spaces },
    Known { tags: &["CTC"], by_fields: true, read: read_ctc },
    Known { tags: &["Sequence"], by_fields: false, read: read_sequence },
    Known { tags: &["Replace"], by_fields: true, read: read_replace },
    Known { tags: &["Fuse"], by_fields: false, read: |_| Ok(Decoder::Fuse) },
    Known { tags: &["Strip"], by_fields: true, read: read_strip },
    Known { tags: &["ByteFallback"], by_fields: false, read: |_| Ok(Decoder::ByteFallback) },
];

/// Read a decoder of any kind.
pub(super) fn read(value: &Value) -> Result<Decoder> {
    read_part("decoder", KNOWN, value)
}

fn read_suffix(fields: Fields<'_>) -> Result<Decoder> {
    Ok(Decoder::Bpe(BpeSuffix { suffix: fields.required("suffix")? }))
}

fn read_bytes(fields: Fields<'_>) -> Result<Decoder> {
    read_byte_level(fields).map(Decoder::ByteLevel)
}

fn read_wordpiece(fields: Fields<'_>) -> Result<Decoder> {
    let prefix = fields.required("prefix")?;
    Ok(Decoder::WordPiece(WordPieceDecoder { prefix, cleanup: fields.required("cleanup")? }))
}

fn read_spaces(fields: Fields<'_>) -> Result<Decoder> {
    read_metaspace(fields).map(Decoder::Metaspace)
}

fn read_ctc(fields: Fields<'_>) -> Result<Decoder> {
    let ctc = Ctc {
        pad_token: fields.required("pad_token")?,
        word_delimiter_token: fields.required("word_delimiter_token")?,
        cleanup: fields.required("cleanup")?,
    };
    Ok(Decoder::Ctc(ctc.into()))
}

fn read_sequence(fields: Fields<'_>) -> Result<Decoder> {
    Ok(Decoder::Sequence(fields.list("decoders", read)?.into()))
}

fn read_replace(fields: Fields<'_>) -> Result<Decoder> {
    Ok(Decoder::Replace(read_replacement(fields)?.into()))
}

fn read_strip(fields: Fields<'_>) -> Result<Decoder> {
    Ok(Decoder::Strip(StripDecoder {
        content: fields.required("content")?,
        start: fields.required("start")?,
        stop: fields.required("stop")?,
    }))
}

impl Serialize for AsJson<'_, Decoder> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Decoder::Bpe(part) => write_suffix(part, serializer),
            Decoder::ByteLevel(part) => AsJson(part).serialize(serializer),
            Decoder::WordPiece(part) => write_wordpiece(part, serializer),
            Decoder::Metaspace(part) => AsJson(part).serialize(serializer),
            Decoder::Ctc(part) => write_ctc(part, serializer),
            Decoder::Sequence(parts) => sequence("decoders", parts, serializer),
            Decoder::Replace(part) => write_replacement(part, serializer),
            Decoder::Fuse => bare("Fuse", serializer),
            Decoder::Strip(part) => write_strip(part, serializer),
            Decoder::ByteFallback => bare("ByteFallback", serializer),
            Decoder::Custom(_) => Err(S::Error::custom("Custom Decoder cannot be serialized")),
        }
    }
}

fn write_suffix<S: Serializer>(part: &BpeSuffix, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("BPEDecoder", 2)?;
    fields.serialize_field("type", "BPEDecoder")?;
    fields.serialize_field("suffix", &part.suffix)?;
    fields.end()
}

fn write_wordpiece<S: Serializer>(
    part: &WordPieceDecoder,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("WordPiece", 3)?;
    fields.serialize_field("type", "WordPiece")?;
    fields.serialize_field("prefix", &part.prefix)?;
    fields.serialize_field("cleanup", &part.cleanup)?;
    fields.end()
}

fn write_ctc<S: Serializer>(part: &Ctc, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("CTC", 4)?;
    fields.serialize_field("type", "CTC")?;
    fields.serialize_field("pad_token", &part.pad_token)?;
    fields.serialize_field("word_delimiter_token", &part.word_delimiter_token)?;
    fields.serialize_field("cleanup", &part.cleanup)?;
    fields.end()
}

fn write_strip<S: Serializer>(part: &StripDecoder, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Strip", 4)?;
    fields.serialize_field("type", "Strip")?;
    fields.serialize_field("content", &part.content)?;
    fields.serialize_field("start", &part.start)?;
    fields.serialize_field("stop", &part.stop)?;
    fields.end()
}

//! What each part prints (see [`Printer`]).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fissile_core::decoders::Decoder;
use fissile_core::encoding::Direction;
use fissile_core::models::Model;
use fissile_core::normalizers::Normalizer;
use fissile_core::post_processors::PostProcessor;
use fissile_core::post_processors::template::{TemplatePiece, TemplateProcessing};
use fissile_core::pre_tokenizers::PreTokenizer;
use fissile_core::text::byte_alphabet::ByteLevel;
use fissile_core::text::metaspace::Metaspace;
use fissile_core::text::{Pattern, Replacement, SplitBehavior};
use fissile_core::tokenizer::{
    PaddingOptions, PaddingStrategy, TruncationOptions, TruncationStrategy,
};
use fissile_core::vocab::AddedToken;
use fissile_core::{Error, Result, Tokenizer};

use crate::convert::prepend_scheme_name;
use crate::printer::{Fields, Print, Printer};

#[expect(clippy::unnecessary_wraps, reason = "all ways to print chain alike")]
fn no_fields(_: &mut Fields<'_>) -> Result<()> {
    Ok(())
}

fn custom(what: &str) -> Result<()> {
    Err(Error::unsupported(format!("Custom {what} cannot be serialized")))
}

fn pattern(out: &mut Printer, pattern: &Pattern) -> Result<()> {
    let (name, source) = match pattern {
        Pattern::Literal(text) => ("String(", text.as_str()),
        Pattern::Regex(regex) => ("Regex(", regex.source()),
        Pattern::Chars(_) | Pattern::Invert(_) => ("Pattern(", ""),
    };
    out.word(name)?;
    out.string(source)?;
    out.word(")")
}

fn replacement(out: &mut Printer, replacement: &Replacement) -> Result<()> {
    out.object("Replace", |fields| {
        fields.field("pattern", |out| pattern(out, &replacement.pattern))?;
        fields.string("content", &replacement.content)?;
        Ok(())
    })
}

fn metaspace(out: &mut Printer, metaspace: Metaspace) -> Result<()> {
    out.object("Metaspace", |fields| {
        fields
            .string("replacement", metaspace.replacement.encode_utf8(&mut [0; 4]))?
            .word("prepend_scheme", prepend_scheme_name(metaspace.prepend_scheme))?
            .bool("split", metaspace.split)?;
        Ok(())
    })
}

fn byte_level(out: &mut Printer, byte_level: ByteLevel) -> Result<()> {
    out.object("ByteLevel", |fields| {
        fields
            .bool("add_prefix_space", byte_level.add_prefix_space)?
            .bool("trim_offsets", byte_level.trim_offsets)?
            .bool("use_regex", byte_level.use_regex)?;
        Ok(())
    })
}

fn behavior(behavior: SplitBehavior) -> &'static str {
    match behavior {
        SplitBehavior::Removed => "Removed",
        SplitBehavior::Isolated => "Isolated",
        SplitBehavior::MergedWithPrevious => "MergedWithPrevious",
        SplitBehavior::MergedWithNext => "MergedWithNext",
        SplitBehavior::Contiguous => "Contiguous",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Left => "Left",
        Direction::Right => "Right",
    }
}

fn sequence<P: Print>(out: &mut Printer, field: &str, members: &[P]) -> Result<()> {
    out.object("Sequence", |fields| {
        fields.field(field, |out| out.list(members, |out, member| member.print(out)))?;
        Ok(())
    })
}

impl Print for Normalizer {
    fn print(&self, out: &mut Printer) -> Result<()> {
        match self {
            Self::Bert(bert) => out.object("BertNormalizer", |fields| {
                fields
                    .bool("clean_text", bert.clean_text)?
                    .bool("handle_chinese_chars", bert.handle_chinese_chars)?
                    .field("strip_accents", |out| out.option(bert.strip_accents, Printer::bool))?
                    .bool("lowercase", bert.lowercase)?;
                Ok(())
            }),
            Self::Nfc => out.object("NFC", no_fields),
            Self::Nfd => out.object("NFD", no_fields),
            Self::Nfkc => out.object("NFKC", no_fields),
            Self::Nfkd => out.object("NFKD", no_fields),
            Self::Lowercase => out.object("Lowercase", no_fields),
            Self::Strip(strip) => out.object("Strip", |fields| {
                fields.bool("strip_left", strip.left)?.bool("strip_right", strip.right)?;
                Ok(())
            }),
            Self::StripAccents => out.object("StripAccents", no_fields),
            Self::Nmt => out.object("Nmt", no_fields),
            Self::ByteLevel => out.object("ByteLevel", no_fields),
            Self::Precompiled(map) => out.object("Precompiled", |fields| {
                fields.string("precompiled_charsmap", &STANDARD.encode(map.charsmap()))?;
                Ok(())
            }),
            Self::Replace(replace) => replacement(out, replace),
            Self::Prepend(prepend) => out.object("Prepend", |fields| {
                fields.string("prepend", &prepend.prepend)?;
                Ok(())
            }),
            Self::Sequence(members) => sequence(out, "normalizers", members),
            Self::Custom(_) => custom("Normalizer"),
        }
    }
}

impl Print for PreTokenizer {
    fn print(&self, out: &mut Printer) -> Result<()> {
        match self {
            Self::Bert => out.object("BertPreTokenizer", no_fields),
            Self::ByteLevel(settings) => byte_level(out, *settings),
            Self::CharDelimiterSplit(delimiter) => out.object("CharDelimiterSplit", |fields| {
                fields.string("delimiter", delimiter.encode_utf8(&mut [0; 4]))?;
                Ok(())
            }),
            Self::Metaspace(settings) => metaspace(out, *settings),
            Self::Whitespace => out.object("Whitespace", no_fields),
            Self::WhitespaceSplit => out.object("WhitespaceSplit", no_fields),
            Self::Split(split) => out.object("Split", |fields| {
                fields
                    .field("pattern", |out| pattern(out, &split.pattern))?
                    .word("behavior", behavior(split.behavior))?
                    .bool("invert", split.invert)?;
                Ok(())
            }),
            Self::Punctuation(of) => out.object("Punctuation", |fields| {
                fields.word("behavior", behavior(*of))?;
                Ok(())
            }),
            Self::Digits(individual) => out.object("Digits", |fields| {
                fields.bool("individual_digits", *individual)?;
                Ok(())
            }),
            Self::UnicodeScripts => out.object("UnicodeScripts", no_fields),
            Self::FixedLength(fixed) => out.object("FixedLength", |fields| {
                fields.number("length", fixed.length)?;
                Ok(())
            }),
            Self::Sequence(members) => sequence(out, "pretokenizers", members),
            Self::Custom(_) => custom("PreTokenizer"),
        }
    }
}

fn named_id(out: &mut Printer, (token, id): &(String, u32)) -> Result<()> {
    out.word("(")?;
    out.string(token)?;
    out.word(", ")?;
    out.number(id)?;
    out.word(")")
}

fn template_piece(out: &mut Printer, piece: &TemplatePiece) -> Result<()> {
    match piece {
        TemplatePiece::Sequence { second, type_id } => out.object("Sequence", |fields| {
            fields.word("id", if *second { "B" } else { "A" })?.number("type_id", type_id)?;
            Ok(())
        }),
        TemplatePiece::Special { id, type_id } => out.object("SpecialToken", |fields| {
            fields.string("id", id)?.number("type_id", type_id)?;
            Ok(())
        }),
    }
}

fn template(out: &mut Printer, template: &TemplateProcessing) -> Result<()> {
    let special = template.special_tokens().iter().map(|(name, token)| (name.as_str(), token));
    out.object("TemplateProcessing", |fields| {
        fields
            .field("single", |out| out.list(template.single(), template_piece))?
            .field("pair", |out| out.list(template.pair(), template_piece))?
            .field("special_tokens", |out| {
                out.map(special, |out, token| {
                    out.object("SpecialToken", |fields| {
                        fields
                            .string("id", &token.id)?
                            .field("ids", |out| out.list(&token.ids, Printer::number))?
                            .field("tokens", |out| {
                                out.list(&token.tokens, |out, token| out.string(token))
                            })?;
                        Ok(())
                    })
                })
            })?;
        Ok(())
    })
}

impl Print for PostProcessor {
    fn print(&self, out: &mut Printer) -> Result<()> {
        match self {
            Self::Bert(bert) => out.object("BertProcessing", |fields| {
                fields
                    .field("sep", |out| named_id(out, &bert.sep))?
                    .field("cls", |out| named_id(out, &bert.cls))?;
                Ok(())
            }),
            Self::Roberta(roberta) => out.object("RobertaProcessing", |fields| {
                fields
                    .field("sep", |out| named_id(out, &roberta.sep))?
                    .field("cls", |out| named_id(out, &roberta.cls))?
                    .bool("trim_offsets", roberta.trim_offsets)?
                    .bool("add_prefix_space", roberta.add_prefix_space)?;
                Ok(())
            }),
            Self::ByteLevel(settings) => byte_level(out, *settings),
            Self::Template(of) => template(out, of),
            Self::Sequence(members) => sequence(out, "processors", members),
        }
    }
}

impl Print for Decoder {
    fn print(&self, out: &mut Printer) -> Result<()> {
        match self {
            Self::Bpe(bpe) => out.object("BPEDecoder", |fields| {
                fields.string("suffix", &bpe.suffix)?;
                Ok(())
            }),
            Self::ByteLevel(settings) => byte_level(out, *settings),
            Self::WordPiece(wordpiece) => out.object("WordPiece", |fields| {
                fields.string("prefix", &wordpiece.prefix)?.bool("cleanup", wordpiece.cleanup)?;
                Ok(())
            }),
            Self::Metaspace(settings) => metaspace(out, *settings),
            Self::Ctc(ctc) => out.object("CTC", |fields| {
                fields
                    .string("pad_token", &ctc.pad_token)?
                    .string("word_delimiter_token", &ctc.word_delimiter_token)?
                    .bool("cleanup", ctc.cleanup)?;
                Ok(())
            }),
            Self::Sequence(members) => sequence(out, "decoders", members),
            Self::Replace(replace) => replacement(out, replace),
            Self::Fuse => out.object("Fuse", no_fields),
            Self::Strip(strip) => out.object("Strip", |fields| {
                fields
                    .string("content", strip.content.encode_utf8(&mut [0; 4]))?
                    .number("start", strip.start)?
                    .number("stop", strip.stop)?;
                Ok(())
            }),
            Self::ByteFallback => out.object("ByteFallback", no_fields),
            Self::Custom(_) => custom("PyDecoder"),
        }
    }
}

impl Print for Model {
    fn print(&self, out: &mut Printer) -> Result<()> {
        match self {
            Self::Bpe(bpe) => out.object("BPE", |fields| {
                let options = bpe.options();
                fields
                    .field("dropout", |out| {
                        out.option(options.dropout, |out, chance| out.number(f64::from(chance)))
                    })?
                    .optional("unk_token", options.unk_token.as_deref())?
                    .optional(
                        "continuing_subword_prefix",
                        options.continuing_subword_prefix.as_deref(),
                    )?
                    .optional("end_of_word_suffix", options.end_of_word_suffix.as_deref())?
                    .bool("fuse_unk", options.fuse_unk)?
                    .bool("byte_fallback", options.byte_fallback)?
                    .bool("ignore_merges", options.ignore_merges)?
                    .field("vocab", |out| out.map(bpe.vocab().iter(), Printer::number))?
                    .field("merges", |out| {
                        out.list(bpe.merges(), |out, (left, right)| {
                            out.tuple([left, right], Printer::string)
                        })
                    })?;
                Ok(())
            }),
            Self::WordPiece(wordpiece) => out.object("WordPiece", |fields| {
                let options = wordpiece.options();
                fields
                    .string("unk_token", &options.unk_token)?
                    .string("continuing_subword_prefix", &options.continuing_subword_prefix)?
                    .number("max_input_chars_per_word", options.max_input_chars_per_word)?
                    .field("vocab", |out| out.map(wordpiece.vocab().iter(), Printer::number))?;
                Ok(())
            }),
            Self::WordLevel(wordlevel) => out.object("WordLevel", |fields| {
                fields
                    .field("vocab", |out| out.map(wordlevel.vocab().iter(), Printer::number))?
                    .string("unk_token", wordlevel.unk_token())?;
                Ok(())
            }),
            Self::Unigram(unigram) => out.object("Unigram", |fields| {
                fields
                    .field("unk_id", |out| out.option(unigram.options().unk_id, Printer::number))?
                    .field("vocab", |out| {
                        out.list(unigram.pieces(), |out, (piece, score)| {
                            out.word("(")?;
                            out.string(piece)?;
                            out.word(", ")?;
                            out.number(score)?;
                            out.word(")")
                        })
                    })?
                    .bool("byte_fallback", unigram.options().byte_fallback)?;
                Ok(())
            }),
        }
    }
}

fn truncation(out: &mut Printer, options: &TruncationOptions) -> Result<()> {
    let strategy = match options.strategy {
        TruncationStrategy::LongestFirst => "LongestFirst",
        TruncationStrategy::OnlyFirst => "OnlyFirst",
        TruncationStrategy::OnlySecond => "OnlySecond",
    };
    out.object("TruncationParams", |fields| {
        fields
            .word("direction", direction(options.direction))?
            .number("max_length", options.max_length)?
            .word("strategy", strategy)?
            .number("stride", options.stride)?;
        Ok(())
    })
}

fn padding(out: &mut Printer, options: &PaddingOptions) -> Result<()> {
    out.object("PaddingParams", |fields| {
        fields
            .field("strategy", |out| match options.strategy {
                PaddingStrategy::BatchLongest => out.word("BatchLongest"),
                PaddingStrategy::Fixed(length) => out.word(&format!("Fixed({length})")),
            })?
            .word("direction", direction(options.direction))?
            .field("pad_to_multiple_of", |out| {
                out.option(options.pad_to_multiple_of, Printer::number)
            })?
            .number("pad_id", options.pad_id)?
            .number("pad_type_id", options.pad_type_id)?
            .string("pad_token", &options.pad_token)?;
        Ok(())
    })
}

/// One value of the map that an added token prints as.
enum Field<'a> {
    Id(u32),
    Text(&'a str),
    Flag(bool),
}

fn added_token(out: &mut Printer, (id, token): (u32, &AddedToken)) -> Result<()> {
    let fields = [
        ("id", Field::Id(id)),
        ("content", Field::Text(&token.content)),
        ("single_word", Field::Flag(token.single_word)),
        ("lstrip", Field::Flag(token.lstrip)),
        ("rstrip", Field::Flag(token.rstrip)),
        ("normalized", Field::Flag(token.normalized)),
        ("special", Field::Flag(token.special)),
    ];
    out.map(fields, |out, field| match field {
        Field::Id(id) => out.number(id),
        Field::Text(text) => out.string(text),
        Field::Flag(flag) => out.bool(flag),
    })
}

/// An added token as trainers print theirs.
pub(crate) fn special_token(out: &mut Printer, token: &AddedToken) -> Result<()> {
    out.object("AddedToken", |fields| {
        fields
            .string("content", &token.content)?
            .bool("single_word", token.single_word)?
            .bool("lstrip", token.lstrip)?
            .bool("rstrip", token.rstrip)?
            .bool("normalized", token.normalized)?
            .bool("special", token.special)?;
        Ok(())
    })
}

impl Print for Tokenizer {
    fn print(&self, out: &mut Printer) -> Result<()> {
        out.object("Tokenizer", |fields| {
            fields
                .string("version", "1.0")?
                .field("truncation", |out| out.option(self.truncation(), truncation))?
                .field("padding", |out| out.option(self.padding(), padding))?
                .field("added_tokens", |out| out.list(self.added_tokens().iter(), added_token))?
                .field("normalizer", |out| {
                    out.option(self.normalizer(), |out, part| part.print(out))
                })?
                .field("pre_tokenizer", |out| {
                    out.option(self.pre_tokenizer(), |out, part| part.print(out))
                })?
                .field("post_processor", |out| {
                    out.option(self.post_processor(), |out, part| part.print(out))
                })?
                .field("decoder", |out| out.option(self.decoder(), |out, part| part.print(out)))?
                .field("model", |out| self.model().print(out))?;
            Ok(())
        })
    }
}

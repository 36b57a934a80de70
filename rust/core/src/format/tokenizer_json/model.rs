//! Models in `tokenizer.json`.

use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};
use serde_json::{Map, Value};

use super::AsJson;
use super::document::{Member, Members};
use super::extra::{self, BpeExtra, UnigramExtra};
use super::fields::{Fields, describe, listed, missing, nearest};
use super::tables::{TableText, read_merges, read_scores, read_vocab};
use crate::error::{Error, Result};
use crate::models::bpe::{Bpe, BpeOptions, BpeRules};
use crate::models::unigram::{Unigram, UnigramOptions, UnigramRules};
use crate::models::wordpiece::{WordPiece, WordPieceOptions};
use crate::models::{Model, WordLevel};
use crate::vocab::Vocab;

/// The members of a model: the small ones read, the tables not yet.
#[derive(Default)]
struct Parts<'a> {
    small: Map<String, Value>,
    vocab: Option<TableText<'a>>,
    merges: Option<TableText<'a>>,
    made: Option<Tables>,
}

const SMALL: &[&str] = &[
    "type",
    "dropout",
    "unk_token",
    "continuing_subword_prefix",
    "end_of_word_suffix",
    "fuse_unk",
    "byte_fallback",
    "ignore_merges",
    "max_input_chars_per_word",
    "unk_id",
    extra::NAME,
];
const TAGS: &[&str] = &["BPE", "WordPiece", "WordLevel", "Unigram"];

/// Tables that were made before: those of the document do not count then.
pub(crate) enum Tables {
    Bpe(BpeRules),
    Vocab(Vocab),
    Unigram(UnigramRules),
}

/// Read a model of any kind.
pub(super) fn read(members: Members<'_>, tables: Option<Tables>) -> Result<Model> {
    let mut parts = split(members)?;
    parts.made = tables;
    match kind(&parts)? {
        "BPE" => read_bpe(&mut parts).map(Model::Bpe),
        "WordPiece" => read_wordpiece(&mut parts).map(Model::WordPiece),
        "WordLevel" => read_wordlevel(&mut parts).map(Model::WordLevel),
        _ => read_unigram(&mut parts).map(Model::Unigram),
    }
}

fn split(members: Members<'_>) -> Result<Parts<'_>> {
    let mut parts = Parts::default();
    for Member { name, value, table } in members {
        match &*name {
            "vocab" => parts.vocab = Some(TableText { document: value, table }),
            "merges" => parts.merges = Some(TableText { document: value, table }),
            small if SMALL.contains(&small) => {
                let value = value.value().map_err(|error| error.under(small))?;
                parts.small.insert(name.into_owned(), value);
            }
            _ => {}
        }
    }
    Ok(parts)
}

/// The kind that the tag names or, in files older than the tags, the one that the fields fit first.
fn kind(parts: &Parts<'_>) -> Result<&'static str> {
    let Some(tag) = parts.small.get("type") else {
        return kind_by_fields(parts);
    };
    let word = tag.as_str().unwrap_or_default();
    TAGS.iter().copied().find(|kind| *kind == word).ok_or_else(|| {
        let error = Error::format("unknown model").in_field("type");
        let error = error.expecting(listed(TAGS)).finding(describe(tag));
        match nearest(word, TAGS) {
            Some(kind) => error.hinting(format!("did you mean \"{kind}\"?")),
            None => error,
        }
    })
}

fn kind_by_fields(parts: &Parts<'_>) -> Result<&'static str> {
    let has = |name: &str| parts.small.contains_key(name);
    let text = |name: &str| parts.small.get(name).is_some_and(Value::is_string);
    let Some(vocab) = &parts.vocab else {
        return Err(Error::format("no known model has these fields")
            .in_field("type")
            .expecting(listed(TAGS))
            .finding("neither \"type\" nor \"vocab\""));
    };
    Ok(match (vocab.document.is_object(), parts.merges.is_some(), text("unk_token")) {
        (false, ..) => "Unigram",
        (true, true, _) => "BPE",
        (true, _, true) if text("continuing_subword_prefix") && has("max_input_chars_per_word") => {
            "WordPiece"
        }
        (true, ..) => "WordLevel",
    })
}

impl Parts<'_> {
    fn vocab(&mut self) -> Result<Vocab> {
        if let Some(Tables::Vocab(vocab)) = self.made.take() {
            return Ok(vocab);
        }
        let vocab = self.vocab.as_ref();
        let vocab = vocab.ok_or_else(|| missing("vocab", "an object of tokens and ids"))?;
        read_vocab(vocab).map_err(|error| error.under("vocab"))
    }

    fn flag(&self, name: &str) -> Result<bool> {
        Ok(Fields::of_map(&self.small).optional(name)?.unwrap_or(false))
    }
}

fn read_bpe(parts: &mut Parts<'_>) -> Result<Bpe> {
    let fields = Fields::of_map(&parts.small);
    let extra: BpeExtra = extra::read(fields)?;
    let options = BpeOptions {
        dropout: fields.optional("dropout")?,
        unk_token: fields.optional("unk_token")?,
        continuing_subword_prefix: fields.optional("continuing_subword_prefix")?,
        end_of_word_suffix: fields.optional("end_of_word_suffix")?,
        fuse_unk: parts.flag("fuse_unk")?,
        byte_fallback: parts.flag("byte_fallback")?,
        ignore_merges: parts.flag("ignore_merges")?,
        seed: extra.seed,
    };
    if let Some(Tables::Bpe(rules)) = parts.made.take() {
        return Bpe::of_rules(rules, extra.ties(), options);
    }
    let merges = parts.merges.take();
    let merges = merges.as_ref().ok_or_else(|| missing("merges", "a list of merges"))?;
    let merges = read_merges(merges).map_err(|error| error.under("merges"))?;
    let (vocab, ties) = (parts.vocab()?, extra.ties());
    Bpe::from_rows(vocab, merges.len(), |rank| merges.get(rank), ties, options)
}

fn read_wordpiece(parts: &mut Parts<'_>) -> Result<WordPiece> {
    let fields = Fields::of_map(&parts.small);
    let options = WordPieceOptions {
        unk_token: fields.required("unk_token")?,
        continuing_subword_prefix: fields.required("continuing_subword_prefix")?,
        max_input_chars_per_word: fields.required("max_input_chars_per_word")?,
    };
    Ok(WordPiece::new(parts.vocab()?, options))
}

fn read_wordlevel(parts: &mut Parts<'_>) -> Result<WordLevel> {
    let unk_token = Fields::of_map(&parts.small).required("unk_token")?;
    Ok(WordLevel::new(parts.vocab()?, unk_token))
}

fn read_unigram(parts: &mut Parts<'_>) -> Result<Unigram> {
    let fields = Fields::of_map(&parts.small);
    let extra: UnigramExtra = extra::read(fields)?;
    let options = UnigramOptions {
        unk_id: fields.optional("unk_id")?,
        byte_fallback: fields.or("byte_fallback", false)?,
        alpha: extra.alpha,
        nbest_size: extra.nbest_size,
        seed: extra.seed,
    };
    let in_kinds = |error: Error| error.under("sentencepiece").under(extra::NAME);
    if let Some(Tables::Unigram(rules)) = parts.made.take() {
        return Unigram::of_rules(rules, extra.sentencepiece, options).map_err(in_kinds);
    }
    let vocab = parts.vocab.as_ref();
    let vocab = vocab.ok_or_else(|| missing("vocab", "a list of pieces and scores"))?;
    let pieces = read_scores(vocab).map_err(|error| error.under("vocab"))?;
    match extra.sentencepiece {
        Some(kinds) => Unigram::of_sentencepiece(pieces, kinds, options).map_err(in_kinds),
        None => Unigram::new(pieces, options),
    }
}

impl Serialize for AsJson<'_, Model> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Model::Bpe(model) => write_bpe(model, serializer),
            Model::WordPiece(model) => write_wordpiece(model, serializer),
            Model::WordLevel(model) => write_wordlevel(model, serializer),
            Model::Unigram(model) => write_unigram(model, serializer),
        }
    }
}

/// Tokens by ascending id. Where two tokens share an id, only the one that the id leads back to.
impl Serialize for AsJson<'_, Vocab> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let vocab = self.0;
        serializer.collect_map(vocab.iter().filter(|(token, id)| vocab.token(*id) == Some(token)))
    }
}

/// The merges of a model by ascending rank.
struct Merges<'a>(&'a Bpe);

impl Serialize for Merges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut items = serializer.serialize_seq(None)?;
        for merge in self.0.merges() {
            items.serialize_element(&merge)?;
        }
        items.end()
    }
}

fn write_bpe<S: Serializer>(model: &Bpe, serializer: S) -> Result<S::Ok, S::Error> {
    let options = model.options();
    let mut fields = serializer.serialize_struct("BPE", 10)?;
    fields.serialize_field("type", "BPE")?;
    fields.serialize_field("dropout", &options.dropout)?;
    fields.serialize_field("unk_token", &options.unk_token)?;
    fields.serialize_field("continuing_subword_prefix", &options.continuing_subword_prefix)?;
    fields.serialize_field("end_of_word_suffix", &options.end_of_word_suffix)?;
    fields.serialize_field("fuse_unk", &options.fuse_unk)?;
    fields.serialize_field("byte_fallback", &options.byte_fallback)?;
    fields.serialize_field("ignore_merges", &options.ignore_merges)?;
    fields.serialize_field("vocab", &AsJson(model.vocab()))?;
    fields.serialize_field("merges", &Merges(model))?;
    if let Some(extra) = extra::some(BpeExtra::of(model)) {
        fields.serialize_field(extra::NAME, &extra)?;
    }
    fields.end()
}

fn write_wordpiece<S: Serializer>(model: &WordPiece, serializer: S) -> Result<S::Ok, S::Error> {
    let options = model.options();
    let mut fields = serializer.serialize_struct("WordPiece", 5)?;
    fields.serialize_field("type", "WordPiece")?;
    fields.serialize_field("unk_token", &options.unk_token)?;
    fields.serialize_field("continuing_subword_prefix", &options.continuing_subword_prefix)?;
    fields.serialize_field("max_input_chars_per_word", &options.max_input_chars_per_word)?;
    fields.serialize_field("vocab", &AsJson(model.vocab()))?;
    fields.end()
}

fn write_wordlevel<S: Serializer>(model: &WordLevel, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("WordLevel", 3)?;
    fields.serialize_field("type", "WordLevel")?;
    fields.serialize_field("vocab", &AsJson(model.vocab()))?;
    fields.serialize_field("unk_token", model.unk_token())?;
    fields.end()
}

fn write_unigram<S: Serializer>(model: &Unigram, serializer: S) -> Result<S::Ok, S::Error> {
    let options = model.options();
    let mut fields = serializer.serialize_struct("Unigram", 4)?;
    fields.serialize_field("type", "Unigram")?;
    fields.serialize_field("unk_id", &options.unk_id)?;
    fields.serialize_field("vocab", model.pieces())?;
    fields.serialize_field("byte_fallback", &options.byte_fallback)?;
    if let Some(extra) = extra::some(UnigramExtra::of(model)) {
        fields.serialize_field(extra::NAME, &extra)?;
    }
    fields.end()
}

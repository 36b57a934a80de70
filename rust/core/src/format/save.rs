//! Saving: a tokenizer as one document, a model as the files its kind has.

use std::path::{Path, PathBuf};

use super::bpe_files::write_merges_txt;
use super::tokenizer_json::AsJson;
use super::write::write_file;
use crate::error::{Error, Result};
use crate::models::{Model, Unigram};
use crate::tokenizer::Tokenizer;
use crate::vocab::Vocab;

impl Tokenizer {
    /// Save as a `tokenizer.json`, indented when `pretty`. The file is written whole or not at all.
    ///
    /// # Errors
    /// When a part has no form in a file, or writing fails.
    pub fn save(&self, path: &Path, pretty: bool) -> Result<()> {
        write_file(path, self.to_json(pretty)?.as_bytes())
    }
}

impl Model {
    /// Save the files of this kind of model in `folder`, and say which they are: `vocab.json` and
    /// `merges.txt`, `vocab.txt`, or `unigram.json`, each with `prefix` and a dash in front when there
    /// is one.
    ///
    /// # Errors
    /// When writing fails.
    pub fn save(&self, folder: &Path, prefix: Option<&str>) -> Result<Vec<PathBuf>> {
        let files = match self {
            Self::Bpe(model) => vec![
                ("vocab.json", vocab_json(model.vocab())?),
                ("merges.txt", write_merges_txt(model)),
            ],
            Self::WordPiece(model) => vec![("vocab.txt", vocab_txt(model.vocab()))],
            Self::WordLevel(model) => vec![("vocab.json", vocab_json(model.vocab())?)],
            Self::Unigram(_) => {
                vec![("unigram.json", json(serde_json::to_string_pretty(&AsJson(self)))?)]
            }
        };
        let mut paths = Vec::with_capacity(files.len());
        for (name, content) in files {
            let path = match prefix {
                Some(prefix) => folder.join(format!("{prefix}-{name}")),
                None => folder.join(name),
            };
            write_file(&path, content.as_bytes())?;
            paths.push(path);
        }
        Ok(paths)
    }
}

impl Unigram {
    /// Read a `unigram.json`.
    ///
    /// # Errors
    /// When it is not the JSON of a Unigram model.
    pub fn from_unigram_json_bytes(bytes: &[u8]) -> Result<Self> {
        let text = super::tokenizer_json::Document::from_bytes(bytes)?.text();
        match Model::from_json(text)? {
            Model::Unigram(model) => Ok(model),
            _ => Err(Error::format("another kind of model").expecting("a Unigram model")),
        }
    }
}

fn vocab_json(vocab: &Vocab) -> Result<String> {
    json(serde_json::to_string(&AsJson(vocab)))
}

fn json(written: serde_json::Result<String>) -> Result<String> {
    written.map_err(|cause| Error::unsupported(cause.to_string()))
}

fn vocab_txt(vocab: &Vocab) -> String {
    let mut text = String::new();
    for (token, _) in vocab.iter() {
        text.extend([token, "\n"]);
    }
    text
}

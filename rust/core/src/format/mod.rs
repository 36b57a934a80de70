//! Files: ours and other people's. The only folder that reads and writes them.

mod bpe_files;
mod cache;
mod derive;
mod detect;
mod lines;
mod save;
mod sentencepiece;
mod tekken;
mod tiktoken;
mod tokenizer_json;
mod vocab_txt;
mod write;

pub use bpe_files::Merges;
pub use cache::CacheUse;
pub use sentencepiece::ModelFile;
pub use tiktoken::TiktokenOptions;
pub use tokenizer_json::{AsJson, JsonOptions};
pub use vocab_txt::BertOptions;
pub use write::write_file;

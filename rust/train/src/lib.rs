//! Trainers: from texts to models.
//!
//! Training goes in two steps. [`count`] turns texts into words and how often each occurs, through the
//! normalizer and the pre-tokenizer of the tokenizer that is trained; it runs on all threads, and
//! counts of parts of a corpus can be merged. A trainer then makes a model of the counts:
//!
//! | module | trains |
//! |---|---|
//! | [`bpe`] | BPE: the most frequent pair of neighbours is merged, again and again |
//! | [`wordpiece`] | `WordPiece`, by the same merges |
//! | [`wordlevel`] | word-level models: the most frequent words |
//! | [`parity`] | BPE that treats several languages alike |
//! | [`unigram`] | Unigram: many candidates, of which the least needed are dropped |
//!
//! All results are the same for any number of threads and any order of the texts. [`install`] puts a
//! trained model into a tokenizer; [`prune`] takes the tokens out of one that texts do not use.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "probabilities are made of counts, in f64; ids and lengths are checked where they are made"
)]

mod alphabet;
pub mod bpe;
pub mod count;
mod count_file;
mod front;
pub mod install;
mod order;
pub mod parity;
pub mod progress;
pub mod prune;
mod symbols;
pub mod trainer;
pub mod unigram;
pub mod wordlevel;
pub mod wordpiece;

pub use bpe::BpeTrainer;
pub use count::{Counter, WordCounts};
pub use install::{Installed, install};
pub use parity::ParityBpeTrainer;
pub use progress::{Progress, Pulse, Stage};
pub use prune::{Pruned, Pruner};
pub use trainer::Trainer;
pub use unigram::UnigramTrainer;
pub use wordlevel::WordLevelTrainer;
pub use wordpiece::WordPieceTrainer;

//! Every trainer there is, behind one door.

use fissile_core::models::Model;
use fissile_core::vocab::AddedToken;
use fissile_core::{Error, Result, TokenId};

use crate::bpe::BpeTrainer;
use crate::count::WordCounts;
use crate::progress::Progress;
use crate::unigram::UnigramTrainer;
use crate::wordlevel::WordLevelTrainer;
use crate::wordpiece::WordPieceTrainer;

/// A trainer of one of the models.
#[derive(Debug, Clone, PartialEq)]
pub enum Trainer {
    /// Of BPE models.
    Bpe(BpeTrainer),
    /// Of `WordPiece` models.
    WordPiece(WordPieceTrainer),
    /// Of word-level models.
    WordLevel(WordLevelTrainer),
    /// Of Unigram models.
    Unigram(UnigramTrainer),
}

impl Trainer {
    /// Whether this trainer trains such models; the error says which it does train.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(&self, model: &Model) -> Result<()> {
        let (trainer, wanted) = match self {
            Self::Bpe(_) => ("BpeTrainer", "BPE"),
            Self::WordPiece(_) => ("WordPieceTrainer", "WordPiece"),
            Self::WordLevel(_) => ("WordLevelTrainer", "WordLevel"),
            Self::Unigram(_) => ("UnigramTrainer", "Unigram"),
        };
        if model.name() == wanted {
            return Ok(());
        }
        Err(Error::invalid(format!("{trainer} can only train a {wanted}"))
            .finding(model.name())
            .hinting(format!("use a {}Trainer, or another model", trainer_of(model))))
    }

    /// Whether the order of the words matters: sums of probabilities and ties go by it.
    pub fn needs_order(&self) -> bool {
        matches!(self, Self::Unigram(_) | Self::WordLevel(_))
    }

    /// The tokens that come first and are found whole.
    pub fn special_tokens(&self) -> &[AddedToken] {
        match self {
            Self::Bpe(trainer) => &trainer.special_tokens,
            Self::WordPiece(trainer) => &trainer.bpe.special_tokens,
            Self::WordLevel(trainer) => &trainer.special_tokens,
            Self::Unigram(trainer) => &trainer.special_tokens,
        }
    }

    /// Whether the trainer's settings alone make no token.
    fn gives_nothing(&self) -> bool {
        let bpe = |trainer: &BpeTrainer| {
            trainer.initial_alphabet.is_empty() && trainer.seed_tokens.is_empty()
        };
        self.special_tokens().is_empty()
            && match self {
                Self::Bpe(trainer) => bpe(trainer),
                Self::WordPiece(trainer) => bpe(&trainer.bpe),
                Self::WordLevel(trainer) => trainer.seed_tokens.is_empty(),
                Self::Unigram(trainer) => {
                    trainer.initial_alphabet.is_empty()
                        && trainer.seed_tokens.is_empty()
                        && trainer.unk_token.is_none()
                }
            }
    }

    /// A trained model, which keeps the options of `model` that are not learned.
    ///
    /// # Errors
    /// When the model is of another kind, or training fails or is stopped.
    pub fn train(
        &self,
        model: &Model,
        words: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<Model> {
        self.check(model)?;
        if words.is_empty() && self.gives_nothing() {
            return Err(Error::invalid("there is nothing to train on")
                .expecting("at least one text with a word in it")
                .finding("no word")
                .hinting("an iterator that was read before is empty; make it anew"));
        }
        match (self, model) {
            (Self::Bpe(trainer), Model::Bpe(old)) => {
                trainer.train(words, old.options(), progress).map(Model::Bpe)
            }
            (Self::WordPiece(trainer), Model::WordPiece(old)) => {
                trainer.train(words, old.options(), progress).map(Model::WordPiece)
            }
            (Self::WordLevel(trainer), Model::WordLevel(old)) => {
                Ok(Model::WordLevel(trainer.train(words, old.unk_token())))
            }
            (Self::Unigram(trainer), Model::Unigram(_)) => {
                trainer.train(words, progress).map(Model::Unigram)
            }
            _ => Err(apart()),
        }
    }
}

impl Trainer {
    /// A model that knows more than `model`: its tokens keep their ids, and what is learned comes behind
    /// them and behind the tokens that were `added` to the tokenizer.
    ///
    /// # Errors
    /// When the ids of the old tokens have gaps, and as [`train`](Self::train).
    pub fn extend(
        &self,
        model: &Model,
        added: &[(String, TokenId)],
        words: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<Model> {
        self.check(model)?;
        match (self, model) {
            (Self::Bpe(trainer), Model::Bpe(old)) => {
                trainer.extend(old, added, words, progress).map(Model::Bpe)
            }
            (Self::WordLevel(trainer), Model::WordLevel(old)) => {
                trainer.extend(old, added, words).map(Model::WordLevel)
            }
            (Self::WordPiece(trainer), Model::WordPiece(old)) => {
                trainer.extend(old, added, words, progress).map(Model::WordPiece)
            }
            (Self::Unigram(trainer), Model::Unigram(old)) => {
                trainer.extend(old, added, words, progress).map(Model::Unigram)
            }
            _ => Err(apart()),
        }
    }
}

fn apart() -> Error {
    Error::invalid("the trainer and the model do not belong together")
}

fn trainer_of(model: &Model) -> &'static str {
    match model {
        Model::Bpe(_) => "Bpe",
        Model::WordPiece(_) => "WordPiece",
        Model::WordLevel(_) => "WordLevel",
        Model::Unigram(_) => "Unigram",
    }
}

//! Progress: how far training has come, told to whoever wants to know, who may also stop it.

use std::time::{Duration, Instant};

use fissile_core::Result;

/// How often progress is told at most.
const PAUSE: Duration = Duration::from_millis(100);

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Texts become counted words.
    Words,
    /// Words become symbols.
    Symbols,
    /// Pairs of neighbours are counted.
    Pairs,
    /// Pairs are merged.
    Merges,
    /// Candidates are looked for.
    Seeds,
    /// Scores are estimated, candidates dropped.
    Expectation,
}

impl Stage {
    /// The stage in words, as the field shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Words => "Pre-processing sequences",
            Self::Symbols => "Tokenize words",
            Self::Pairs => "Count pairs",
            Self::Merges => "Compute merges",
            Self::Seeds => "Suffix array seeds",
            Self::Expectation => "EM training",
        }
    }
}

/// Who is told: the stage, how much is done, and of how much.
type Listener<'a> = Box<dyn FnMut(Stage, usize, usize) -> Result<()> + 'a>;

/// Tells a listener, now and then. An error of the listener stops the training.
pub struct Progress<'a> {
    listener: Option<Listener<'a>>,
    told: Instant,
}

impl<'a> Progress<'a> {
    /// Nobody is told.
    pub fn silent() -> Self {
        Self { listener: None, told: Instant::now() }
    }

    /// `listener` is told.
    pub fn to(listener: impl FnMut(Stage, usize, usize) -> Result<()> + 'a) -> Self {
        Self { listener: Some(Box::new(listener)), ..Self::silent() }
    }

    /// A stage begins or ends, or a large step is done: this is always told.
    ///
    /// # Errors
    /// As the listener says.
    pub fn tell(&mut self, stage: Stage, done: usize, total: usize) -> Result<()> {
        let Some(listener) = &mut self.listener else { return Ok(()) };
        self.told = Instant::now();
        listener(stage, done, total)
    }

    /// A small step is done: told a few times a second.
    ///
    /// # Errors
    /// As the listener says.
    #[inline]
    pub fn step(&mut self, stage: Stage, done: usize, total: usize) -> Result<()> {
        if self.listener.is_none() {
            return Ok(());
        }
        if self.told.elapsed() < PAUSE { Ok(()) } else { self.tell(stage, done, total) }
    }
}

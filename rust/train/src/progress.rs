//! Progress: how far training has come, told to whoever wants to know, who may also stop it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use fissile_core::error::ErrorKind;
use fissile_core::{Error, Result};

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

    /// Do a job on another thread, and listen on this one: work that has no place for small steps can be
    /// stopped wherever it asks. `first` is told until the job says something.
    ///
    /// # Errors
    /// As the job or the listener says.
    pub fn during<T: Send>(
        &mut self,
        first: (Stage, usize, usize),
        job: impl FnOnce(&Pulse<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        let (sender, told) = channel();
        let stop = AtomicBool::new(false);
        let Some(listener) = &mut self.listener else {
            return job(&Pulse { stop: &stop, told: sender });
        };
        std::thread::scope(|scope| {
            let work = || job(&Pulse { stop: &stop, told: sender });
            let worker = std::thread::Builder::new()
                .spawn_scoped(scope, work)
                .map_err(|error| Error::io("a thread to train on", error))?;
            let heard = relay(listener, &told, first);
            stop.store(heard.is_err(), Ordering::Relaxed);
            let result = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            heard.and(result)
        })
    }
}

/// Pass on what is told until nobody tells anything any more, or the listener has had enough.
fn relay(
    listener: &mut Listener<'_>,
    told: &Receiver<(Stage, usize, usize)>,
    mut last: (Stage, usize, usize),
) -> Result<()> {
    loop {
        match told.recv_timeout(PAUSE) {
            Ok(news) => last = news,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        listener(last.0, last.1, last.2)?;
    }
}

/// What a job that is done on another thread tells, and is told, by the one who listens.
pub struct Pulse<'a> {
    stop: &'a AtomicBool,
    told: Sender<(Stage, usize, usize)>,
}

impl Pulse<'_> {
    /// Whether to go on; costs next to nothing.
    ///
    /// # Errors
    /// When the work is to be stopped.
    #[inline]
    pub fn check(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "the training was stopped"));
        }
        Ok(())
    }

    /// A stage begins or ends, or a large step is done.
    ///
    /// # Errors
    /// When the work is to be stopped.
    pub fn tell(&self, stage: Stage, done: usize, total: usize) -> Result<()> {
        // Without a listener nobody is there to be told.
        _ = self.told.send((stage, done, total));
        self.check()
    }
}

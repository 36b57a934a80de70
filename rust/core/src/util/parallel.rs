//! The one door to threads.
//!
//! Threads are scoped: they are started for a batch and are gone when it is done. Nothing outlives a
//! call, so nothing can be lost in a fork, and a batch costs some tens of microseconds per thread,
//! which is why small ones stay on the calling thread.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::error::{Error, Result};

/// How many threads a call may use: what it asks for, or what the environment allows.
///
/// `TOKENIZERS_PARALLELISM` set to one of `off false f no n 0` or to nothing means one thread;
/// `RAYON_NUM_THREADS` gives a number; otherwise the processors this process may run on decide.
pub fn thread_count(requested: Option<usize>) -> usize {
    if let Some(count) = requested {
        return count.max(1);
    }
    if !parallelism_allowed(std::env::var("TOKENIZERS_PARALLELISM").ok().as_deref()) {
        return 1;
    }
    if let Some(count) = std::env::var("RAYON_NUM_THREADS").ok().and_then(|v| v.parse().ok())
        && count > 0
    {
        return count;
    }
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn parallelism_allowed(setting: Option<&str>) -> bool {
    let Some(setting) = setting else { return true };
    !matches!(setting.to_ascii_lowercase().as_str(), "" | "off" | "false" | "f" | "no" | "n" | "0")
}

/// Cut `0..weights.len()` into runs of about `target` weight each.
pub fn chunks_by_weight(
    weights: impl ExactSizeIterator<Item = usize>,
    target: usize,
) -> Vec<Range<usize>> {
    let count = weights.len();
    let mut chunks = Vec::new();
    let (mut start, mut weight) = (0, 0usize);
    for (index, item) in weights.enumerate() {
        weight = weight.saturating_add(item);
        if weight >= target {
            chunks.push(start..index + 1);
            (start, weight) = (index + 1, 0);
        }
    }
    if start < count {
        chunks.push(start..count);
    }
    chunks
}

/// Run `work` on every chunk, on up to `threads` threads, and give the results in order.
///
/// The first error in order of chunks is the one returned; work not yet begun is then left out.
pub fn map_chunks<T: Send>(
    chunks: &[Range<usize>],
    threads: usize,
    work: impl Fn(Range<usize>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let threads = threads.min(chunks.len());
    if threads <= 1 {
        return chunks.iter().cloned().map(work).collect();
    }
    let queue = Queue { next: AtomicUsize::new(0), failed: AtomicBool::new(false) };
    let worker = || queue.drain(chunks, &work);
    let mut results: Vec<(usize, Result<T>)> = std::thread::scope(|scope| {
        // A thread that cannot be started is no failure: the others take its share.
        let helpers: Vec<_> = (1..threads)
            .map_while(|_| std::thread::Builder::new().spawn_scoped(scope, worker).ok())
            .collect();
        let mut results = worker();
        for helper in helpers {
            match helper.join() {
                Ok(part) => results.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

struct Queue {
    next: AtomicUsize,
    failed: AtomicBool,
}

impl Queue {
    fn drain<T>(
        &self,
        chunks: &[Range<usize>],
        work: &impl Fn(Range<usize>) -> Result<T>,
    ) -> Vec<(usize, Result<T, Error>)> {
        let mut done = Vec::new();
        while !self.failed.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(index) else { break };
            let result = work(chunk.clone());
            if result.is_err() {
                self.failed.store(true, Ordering::Relaxed);
            }
            done.push((index, result));
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_everything_in_order() {
        let weights = [5usize, 1, 9, 2, 2, 2, 30];
        assert_eq!(chunks_by_weight(weights.into_iter(), 6), [0..2, 2..3, 3..6, 6..7]);
        assert!(chunks_by_weight(std::iter::empty::<usize>(), 6).is_empty());
    }

    #[test]
    fn results_keep_their_order_on_any_number_of_threads() {
        let chunks: Vec<_> = (0..50).map(|i| i..i + 1).collect();
        for threads in [1, 2, 7] {
            let got = map_chunks(&chunks, threads, |chunk| Ok(chunk.start * 2)).unwrap();
            assert_eq!(got, (0..50).map(|i| i * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_comes_out() {
        let chunks: Vec<_> = (0..50).map(|i| i..i + 1).collect();
        let result = map_chunks(&chunks, 3, |chunk| {
            if chunk.start == 20 { Err(Error::model("twenty")) } else { Ok(()) }
        });
        assert_eq!(result.unwrap_err().message(), "twenty");
    }

    #[test]
    fn the_environment_is_read_as_the_field_reads_it() {
        assert!(parallelism_allowed(None) && parallelism_allowed(Some("1")));
        for off in ["", "0", "FALSE", "off", "No", "n", "f"] {
            assert!(!parallelism_allowed(Some(off)), "{off}");
        }
    }
}

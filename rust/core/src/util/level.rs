//! Work that is compiled several times: for every processor of an architecture, and for those that have more.

#![allow(unsafe_code, reason = "code for a processor that has more is called where it has it")]

/// Work that gains by more instructions; `run` has to be `#[inline(always)]` for that.
pub(crate) trait Work {
    /// What it gives.
    type Output;

    /// Do it.
    fn run(self) -> Self::Output;
}

/// Do work by the best instructions that the processor at hand has.
#[inline]
pub(crate) fn on_best<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(level) = V3::detect() {
        return level.run(work);
    }
    work.run()
}

/// Vectors of thirty-two bytes, and bit operations of one instruction: what processors of this architecture
/// have had since 2013 (level 3 of its psABI). Made by [`detect`](Self::detect) alone.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct V3(());

#[cfg(target_arch = "x86_64")]
impl V3 {
    /// Whether the processor has it all.
    #[inline]
    pub(crate) fn detect() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has_all.then_some(Self(()))
    }

    /// Do work, compiled for this.
    #[inline]
    #[allow(clippy::unused_self, reason = "having one is what makes it sound")]
    pub(crate) fn run<W: Work>(self, work: W) -> W::Output {
        // SAFETY: there is a `V3` only where the processor has all that the function is compiled for.
        unsafe { run_compiled(work) }
    }
}

/// Vectors of sixty-four bytes with a bit a byte, and tables of 128 bytes in two of them: processors since 2019,
/// on which such vectors do not slow down what runs beside them. Made by [`detect`](Self::detect) alone.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct V4(());

#[cfg(target_arch = "x86_64")]
impl V4 {
    /// Whether the processor has it all.
    #[inline]
    pub(crate) fn detect() -> Option<Self> {
        let has_all = V3::detect().is_some()
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512cd")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2");
        has_all.then_some(Self(()))
    }

    /// Do work, compiled for this.
    #[inline]
    #[allow(clippy::unused_self, reason = "having one is what makes it sound")]
    pub(crate) fn run<W: Work>(self, work: W) -> W::Output {
        // SAFETY: there is a `V4` only where the processor has all that the function is compiled for.
        unsafe { run_compiled_v4(work) }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn run_compiled_v4<W: Work>(work: W) -> W::Output {
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn run_compiled<W: Work>(work: W) -> W::Output {
    work.run()
}

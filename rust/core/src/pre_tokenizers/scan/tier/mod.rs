//! What the classes of sixty-four bytes are found with: the best that the processor at hand has.
//!
//! Work is written once, for any [`Tier`], and compiled for each: [`on_best`] runs it on the best one.
//!
//! | tier | bytes at a time | processors |
//! |---|---|---|
//! | `v4` | 64, told by a table in registers | x86-64 with AVX-512 and VBMI2 |
//! | `v3` | 32 | x86-64 with AVX2 |
//! | `sse2` | 16 | every x86-64 |
//! | `portable` | 8, in ordinary registers | every other |

#![allow(clippy::inline_always, reason = "what a tier runs has to be compiled for it")]

#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable;
#[cfg(target_arch = "x86_64")]
mod sse2;
#[cfg(target_arch = "x86_64")]
mod v3;
#[cfg(target_arch = "x86_64")]
mod v4;

/// Bytes looked at together.
pub(super) const WIDTH: usize = 64;

/// What is told from single bytes: for each class a bit a byte, the first in the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Classes {
    /// `[A-Za-z]`
    pub(super) letter: u64,
    /// `[A-Z]`
    pub(super) upper: u64,
    /// `[0-9]`
    pub(super) number: u64,
    /// `[\t-\r ]`
    pub(super) space: u64,
    /// `[\r\n]`
    pub(super) newline: u64,
    /// The space itself.
    pub(super) blank: u64,
    pub(super) apostrophe: u64,
    pub(super) slash: u64,
    pub(super) tab: u64,
    pub(super) line_feed: u64,
    /// `[!-~]`
    pub(super) graphic: u64,
    /// Bytes that are not ASCII.
    pub(super) wide: u64,
}

/// A way to find classes. Having one means that the processor knows its instructions.
pub(super) trait Tier: Copy {
    /// The classes of all bytes.
    fn classes(self, bytes: &[u8; WIDTH]) -> Classes;
}

/// Work that is compiled for each tier; `with` has to be `#[inline(always)]` for that.
pub(super) trait Work {
    /// What it gives.
    type Output;

    /// Do it.
    fn with(self, tier: impl Tier) -> Self::Output;
}

/// Do work with the best tier.
#[inline]
pub(super) fn on_best<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    {
        use crate::util::level::{V3, V4};
        if let Some(tier) = V4::detect() {
            return v4::run(tier, work);
        }
        if let Some(tier) = V3::detect() {
            return v3::run(tier, work);
        }
        work.with(sse2::Sse2)
    }
    #[cfg(not(target_arch = "x86_64"))]
    work.with(portable::Portable)
}

/// What each tier that the processor at hand has gives for work that is made anew for each.
#[cfg(test)]
pub(super) fn on_each<W: Work>(mut work: impl FnMut() -> W) -> Vec<W::Output> {
    let mut found = vec![work().with(portable::Portable)];
    #[cfg(target_arch = "x86_64")]
    {
        use crate::util::level::{V3, V4};
        found.push(work().with(sse2::Sse2));
        found.extend(V3::detect().map(|tier| v3::run(tier, work())));
        found.extend(V4::detect().map(|tier| v4::run(tier, work())));
    }
    found
}

/// Work that is bound to a tier, to be compiled for its level.
#[cfg(target_arch = "x86_64")]
struct OnTier<T, W> {
    tier: T,
    work: W,
}

#[cfg(target_arch = "x86_64")]
impl<T: Tier, W: Work> crate::util::level::Work for OnTier<T, W> {
    type Output = W::Output;

    #[inline(always)]
    fn run(self) -> W::Output {
        self.work.with(self.tier)
    }
}

#[cfg(test)]
mod tests {
    use super::portable::Portable;
    use super::*;

    /// A byte in each place, among others of every kind.
    fn blocks() -> impl Iterator<Item = [u8; WIDTH]> {
        (0..=u8::MAX).flat_map(|byte| {
            (0..WIDTH).map(move |place| {
                let mut bytes: [u8; WIDTH] =
                    std::array::from_fn(|at| (at * 37 + place).to_le_bytes()[0]);
                bytes[place] = byte;
                bytes
            })
        })
    }

    struct Classify<'b>(&'b [u8; WIDTH]);

    impl Work for Classify<'_> {
        type Output = Classes;

        #[inline(always)]
        fn with(self, tier: impl Tier) -> Classes {
            tier.classes(self.0)
        }
    }

    #[test]
    fn the_tiers_agree() {
        for bytes in blocks() {
            for found in on_each(|| Classify(&bytes)) {
                assert_eq!(found, Portable.classes(&bytes));
            }
        }
    }

    #[test]
    fn classes_are_as_the_flags_say() {
        use super::super::classes::{self, LETTER, NEWLINE, NUMBER, SPACE, UPPER};
        for bytes in blocks() {
            let found = Portable.classes(&bytes);
            for (at, &byte) in bytes.iter().enumerate() {
                let is = |class: u64| class >> at & 1 == 1;
                assert_eq!(is(found.wide), !byte.is_ascii());
                assert_eq!(is(found.blank), byte == b' ');
                assert_eq!(is(found.apostrophe), byte == b'\'');
                assert_eq!(is(found.slash), byte == b'/');
                assert_eq!(is(found.tab), byte == b'\t');
                assert_eq!(is(found.line_feed), byte == b'\n');
                assert_eq!(is(found.graphic), byte.is_ascii_graphic());
                if !byte.is_ascii() {
                    continue;
                }
                let flags = classes::of(char::from(byte));
                assert_eq!(is(found.letter), flags & LETTER != 0);
                assert_eq!(is(found.upper), flags & UPPER != 0);
                assert_eq!(is(found.number), flags & NUMBER != 0);
                assert_eq!(is(found.space), flags & SPACE != 0);
                assert_eq!(is(found.newline), flags & NEWLINE != 0);
            }
        }
    }
}

//! Hangul syllables, which Unicode composes by arithmetic (chapter 3.12 of the standard) and not by table.

const SYLLABLES: u32 = 0xAC00;
const LEADS: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
/// One before the first trailing consonant: number 0 stands for "no trail".
const TRAILS: u32 = 0x11A7;
const LEAD_COUNT: u32 = 19;
const VOWEL_COUNT: u32 = 21;
const TRAIL_COUNT: u32 = 28;
const SYLLABLE_COUNT: u32 = LEAD_COUNT * VOWEL_COUNT * TRAIL_COUNT;

/// The two or three jamo of a syllable, with their number; none for any other character.
#[inline]
pub(super) fn decompose(character: char) -> Option<([char; 3], usize)> {
    let number = (character as u32).checked_sub(SYLLABLES).filter(|&n| n < SYLLABLE_COUNT)?;
    let trail = number % TRAIL_COUNT;
    let jamo = [
        jamo(LEADS + number / (VOWEL_COUNT * TRAIL_COUNT)),
        jamo(VOWELS + number / TRAIL_COUNT % VOWEL_COUNT),
        jamo(TRAILS + trail),
    ];
    Some((jamo, if trail == 0 { 2 } else { 3 }))
}

/// Lead and vowel, or a syllable without trail and a trail, composed.
#[inline]
pub(super) fn compose(first: char, second: char) -> Option<char> {
    let (first, second) = (first as u32, second as u32);
    if let (Some(lead), Some(vowel)) =
        (number(first, LEADS, LEAD_COUNT), number(second, VOWELS, VOWEL_COUNT))
    {
        return char::from_u32(SYLLABLES + (lead * VOWEL_COUNT + vowel) * TRAIL_COUNT);
    }
    let syllable = number(first, SYLLABLES, SYLLABLE_COUNT)?;
    let trail = number(second, TRAILS, TRAIL_COUNT).filter(|&trail| trail > 0)?;
    if syllable % TRAIL_COUNT == 0 { char::from_u32(first + trail) } else { None }
}

#[inline]
fn number(code: u32, base: u32, count: u32) -> Option<u32> {
    code.checked_sub(base).filter(|&number| number < count)
}

fn jamo(code: u32) -> char {
    char::from_u32(code).expect("jamo are scalar values")
}

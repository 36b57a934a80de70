//! The crate against the reference: digests of what its wheel says about every scalar value, and the crate that it
//! normalizes with.

use std::collections::HashMap;

use fissile_unicode::category::{self, GeneralCategory};
use fissile_unicode::{Script, lowercase, normalization, script, uppercase};
use unicode_normalization_alignments::UnicodeNormalization;

/// Name to number of characters and FNV-1a over their 32-bit words, written by `scripts/tables.py`.
const DIGESTS: &str = include_str!("golden/digests.txt");

fn scalars() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

fn digest(words: impl Iterator<Item = u32>) -> String {
    let fold = |value: u64, word: u32| (value ^ u64::from(word)).wrapping_mul(0x0100_0000_01B3);
    format!("{:016x}", words.fold(0xCBF2_9CE4_8422_2325, fold))
}

fn expected() -> HashMap<&'static str, (&'static str, &'static str)> {
    DIGESTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            (fields[0], (fields[1], fields[2]))
        })
        .collect()
}

fn assert_set(name: &str, contains: impl Fn(char) -> bool) {
    let members: Vec<u32> = scalars().filter(|&c| contains(c)).map(|c| c as u32).collect();
    let (count, golden) = expected()[name];
    assert_eq!(members.len().to_string(), count, "{name}");
    assert_eq!(digest(members.into_iter()), golden, "{name}");
}

fn assert_map(name: &str, map: impl Fn(char) -> String) {
    let mut count = 0;
    let mut words = Vec::new();
    for character in scalars() {
        let text = map(character);
        if !text.chars().eq([character]) {
            count += 1;
            words.push(character as u32);
            words.push(u32::try_from(text.chars().count()).expect("short"));
            words.extend(text.chars().map(|c| c as u32));
        }
    }
    let (expected_count, golden) = expected()[name];
    assert_eq!(count.to_string(), expected_count, "{name}");
    assert_eq!(digest(words.into_iter()), golden, "{name}");
}

#[test]
fn definitions_agree_with_the_reference() {
    assert_set("regex_space", category::is_regex_space);
    assert_set("word", category::is_word);
    assert_set("whitespace", category::is_whitespace);
    assert_set("numeric", category::is_numeric);
    assert_set("bert_punctuation", category::is_bert_punctuation);
    assert_set("bert_control", category::is_bert_control);
    assert_set("accent", category::is_accent);
    assert_set("bert_accent", category::is_bert_accent);
    assert_set("chinese", category::is_chinese);
}

#[test]
fn general_categories_agree_with_the_reference() {
    let mut names = 0;
    for name in expected().keys().filter_map(|name| name.strip_prefix("category_")) {
        assert_set(&format!("category_{name}"), |c| category::general_category(c).name() == name);
        names += 1;
    }
    assert_eq!(names, 29);
}

#[test]
fn category_functions_follow_the_general_category() {
    type Predicate = fn(char) -> bool;
    let functions: [(&str, Predicate); 11] = [
        ("L", category::is_letter),
        ("N", category::is_number),
        ("M", category::is_mark),
        ("P", category::is_punctuation),
        ("S", category::is_symbol),
        ("Z", category::is_separator),
        ("Lu", category::is_uppercase),
        ("Ll", category::is_lowercase_letter),
        ("Lt", category::is_titlecase),
        ("Lm", category::is_modifier_letter),
        ("Lo", category::is_other_letter),
    ];
    for character in scalars() {
        let name = category::general_category(character).name();
        for (prefix, function) in functions {
            assert_eq!(function(character), name.starts_with(prefix), "{prefix} {character:?}");
        }
    }
}

#[test]
fn categories_and_scripts_have_their_own_names() {
    assert_eq!(GeneralCategory::PrivateUse.name(), "Co");
    assert_eq!(category::general_category('ǅ'), GeneralCategory::TitlecaseLetter);
    assert_eq!(Script::Any.name(), "Any");
    assert_eq!(script('あ').name(), "Hiragana");
    assert_eq!(script('ー'), Script::Common);
    assert_eq!(script('\u{10300}').name(), "Old_Italic");
}

#[test]
fn scripts_agree_with_the_reference() {
    assert_map("script", |character| match script(character) {
        Script::Any => character.to_string(),
        other => other.name().to_string(),
    });
}

#[test]
fn case_agrees_with_the_reference() {
    assert_map("lowercase", |character| lowercase(character).collect());
    assert_map("uppercase", |character| uppercase(character).collect());
    assert_eq!(lowercase('Σ').collect::<String>(), "σ");
    assert_eq!(uppercase('ß').len(), 2);
}

#[test]
fn chinese_ranges_keep_the_mistyped_block() {
    assert!(!category::is_chinese('\u{2B820}') && !category::is_chinese('\u{2B91F}'));
    assert!(category::is_chinese('\u{2B81F}') && category::is_chinese('\u{2B920}'));
}

#[test]
fn bert_whitespace_is_what_is_not_dropped_first() {
    let only_whitespace: Vec<char> = scalars()
        .filter(|&c| category::is_whitespace(c) && !category::is_bert_whitespace(c))
        .collect();
    assert_eq!(only_whitespace, ['\u{B}', '\u{C}', '\u{85}']);
    assert!(scalars().all(|c| !category::is_bert_whitespace(c) || category::is_whitespace(c)));
}

#[test]
fn forms_of_single_characters_agree_with_the_reference() {
    let text = |form: normalization::Changes<'_>| form.map(|(c, _)| c).collect::<String>();
    assert_map("nfc", |c| text(normalization::nfc(c.encode_utf8(&mut [0; 4]))));
    assert_map("nfd", |c| text(normalization::nfd(c.encode_utf8(&mut [0; 4]))));
    assert_map("nfkc", |c| text(normalization::nfkc(c.encode_utf8(&mut [0; 4]))));
    assert_map("nfkd", |c| text(normalization::nfkd(c.encode_utf8(&mut [0; 4]))));
}

type Change = Vec<(char, isize)>;

/// Compares all four forms of a text with the reference's crate, and the quick checks with the forms.
fn assert_forms(text: &str) {
    let forms: [(Change, Change, bool); 4] = [
        (normalization::nfc(text).collect(), text.nfc().collect(), normalization::is_nfc(text)),
        (normalization::nfd(text).collect(), text.nfd().collect(), normalization::is_nfd(text)),
        (normalization::nfkc(text).collect(), text.nfkc().collect(), normalization::is_nfkc(text)),
        (normalization::nfkd(text).collect(), text.nfkd().collect(), normalization::is_nfkd(text)),
    ];
    for (ours, theirs, quick) in forms {
        assert_eq!(ours, theirs, "{}", text.escape_unicode());
        let unchanged = ours.iter().map(|&(c, _)| c).eq(text.chars());
        assert_eq!(quick, unchanged, "{}", text.escape_unicode());
        assert!(!quick || ours.iter().all(|&(_, change)| change == 0), "{}", text.escape_unicode());
    }
}

#[test]
fn every_character_alone_and_in_company() {
    for character in scalars() {
        assert_forms(character.encode_utf8(&mut [0; 4]));
    }
    for character in interesting() {
        assert_forms(&format!("a{character}\u{327}\u{301}"));
        assert_forms(&format!("x\u{301}{character}y"));
    }
}

/// Characters that normalization has anything to do with, Hangul syllables thinned out.
fn interesting() -> Vec<char> {
    let changes = |c: &char| {
        let mut buffer = [0; 4];
        let text = &*c.encode_utf8(&mut buffer);
        normalization::combining_class(*c) != 0 || !normalization::is_nfkd(text)
    };
    let hangul = |c: &char| ('가'..='힣').contains(c) && !(*c as u32).is_multiple_of(97);
    let jamo = '\u{1100}'..='\u{11FF}';
    scalars().filter(|c| changes(c) && !hangul(c)).chain(jamo).collect()
}

#[test]
fn every_first_half_with_every_second_half() {
    let mut firsts: Vec<char> = ('가'..='힣').step_by(14).collect();
    let mut seconds = Vec::new();
    for character in interesting() {
        let parts: Vec<char> = character.to_string().nfd().map(|(c, _)| c).collect();
        let head: String = parts[..parts.len() - 1].iter().collect();
        firsts.extend(head.nfc().map(|(c, _)| c));
        seconds.extend(parts.last());
    }
    for half in [&mut firsts, &mut seconds] {
        half.sort_unstable();
        half.dedup();
    }
    let mut text = String::new();
    for &first in &firsts {
        for &second in &seconds {
            text.clear();
            text.extend([first, second]);
            let ours = normalization::nfc(&text);
            assert!(ours.eq(text.nfc()), "{}", text.escape_unicode());
        }
    }
    assert!(firsts.len() > 300 && seconds.len() > 900, "{} {}", firsts.len(), seconds.len());
}

/// A small deterministic generator: the same texts in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("64 bits") % limit
    }
}

#[test]
fn random_texts_agree_with_the_reference() {
    let interesting = interesting();
    let composed: Vec<char> =
        interesting.iter().copied().filter(|c| c.to_string().nfd().count() > 1).collect();
    let marks: Vec<char> = interesting
        .iter()
        .copied()
        .filter(|&c| normalization::combining_class(c) != 0)
        .chain("\u{9BE}\u{9D7}\u{1161}\u{1175}\u{11A8}\u{11C2}\u{3099}\u{344}\u{F73}".chars())
        .collect();
    let plain: Vec<char> = "aeiouAEIOU <=>αωᄀ가각カ字\u{9C7}\u{928}\u{11131}x".chars().collect();
    let few: Vec<char> = "\u{301}\u{308}\u{323}\u{327}\u{345}\u{338}".chars().collect();
    let pools = [&interesting, &composed, &marks, &plain, &few, &few];
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..150_000 {
        let text: String = (0..=random.below(9))
            .map(|_| {
                let pool = pools[random.below(pools.len())];
                pool[random.below(pool.len())]
            })
            .collect();
        assert_forms(&text);
    }
}

#[test]
fn quick_checks_skip_plain_text_of_any_length() {
    for length in 0..70 {
        let plain = "a".repeat(length);
        assert_forms(&plain);
        assert_forms(&format!("{plain}\u{301}"));
        assert_forms(&format!("{plain}q\u{301}{plain}"));
        assert_forms(&format!("é{plain}ﬁ{plain}"));
    }
}

#[test]
fn alignment_tells_where_characters_come_from() {
    let hangul = "\u{1112}\u{1161}\u{11AB}!";
    let aligned: Vec<_> = normalization::nfkc_aligned(hangul).collect();
    assert_eq!(aligned, [('한', 0..9), ('!', 9..10)]);
    let aligned: Vec<_> = normalization::nfd_aligned("é\u{323}").collect();
    assert_eq!(aligned, [('e', 0..2), ('\u{323}', 2..4), ('\u{301}', 0..2)]);
    let aligned: Vec<_> = normalization::nfkd_aligned("ﬁx").collect();
    assert_eq!(aligned, [('f', 0..3), ('i', 0..3), ('x', 3..4)]);
    // The acute composes past the mark below it, so its range reaches over that mark.
    let aligned: Vec<_> = normalization::nfc_aligned("a\u{324}\u{301}").collect();
    assert_eq!(aligned, [('á', 0..5), ('\u{324}', 1..3)]);
}

#[test]
fn very_long_runs_of_marks_stay_linear_in_memory_and_right() {
    let text = format!("a{}b", "\u{301}\u{323}".repeat(20_000));
    assert!(normalization::nfc(&text).eq(text.nfc()));
    assert!(!normalization::is_nfc(&text));
}

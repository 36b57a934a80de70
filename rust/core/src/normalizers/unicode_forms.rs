//! The four Unicode normalization forms of plain texts. (Aligned ones: [`NormalizedText::nfc`] and
//! its siblings.)
//!
//! [`NormalizedText::nfc`]: crate::text::NormalizedText::nfc

use std::borrow::Cow;

use fissile_unicode::normalization;

use super::plain::rewrite;

macro_rules! plain_form {
    ($form:ident, $is_form:ident) => {
        pub(super) fn $form(text: Cow<'_, str>) -> Cow<'_, str> {
            rewrite(text, normalization::$is_form, |text| {
                normalization::$form(text).map(|(character, _)| character).collect()
            })
        }
    };
}

plain_form!(nfc, is_nfc);
plain_form!(nfd, is_nfd);
plain_form!(nfkc, is_nfkc);
plain_form!(nfkd, is_nfkd);

//! Offsets trimmed of byte-level white space.

use crate::encoding::Encoding;
use crate::error::Result;
use crate::post_processors::trim_all;
use crate::stages::PostProcess;
pub use crate::text::byte_alphabet::ByteLevel as ByteLevelProcessing;

impl PostProcess for ByteLevelProcessing {
    fn added_tokens(&self, _is_pair: bool) -> usize {
        0
    }

    fn process(
        &self,
        mut encodings: Vec<Encoding>,
        _add_special_tokens: bool,
    ) -> Result<Vec<Encoding>> {
        if self.trim_offsets {
            trim_all(&mut encodings, self.add_prefix_space);
        }
        for (index, encoding) in encodings.iter_mut().enumerate() {
            encoding.set_sequence_id(index);
        }
        Ok(encodings)
    }
}

//! All tokens joined into one.

use crate::error::Result;
use crate::stages::Decode;

/// The decoder that joins. It has no settings.
pub(super) struct Fuse;

impl Decode for Fuse {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        Ok(vec![tokens.concat()])
    }
}

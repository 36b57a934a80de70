//! SentencePiece's character map.

use crate::error::Result;

/// SentencePiece's precompiled character map (a double array and the strings it points to).
pub struct Precompiled {
    charsmap: Vec<u8>,
}
#[allow(unused_variables, clippy::todo)]
impl Precompiled {
    /// Read the map; every reference inside is checked here, so that normalizing cannot fail.
    pub fn new(charsmap: Vec<u8>) -> Result<Self> { todo!() }
    /// The map's bytes, as they were given.
    pub fn charsmap(&self) -> &[u8] { &self.charsmap }
}

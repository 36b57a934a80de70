//! The classes of parts: one file a stage.

pub(crate) mod decode_stream;
pub(crate) mod decoders;
pub(crate) mod normalizers;
pub(crate) mod pre_tokenizers;
pub(crate) mod processors;
pub(crate) mod template;

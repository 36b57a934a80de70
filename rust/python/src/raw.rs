//! Rows of ids one behind the other as raw numbers: what files of ids are made of.

use fissile_core::{Error, TokenId};

/// How wide a number is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Width {
    Two,
    Four,
}

impl Width {
    /// By the name that NumPy gives it.
    pub(crate) fn named(dtype: &str) -> Result<Self, Error> {
        match dtype {
            "uint16" => Ok(Self::Two),
            "uint32" => Ok(Self::Four),
            _ => Err(Error::invalid("unknown dtype").expecting("uint16 or uint32").finding(dtype)),
        }
    }

    /// Append ids as numbers of this width, in the machine's byte order.
    fn append(self, ids: &[TokenId], out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Self::Four => out.extend(ids.iter().flat_map(|id| id.to_ne_bytes())),
            Self::Two => {
                for &id in ids {
                    let narrow = u16::try_from(id).map_err(|_| too_large(id))?;
                    out.extend(narrow.to_ne_bytes());
                }
            }
        }
        Ok(())
    }
}

fn too_large(id: TokenId) -> Error {
    Error::invalid(format!("the id {id} is too large for uint16")).hinting("use uint32")
}

/// All rows behind each other, each followed by `end`.
pub(crate) fn of_rows<'a>(
    rows: impl Iterator<Item = &'a [TokenId]>,
    width: Width,
    end: Option<TokenId>,
) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for row in rows {
        width.append(row, &mut out)?;
        width.append(end.as_slice(), &mut out)?;
    }
    Ok(out)
}

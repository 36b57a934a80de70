//! Laying encodings into a template.

use crate::encoding::{Encoding, Segment};
use crate::error::{Error, Result};
use crate::post_processors::template::{TemplatePiece, TemplateProcessing};
use crate::stages::PostProcess;

impl PostProcess for TemplateProcessing {
    fn added_tokens(&self, is_pair: bool) -> usize {
        if is_pair { self.added_pair } else { self.added_single }
    }

    /// One encoding a piece of the template; special tokens are pieces of their own.
    fn process(&self, encodings: Vec<Encoding>, add_special_tokens: bool) -> Result<Vec<Encoding>> {
        let (name, template) = match encodings.len() {
            1 => ("single", &self.single),
            2 => ("pair", &self.pair),
            other => {
                return Err(Error::unsupported("a template takes one sequence or a pair")
                    .finding(format!("{other} sequences"))
                    .hinting("let a template be the last member of a sequence that adds tokens"));
            }
        };
        self.apply(template, encodings, add_special_tokens).map_err(|error| error.under(name))
    }
}

impl TemplateProcessing {
    fn apply(
        &self,
        template: &[TemplatePiece],
        mut encodings: Vec<Encoding>,
        add_special_tokens: bool,
    ) -> Result<Vec<Encoding>> {
        let mut pieces = Vec::with_capacity(template.len());
        for (place, piece) in template.iter().enumerate() {
            match piece {
                TemplatePiece::Sequence { second, type_id } => {
                    let index = usize::from(*second);
                    let encoding = encodings.get_mut(index).ok_or_else(no_second)?;
                    encoding.set_type_id(*type_id);
                    encoding.set_sequence_id(index);
                    let comes_again = template[place + 1..].iter().any(|other| {
                        matches!(other, TemplatePiece::Sequence { second: again, .. } if again == second)
                    });
                    pieces.push(if comes_again {
                        encoding.clone()
                    } else {
                        std::mem::take(encoding)
                    });
                }
                TemplatePiece::Special { id, type_id } if add_special_tokens => {
                    pieces.push(self.special(id, *type_id)?);
                }
                TemplatePiece::Special { .. } => {}
            }
        }
        Ok(pieces)
    }

    fn special(&self, id: &str, type_id: u32) -> Result<Encoding> {
        let run = self
            .runs
            .get(id)
            .ok_or_else(|| Error::invalid(format!("Missing SpecialToken(s) with id(s) `{id}`")))?;
        let mut segment = Segment::run(run.clone(), 0..run.len(), type_id);
        segment.special = 1;
        Ok(Encoding::from_segment(segment))
    }
}

fn no_second() -> Error {
    Error::invalid("the template uses sequence B, but there is only one sequence")
        .hinting("use `$B` in the template for pairs only")
}

//! Trainers: from texts to models.
//!
//! The room is empty but its door stands: `fissile-python` depends on this crate and on no private
//! path of the core, so that the trainers can move in without touching anything else.

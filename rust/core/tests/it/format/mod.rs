//! Files: what is read, what is written, what is refused.

mod cache;
mod errors;
mod files;
mod hostile;
mod json;
mod shared;
mod tables;

use std::path::PathBuf;

/// A folder for one test's files, empty.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("fissile-it-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for temporary files is writable");
    folder
}

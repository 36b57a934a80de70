//! The only place that writes files: whole files or nothing.
//!
//! A file is written under another name in the same folder, flushed to the disk, and renamed. Whoever
//! reads the path sees the old content or the new, also when the disk is full or the process dies.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, Result};

/// Write `content` to `path`, replacing what is there. Permissions of a file that is replaced are
/// kept; links are followed; what is no regular file (a pipe, a terminal) is written to directly.
///
/// # Errors
/// When writing fails; what was there before is there still.
pub fn write_file(path: &Path, content: &[u8]) -> Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let written = match fs::metadata(&target) {
        Ok(metadata) if metadata.is_file() => replace(&target, content, Some(&metadata)),
        Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => {
            OpenOptions::new().write(true).open(&target).and_then(|mut f| f.write_all(content))
        }
        Err(_) => replace(&target, content, None),
    };
    written.map_err(|cause| Error::io(path.display().to_string(), cause))
}

fn replace(target: &Path, content: &[u8], old: Option<&fs::Metadata>) -> io::Result<()> {
    // Renaming would get past the permissions of the file itself.
    if old.is_some_and(|metadata| metadata.permissions().readonly()) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let (file, temporary) = create_beside(target)?;
    let done = fill(file, content, old).and_then(|()| fs::rename(&temporary, target));
    if done.is_err() {
        // The first error is the one to tell; a leftover file does no harm.
        let _ = fs::remove_file(&temporary);
    }
    done
}

fn fill(mut file: File, content: &[u8], old: Option<&fs::Metadata>) -> io::Result<()> {
    file.write_all(content)?;
    if let Some(old) = old {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()
}

/// A new file in the folder of `target`, under a name that nobody uses.
fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    const ATTEMPTS: usize = 100;
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    // A name near the limit of the file system would become too long.
    let name: String = name.chars().take(40).collect();
    for _ in 0..ATTEMPTS {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let temporary =
            target.with_file_name(format!(".{name}.{}-{number}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (file, temporary)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test's own, empty.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("fissile-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the folder for temporary files is writable");
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("the folder exists");
        entries.map(|e| e.expect("readable").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = folder("replace");
        let path = folder.join("a.json");
        write_file(&path, b"old").expect("a new file");
        write_file(&path, b"new").expect("an old file");
        assert_eq!(fs::read(&path).expect("it exists"), b"new");
        assert_eq!(names(&folder), ["a.json"]);
    }

    #[test]
    fn a_failure_leaves_the_old_file() {
        let folder = folder("failure");
        let path = folder.join("a.json");
        write_file(&path, b"old").expect("a new file");
        let mut permissions = fs::metadata(&path).expect("it exists").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).expect("the file is ours");
        assert!(write_file(&path, b"new").is_err());
        assert!(write_file(&folder, b"new").is_err());
        assert!(write_file(&folder.join("none").join("a.json"), b"new").is_err());
        assert_eq!(fs::read(&path).expect("it exists"), b"old");
        assert_eq!(names(&folder), ["a.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_are_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = folder("links");
        let (path, link) = (folder.join("a.json"), folder.join("link"));
        write_file(&path, b"old").expect("a new file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("the file is ours");
        symlink(&path, &link).expect("links can be made");
        write_file(&link, b"new").expect("an old file");
        assert_eq!(fs::read(&path).expect("it exists"), b"new");
        assert_eq!(fs::metadata(&path).expect("it exists").permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).expect("it exists").is_symlink());
    }
}

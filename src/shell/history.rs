//! Where what was typed is kept for the next time.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The file, which only its owner can read; its folder is made. `None` where there is no place for it.
pub(super) fn file() -> Option<PathBuf> {
    let path = place(std::env::var_os("XDG_STATE_HOME"), std::env::var_os("HOME"))?;
    std::fs::create_dir_all(path.parent()?).ok()?;
    close(&path);
    Some(path)
}

/// The user's folder for state, by the rules of XDG: what is not absolute does not count.
fn place(state: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    let absolute = |path: OsString| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let folder = state.and_then(absolute).or_else(|| home.and_then(absolute).map(|home| home.join(".local/state")))?;
    Some(folder.join("mimiciv").join("history"))
}

/// What is typed may name patients.
fn close(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if path.is_file() {
            let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_in_the_folder_for_state() {
        let place = |state: Option<&str>, home: Option<&str>| place(state.map(Into::into), home.map(Into::into));
        assert_eq!(place(Some("/s"), Some("/h")), Some("/s/mimiciv/history".into()));
        assert_eq!(place(Some("s"), Some("/h")), Some("/h/.local/state/mimiciv/history".into()));
        assert_eq!(place(None, None), None);
        assert_eq!(place(Some(""), Some("")), None);
    }
}

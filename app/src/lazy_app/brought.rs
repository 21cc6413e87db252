//! A file that was brought with others, and the folder that it was in.

use js_sys::Reflect;
use marquee_models::hidden::is_hidden;
use web_sys::File;

/// The kind of data that a poster of the festival carries while it is dragged: its number.
pub(crate) const DRAGGED_POSTER: &str = "application/x-marquee-poster";

/// A file, and the folder that it was in.
#[derive(Clone)]
pub(crate) struct Brought {
    /// The file.
    pub(crate) file: File,
    /// The name of that folder, if it came with one.
    pub(crate) folder: Option<String>,
    /// The name of the folder around that one.
    pub(crate) outer: Option<String>,
}

impl Brought {
    /// A file by its path, in which folders are separated by `/`; `None` if it is hidden in the folder that was brought.
    pub(crate) fn at(path: &str, file: File) -> Option<Brought> {
        (!is_hidden_in_it(path)).then(|| Brought {
            folder: folder_of(path, 0),
            outer: folder_of(path, 1),
            file,
        })
    }

    /// A file that was chosen, alone or with its folder; `None` if it is hidden in that.
    pub(crate) fn chosen(file: File) -> Option<Brought> {
        // Empty unless a whole folder was chosen.
        let path = Reflect::get(&file, &"webkitRelativePath".into()).unwrap_or_default();
        Brought::at(&path.as_string().unwrap_or_default(), file)
    }
}

/// Whether a part of a path is hidden, but for the first one: that was brought on purpose.
fn is_hidden_in_it(path: &str) -> bool {
    let path = path.trim_start_matches('/');
    path.split('/').skip(1).any(is_hidden)
}

/// The folder that a file is in, or one so many further up.
fn folder_of(path: &str, up: usize) -> Option<String> {
    let folder = path.rsplit('/').nth(up + 1)?;
    (!folder.is_empty()).then(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_in_a_folder_is_passed_over() {
        for path in [
            "/mine/.trash/a.jpg",
            "mine/._a.jpg",
            "mine/western/Thumbs.db",
        ] {
            assert!(is_hidden_in_it(path), "{path}");
        }
        for path in ["", "/.a.jpg", ".mine/western/a.jpg"] {
            assert!(!is_hidden_in_it(path), "{path}");
        }
    }

    #[test]
    fn the_folders_are_the_last_ones_of_the_path() {
        let of = |path| (folder_of(path, 0), folder_of(path, 1));
        let [western, mine] = ["western", "mine"].map(|name| Some(name.to_owned()));
        assert_eq!(of("/mine/western/a.jpg"), (western.clone(), mine));
        assert_eq!(of("/western/a.jpg"), (western.clone(), None));
        assert_eq!(of("western/a.jpg"), (western, None));
        assert_eq!(of("/a.jpg"), (None, None));
        assert_eq!(of("a.jpg"), (None, None));
    }
}

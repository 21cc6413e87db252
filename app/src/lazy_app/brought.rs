//! A file that was brought with others, and the folder that it was in.

use js_sys::Reflect;
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
}

impl Brought {
    /// A file by its path, in which folders are separated by `/`.
    pub(crate) fn at(path: &str, file: File) -> Brought {
        Brought {
            folder: folder_of(path),
            file,
        }
    }
}

impl From<File> for Brought {
    fn from(file: File) -> Brought {
        // Empty unless a whole folder was chosen.
        let path = Reflect::get(&file, &"webkitRelativePath".into()).unwrap_or_default();
        Brought::at(&path.as_string().unwrap_or_default(), file)
    }
}

fn folder_of(path: &str) -> Option<String> {
    let (folders, _) = path.rsplit_once('/')?;
    let folder = folders.rsplit('/').next()?;
    (!folder.is_empty()).then(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_the_last_one_of_the_path() {
        assert_eq!(folder_of("/mine/western/a.jpg").as_deref(), Some("western"));
        assert_eq!(folder_of("western/a.jpg").as_deref(), Some("western"));
        assert_eq!(folder_of("/a.jpg"), None);
        assert_eq!(folder_of("a.jpg"), None);
    }
}

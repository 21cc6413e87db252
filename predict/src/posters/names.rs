//! Which columns of a table hold the posters.

use anyhow::{Context, Result, ensure};

/// What columns with images are called, here and there.
const IMAGES: [&str; 5] = ["image", "bytes", "jpg", "poster", "path"];

/// The names of rows, likewise.
const IDS: [&str; 3] = ["id", "__key__", "path"];

/// Which columns of Parquet files, or members of JSON Lines, are read.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Names {
    /// In Parquet files and JSON Lines, the column with images as bytes, with their paths, or with both as Hugging Face
    /// stores them [default: the first of image, bytes, jpg, poster, path]
    #[arg(long, value_name = "NAME")]
    images: Option<String>,

    /// In Parquet files and JSON Lines, the column whose texts or numbers are written as path [default: the first of
    /// id, __key__, path; or else the file's name and the row's number, counted from 1]
    #[arg(long, value_name = "NAME")]
    ids: Option<String>,
}

impl Names {
    /// The names of the column of images and of that of ids; `None` if rows have no ids. Both can be the same.
    ///
    /// # Errors
    ///
    /// If there is no such column; then with the names that there are.
    pub(super) fn among(&self, known: &[&str]) -> Result<(String, Option<String>)> {
        let first = |names: &[&str]| {
            let name = names.iter().find(|name| known.contains(name));
            name.map(|name| (*name).to_owned())
        };
        let images = self.images.clone().or_else(|| first(&IMAGES));
        let images = images.with_context(|| {
            let known = known.join(", ");
            format!("no column is known to hold images; name one of {known} with --images")
        })?;
        let ids = self.ids.clone().or_else(|| first(&IDS));
        for name in [Some(&images), ids.as_ref()].into_iter().flatten() {
            ensure!(
                known.contains(&name.as_str()),
                "there is no column {name}; there are {}",
                known.join(", ")
            );
        }
        Ok((images, ids))
    }
}

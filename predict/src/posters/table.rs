//! Posters in a Parquet file: their bytes, or their paths.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use parquet::record::Field;

use super::{Names, Poster, Source};
use crate::parquet_rows::ParquetRows;

/// How many rows a file has. It is also made sure that there are images.
pub(super) fn count(path: &Path, names: &Names) -> Result<u64> {
    let (rows, _, _) = open(path, names)?;
    Ok(u64::try_from(rows.metadata().file_metadata().num_rows())?)
}

/// Visits each row, one after the other.
pub(super) fn each(
    path: &Path,
    names: &Names,
    visit: &mut dyn FnMut(Poster) -> Result<()>,
) -> Result<()> {
    let (mut rows, images, ids) = open(path, names)?;
    while let Some(row) = rows.next_row()? {
        let field = |name: &str| {
            let mut fields = row.get_column_iter();
            fields.find_map(|(known, field)| (known == name).then_some(field))
        };
        let image = field(&images).unwrap_or(&Field::Null);
        let shown = path.display();
        let source = source(image).with_context(|| format!("cannot read {shown}, {images}"))?;
        let id = ids.as_deref().and_then(field).unwrap_or(&Field::Null);
        let name = text(id).unwrap_or_else(|| format!("{shown}/{}", rows.number()));
        visit(Poster { path: name, source })?;
    }
    Ok(())
}

/// The rows of a file, with the names of its column of images and of that of ids, which are read alone.
fn open(path: &Path, names: &Names) -> Result<(ParquetRows, String, Option<String>)> {
    let mut found = None;
    let rows = ParquetRows::choose(path, |known| {
        let (images, ids) = names.among(known)?;
        // one column can be both
        let others = ids.clone().filter(|ids| *ids != images);
        let read = std::iter::once(images.clone()).chain(others).collect();
        found = Some((images, ids));
        Ok(Some(read))
    })?;
    let (images, ids) = found.context("no columns were chosen")?;
    Ok((rows, images, ids))
}

/// Where a cell says that the poster is.
fn source(image: &Field) -> Result<Source> {
    Ok(match image {
        Field::Bytes(bytes) => Source::Bytes(bytes.data().to_vec()),
        Field::Str(path) => Source::File(PathBuf::from(path)),
        Field::Null => Source::Nothing("there is no image".to_owned()),
        // as Hugging Face's datasets store images
        Field::Group(row) => {
            let member = |name: &str| {
                let mut members = row.get_column_iter();
                let member = members.find(|(known, it)| *known == name && **it != Field::Null);
                member.map(|(_, field)| field)
            };
            match member("bytes").or(member("path")) {
                Some(field @ (Field::Bytes(_) | Field::Str(_))) => source(field)?,
                _ => source(&Field::Null)?,
            }
        }
        _ => bail!("the column holds neither images nor paths; name another with --images"),
    })
}

/// A row's name, if it is a text or a number.
fn text(id: &Field) -> Option<String> {
    match id {
        Field::Str(name) => Some(name.clone()),
        Field::Int(_) | Field::Long(_) | Field::UInt(_) | Field::ULong(_) => Some(id.to_string()),
        _ => None,
    }
}

//! Posters in a Parquet file: their bytes, or their paths.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;

use super::{Names, Poster, Source};
use crate::columns::{names_of, project};

/// How many rows a file has. It is also made sure that there are images.
pub(super) fn count(path: &Path, names: &Names) -> Result<u64> {
    let reader = open(path)?;
    columns(&reader, names).with_context(|| cannot_read(path))?;
    Ok(u64::try_from(reader.metadata().file_metadata().num_rows())?)
}

/// Visits each row, one after the other.
pub(super) fn each(
    path: &Path,
    names: &Names,
    visit: &mut dyn FnMut(Poster) -> Result<()>,
) -> Result<()> {
    let reader = open(path)?;
    let (images, ids) = columns(&reader, names).with_context(|| cannot_read(path))?;
    // one column can be both
    let others = ids.as_deref().filter(|ids| *ids != images);
    let read: Vec<&str> = std::iter::once(images.as_str()).chain(others).collect();
    let columns = project(reader.metadata(), &read)?;
    let rows = RowIter::from_file_into(Box::new(reader)).project(Some(columns))?;
    for (index, row) in rows.enumerate() {
        let row = row.with_context(|| cannot_read(path))?;
        let field = |name: &str| {
            let mut fields = row.get_column_iter();
            fields.find_map(|(known, field)| (known == name).then_some(field))
        };
        let image = field(&images).unwrap_or(&Field::Null);
        let source = source(image).with_context(|| format!("{}, {images}", cannot_read(path)))?;
        let id = ids.as_deref().and_then(field).unwrap_or(&Field::Null);
        let name = text(id).unwrap_or_else(|| format!("{}/{index}", path.display()));
        visit(Poster { path: name, source })?;
    }
    Ok(())
}

fn columns(reader: &SerializedFileReader<File>, names: &Names) -> Result<(String, Option<String>)> {
    names.among(&names_of(reader.metadata()))
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

fn open(path: &Path) -> Result<SerializedFileReader<File>> {
    let file = File::open(path).with_context(|| cannot_read(path))?;
    SerializedFileReader::new(file)
        .with_context(|| format!("{} is no whole Parquet file", path.display()))
}

fn cannot_read(path: &Path) -> String {
    format!("cannot read {}", path.display())
}

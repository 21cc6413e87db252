//! Posters in a list: a path on each line, or JSON Lines.

use std::io::BufRead;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::{Names, Poster, Source};

/// Visits the poster of each line, one after the other. A line is a path, or a JSON object that has one. `list` is the
/// list's own name.
///
/// A line that says no poster is one that cannot be read, by the list's name and its number; the others still are.
///
/// # Errors
///
/// Those of `visit`, or if the list cannot be read.
pub(super) fn each(
    list: &str,
    mut lines: impl BufRead,
    names: &Names,
    visit: &mut dyn FnMut(Poster) -> Result<()>,
) -> Result<()> {
    let (mut number, mut line) = (0_u64, Vec::new());
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line);
        if read.with_context(|| format!("cannot read {list}"))? == 0 {
            return Ok(());
        }
        number += 1;
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let poster = match line.starts_with(b"{") {
            true => poster(line, names),
            false => path(line).map(Poster::file),
        };
        visit(poster.unwrap_or_else(|error| Poster {
            path: format!("{list}/{number}"),
            source: Source::Nothing(format!("{error:#}")),
        }))?;
    }
}

/// The path that these bytes are: on Unix any, elsewhere UTF-8.
#[cfg(unix)]
fn path(line: &[u8]) -> Result<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Ok(std::ffi::OsStr::from_bytes(line).into())
}

/// The path that these bytes are: on Unix any, elsewhere UTF-8.
#[cfg(not(unix))]
fn path(line: &[u8]) -> Result<PathBuf> {
    Ok(std::str::from_utf8(line)
        .context("the path is not UTF-8")?
        .into())
}

/// The poster that an object says.
fn poster(line: &[u8], names: &Names) -> Result<Poster> {
    let object: Map<String, Value> =
        serde_json::from_slice(line).context("the line is no JSON object")?;
    let known: Vec<&str> = object.keys().map(String::as_str).collect();
    let (images, ids) = names.among(&known)?;
    let source = match &object[&images] {
        // as Hugging Face's datasets name images
        Value::Object(image) => image.get("path").unwrap_or(&Value::Null),
        image => image,
    };
    let source = match source {
        Value::String(path) => Source::File(path.into()),
        Value::Null => Source::Nothing("there is no image".to_owned()),
        _ => bail!("{images} is no path; name another member with --images"),
    };
    let path = match (ids.map(|ids| &object[&ids]), &source) {
        (Some(Value::String(id)), _) => id.clone(),
        (Some(Value::Number(id)), _) => id.to_string(),
        (_, Source::File(path)) => path.display().to_string(),
        _ => bail!("there is neither an image nor an id"),
    };
    Ok(Poster { path, source })
}

//! Posters in a list: a path on each line, or JSON Lines.

use std::io::BufRead;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::{Names, Poster, Source};

/// Visits the poster of each line, one after the other. A line is a path, or a JSON object that has one. `list` is the
/// list's own name.
///
/// A line that says no poster is one that cannot be read; the others still are.
///
/// # Errors
///
/// Those of `visit`, or if the list cannot be read.
pub(super) fn each(
    list: &str,
    lines: impl BufRead,
    names: &Names,
    visit: &mut dyn FnMut(Poster) -> Result<()>,
) -> Result<()> {
    for (index, line) in lines.lines().enumerate() {
        let line = line.with_context(|| format!("cannot read {list} as lines of UTF-8"))?;
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            continue;
        }
        visit(match line.starts_with('{') {
            true => poster(line, names).unwrap_or_else(|error| Poster {
                path: format!("{list}/{index}"),
                source: Source::Nothing(format!("{error:#}")),
            }),
            false => Poster::file(line.into()),
        })?;
    }
    Ok(())
}

/// The poster that an object says.
fn poster(line: &str, names: &Names) -> Result<Poster> {
    let object: Map<String, Value> =
        serde_json::from_str(line).context("the line is no JSON object")?;
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

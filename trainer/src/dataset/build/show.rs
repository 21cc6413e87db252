//! Writes `dataset.html` from the ledger.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use marquee_models::network::Size;
use marquee_models::preprocess::{self, Rgb8};
use rayon::prelude::*;
use rusqlite::{Connection, params};

use super::sources::Sources;
use crate::dataset::overview::{Overview, render};
use crate::dataset::split::Split;
use crate::dataset::summary::Summary;
use crate::files::write_whole;

/// The largest size of a poster on a contact sheet.
const TILE: Size = Size {
    width: 96,
    height: 144,
};

/// Writes the page that shows a dataset.
pub(super) fn show(
    db: &Connection,
    summary: &Summary,
    path: &Path,
    sources: &Sources,
) -> Result<()> {
    let labels = &summary.labels;
    let per_class = |counts: &BTreeMap<String, usize>| -> Vec<usize> {
        let count = |label| counts.get(label).copied().unwrap_or(0);
        labels.iter().map(count).collect()
    };
    let splits: Vec<(String, Vec<usize>)> = Split::ALL
        .iter()
        .filter_map(|split| Some((split.to_string(), per_class(summary.counts.get(split)?))))
        .collect();
    let cleaned: Vec<usize> = (0..labels.len())
        .map(|class| splits.iter().map(|(_, counts)| counts[class]).sum())
        .collect();
    let mut stages = vec![
        ("given".to_owned(), per_class(&summary.cleaning.given)),
        ("cleaned".to_owned(), cleaned.clone()),
    ];
    let rotated = per_class(&summary.cleaning.rotated);
    if rotated.iter().any(|&copies| copies > 0) {
        let both = cleaned
            .iter()
            .zip(rotated)
            .map(|(films, copies)| films + copies);
        stages.push(("balanced".to_owned(), both.collect()));
    }
    let sheets = (0..labels.len())
        .map(|class| Ok((labels[class].clone(), some_posters(db, class, sources)?)))
        .collect::<Result<_>>()?;
    let page = render(&Overview {
        hash: summary.hash.clone(),
        labels: labels.clone(),
        stages,
        splits,
        years: years(db)?,
        sizes: sizes(db)?,
        rejected: summary.cleaning.rejected.clone(),
        sheets,
    })?;
    write_whole(path, page.as_bytes())
}

fn years(db: &Connection) -> Result<BTreeMap<i32, usize>> {
    let mut query = db.prepare(
        "SELECT CAST(year AS INTEGER) AS number, COUNT(*) FROM film
         WHERE reason IS NULL AND design = 0 AND number BETWEEN 1 AND 9999 GROUP BY number",
    )?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn sizes(db: &Connection) -> Result<BTreeMap<(u32, u32), usize>> {
    let mut query = db.prepare(
        "SELECT width, height, COUNT(*) FROM film WHERE reason IS NULL GROUP BY width, height",
    )?;
    let rows = query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Some posters of a class: a random choice that is the same for each build.
fn some_posters(db: &Connection, class: usize, sources: &Sources) -> Result<Vec<Rgb8>> {
    let mut query = db.prepare(
        "SELECT manifest, poster FROM film WHERE reason IS NULL AND design = 0 AND label = ?
         ORDER BY digest LIMIT ?",
    )?;
    let films: Vec<(usize, String)> = query
        .query_map(params![class, Overview::POSTERS], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let small = |(manifest, poster): &(usize, String)| {
        let bytes = sources.read(*manifest, poster).ok()?;
        let picture = preprocess::decode(&bytes).ok()?.image;
        Some(picture.resize(tile_size(&picture)))
    };
    Ok(films.par_iter().filter_map(small).collect())
}

/// The largest size that fits into a [`TILE`] and keeps the picture's proportions.
fn tile_size(picture: &Rgb8) -> Size {
    let scale = (TILE.width as f64 / picture.width as f64)
        .min(TILE.height as f64 / picture.height as f64)
        .min(1.0);
    let scaled = |side: usize| ((side as f64 * scale).round() as usize).max(1);
    Size {
        width: scaled(picture.width),
        height: scaled(picture.height),
    }
}

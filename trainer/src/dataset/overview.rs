//! `dataset.html`: a dataset at a glance, in one file that needs nothing else.
//!
//! There is no script in it and nothing is loaded, so it can be opened from any disk, in any year.

mod charts;
mod parts;
mod sheet;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use marquee_models::preprocess::Rgb8;

use crate::html;
use crate::html::text::{counted, thousands};

/// What `dataset.html` shows.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The dataset's content hash.
    pub hash: String,
    /// The classes' names, in the order of a network's outputs.
    pub labels: Vec<String>,
    /// Films per class at each stage of the building, such as *given*, *cleaned* and *balanced*.
    pub stages: Vec<(String, Vec<usize>)>,
    /// Films per class of each split.
    pub splits: Vec<(String, Vec<usize>)>,
    /// Films per year of release. Films without a known year are in none.
    pub years: BTreeMap<i32, usize>,
    /// Posters per width and height in pixels.
    pub sizes: BTreeMap<(u32, u32), usize>,
    /// Rows left out, per reason.
    pub rejected: BTreeMap<String, usize>,
    /// Some posters of each class, of any size. More than [`Overview::POSTERS`] of a class are not
    /// shown.
    pub sheets: Vec<(String, Vec<Rgb8>)>,
}

impl Overview {
    /// The most posters of a class that are shown.
    pub const POSTERS: usize = sheet::POSTERS;

    /// Films in the dataset.
    fn films(&self) -> usize {
        // A dataset that is not split yet has what its last stage left.
        let last = self.stages.last().map_or(0, |(_, counts)| total(counts));
        let split = self.splits.iter().map(|(_, counts)| total(counts));
        if self.splits.is_empty() {
            last
        } else {
            split.sum()
        }
    }

    fn check(&self) -> Result<()> {
        for (name, counts) in self.stages.iter().chain(&self.splits) {
            if counts.len() != self.labels.len() {
                bail!(
                    "{name:?} has counts for {}, and the dataset has {}",
                    counted(counts.len(), "class", "classes"),
                    self.labels.len()
                );
            }
        }
        Ok(())
    }
}

fn total(counts: &[usize]) -> usize {
    counts.iter().sum()
}

/// The whole HTML document.
///
/// # Errors
///
/// Where the overview contradicts itself: counts for other than its classes, or a poster whose
/// pixels are not as many as its size says.
pub fn render(overview: &Overview) -> Result<String> {
    overview.check()?;
    let films = overview.films();
    let counted = counted(films, "film", "films");
    let mut facts = vec![("classes".to_owned(), thousands(overview.labels.len()))];
    let split = |(name, counts): &(String, Vec<usize>)| (name.clone(), thousands(total(counts)));
    facts.extend(overview.splits.iter().map(split));
    let rejected = overview.rejected.values().sum();
    facts.push(("rows left out".to_owned(), thousands(rejected)));
    let head = html::head("A dataset of posters", &counted, &facts, &overview.hash);
    let parts = [
        parts::classes(overview)?,
        parts::splits(overview),
        parts::years(overview, films)?,
        parts::sizes(overview)?,
        parts::rejected(overview),
        parts::sheets(overview)?,
    ];
    let title = format!("{counted} – Marquee dataset");
    Ok(html::document(&title, "", &head, &parts.concat()))
}

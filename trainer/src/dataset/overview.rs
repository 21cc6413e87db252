//! `dataset.html`: a dataset at a glance.

mod charts;
mod contact_sheet;
mod content;
mod sections;

#[cfg(test)]
mod tests;

pub use content::Overview;

use anyhow::Result;

use crate::html;
use crate::html::numbers::{counted, thousands};

/// The whole HTML document.
///
/// # Errors
///
/// Where the overview contradicts itself: the counts are not one for each class, or a poster does not
/// have as many pixels as its size says.
pub fn render(overview: &Overview) -> Result<String> {
    overview.check()?;
    let films = counted(overview.films(), "film", "films");
    let mut facts = vec![("classes".to_owned(), thousands(overview.labels.len()))];
    facts.extend(overview.splits.iter().map(|(name, counts)| {
        let films: usize = counts.iter().sum();
        (name.clone(), thousands(films))
    }));
    let rejected: usize = overview.rejected.values().sum();
    facts.push(("rows left out".to_owned(), thousands(rejected)));
    let header = html::header("A dataset of posters", &films, &facts, &overview.hash);
    let sections = [
        sections::classes(overview)?,
        sections::splits(overview),
        sections::years(overview)?,
        sections::sizes(overview)?,
        sections::rejected(overview),
        sections::posters(overview)?,
    ];
    let title = format!("{films} – Marquee dataset");
    Ok(html::document(&title, "", &header, &sections))
}

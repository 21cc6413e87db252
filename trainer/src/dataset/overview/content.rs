//! What `dataset.html` shows.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use marquee_models::preprocess::Rgb8;

use super::contact_sheet;
use crate::html::numbers::counted;

/// What `dataset.html` shows.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The dataset's content hash.
    pub hash: String,
    /// The classes' names, in the order of a network's logits.
    pub labels: Vec<String>,
    /// Films per class at each stage of the building, such as *given*, *cleaned* and *balanced*.
    pub stages: Vec<(String, Vec<usize>)>,
    /// Films per class of each split; empty for a dataset that is not split yet.
    pub splits: Vec<(String, Vec<usize>)>,
    /// Films per year of release, without those whose year is unknown.
    pub years: BTreeMap<i32, usize>,
    /// Posters per width and height in pixels.
    pub sizes: BTreeMap<(u32, u32), usize>,
    /// Rows left out, per reason.
    pub rejected: BTreeMap<String, usize>,
    /// Some posters of each class, of any size. Only the first [`Overview::POSTERS`] of a class are
    /// shown.
    pub sheets: Vec<(String, Vec<Rgb8>)>,
}

impl Overview {
    /// The most posters of a class that are shown.
    pub const POSTERS: usize = contact_sheet::POSTERS;

    /// Films in the dataset: those of the splits, or of the last stage if there are no splits.
    pub(super) fn films(&self) -> usize {
        let counted = match self.splits.is_empty() {
            true => self.stages.last().map_or(&[][..], std::slice::from_ref),
            false => &self.splits,
        };
        counted.iter().flat_map(|(_, counts)| counts).sum()
    }

    /// Refuses counts that are not one for each class.
    pub(super) fn check(&self) -> Result<()> {
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

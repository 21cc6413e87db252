use std::collections::BTreeMap;

use super::{Dataset, Split, Variant};
use crate::dataset::manifest;

/// Training films that a genre needs to be learned.
const ENOUGH_FILMS: usize = 20;

/// Votes that a score needs to mean something.
pub const ENOUGH_VOTES: f32 = 10.0;

impl Dataset {
    /// The genres that enough films of the training split have, in alphabetical order.
    pub fn genre_names(&self) -> Vec<String> {
        let mut films: BTreeMap<&str, usize> = BTreeMap::new();
        for (row, entry) in self.entries.iter().enumerate() {
            if entry.split == Split::Train && entry.variant == Variant::Poster {
                for genre in self.genres(row) {
                    *films.entry(genre).or_default() += 1;
                }
            }
        }
        let enough = films.iter().filter(|(_, films)| **films >= ENOUGH_FILMS);
        enough.map(|(genre, _)| (*genre).to_owned()).collect()
    }

    /// A row's genres.
    pub fn genres(&self, row: usize) -> impl Iterator<Item = &str> {
        manifest::genres(&self.entries[row].genres)
    }

    /// What members gave a row's film, 0 to 10 points; `None` where nobody knows, or fewer than
    /// [`ENOUGH_VOTES`] gave any.
    pub fn score(&self, row: usize) -> Option<f32> {
        let entry = &self.entries[row];
        let votes: f32 = entry.votes.trim().parse().ok()?;
        let score: f32 = entry.score.trim().parse().ok()?;
        (votes >= ENOUGH_VOTES && score > 0.0 && score <= 10.0).then_some(score)
    }
}

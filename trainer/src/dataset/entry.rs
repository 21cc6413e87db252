use serde::{Deserialize, Serialize};

use super::split::Split;
use super::variant::Variant;

/// Fewer votes than this make no reliable score.
pub const ENOUGH_VOTES: f32 = 10.0;

/// A row of a dataset's `movies.csv`. What the manifest does not say is empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The film's id, as in the manifest.
    #[serde(with = "cells")]
    pub id: String,
    /// The name of the poster within `posters.tar`.
    pub poster: String,
    /// The title, as in the manifest.
    #[serde(with = "cells")]
    pub title: String,
    /// The year of release, as in the manifest.
    #[serde(with = "cells")]
    pub year: String,
    /// The genres, with `|` between them.
    #[serde(with = "cells")]
    pub genres: String,
    /// The class: one of [`Summary::labels`](super::Summary::labels).
    #[serde(with = "cells")]
    pub label: String,
    /// The mean of the votes, as in the manifest: 0 to 10 points.
    #[serde(with = "cells")]
    pub score: String,
    /// The number of votes, as in the manifest.
    #[serde(with = "cells")]
    pub votes: String,
    /// What the row's picture is: the film's poster, another design, or a copy.
    pub variant: Variant,
    /// The id of the first film whose poster looks alike; empty if this film is the first.
    #[serde(with = "cells")]
    pub group: String,
    /// What the row is used for.
    pub split: Split,
}

/// Texts of other people, which a spreadsheet must not run as formulas.
mod cells {
    use marquee_models::text::{cell, from_cell};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&cell(text))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<String, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(from_cell(&text).to_owned())
    }
}

impl Entry {
    /// The score, above 0 and at most 10 points; `None` if it is not known, or if fewer than
    /// [`ENOUGH_VOTES`] people voted.
    pub fn known_score(&self) -> Option<f32> {
        let votes: f32 = self.votes.trim().parse().ok()?;
        let score: f32 = self.score.trim().parse().ok()?;
        (votes >= ENOUGH_VOTES && score > 0.0 && score <= 10.0).then_some(score)
    }
}

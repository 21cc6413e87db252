use image::ImageFormat;
use serde_json::{Value, json};

use crate::drawn;

/// A film that does not exist.
#[derive(Clone)]
pub(crate) struct Film {
    pub(crate) id: u64,
    pub(crate) date: String,
    pub(crate) language: &'static str,
    pub(crate) votes: u64,
    pub(crate) has_poster: bool,
}

impl Film {
    /// Each id has its own date, votes, language and poster.
    pub(crate) fn new(id: u64) -> Film {
        Film {
            id,
            date: format!("{}-{:02}-{:02}", 1950 + id % 70, 1 + id % 12, 1 + id % 28),
            language: ["en", "fr", "ja"][(id % 3) as usize],
            votes: id * 37 % 1000,
            has_poster: true,
        }
    }

    /// The films with the ids 1 to `count`.
    pub(crate) fn many(count: u64) -> Vec<Film> {
        (1..=count).map(Film::new).collect()
    }

    /// The file of its poster.
    pub(crate) fn poster(&self, width: u32) -> Vec<u8> {
        let poster = drawn::poster(self.id as usize, self.id, width, width * 3 / 2);
        drawn::encode(poster, ImageFormat::Jpeg)
    }

    /// The film in a list.
    pub(super) fn listed(&self) -> Value {
        json!({
            "adult": false,
            "id": self.id,
            "original_language": self.language,
            "release_date": self.date,
            "title": format!("Film {}", self.id),
            "video": false,
            "vote_count": self.votes,
        })
    }

    pub(super) fn details(&self) -> Value {
        json!({
            "adult": false,
            "id": self.id,
            "budget": self.id % 2 * 1_000_000,
            "credits": {"cast": [{"name": "A. Player"}], "crew": [
                {"job": "Producer", "name": "P. Roducer"},
                {"job": "Director", "name": format!("D. Irector {}", self.id % 9)},
            ]},
            "genres": [{"id": 28, "name": "Action"}, {"id": 878, "name": "Science Fiction"}],
            "imdb_id": format!("tt{:07}", self.id),
            "original_language": self.language,
            "original_title": format!("Le film n° {}", self.id),
            "overview": format!("They said, \"{}\",\nand were right.", self.id),
            "poster_path": self.has_poster.then(|| format!("/poster{}.jpg", self.id)),
            "release_date": self.date,
            "revenue": 0,
            "runtime": 90 + self.id % 60,
            "title": format!("Film {}", self.id),
            "vote_average": (self.votes % 100) as f64 / 10.0,
            "vote_count": self.votes,
        })
    }
}

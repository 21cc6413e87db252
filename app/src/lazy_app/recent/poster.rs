//! A recent poster, and its row in the browser's database.

use crate::reading::file;
use js_sys::Uint8Array;
use marquee_app::record;
use web_sys::Blob;

record! {
    /// A poster and its answer.
    pub struct RecentPoster {
        /// Its key in the database; later posters have greater ones. `None` before it is stored.
        pub id: Option<u32> = "id",
        /// Its name.
        pub name: String = "name",
        /// When it was answered, in milliseconds since 1970.
        pub when: f64 = "when",
        /// The weights' file of the network that answered.
        pub network: String = "network",
        /// The likeliest class.
        pub label: String = "label",
        /// The probability of that class, 0 to 1.
        pub probability: f32 = "probability",
        /// Whether that reaches the network's threshold.
        pub sure: bool = "sure",
        /// The network's input, as a PNG.
        pub input: Uint8Array = "input",
        /// A thumbnail, as a JPEG; empty where the browser could make none.
        pub small: Uint8Array = "small",
    }
}

/// The farthest time from 1970 that is a date, in milliseconds.
const FARTHEST_DATE: f64 = 8.64e15;

impl RecentPoster {
    /// Whether its numbers can be shown. Anybody may have written the row: an extension, or a later version.
    pub(super) fn is_sound(&self) -> bool {
        self.when.abs() <= FARTHEST_DATE && (0.0..=1.0).contains(&self.probability)
    }

    /// The picture to show; `None` where the browser can't make a file.
    pub(super) fn thumbnail(&self) -> Option<Blob> {
        // The input is small as well.
        if self.small.length() == 0 {
            self.file()
        } else {
            file(&self.small, "image/jpeg")
        }
    }

    /// The network's input as a file.
    pub(super) fn file(&self) -> Option<Blob> {
        file(&self.input, "image/png")
    }

    /// Whether both show the same picture, whatever their names and answers.
    pub(super) fn looks_like(&self, other: &RecentPoster) -> bool {
        let same = |one: &Uint8Array, other: &Uint8Array| one.to_vec() == other.to_vec();
        // The inputs differ between networks; they are compared only where there is no thumbnail.
        if self.small.length() == 0 {
            same(&self.input, &other.input)
        } else {
            same(&self.small, &other.small)
        }
    }
}

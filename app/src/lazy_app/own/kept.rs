//! What the browser's database keeps of a classifier: its classes and ticks, and the posters.

use super::classifier::{Classifier, OwnClass};
use js_sys::{Float32Array, Uint8Array};
use marquee_app::record;

record! {
    /// A classifier and how it was taught.
    pub struct KeptClassifier {
        /// Its key in the database. `None` before it is stored.
        pub id: Option<u32> = "id",
        /// What the visitor calls it.
        pub name: String = "name",
        /// When it was last taught, in milliseconds since 1970.
        pub when: f64 = "when",
        /// The name of the network whose features the posters have.
        pub network: String = "network",
        /// The SHA-256 of that network's weights in hexadecimal; empty if it is not known.
        pub hash: String = "hash",
        /// The classes.
        pub classes: Vec<OwnClass> = "classes",
        /// The numbers of its posters, in the order in which they are shown.
        pub posters: Vec<u32> = "posters",
        /// Each poster's class, or `NO_CLASS`.
        pub truths: Uint8Array = "truths",
        /// What was learned last, if the classes have posters enough.
        pub classifier: Option<Classifier> = "classifier",
    }
}

record! {
    /// A poster of a classifier.
    pub struct KeptPoster {
        /// Its key: see [`key`].
        pub key: f64 = "key",
        /// Its name.
        pub name: String = "name",
        /// Its pooled features.
        pub features: Float32Array = "features",
        /// By what nearly alike posters are found.
        pub look: Uint8Array = "look",
        /// A thumbnail, as a JPEG.
        pub small: Uint8Array = "small",
    }
}

/// More posters than a classifier has.
const MOST: f64 = 1e6;

/// The key of a classifier's poster.
pub(crate) fn key(classifier: u32, poster: u32) -> f64 {
    f64::from(classifier) * MOST + f64::from(poster)
}

impl KeptClassifier {
    /// Gives it another name.
    pub(crate) fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        if let Some(learned) = &mut self.classifier {
            name.clone_into(&mut learned.name);
        }
    }
}

impl KeptPoster {
    /// Its number within the classifier.
    pub(crate) fn number(&self) -> u32 {
        (self.key % MOST) as u32
    }
}

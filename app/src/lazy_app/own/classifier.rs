//! A classifier of own classes.

use crate::state::State;
use marquee_app::channel::Network;
use marquee_app::protocol::teaching::{Head, Score};
use marquee_app::record;
use marquee_app::share_link::classifier::{self as link, HASH_BYTES};

record! {
    /// A class of the visitor's own.
    #[derive(PartialEq)]
    pub struct OwnClass {
        /// Its name.
        pub name: String = "name",
        /// Its colour, such as `#d6453d`.
        pub colour: String = "colour",
    }
}

record! {
    /// A head for the features of a network of this site.
    pub struct Classifier {
        /// What it is called.
        pub name: String = "name",
        /// The name of that network.
        pub network: String = "network",
        /// The SHA-256 of the network's weights in hexadecimal, or its beginning; empty if it is not known.
        pub hash: String = "hash",
        /// The classes, in the order of its outputs.
        pub classes: Vec<OwnClass> = "classes",
        /// Its numbers.
        pub head: Head = "head",
        /// How good it is, if that is known.
        pub score: Option<Score> = "score",
    }
}

/// The hash in a link of a site whose networks have none.
const UNKNOWN: [u8; HASH_BYTES] = [0; HASH_BYTES];

/// Colours that are told apart on light and dark ground, in the order in which classes get them.
pub(crate) const COLOURS: [&str; 9] = [
    "#d6453d", "#3f7fd0", "#e08e2b", "#4f9d58", "#7a5cc8", "#2f9aa0", "#c2559c", "#a08a2c",
    "#8a6d53",
];

/// The SHA-256 of a network's weights, in hexadecimal, as its address has it; empty if it has none.
pub(crate) fn hash_of(network: &Network) -> String {
    let url = network.url();
    let hash = url.rsplit_once("#sha256=").map(|(_, hash)| hash);
    hash.unwrap_or_default().to_owned()
}

impl Classifier {
    /// The network of this page whose features it reads, in the version that it was taught with.
    pub(crate) fn base(&self, state: State) -> Option<Network> {
        let network = state.networks().into_iter();
        let mut network = network.filter(|it| it.name == self.network);
        network.find(|it| same_version(&hash_of(it), &self.hash))
    }

    /// The fragment of the link that it is, without `#`; `None` where it has too much to say.
    pub(crate) fn fragment(&self) -> Option<String> {
        let colour = |class: &OwnClass| Some(bytes::<3>(class.colour.strip_prefix('#')?));
        let score = |score: &Score| {
            Some(link::Score {
                posters: score.posters,
                folds: score.folds,
                accuracy: score.accuracy[..].try_into().ok()?,
                macro_f1: score.macro_f1[..].try_into().ok()?,
            })
        };
        link::Classifier {
            name: self.name.clone(),
            network: self.network.clone(),
            hash: bytes::<HASH_BYTES>(&self.hash),
            labels: self.classes.iter().map(|it| it.name.clone()).collect(),
            colours: self.classes.iter().map(colour).collect::<Option<_>>()?,
            temperature: self.head.temperature,
            threshold: self.head.threshold,
            score: self.score.as_ref().and_then(score),
            numbers: self.head.numbers.to_vec(),
        }
        .fragment()
    }
}

impl From<link::Classifier> for Classifier {
    fn from(link: link::Classifier) -> Classifier {
        let classes = link.labels.into_iter().zip(link.colours);
        let classes = classes.map(|(name, colour)| OwnClass {
            name,
            colour: format!("#{}", hex(&colour)),
        });
        Classifier {
            name: link.name,
            network: link.network,
            hash: match link.hash {
                UNKNOWN => String::new(),
                hash => hex(&hash),
            },
            classes: classes.collect(),
            head: Head {
                numbers: link.numbers.as_slice().into(),
                temperature: link.temperature,
                threshold: link.threshold,
            },
            score: link.score.map(|score| Score {
                posters: score.posters,
                folds: score.folds,
                accuracy: score.accuracy.into(),
                macro_f1: score.macro_f1.into(),
            }),
        }
    }
}

/// Whether two hashes, of which one may be the other's beginning, can be of the same weights. Sites that
/// were not built by `cargo xtask build` have none.
pub(crate) fn same_version(one: &str, other: &str) -> bool {
    let length = one.len().min(other.len());
    one[..length] == other[..length]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first bytes of a hexadecimal text; 0 for what is none.
fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let byte = |at: usize| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok();
    std::array::from_fn(|at| byte(at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_texts_are_read_and_written() {
        assert_eq!(bytes::<3>("d6453d"), [0xd6, 0x45, 0x3d]);
        assert_eq!(bytes::<3>("d6"), [0xd6, 0, 0]);
        assert_eq!(bytes::<2>("한글"), [0, 0]);
        assert_eq!(hex(&[0xd6, 0x05]), "d605");
    }

    #[test]
    fn versions_are_told_apart_by_what_is_known_of_them() {
        assert!(same_version("0123456789", "01234567"));
        assert!(!same_version("0123456789", "01234568"));
        assert!(same_version("", "01234568"));
    }
}

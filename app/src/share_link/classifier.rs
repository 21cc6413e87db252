//! A link that is a classifier of somebody's own classes: a head for a network's features, in the
//! fragment of a URL.
//!
//! The fragment is `c1.` and, in base64url, the classifier's name, the base network's name and the
//! beginning of its weights' SHA-256, the classes' names and colours, temperature, threshold, score, the
//! head's half-precision numbers, and a CRC-32 of all of these. Texts begin with their length in bytes;
//! numbers of more than one byte are big-endian, the head's little-endian.

use super::{Unreadable, content_of};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The beginning of the fragments of this version.
const PREFIX: &str = "c1.";

/// So many bytes of a SHA-256 tell one version of a network from another.
pub const HASH_BYTES: usize = 8;

/// The most bytes that a text may have.
const LONGEST: usize = 255;

/// A classifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Classifier {
    /// What it is called.
    pub name: String,
    /// The name of the network whose features it reads.
    pub network: String,
    /// The first bytes of the SHA-256 of that network's weights.
    pub hash: [u8; HASH_BYTES],
    /// The classes' names, 2 to 255.
    pub labels: Vec<String>,
    /// The classes' colours: red, green, blue.
    pub colours: Vec<[u8; 3]>,
    /// What the logits are divided by before the softmax.
    pub temperature: f32,
    /// If the likeliest class is less probable than this, the answer is "not sure".
    pub threshold: f32,
    /// How good it is, if that is known.
    pub score: Option<Score>,
    /// Half-precision numbers, little-endian: weights, class by class, and then a bias for each class.
    pub numbers: Vec<u8>,
}

/// How good a classifier is. Shares are kept in steps of 1/65535.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// By how many posters it was judged.
    pub posters: u32,
    /// In how many folds these were held out.
    pub folds: u32,
    /// The share of right answers and the bounds of its interval, 0 to 1.
    pub accuracy: [f64; 3],
    /// Macro-F1, likewise.
    pub macro_f1: [f64; 3],
}

impl Classifier {
    /// The link's fragment without `#`. `None` where a text has more than 255 bytes, there are not 2 to 255
    /// classes with a colour each, or there are no numbers for each of them.
    pub fn fragment(&self) -> Option<String> {
        let classes = self.labels.len();
        let sound = (2..=LONGEST).contains(&classes) && self.colours.len() == classes;
        if !sound || !self.numbers.len().is_multiple_of(2 * classes) || self.numbers.is_empty() {
            return None;
        }
        let mut bytes = Vec::new();
        write_text(&mut bytes, &self.name)?;
        write_text(&mut bytes, &self.network)?;
        bytes.extend(self.hash);
        bytes.push(classes as u8);
        for (label, colour) in self.labels.iter().zip(&self.colours) {
            write_text(&mut bytes, label)?;
            bytes.extend(colour);
        }
        bytes.extend(self.temperature.to_be_bytes());
        bytes.extend(self.threshold.to_be_bytes());
        bytes.push(self.score.is_some().into());
        if let Some(score) = &self.score {
            bytes.extend(score.posters.to_be_bytes());
            bytes.extend(score.folds.to_be_bytes());
            for share in score.accuracy.iter().chain(&score.macro_f1) {
                let steps = (share.clamp(0.0, 1.0) * f64::from(u16::MAX)).round();
                bytes.extend((steps as u16).to_be_bytes());
            }
        }
        bytes.extend(&self.numbers);
        bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
        Some(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&bytes)))
    }
}

/// Opens a fragment, given without `#`.
///
/// # Errors
///
/// If it isn't a whole link of this version.
pub fn open(fragment: &str) -> Result<Classifier, Unreadable> {
    let Some(payload) = fragment.strip_prefix(PREFIX) else {
        return Err(match version(fragment) {
            Some(version) if version > 1 => Unreadable::Newer,
            Some(_) => Unreadable::Damaged,
            None => Unreadable::Foreign,
        });
    };
    read(&content_of(payload)?).ok_or(Unreadable::Damaged)
}

/// The number after the `c` of a fragment that is a classifier.
pub(super) fn version(fragment: &str) -> Option<u32> {
    let (version, _) = fragment.strip_prefix('c')?.split_once('.')?;
    version.parse().ok()
}

fn write_text(bytes: &mut Vec<u8>, text: &str) -> Option<()> {
    bytes.push(text.len().try_into().ok()?);
    bytes.extend(text.as_bytes());
    Some(())
}

fn read(mut content: &[u8]) -> Option<Classifier> {
    let content = &mut content;
    let name = text(content)?;
    let network = text(content)?;
    let hash = take(content)?;
    let [classes] = take(content)?;
    let (mut labels, mut colours) = (Vec::new(), Vec::new());
    for _ in 0..classes {
        labels.push(text(content)?);
        colours.push(take(content)?);
    }
    let temperature = f32::from_be_bytes(take(content)?);
    let threshold = f32::from_be_bytes(take(content)?);
    let score = match take(content)? {
        [0] => None,
        _ => Some(Score {
            posters: u32::from_be_bytes(take(content)?),
            folds: u32::from_be_bytes(take(content)?),
            accuracy: shares(content)?,
            macro_f1: shares(content)?,
        }),
    };
    let numbers = content.to_vec();
    let sound = classes > 1
        && !numbers.is_empty()
        && numbers.len().is_multiple_of(2 * usize::from(classes))
        && temperature.is_finite()
        && temperature > 0.0
        && (0.0..=1.0).contains(&threshold);
    sound.then_some(Classifier {
        name,
        network,
        hash,
        labels,
        colours,
        temperature,
        threshold,
        score,
        numbers,
    })
}

fn shares(content: &mut &[u8]) -> Option<[f64; 3]> {
    let mut shares = [0.0; 3];
    for share in &mut shares {
        *share = f64::from(u16::from_be_bytes(take(content)?)) / f64::from(u16::MAX);
    }
    Some(shares)
}

fn text(content: &mut &[u8]) -> Option<String> {
    let [length] = take(content)?;
    let (text, rest) = content.split_at_checked(length.into())?;
    *content = rest;
    String::from_utf8(text.to_vec()).ok()
}

/// The next bytes, which are taken off.
fn take<const N: usize>(content: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = content.split_first_chunk()?;
    *content = rest;
    Some(*taken)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classifier() -> Classifier {
        Classifier {
            name: "Our shelves".into(),
            network: "posternet".into(),
            hash: [1, 2, 3, 4, 5, 6, 7, 8],
            labels: vec!["western".into(), "다큐멘터리".into(), "kids".into()],
            colours: vec![[214, 69, 61], [224, 142, 43], [0, 0, 255]],
            temperature: 0.87,
            threshold: 0.41,
            score: Some(Score {
                posters: 36,
                folds: 36,
                accuracy: [1.0, 0.0, 1.0],
                macro_f1: [0.0, 0.0, 1.0],
            }),
            numbers: (0..2 * 3 * 193).map(|at| (at * 7) as u8).collect(),
        }
    }

    #[test]
    fn a_classifier_comes_out_as_it_went_in() {
        for score in [None, classifier().score] {
            let sent = Classifier {
                score,
                ..classifier()
            };
            let fragment = sent.fragment().expect("it fits");
            assert_eq!(open(&fragment), Ok(sent));
            // and into a QR code, behind an address
            assert!(fragment.len() < 1800, "{} characters", fragment.len());
        }
    }

    #[test]
    fn what_is_no_classifier_is_told_apart() {
        let fragment = classifier().fragment().expect("it fits");
        assert_eq!(open(&fragment[..200]), Err(Unreadable::Damaged));
        assert_eq!(
            open(&fragment.replacen("c1", "c2", 1)),
            Err(Unreadable::Newer)
        );
        assert_eq!(open("about"), Err(Unreadable::Foreign));
        assert_eq!(super::super::open(&fragment), Err(Unreadable::Foreign));
        let long = Classifier {
            name: "a".repeat(256),
            ..classifier()
        };
        assert_eq!(long.fragment(), None);
        let short = Classifier {
            numbers: vec![0; 7],
            ..classifier()
        };
        assert_eq!(short.fragment(), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut content = bytes;
            content.extend(crc32fast::hash(&content).to_be_bytes());
            let fragment = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&content));
            if let Ok(classifier) = open(&fragment) {
                prop_assert!(classifier.fragment().is_some());
            }
        }
    }
}

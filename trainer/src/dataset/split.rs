use std::fmt;
use std::path::Path;
use std::str::FromStr;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a film is used for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// To train on: the weights are fitted to these films.
    Train,
    /// To decide when training stops, and which weights are kept.
    Validation,
    /// To measure how good the network is. Nothing is chosen by these films.
    Test,
}

impl Split {
    /// All splits, in the order of their use.
    pub const ALL: [Split; 3] = [Split::Train, Split::Validation, Split::Test];
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.to_possible_value();
        f.write_str(name.as_ref().map_or("", |name| name.get_name()))
    }
}

impl Split {
    /// The split that a list or a folder names in one of the usual ways, in any letters.
    pub(super) fn named(text: &str) -> Option<Split> {
        match text.trim().to_lowercase().as_str() {
            "train" | "training" | "trn" => Some(Split::Train),
            "validation" | "valid" | "val" | "dev" | "development" => Some(Split::Validation),
            "test" | "testing" | "tst" => Some(Split::Test),
            _ => None,
        }
    }

    /// The split that the name of a file or folder begins with: `train` for `data/train-00000-of-00002.parquet`.
    pub(super) fn of_path(path: &Path) -> Option<Split> {
        let name = path.file_name()?.to_str()?;
        Split::named(name.split(['-', '_', '.']).next()?)
    }

    /// How much it matters that a film is not trained on: 1 for training, 3 for test.
    pub(super) fn rank(self) -> u8 {
        1 + self as u8
    }
}

impl FromStr for Split {
    type Err = String;

    fn from_str(text: &str) -> Result<Split, String> {
        <Split as ValueEnum>::from_str(text, false)
    }
}

/// The shares of training, validation and test in percent, such as `70/15/15`. They add up to 100, and
/// the first is above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fractions {
    /// Percent of the films to train on.
    pub train: u8,
    /// Percent of the films to validate on; 0 for none.
    pub validation: u8,
    /// Percent of the films to test on.
    pub test: u8,
}

impl Default for Fractions {
    fn default() -> Fractions {
        Fractions {
            train: 70,
            validation: 15,
            test: 15,
        }
    }
}

impl fmt::Display for Fractions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.train, self.validation, self.test)
    }
}

impl FromStr for Fractions {
    type Err = String;

    fn from_str(text: &str) -> Result<Fractions, String> {
        let parts: Result<Vec<u8>, _> = text.split('/').map(|part| part.trim().parse()).collect();
        let (train, validation, test) = match parts.as_deref() {
            Ok([train, test]) => (*train, 0, *test),
            Ok([train, validation, test]) => (*train, *validation, *test),
            _ => return Err("write percentages such as 70/15/15 or 80/20".to_owned()),
        };
        if u32::from(train) + u32::from(validation) + u32::from(test) != 100 {
            return Err("the percentages must add up to 100".to_owned());
        }
        if train == 0 {
            return Err("there must be films to train on".to_owned());
        }
        Ok(Fractions {
            train,
            validation,
            test,
        })
    }
}

/// The films of a class are sorted by this hash and then cut into splits. It depends only on the id
/// and the seed, so that the order of two films does not change when others are added.
pub(super) fn rank(id: &str, seed: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(id);
    hash.finalize().into()
}

impl Fractions {
    /// The splits of a class with this many films, of which so many are in the training split already. If these are
    /// more than its share, the others are split in the proportions of the rest.
    pub(super) fn allot(self, films: usize, trained: usize) -> Allotment {
        let share = |percent: u8| (films * usize::from(percent) + 50) / 100;
        let (validation, rest) = (usize::from(self.validation), 100 - usize::from(self.train));
        let validation = match trained > share(self.train) {
            true => trained + ((films - trained) * validation + rest / 2) / rest.max(1),
            false => share(self.train + self.validation),
        };
        Allotment {
            placed: trained,
            train: share(self.train),
            validation,
        }
    }
}

/// Gives the films of a class their splits, in the order of their [`rank`].
pub(super) struct Allotment {
    placed: usize,
    /// How many films come before the end of the training split.
    train: usize,
    /// How many films come before the end of the validation split.
    validation: usize,
}

impl Allotment {
    /// The split of the next `films`, which stay together.
    pub(super) fn next(&mut self, films: usize) -> Split {
        let place = self.placed;
        self.placed += films;
        match place {
            place if place < self.train => Split::Train,
            place if place < self.validation => Split::Validation,
            _ => Split::Test,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept_film_by_film_and_in_groups() {
        for films in [1, 5] {
            let mut allotment = Fractions::default().allot(200, 0);
            let splits: Vec<Split> = (0..200 / films).map(|_| allotment.next(films)).collect();
            let count = |split| splits.iter().filter(|&&s| s == split).count() * films;
            assert_eq!(Split::ALL.map(count), [140, 30, 30]);
        }
        assert_eq!(rank("tt1", 7), rank("tt1", 7));
        assert_ne!(rank("tt1", 7), rank("tt1", 8));
    }

    #[test]
    fn splits_are_known_by_their_usual_names() {
        for (name, split) in [
            ("train", Some(Split::Train)),
            (" Training ", Some(Split::Train)),
            ("VAL", Some(Split::Validation)),
            ("valid", Some(Split::Validation)),
            ("dev", Some(Split::Validation)),
            ("Test", Some(Split::Test)),
            ("fold1", None),
            ("", None),
        ] {
            assert_eq!(Split::named(name), split, "{name}");
        }
        let path = Path::new("data/validation-00000-of-00002.parquet");
        assert_eq!(Split::of_path(path), Some(Split::Validation));
        assert_eq!(Split::of_path(Path::new("trainer.csv")), None);
    }

    #[test]
    fn films_that_must_be_trained_on_come_off_the_training_share() {
        for (trained, expected) in [(40, [100, 30, 30]), (180, [0, 10, 10]), (200, [0, 0, 0])] {
            let mut allotment = Fractions::default().allot(200, trained);
            let splits: Vec<Split> = (trained..200).map(|_| allotment.next(1)).collect();
            let count = |split| splits.iter().filter(|&&s| s == split).count();
            assert_eq!(Split::ALL.map(count), expected, "{trained}");
        }
    }

    #[test]
    fn two_shares_leave_no_validation() {
        let fractions: Fractions = "80/20".parse().expect("two shares are fine");
        assert_eq!(fractions.to_string(), "80/0/20");
        for wrong in ["80", "80/30", "a/b", "0/50/50", "50/20/20/10"] {
            assert!(wrong.parse::<Fractions>().is_err(), "{wrong}");
        }
    }
}

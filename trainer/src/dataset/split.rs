use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a film is used for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Weights are fitted to it.
    Train,
    /// Says when to stop, and which weights to keep.
    Validation,
    /// Says how good the network is; nothing is chosen by it.
    Test,
}

impl Split {
    /// All three.
    pub const ALL: [Split; 3] = [Split::Train, Split::Validation, Split::Test];
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Split::Train => "train",
            Split::Validation => "validation",
            Split::Test => "test",
        })
    }
}

/// Shares of training, validation and test in percent, such as `70/15/15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fractions {
    /// Percent to train on.
    pub train: u8,
    /// Percent to validate on; 0 for none.
    pub validation: u8,
    /// Percent to test on.
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
            _ => return Err("use percentages such as 70/15/15 or 80/20".to_owned()),
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

impl Fractions {
    /// Assigns each film of one class to a split, so that every class is split in the same
    /// proportions.
    ///
    /// A film's place depends on its id and the seed alone, not on the order of the films: a hash
    /// shuffles them.
    pub(super) fn assign(self, ids: &[&str], seed: u64) -> Vec<Split> {
        let rank = |id: &str| {
            let mut hash = Sha256::new();
            hash.update(seed.to_le_bytes());
            hash.update(id);
            hash.finalize()
        };
        let mut order: Vec<usize> = (0..ids.len()).collect();
        order.sort_by_cached_key(|&film| (rank(ids[film]), ids[film]));

        let share = |percent: u8| (ids.len() * usize::from(percent) + 50) / 100;
        let train = share(self.train);
        let validation = share(self.train + self.validation);
        let mut splits = vec![Split::Test; ids.len()];
        for (place, &film) in order.iter().enumerate() {
            if place < train {
                splits[film] = Split::Train;
            } else if place < validation {
                splits[film] = Split::Validation;
            }
        }
        splits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept_and_the_order_of_films_does_not_matter() {
        let ids: Vec<String> = (0..200).map(|film| format!("tt{film}")).collect();
        let forward: Vec<&str> = ids.iter().map(String::as_str).collect();
        let backward: Vec<&str> = forward.iter().rev().copied().collect();
        let splits = Fractions::default().assign(&forward, 7);
        let count = |split| splits.iter().filter(|&&s| s == split).count();
        assert_eq!(Split::ALL.map(count), [140, 30, 30]);

        let mut reversed = Fractions::default().assign(&backward, 7);
        reversed.reverse();
        assert_eq!(splits, reversed);
        assert_ne!(splits, Fractions::default().assign(&forward, 8));
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

//! A part of the posters, for one of several machines.

use std::str::FromStr;

/// Every n-th poster, beginning with one of the first n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// The index of its first poster.
    first: u64,
    parts: u64,
}

impl Shard {
    /// All posters.
    pub(crate) const WHOLE: Shard = Shard { first: 0, parts: 1 };

    /// Whether the poster with this index belongs to it.
    pub(crate) fn has(self, index: u64) -> bool {
        index % self.parts == self.first
    }

    /// How many of this many posters belong to it.
    pub(crate) fn count(self, posters: u64) -> u64 {
        posters.saturating_sub(self.first).div_ceil(self.parts)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `2/8`, the second of eight.
    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(part, parts)| part.parse().ok().zip(parts.parse().ok()));
        match numbers {
            Some((part, parts)) if (1..=parts).contains(&part) => Ok(Shard {
                first: part - 1,
                parts,
            }),
            _ => Err("a part is written as 2/8, the second of eight".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_the_whole_without_overlap() {
        let shards = ["1/3", "2/3", "3/3"].map(|text| text.parse::<Shard>().expect("a part"));
        for index in 0..10 {
            assert_eq!(shards.iter().filter(|shard| shard.has(index)).count(), 1);
        }
        assert_eq!(shards.map(|shard| shard.count(10)), [4, 3, 3]);
        assert_eq!(Shard::WHOLE.count(10), 10);
    }

    #[test]
    fn other_texts_are_no_part() {
        for text in ["", "3", "0/3", "4/3", "1/0", "a/b", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}

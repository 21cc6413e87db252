//! Finds posters that look nearly alike: reprints, titles in other languages, cropped borders.
//!
//! Two posters count as alike if their difference hashes (Krawetz 2013, here along rows and along
//! columns) differ in few bits, and their pixels differ little.

use std::convert::Infallible;

use crate::network::{CHANNELS, Size};
use crate::preprocess::Rgb8;

/// Each half of the hash compares pixels in this many rows and columns.
const SIDE: usize = 8;

/// The hashes of posters that look alike differ in at most this many of 128 bits.
const BITS: u32 = 10;

/// Bytes of a hash.
const HASH_BYTES: usize = 16;

/// The pixels of posters that look alike differ by at most this on average, in levels from 0 to 255.
const LEVELS: u64 = 14;

/// A poster is compared with at most this many earlier ones that have a part of the hash in common. A
/// poster that is mostly black shares parts with very many, and comparing all of them would take days.
const COMPARED: usize = 48;

/// What a poster looks like, in 128 bits: which pixels of a tiny picture are darker than the next one
/// in the row, and which are darker than the next one in the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DifferenceHash([u64; 2]);

impl DifferenceHash {
    /// The hash of a poster of any size.
    pub fn of(picture: &Rgb8) -> DifferenceHash {
        let brighter = |width: usize, height: usize, step: usize| {
            let small = picture.resize(Size { width, height });
            let light: Vec<u32> = small
                .pixels
                .chunks_exact(3)
                // BT.601 in whole numbers, so that every machine gets the same hash
                .map(|p| 299 * u32::from(p[0]) + 587 * u32::from(p[1]) + 114 * u32::from(p[2]))
                .collect();
            let places = (0..SIDE * SIDE).map(|bit| bit / SIDE * width + bit % SIDE);
            places.fold(0_u64, |bits, place| {
                bits << 1 | u64::from(light[place] < light[place + step])
            })
        };
        DifferenceHash([brighter(SIDE + 1, SIDE, 1), brighter(SIDE, SIDE + 1, SIDE)])
    }

    /// The hash that [`bits`](Self::bits) was called on.
    pub fn from_bits(bits: [i64; 2]) -> DifferenceHash {
        DifferenceHash(bits.map(|half| half as u64))
    }

    /// The hash as signed numbers, which SQLite can store.
    pub fn bits(self) -> [i64; 2] {
        self.0.map(|half| half as i64)
    }

    fn distance(self, other: DifferenceHash) -> u32 {
        (0..2)
            .map(|half| (self.0[half] ^ other.0[half]).count_ones())
            .sum()
    }

    /// One of eight parts of 16 bits.
    fn part(self, part: usize) -> u16 {
        (self.0[part / 4] >> (part % 4 * 16)) as u16
    }
}

/// What has to be kept of a poster to tell which others look nearly like it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    hash: DifferenceHash,
    /// RGB8 of [`Look::SIZE`], row by row.
    pixels: Vec<u8>,
}

impl Look {
    /// The size of the tiny picture whose pixels are compared.
    const SIZE: Size = Size {
        width: 8,
        height: 12,
    };

    /// How many bytes a look takes.
    pub const BYTES: usize = HASH_BYTES + CHANNELS * Look::SIZE.pixels();

    /// The look of a poster of any size.
    pub fn of(picture: &Rgb8) -> Look {
        Look {
            hash: DifferenceHash::of(picture),
            pixels: picture.resize(Look::SIZE).pixels,
        }
    }

    /// The look as [`Look::BYTES`] bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let hash = self.hash.0.iter().flat_map(|half| half.to_le_bytes());
        hash.chain(self.pixels.iter().copied()).collect()
    }

    /// The look of which these are the bytes; `None` if they are not as many.
    pub fn from_bytes(bytes: &[u8]) -> Option<Look> {
        let (hash, pixels) = bytes.split_first_chunk::<HASH_BYTES>()?;
        let (halves, _) = hash.as_chunks::<8>();
        (bytes.len() == Look::BYTES).then(|| Look {
            hash: DifferenceHash([0, 1].map(|half| u64::from_le_bytes(halves[half]))),
            pixels: pixels.to_vec(),
        })
    }
}

/// The group of each of these posters: the number of the first one in it. Those that look nearly alike are
/// in the same.
pub fn groups(looks: &[Look]) -> Vec<usize> {
    let hashes: Vec<DifferenceHash> = looks.iter().map(|look| look.hash).collect();
    let mut groups = Groups::new(looks.len());
    let differ = |one: usize, other: usize| {
        let (one, other) = (&looks[one].pixels, &looks[other].pixels);
        let pairs = one.iter().zip(other);
        let sum = pairs
            .map(|(one, other)| u64::from(one.abs_diff(*other)))
            .sum();
        Ok::<_, Infallible>((sum, one.len() as u64))
    };
    match group(&hashes, &mut groups, differ) {
        Ok(()) => (0..looks.len()).map(|poster| groups.of(poster)).collect(),
    }
}

/// A partition of posters into groups (union–find).
pub struct Groups(Vec<u32>);

impl Groups {
    /// Groups of one poster each.
    pub fn new(posters: usize) -> Groups {
        Groups((0..posters as u32).collect())
    }

    /// The smallest member of a poster's group.
    pub fn of(&mut self, poster: usize) -> usize {
        let mut at = poster;
        while self.0[at] as usize != at {
            self.0[at] = self.0[self.0[at] as usize];
            at = self.0[at] as usize;
        }
        at
    }

    /// Joins the groups of two posters.
    pub fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        self.0[one.max(other)] = one.min(other) as u32;
    }
}

/// Joins the groups of posters that look nearly alike. `differ` returns the sum of the differences
/// between the pixels of two posters, and the number of values compared.
///
/// The cost grows with the number of posters, not with its square.
///
/// # Errors
///
/// The first error that `differ` returns.
pub fn group<E>(
    hashes: &[DifferenceHash],
    groups: &mut Groups,
    mut differ: impl FnMut(usize, usize) -> Result<(u64, u64), E>,
) -> Result<(), E> {
    let mut order: Vec<u32> = (0..hashes.len() as u32).collect();
    // Two hashes that differ in at most 7 bits have at least one of eight parts in common. So have
    // nearly all that differ in up to BITS.
    for part in 0..8 {
        let key = |poster: u32| hashes[poster as usize].part(part);
        order.sort_unstable_by_key(|&poster| (key(poster), hashes[poster as usize].0, poster));
        for alike in order.chunk_by(|&a, &b| key(a) == key(b)) {
            for (place, &poster) in alike.iter().enumerate() {
                let poster = poster as usize;
                for &earlier in alike[..place].iter().rev().take(COMPARED) {
                    let earlier = earlier as usize;
                    if hashes[poster].distance(hashes[earlier]) > BITS
                        || groups.of(poster) == groups.of(earlier)
                    {
                        continue;
                    }
                    let (difference, values) = differ(poster, earlier)?;
                    if difference <= LEVELS * values {
                        groups.join(poster, earlier);
                    }
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(draw: impl Fn(usize, usize) -> [u8; 3]) -> Rgb8 {
        let (width, height) = (48, 72);
        let pixels = (0..width * height)
            .flat_map(|at| draw(at % width, at / width))
            .collect();
        Rgb8 {
            width,
            height,
            pixels,
        }
    }

    fn waves(seed: usize) -> impl Fn(usize, usize) -> [u8; 3] {
        move |x, y| {
            let wave =
                |k: usize| ((x * (seed % 5 + 2) + y * (seed % 3 + 2) * k) as f32 / 9.0).sin();
            [wave(1), wave(2), wave(3)].map(|wave| (128.0 + 100.0 * wave) as u8)
        }
    }

    #[test]
    fn a_reprint_joins_its_original_and_others_stay_apart() {
        let faded = |x: usize, y: usize| waves(0)(x, y).map(|value| value / 8 * 7 + 10);
        let titled = |x: usize, y: usize| match y {
            60..66 if x % 4 > 1 => [255; 3],
            _ => waves(1)(x, y),
        };
        let pictures = [
            picture(waves(0)),
            picture(waves(1)),
            picture(waves(2)),
            picture(faded),
            picture(titled),
        ];
        let looks = pictures.iter().map(|picture| {
            let look = Look::of(picture);
            let again = Look::from_bytes(&look.to_bytes());
            assert_eq!(again.as_ref(), Some(&look));
            look
        });
        assert_eq!(groups(&looks.collect::<Vec<_>>()), [0, 1, 2, 0, 1]);
    }
}

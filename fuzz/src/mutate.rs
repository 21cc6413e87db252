//! Damages bytes.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Numbers at which programs go wrong: the ends of the ranges.
const EDGES: [u32; 8] = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, u32::MAX];

/// One of `sound`, changed in some places. The same `number` gives the same bytes.
///
/// # Panics
///
/// If `sound` is empty.
pub(crate) fn mutation(sound: &[Vec<u8>], number: u64) -> Vec<u8> {
    let mut rng = ChaCha8Rng::seed_from_u64(number);
    let mut bytes = sound[rng.random_range(0..sound.len())].clone();
    let other = &sound[rng.random_range(0..sound.len())];
    for _ in 0..rng.random_range(1..=4) {
        change(&mut bytes, other, &mut rng);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], rng: &mut ChaCha8Rng) {
    // heads of files decide most, so half of the changes are there
    let within = match rng.random() {
        true => bytes.len(),
        false => bytes.len().min(256),
    };
    let at = rng.random_range(0..=within);
    let length = rng.random_range(1..=32).min(bytes.len() - at);
    let edge = EDGES[rng.random_range(0..EDGES.len())].to_be_bytes();
    match rng.random_range(0..9) {
        _ if length == 0 => bytes.push(rng.random()),
        0 => bytes[at] ^= 1 << rng.random_range(0..8),
        1 => bytes[at] = rng.random(),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..at + length)),
        4 => drop(bytes.splice(at..at, bytes[at..at + length].to_vec())),
        5 => bytes[at..at + length].fill(rng.random()),
        6 => {
            // a number of one, two or four bytes, in either order
            let width = [1, 2, 4][rng.random_range(0..3)].min(length);
            let mut number = edge[4 - width..].to_vec();
            if rng.random() {
                number.reverse();
            }
            bytes[at..at + width].copy_from_slice(&number);
        }
        7 => bytes.insert(at, rng.random()),
        // the end of another file
        _ => {
            let from = rng.random_range(0..=other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_number_gives_one_mutation_and_another_number_another() {
        let sound = [vec![7; 300], vec![]];
        let all: HashSet<Vec<u8>> = (0..200).map(|number| mutation(&sound, number)).collect();
        assert!(all.len() > 150, "{}", all.len());
        assert!((0..200).all(|number| all.contains(&mutation(&sound, number))));
    }
}

//! An arithmetic coder of bits: likely ones cost little, and it learns which are.
//!
//! Deflate, the obvious choice, makes a poster of 32 × 32 pixels a seventh longer, and that decides
//! whether its link fits into a QR code.

/// How likely a bit is to be set, as far as the bits before it tell.
#[derive(Clone, Copy)]
pub(super) struct Chance {
    /// In 65536ths.
    set: u16,
    /// How many bits it has learned from, up to [`Chance::STEADY`].
    seen: u8,
}

impl Chance {
    /// Of a bit of which nothing is known.
    pub(super) const EVEN: Chance = Chance {
        set: 1 << 15,
        seen: 0,
    };
    /// It never forgets faster than after so many bits, nor more slowly.
    const STEADY: u8 = 20;
    /// It is never surer than this, in 65536ths.
    const DOUBT: u16 = 512;

    fn learn(&mut self, bit: bool) {
        let target = if bit {
            u16::MAX - Chance::DOUBT
        } else {
            Chance::DOUBT
        };
        let gap = i32::from(target) - i32::from(self.set);
        let slowness = 2 * i32::from(self.seen) + 3;
        // Between where it is and the target, so it fits.
        self.set = (i32::from(self.set) + 2 * gap / slowness) as u16;
        self.seen = (self.seen + 1).min(Chance::STEADY);
    }
}

/// Either end of the coder, so that one description of a picture serves to write and to read it.
pub(super) trait Coder {
    /// Writes `bit` and returns it; or reads a bit, whatever `bit` is.
    fn bit(&mut self, chance: &mut Chance, bit: bool) -> bool;
}

/// What is left of the range of numbers that the bits so far stand for; both ends are in it.
struct Range {
    low: u32,
    high: u32,
}

impl Range {
    const ALL: Range = Range {
        low: 0,
        high: u32::MAX,
    };

    /// The last number that means a bit that is set.
    fn middle(&self, chance: Chance) -> u32 {
        let part = (u64::from(self.high - self.low) * u64::from(chance.set)) >> 16;
        // Less than `high`, because the chance is less than 1.
        self.low + part as u32
    }

    fn narrow(&mut self, middle: u32, bit: bool) {
        if bit {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
    }

    /// Takes off the first byte, once it is known.
    fn known_byte(&mut self) -> Option<u8> {
        let byte = self.low.to_be_bytes()[0];
        if byte != self.high.to_be_bytes()[0] {
            return None;
        }
        self.low <<= 8;
        self.high = self.high << 8 | 0xff;
        Some(byte)
    }
}

/// Writes.
pub(super) struct Encoder {
    range: Range,
    bytes: Vec<u8>,
}

impl Encoder {
    /// With nothing written.
    pub(super) fn new() -> Encoder {
        Encoder {
            range: Range::ALL,
            bytes: Vec::new(),
        }
    }

    /// All that was written.
    pub(super) fn finish(mut self) -> Vec<u8> {
        // As few bytes as say where in the range; behind the last one a reader finds zeros.
        for count in 0..=4 {
            let rest = u64::from(u32::MAX) >> (8 * count);
            let number = (u64::from(self.range.low) + rest) & !rest;
            if number <= u64::from(self.range.high) {
                self.bytes.extend(&(number as u32).to_be_bytes()[..count]);
                break;
            }
        }
        self.bytes
    }
}

impl Coder for Encoder {
    fn bit(&mut self, chance: &mut Chance, bit: bool) -> bool {
        let middle = self.range.middle(*chance);
        self.range.narrow(middle, bit);
        chance.learn(bit);
        while let Some(byte) = self.range.known_byte() {
            self.bytes.push(byte);
        }
        bit
    }
}

/// Reads. Whatever the bytes are, it reads something.
pub(super) struct Decoder<'a> {
    range: Range,
    number: u32,
    bytes: std::slice::Iter<'a, u8>,
}

impl Decoder<'_> {
    /// What an [`Encoder`] wrote.
    pub(super) fn new(bytes: &[u8]) -> Decoder<'_> {
        let mut decoder = Decoder {
            range: Range::ALL,
            number: 0,
            bytes: bytes.iter(),
        };
        for _ in 0..4 {
            decoder.advance();
        }
        decoder
    }

    fn advance(&mut self) {
        let byte = self.bytes.next().copied().unwrap_or(0);
        self.number = self.number << 8 | u32::from(byte);
    }
}

impl Coder for Decoder<'_> {
    fn bit(&mut self, chance: &mut Chance, _: bool) -> bool {
        let middle = self.range.middle(*chance);
        let bit = self.number <= middle;
        self.range.narrow(middle, bit);
        chance.learn(bit);
        while self.range.known_byte().is_some() {
            self.advance();
        }
        bit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bits: &[bool]) -> Vec<u8> {
        let mut encoder = Encoder::new();
        let mut chance = Chance::EVEN;
        for &bit in bits {
            encoder.bit(&mut chance, bit);
        }
        encoder.finish()
    }

    fn read(bytes: &[u8], count: usize) -> Vec<bool> {
        let mut decoder = Decoder::new(bytes);
        let mut chance = Chance::EVEN;
        (0..count)
            .map(|_| decoder.bit(&mut chance, false))
            .collect()
    }

    #[test]
    fn bits_come_back() {
        let irregular: Vec<bool> = (0..5000_u32).map(|n| n * n % 7 < 3).collect();
        let seldom: Vec<bool> = (0..5000).map(|n| n % 97 == 0).collect();
        for bits in [irregular, seldom, vec![true; 5000], vec![false], vec![]] {
            assert_eq!(read(&written(&bits), bits.len()), bits);
        }
    }

    #[test]
    fn what_is_likely_costs_little() {
        let seldom: Vec<bool> = (0..8000).map(|n| n % 100 == 0).collect();
        assert!(written(&seldom).len() < 150);
    }
}

//! A binary arithmetic coder (range coder) with adaptive probabilities: the likelier a bit is, the less
//! space it takes.
//!
//! Deflate makes a poster of 32 × 32 pixels a seventh longer, and that decides whether its link fits
//! into a QR code.

/// The probability that a bit is set, learned from earlier bits.
#[derive(Clone, Copy)]
pub(super) struct BitModel {
    /// In 65536ths.
    probability: u16,
    /// How many bits it has learned from, up to [`BitModel::SLOWEST`].
    seen: u8,
}

impl BitModel {
    /// Nothing is known: both values are equally likely.
    pub(super) const NEW: BitModel = BitModel {
        probability: 1 << 15,
        seen: 0,
    };
    /// The learning rate decreases until this many bits were seen.
    const SLOWEST: u8 = 20;
    /// The least probability of either value, in 65536ths.
    const LEAST: u16 = 512;

    fn learn(&mut self, bit: bool) {
        let target = if bit {
            u16::MAX - BitModel::LEAST
        } else {
            BitModel::LEAST
        };
        let gap = i32::from(target) - i32::from(self.probability);
        let divisor = 2 * i32::from(self.seen) + 3;
        // The result is between the old probability and the target, so it fits.
        self.probability = (i32::from(self.probability) + 2 * gap / divisor) as u16;
        self.seen = (self.seen + 1).min(BitModel::SLOWEST);
    }
}

/// An encoder or a decoder, so that one description of a format serves to write and to read it.
pub(super) trait Coder {
    /// An encoder writes `bit` and returns it; a decoder ignores `bit` and returns the one it reads.
    fn bit(&mut self, model: &mut BitModel, bit: bool) -> bool;
}

/// The interval of numbers that the bits so far stand for, including both ends.
struct Interval {
    low: u32,
    high: u32,
}

impl Interval {
    const ALL: Interval = Interval {
        low: 0,
        high: u32::MAX,
    };

    /// The last number of the part for a bit that is set.
    fn split(&self, model: BitModel) -> u32 {
        let part = (u64::from(self.high - self.low) * u64::from(model.probability)) >> 16;
        // Less than `high`, because the probability is less than 1.
        self.low + part as u32
    }

    fn narrow(&mut self, split: u32, bit: bool) {
        if bit {
            self.high = split;
        } else {
            self.low = split + 1;
        }
    }

    /// Removes the first byte once both ends have the same one.
    fn shift(&mut self) -> Option<u8> {
        let byte = self.low.to_be_bytes()[0];
        if byte != self.high.to_be_bytes()[0] {
            return None;
        }
        self.low <<= 8;
        self.high = self.high << 8 | 0xff;
        Some(byte)
    }
}

/// Writes bits.
pub(super) struct Encoder {
    interval: Interval,
    bytes: Vec<u8>,
}

impl Encoder {
    /// Nothing is written yet.
    pub(super) fn new() -> Encoder {
        Encoder {
            interval: Interval::ALL,
            bytes: Vec::new(),
        }
    }

    /// The bytes that stand for all bits.
    pub(super) fn finish(mut self) -> Vec<u8> {
        // The fewest bytes that name a number of the interval; a decoder adds zeros behind them.
        for count in 0..=4 {
            let rest = u64::from(u32::MAX) >> (8 * count);
            let number = (u64::from(self.interval.low) + rest) & !rest;
            if number <= u64::from(self.interval.high) {
                self.bytes.extend(&(number as u32).to_be_bytes()[..count]);
                break;
            }
        }
        self.bytes
    }
}

impl Coder for Encoder {
    fn bit(&mut self, model: &mut BitModel, bit: bool) -> bool {
        let split = self.interval.split(*model);
        self.interval.narrow(split, bit);
        model.learn(bit);
        while let Some(byte) = self.interval.shift() {
            self.bytes.push(byte);
        }
        bit
    }
}

/// Reads bits. Any bytes can be read, and behind their end there are zeros.
pub(super) struct Decoder<'a> {
    interval: Interval,
    number: u32,
    bytes: std::slice::Iter<'a, u8>,
}

impl Decoder<'_> {
    /// Reads what an [`Encoder`] wrote.
    pub(super) fn new(bytes: &[u8]) -> Decoder<'_> {
        let mut decoder = Decoder {
            interval: Interval::ALL,
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
    fn bit(&mut self, model: &mut BitModel, _: bool) -> bool {
        let split = self.interval.split(*model);
        let bit = self.number <= split;
        self.interval.narrow(split, bit);
        model.learn(bit);
        while self.interval.shift().is_some() {
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
        let mut model = BitModel::NEW;
        for &bit in bits {
            encoder.bit(&mut model, bit);
        }
        encoder.finish()
    }

    fn read(bytes: &[u8], count: usize) -> Vec<bool> {
        let mut decoder = Decoder::new(bytes);
        let mut model = BitModel::NEW;
        (0..count).map(|_| decoder.bit(&mut model, false)).collect()
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
    fn likely_bits_take_little_space() {
        let seldom: Vec<bool> = (0..8000).map(|n| n % 100 == 0).collect();
        assert!(written(&seldom).len() < 150);
    }
}

//! A lossless codec for small pictures: each colour is predicted from its neighbours, and the residual,
//! which is mostly small, is written by an arithmetic coder.

use super::arithmetic::{BitModel, Coder, Decoder, Encoder};

/// The most bits of a residual: differences of two colours differ from their prediction by at most 510.
const MOST_BITS: usize = 9;
/// Where one context of residuals ends and the next begins, in quarters of the neighbours' residual.
const CONTEXTS: [u32; 5] = [4, 10, 20, 40, 80];

/// Encodes RGB8 pixels without the `dropped` low bits of each colour. Also returns the pixels that
/// [`decode`] will give.
pub(super) fn encode(pixels: &[u8], width: usize, dropped: u8) -> (Vec<u8>, Vec<u8>) {
    let mut planes = planes_of(pixels, dropped);
    let mut encoder = Encoder::new();
    code(&mut encoder, &mut planes, width, dropped);
    (encoder.finish(), pixels_of(&planes, dropped))
}

/// Decodes a picture of this size to RGB8 pixels. Any bytes give some picture.
pub(super) fn decode(coded: &[u8], width: usize, height: usize, dropped: u8) -> Vec<u8> {
    let mut planes = [const { Vec::new() }; 3].map(|_: Vec<i32>| vec![0; width * height]);
    code(&mut Decoder::new(coded), &mut planes, width, dropped);
    pixels_of(&planes, dropped)
}

/// The green plane, and the differences of red and blue from it, which are smaller than the colours.
fn planes_of(pixels: &[u8], dropped: u8) -> [Vec<i32>; 3] {
    let colours = |pixel: &[u8; 3]| pixel.map(|colour| i32::from(colour >> dropped));
    let plane = |value: fn([i32; 3]) -> i32| {
        let pixels = pixels.as_chunks().0.iter();
        pixels.map(|pixel| value(colours(pixel))).collect()
    };
    [
        plane(|[_, green, _]| green),
        plane(|[red, green, _]| red - green),
        plane(|[_, green, blue]| blue - green),
    ]
}

fn pixels_of([greens, reds, blues]: &[Vec<i32>; 3], dropped: u8) -> Vec<u8> {
    // The dropped bits become the middle of their range.
    let middle = (1 << dropped) >> 1;
    let colour = |value: i32| ((value << dropped) + middle).clamp(0, 255) as u8;
    let pixels = greens.iter().zip(reds).zip(blues);
    pixels
        .flat_map(|((green, red), blue)| {
            [colour(red + green), colour(*green), colour(blue + green)]
        })
        .collect()
}

/// Codes the planes: an encoder writes their values, a decoder overwrites them with those it reads.
fn code(coder: &mut impl Coder, planes: &mut [Vec<i32>; 3], width: usize, dropped: u8) {
    let mut residuals: Vec<Vec<u32>> = Vec::new();
    let mut models = [ResidualModel::NEW; 2];
    for (number, plane) in planes.iter_mut().enumerate() {
        // Both planes of differences are alike, so they share what was learned.
        let model = &mut models[number.min(1)];
        let middle = if number == 0 { 128 >> dropped } else { 0 };
        let mut own = vec![0; plane.len()];
        for at in 0..plane.len() {
            let context = context(&own, &residuals, width, at);
            let predicted = Neighbours::of(plane, width, at, middle).predict();
            let residual = model.code(coder, context, plane[at] - predicted);
            plane[at] = predicted + residual;
            own[at] = residual.unsigned_abs();
        }
        residuals.push(own);
    }
}

/// The values around a pixel that are known before it.
struct Neighbours {
    left: i32,
    above: i32,
    diagonal: i32,
}

impl Neighbours {
    fn of(plane: &[i32], width: usize, at: usize, middle: i32) -> Neighbours {
        let (left, above, diagonal) = match (at % width, at >= width) {
            (0, false) => (middle, middle, middle),
            (0, true) => (plane[at - width], plane[at - width], plane[at - width]),
            (_, false) => (plane[at - 1], plane[at - 1], plane[at - 1]),
            (_, true) => (plane[at - 1], plane[at - width], plane[at - width - 1]),
        };
        Neighbours {
            left,
            above,
            diagonal,
        }
    }

    /// The prediction of JPEG-LS (Weinberger et al. 2000): a neighbour where there is an edge, otherwise
    /// the plane through the three values.
    fn predict(&self) -> i32 {
        let (low, high) = if self.left < self.above {
            (self.left, self.above)
        } else {
            (self.above, self.left)
        };
        (low + high - self.diagonal).clamp(low, high)
    }
}

/// The context of a residual, from 0 to [`CONTEXTS`]' length: the larger the residuals around it and in
/// the `earlier` planes are, the larger it will be.
fn context(own: &[u32], earlier: &[Vec<u32>], width: usize, at: usize) -> usize {
    let column = at % width;
    // Neighbours beyond an edge are replaced by those on this side.
    let left = match (column, at >= width) {
        (0, false) => 8,
        (0, true) => own[at - width],
        _ => own[at - 1],
    };
    let above = if at >= width { own[at - width] } else { left };
    let right = if at >= width && column + 1 < width {
        own[at + 1 - width]
    } else {
        above
    };
    let same: u32 = earlier.iter().map(|residuals| residuals[at]).sum();
    let weights = 5 + 2 * earlier.len() as u32;
    let quarters = 4 * (2 * left + 2 * above + right + 2 * same) / weights;
    CONTEXTS.iter().filter(|&&from| quarters >= from).count()
}

/// What was learned about residuals so far.
struct ResidualModel {
    /// Whether a residual has more bits, by context and the number of bits so far.
    more_bits: [[BitModel; MOST_BITS]; CONTEXTS.len() + 1],
    /// The second highest bit of a residual, by its number of bits.
    second_bit: [BitModel; MOST_BITS + 1],
}

impl ResidualModel {
    const NEW: ResidualModel = ResidualModel {
        more_bits: [[BitModel::NEW; MOST_BITS]; CONTEXTS.len() + 1],
        second_bit: [BitModel::NEW; MOST_BITS + 1],
    };

    /// Codes a residual: the number of its bits, its sign, and the bits.
    fn code(&mut self, coder: &mut impl Coder, context: usize, residual: i32) -> i32 {
        let amount = residual.unsigned_abs();
        let own_bits = (u32::BITS - amount.leading_zeros()) as usize;
        let more_bits = &mut self.more_bits[context];
        let mut bits = 0;
        while bits < MOST_BITS && coder.bit(&mut more_bits[bits], own_bits > bits) {
            bits += 1;
        }
        if bits == 0 {
            return 0;
        }
        let negative = coder.bit(&mut BitModel::NEW.clone(), residual < 0);
        // The highest bit is always set, so it is not coded.
        let mut value = 1;
        for at in (0..bits - 1).rev() {
            let set = amount >> at & 1 == 1;
            let mut unknown = BitModel::NEW;
            let model = if at + 2 == bits {
                &mut self.second_bit[bits]
            } else {
                &mut unknown
            };
            value = value << 1 | i32::from(coder.bit(model, set));
        }
        if negative { -value } else { value }
    }
}

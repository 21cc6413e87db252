//! A small picture in few bytes, without loss: every colour is foretold from what is already known
//! around it, and just by how much it differs is written.

use super::coder::{Chance, Coder, Decoder, Encoder};

/// A difference of two colours, foretold as another one, is wrong by at most 510: nine bits.
const MOST_BITS: usize = 9;
/// Where the neighbours' errors, in quarters, pass from one context into the next.
const CONTEXTS: [u32; 5] = [4, 10, 20, 40, 80];

/// RGB8 pixels as bytes, without the `dropped` low bits of each colour; and what will come back.
pub(super) fn encode(pixels: &[u8], width: usize, dropped: u8) -> (Vec<u8>, Vec<u8>) {
    let mut planes = planes_of(pixels, dropped);
    let mut encoder = Encoder::new();
    pass(&mut encoder, &mut planes, width, dropped);
    (encoder.finish(), pixels_of(&planes, dropped))
}

/// The RGB8 pixels of a picture of this size. Nonsense becomes some picture.
pub(super) fn decode(coded: &[u8], width: usize, height: usize, dropped: u8) -> Vec<u8> {
    let mut planes = [const { Vec::new() }; 3].map(|_: Vec<i32>| vec![0; width * height]);
    pass(&mut Decoder::new(coded), &mut planes, width, dropped);
    pixels_of(&planes, dropped)
}

/// Green, and by how much red and blue differ from it: much less than the colours themselves.
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
    // The bits that were left out come back as the middle of what they can have been.
    let middle = (1 << dropped) >> 1;
    let colour = |value: i32| ((value << dropped) + middle).clamp(0, 255) as u8;
    let pixels = greens.iter().zip(reds).zip(blues);
    pixels
        .flat_map(|((green, red), blue)| {
            [colour(red + green), colour(*green), colour(blue + green)]
        })
        .collect()
}

/// Takes the planes' values through a coder: writes them, or overwrites them with what it reads.
fn pass(coder: &mut impl Coder, planes: &mut [Vec<i32>; 3], width: usize, dropped: u8) {
    let mut errors: Vec<Vec<u32>> = Vec::new();
    let mut chances = [Chances::NEW; 2];
    for (number, plane) in planes.iter_mut().enumerate() {
        // Both differences of colours are much alike, so they learn together.
        let chances = &mut chances[number.min(1)];
        let middle = if number == 0 { 128 >> dropped } else { 0 };
        let mut own = vec![0; plane.len()];
        for at in 0..plane.len() {
            let around = Around::of(plane, width, at, middle);
            let context = context(&own, &errors, width, at);
            let foretold = around.foretell();
            let error = chances.error(coder, context, plane[at] - foretold);
            plane[at] = foretold + error;
            own[at] = error.unsigned_abs();
        }
        errors.push(own);
    }
}

/// The values before a place.
struct Around {
    left: i32,
    above: i32,
    diagonal: i32,
}

impl Around {
    fn of(plane: &[i32], width: usize, at: usize, middle: i32) -> Around {
        match (at % width, at >= width) {
            (0, false) => Around {
                left: middle,
                above: middle,
                diagonal: middle,
            },
            (0, true) => Around {
                left: plane[at - width],
                above: plane[at - width],
                diagonal: plane[at - width],
            },
            (_, false) => Around {
                left: plane[at - 1],
                above: plane[at - 1],
                diagonal: plane[at - 1],
            },
            (_, true) => Around {
                left: plane[at - 1],
                above: plane[at - width],
                diagonal: plane[at - width - 1],
            },
        }
    }

    /// JPEG-LS's rule (Weinberger et al. 2000): along an edge where there is one, else the plane
    /// through the three.
    fn foretell(&self) -> i32 {
        let (low, high) = if self.left < self.above {
            (self.left, self.above)
        } else {
            (self.above, self.left)
        };
        (low + high - self.diagonal).clamp(low, high)
    }
}

/// How wrong it was around here and in the planes before, which tells how wrong it will be.
fn context(own: &[u32], before: &[Vec<u32>], width: usize, at: usize) -> usize {
    let column = at % width;
    // Beyond an edge it counts as on this side.
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
    let same: u32 = before.iter().map(|errors| errors[at]).sum();
    let parts = 5 + 2 * before.len() as u32;
    let quarters = 4 * (2 * left + 2 * above + right + 2 * same) / parts;
    CONTEXTS.iter().filter(|&&from| quarters >= from).count()
}

/// What is learned of errors on the way.
struct Chances {
    /// Whether an error has still more bits, by context and the bits it has.
    longer: [[Chance; MOST_BITS]; CONTEXTS.len() + 1],
    /// The bit behind an error's first, by the number of bits.
    second: [Chance; MOST_BITS + 1],
}

impl Chances {
    const NEW: Chances = Chances {
        longer: [[Chance::EVEN; MOST_BITS]; CONTEXTS.len() + 1],
        second: [Chance::EVEN; MOST_BITS + 1],
    };

    /// Takes an error through the coder: the number of its bits, the sign, and the bits.
    fn error(&mut self, coder: &mut impl Coder, context: usize, error: i32) -> i32 {
        let amount = error.unsigned_abs();
        let own_bits = (u32::BITS - amount.leading_zeros()) as usize;
        let longer = &mut self.longer[context];
        let mut bits = 0;
        while bits < MOST_BITS && coder.bit(&mut longer[bits], own_bits > bits) {
            bits += 1;
        }
        if bits == 0 {
            return 0;
        }
        let negative = coder.bit(&mut Chance::EVEN.clone(), error < 0);
        // The first bit is set, or it would not be the first.
        let mut read = 1;
        for at in (0..bits - 1).rev() {
            let set = amount >> at & 1 == 1;
            let mut unknown = Chance::EVEN;
            let chance = if at + 2 == bits {
                &mut self.second[bits]
            } else {
                &mut unknown
            };
            read = read << 1 | i32::from(coder.bit(chance, set));
        }
        if negative { -read } else { read }
    }
}

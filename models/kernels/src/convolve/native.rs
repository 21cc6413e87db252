//! The loops for a processor's instructions: AVX-512, AVX2 with FMA, NEON, or none.

use std::array::from_fn;

use pulp::{Arch, NullaryFnOnce, Simd, WithSimd};

use super::{Convolve, LANES, Lanes};

/// Tiles for which a block of weights is used before the next one is fetched.
const TILES: usize = 8;

pub(crate) fn convolve(convolve: &Convolve, output: &mut [f32]) {
    dispatch(Run(convolve, output));
}

/// Does work with the best instructions that the processor has.
///
/// pulp's `Arch` knows AVX2 only with the feature `x86-v3`, which Burn's matrix products do without.
pub(crate) fn dispatch<W: WithSimd>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V4::try_new() {
        return Simd::vectorize(simd, work);
    } else if let Some(simd) = pulp::x86::V3::try_new() {
        return Simd::vectorize(simd, work);
    }
    Arch::new().dispatch(work)
}

/// The same with registers that `channels` fill without a rest.
#[cfg(feature = "training")]
pub(crate) fn dispatch_even<W: WithSimd>(channels: usize, work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if channels.is_multiple_of(16)
        && let Some(simd) = pulp::x86::V4::try_new()
    {
        return Simd::vectorize(simd, work);
    } else if channels.is_multiple_of(8)
        && let Some(simd) = pulp::x86::V3::try_new()
    {
        return Simd::vectorize(simd, work);
    }
    #[cfg(target_arch = "aarch64")]
    if channels.is_multiple_of(4)
        && let Some(simd) = pulp::aarch64::Neon::try_new()
    {
        return Simd::vectorize(simd, work);
    }
    Simd::vectorize(pulp::Scalar::new(), work)
}

struct Run<'a>(&'a Convolve<'a>, &'a mut [f32]);

impl WithSimd for Run<'_> {
    type Output = ();

    /// With as many sums as there are registers for: AVX-512 and NEON have 32, AVX2 has 16.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Run(convolve, output) = self;
        match S::F32_LANES {
            16 => convolve.run::<S, 3, 8>(simd, output),
            8 => convolve.run::<S, { LANES / 8 }, 6>(simd, output),
            4 => convolve.run::<S, { LANES / 4 }, 4>(simd, output),
            _ => convolve.run::<S, LANES, 1>(simd, output),
        }
    }
}

/// Runs `work`, which the compiler may make SIMD instructions of.
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    struct Work<F>(F);
    impl<R, F: FnOnce() -> R> NullaryFnOnce for Work<F> {
        type Output = R;

        #[inline(always)]
        fn call(self) -> R {
            (self.0)()
        }
    }
    dispatch(Work(work))
}

impl Convolve<'_> {
    /// Computes `P` pixels at a time, whose sums of some channels stay in `R` registers each, so that
    /// every weight is loaded once for all of them.
    #[inline(always)]
    fn run<S: Simd, const R: usize, const P: usize>(&self, simd: S, output: &mut [f32]) {
        match self.conv.depthwise {
            true => self.pixels::<S, R, P, true>(simd, output),
            false => self.pixels::<S, R, P, false>(simd, output),
        }
    }

    #[inline(always)]
    fn pixels<S: Simd, const R: usize, const P: usize, const DEPTHWISE: bool>(
        &self,
        simd: S,
        output: &mut [f32],
    ) {
        let pixels = self.shapes[1].width * self.shapes[1].height;
        for first in (0..pixels).step_by(TILES * P) {
            let mut tiles = [Tile::<P>::EMPTY; TILES];
            let tiles = &mut tiles[..(pixels - first).div_ceil(P).min(TILES)];
            for (at, tile) in tiles.iter_mut().enumerate() {
                *tile = Tile::new(self, first + at * P, pixels);
            }
            for channel in (0..self.biases.len() * LANES).step_by(R * S::F32_LANES) {
                for tile in tiles.iter() {
                    self.channels::<S, R, P, DEPTHWISE>(simd, tile, channel, output);
                }
            }
        }
    }

    /// Computes the channels of a tile from `channel` on that `R` registers have room for.
    #[inline(always)]
    fn channels<S: Simd, const R: usize, const P: usize, const DEPTHWISE: bool>(
        &self,
        simd: S,
        tile: &Tile<P>,
        channel: usize,
        output: &mut [f32],
    ) {
        // where blocks are as wide as the registers, all registers are always needed
        let needed = match R * S::F32_LANES == LANES {
            true => R,
            false => (self.biases.len() * LANES - channel) / S::F32_LANES,
        };
        match needed {
            1 if R > 1 => self.registers::<S, 1, P, DEPTHWISE>(simd, tile, channel, output),
            2 if R > 2 => self.registers::<S, 2, P, DEPTHWISE>(simd, tile, channel, output),
            _ => self.registers::<S, R, P, DEPTHWISE>(simd, tile, channel, output),
        }
    }

    #[inline(always)]
    fn registers<S: Simd, const R: usize, const P: usize, const DEPTHWISE: bool>(
        &self,
        simd: S,
        tile: &Tile<P>,
        channel: usize,
        output: &mut [f32],
    ) {
        let sums = self.sums::<S, R, P, DEPTHWISE>(simd, tile, channel);
        self.finish(simd, tile, channel, &sums, output);
    }

    /// Writes a tile's sums through the activation.
    #[inline(always)]
    fn finish<S: Simd, const R: usize, const P: usize>(
        &self,
        simd: S,
        tile: &Tile<P>,
        channel: usize,
        sums: &[[S::f32s; R]; P],
        output: &mut [f32],
    ) {
        let (low, high) = self.conv.activation.bounds();
        let (low, high) = (simd.splat_f32s(low), simd.splat_f32s(high));
        // the last block may have more lanes than channels are left
        let channels = (R * S::F32_LANES).min(self.conv.out_channels - channel);
        for (pixel, sums) in sums.iter().enumerate() {
            let output = &mut output[tile.output[pixel] + channel..][..channels];
            for (output, sum) in output.chunks_mut(S::F32_LANES).zip(sums) {
                let sum = simd.min_f32s(simd.max_f32s(*sum, low), high);
                match S::as_mut_simd_f32s(output) {
                    ([output, ..], _) => *output = sum,
                    ([], output) => simd.partial_store_f32s(output, sum),
                }
            }
        }
    }

    /// The convolution of a tile, in `R` registers from `channel` on.
    #[inline(always)]
    fn sums<S: Simd, const R: usize, const P: usize, const DEPTHWISE: bool>(
        &self,
        simd: S,
        tile: &Tile<P>,
        channel: usize,
    ) -> [[S::f32s; R]; P] {
        let (conv, row, all) = (self.conv, self.shapes[0].row(), self.conv.taps());
        // the inputs under one row of the kernel lie side by side: pixels × channels
        let (taps, step, first) = match DEPTHWISE {
            true => (conv.kernel, conv.in_channels, channel),
            false => (conv.kernel * conv.in_channels, 1, 0),
        };
        // What the loops read is checked here, once: checks within them would take a quarter of the
        // time. A depthwise convolution has only whole blocks.
        let reach = (conv.kernel - 1) * row + conv.kernel * conv.in_channels;
        assert!(tile.input[P - 1] + reach <= self.input.len());
        let block = channel / LANES;
        // the block and the lane where a register begins
        let places: [(usize, usize); R] = from_fn(|register| {
            (
                register * S::F32_LANES / LANES,
                register * S::F32_LANES % LANES,
            )
        });
        let biases = &self.biases[block..][..=places[R - 1].0];
        let weights = &self.weights[block * all..][..biases.len() * all];
        #[allow(unsafe_code)]
        // SAFETY: see above
        unsafe {
            let numbers = |from: &[Lanes], at: usize, lane: usize| {
                load::<S>(from.as_ptr().add(at).cast::<f32>().add(lane))
            };
            let mut bias = [simd.splat_f32s(0.0); R];
            for (bias, (block, lane)) in bias.iter_mut().zip(places) {
                *bias = numbers(biases, block, lane);
            }
            let mut sums = [bias; P];
            let from = tile.input.map(|at| self.input.as_ptr().add(at + first));
            for ky in 0..conv.kernel {
                let from = from.map(|from| from.add(ky * row));
                for tap in 0..taps {
                    let mut factors = bias;
                    for (factor, (block, lane)) in factors.iter_mut().zip(places) {
                        *factor = numbers(weights, block * all + ky * taps + tap, lane);
                    }
                    for (sums, from) in sums.iter_mut().zip(from) {
                        let from = from.add(tap * step);
                        let value = simd.splat_f32s(*from);
                        for (register, sum) in sums.iter_mut().enumerate() {
                            let value = match DEPTHWISE {
                                true => load::<S>(from.add(register * S::F32_LANES)),
                                false => value,
                            };
                            *sum = simd.mul_add_e_f32s(value, factors[register], *sum);
                        }
                    }
                }
            }
            sums
        }
    }
}

/// The numbers from this one on.
///
/// # Safety
///
/// There are as many as a register has.
#[inline(always)]
#[allow(unsafe_code)]
pub(crate) unsafe fn load<S: Simd>(from: *const f32) -> S::f32s {
    // SAFETY: the caller vouches for them.
    unsafe { from.cast::<S::f32s>().read_unaligned() }
}

/// `P` neighbouring pixels of the output; a row may end among them. Where the picture ends, the last
/// pixel stands for those that are missing.
#[derive(Clone, Copy)]
struct Tile<const P: usize> {
    /// Where the input of each begins.
    input: [usize; P],
    /// Where the output of each begins.
    output: [usize; P],
}

impl<const P: usize> Tile<P> {
    const EMPTY: Tile<P> = Tile {
        input: [0; P],
        output: [0; P],
    };

    /// The tile that begins with pixel `first` of all `pixels`.
    #[inline(never)]
    fn new(convolve: &Convolve, first: usize, pixels: usize) -> Tile<P> {
        let [seen, shape] = &convolve.shapes;
        let (mut x, mut y) = (first % shape.width, first / shape.width);
        let mut tile = Tile::EMPTY;
        for at in 0..P {
            tile.input[at] = convolve.conv.stride * (y * seen.row() + x * seen.channels);
            tile.output[at] = y * shape.row() + (x + shape.border) * shape.channels;
            if first + at + 1 < pixels {
                x += 1;
                if x == shape.width {
                    (x, y) = (0, y + 1);
                }
            }
        }
        tile
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Convolution, Lanes};

    /// Numbers from -1 to 1 that repeat late.
    fn noise(count: usize, seed: usize) -> Vec<f32> {
        let numbers = (0..count).map(|at| (at * 7919 + seed * 31) % 2003);
        numbers.map(|it| it as f32 / 1001.0 - 1.0).collect()
    }

    /// The convolution by its definition; the input has a border, the output has none.
    fn by_definition(it: &Convolve) -> Vec<f32> {
        let (conv, row) = (it.conv, it.shapes[0].row());
        let (low, high) = conv.activation.bounds();
        let mut output = Vec::new();
        for y in 0..conv.output_height() {
            for x in 0..conv.output_width() {
                for channel in 0..conv.out_channels {
                    let (block, lane) = (channel / LANES, channel % LANES);
                    let mut sum = it.biases[block].0[lane];
                    for tap in 0..conv.taps() {
                        let inputs = conv.in_channels_per_group();
                        let (place, from) = (tap / inputs, tap % inputs);
                        let from = if conv.depthwise { channel } else { from };
                        let (ky, kx) = (place / conv.kernel, place % conv.kernel);
                        let seen = (y * conv.stride + ky) * row
                            + (x * conv.stride + kx) * conv.in_channels;
                        sum +=
                            it.input[seen + from] * it.weights[block * conv.taps() + tap].0[lane];
                    }
                    output.push(sum.clamp(low, high));
                }
            }
        }
        output
    }

    #[test]
    fn all_instructions_compute_convolutions() {
        for (size, channels, kernel, stride, depthwise, border) in [
            ([13, 9], [3, 32], 3, 2, false, 0),
            ([16, 16], [16, 24], 3, 1, false, 1),
            ([10, 15], [24, 40], 1, 1, false, 2),
            ([7, 5], [5, 6 * LANES], 1, 1, false, 0),
            ([1, 1], [50, 33], 1, 1, false, 0),
            ([1, 3], [7, 16], 1, 1, false, 0),
            ([11, 6], [4 * LANES, 4 * LANES], 3, 1, true, 0),
            ([8, 5], [LANES, LANES], 5, 2, true, 0),
            ([2, 1], [2 * LANES, 2 * LANES], 5, 1, true, 3),
        ] {
            let conv = Convolution {
                width: size[0],
                height: size[1],
                in_channels: channels[0],
                out_channels: channels[1],
                kernel,
                stride,
                depthwise,
                activation: Activation::Relu6,
            };
            let blocks = conv.out_channels.div_ceil(LANES);
            let lanes = |blocks: usize, seed: usize| -> Vec<Lanes> {
                let numbers = noise(blocks * LANES, seed);
                numbers
                    .as_chunks()
                    .0
                    .iter()
                    .map(|lanes| Lanes(*lanes))
                    .collect()
            };
            let (weights, biases) = (lanes(blocks * conv.taps(), 1), lanes(blocks, 2));
            let input = noise(conv.input().numbers(), 3);
            let convolve = Convolve {
                conv: &conv,
                input: &input,
                weights: &weights,
                biases: &biases,
                shapes: [conv.input(), conv.output(border)],
            };
            check(&convolve, pulp::Scalar::new());
            #[cfg(target_arch = "x86_64")]
            {
                pulp::x86::V3::try_new().inspect(|simd| check(&convolve, *simd));
                pulp::x86::V4::try_new().inspect(|simd| check(&convolve, *simd));
            }
            #[cfg(target_arch = "aarch64")]
            pulp::aarch64::Neon::try_new().inspect(|simd| check(&convolve, *simd));
        }
    }

    fn check<S: Simd>(convolve: &Convolve, simd: S) {
        const OUTSIDE: f32 = 77.0;
        let shape = convolve.shapes[1];
        let mut output = vec![OUTSIDE; shape.height * shape.row()];
        simd.vectorize(Run(convolve, &mut output));
        let side = shape.border * shape.channels;
        let mut inside: Vec<f32> = Vec::new();
        for row in output.chunks_exact(shape.row()) {
            let (left, rest) = row.split_at(side);
            let (row, right) = rest.split_at(rest.len() - side);
            assert!(left.iter().chain(right).all(|outside| *outside == OUTSIDE));
            inside.extend(row);
        }
        for (at, (one, other)) in inside.iter().zip(by_definition(convolve)).enumerate() {
            let conv = convolve.conv;
            let width = S::F32_LANES;
            assert!(
                (one - other).abs() < 1e-4,
                "{conv:?}, {width} lanes, at {at}: {one}, {other}"
            );
        }
    }
}

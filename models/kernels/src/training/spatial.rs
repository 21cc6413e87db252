//! Convolutions that see more than one pixel, and mix channels: their forward pass is that of inference,
//! and so is the gradient with respect to the input, which is a convolution of the output's gradient.

use pulp::{Scalar, Simd, WithSimd};

use crate::convolve::{dispatch, load};
use crate::{Activation, Convolution, Features, Packed};

/// Output pixels whose gradients are taken through all weights before the next ones are: few enough to stay
/// in the core's nearest cache.
const PIXELS: usize = 128;

/// A convolution's weights, laid out for its passes.
pub(super) struct Spatial {
    conv: Convolution,
    forward: Packed,
    /// The convolution that makes the input's gradient of the output's.
    backward: Packed,
}

impl Spatial {
    /// `weights` are `[kernel, kernel, in_channels, out_channels]`.
    pub(super) fn new(conv: &Convolution, weights: &[f32]) -> Spatial {
        let conv = Convolution {
            activation: Activation::None,
            ..*conv
        };
        // Each input pixel is seen by the output pixels around it, through the kernel turned by 180 degrees.
        let turned = Convolution {
            in_channels: conv.out_channels,
            out_channels: conv.in_channels,
            stride: 1,
            ..conv
        };
        let places = conv.kernel * conv.kernel;
        let weight = |place: usize, input: usize, output: usize| {
            weights[(place * conv.in_channels + input) * conv.out_channels + output]
        };
        Spatial {
            conv,
            forward: Packed::new(conv, |_| 0.0, |to, from, place| weight(place, from, to)),
            backward: Packed::new(
                turned,
                |_| 0.0,
                |to, from, place| weight(places - 1 - place, to, from),
            ),
        }
    }

    /// Convolves a sample, `[height, width, in_channels]`; `output` is overwritten.
    pub(super) fn forward(&self, input: &[f32], room: &mut Vec<f32>, output: &mut [f32]) {
        self.pad(input, room);
        let seen = &room[..self.conv.input().numbers()];
        self.forward.run(self.conv.height, seen, None, 0, output);
    }

    /// From a sample and the gradient with respect to its output, adds the gradient with respect to the weights to
    /// `grad_weights`, and makes `grad_input`, unless that is empty, the one with respect to the input.
    pub(super) fn backward(
        &self,
        input: &[f32],
        grad: &[f32],
        room: &mut Vec<f32>,
        (grad_weights, grad_input): (&mut [f32], &mut [f32]),
    ) {
        self.pad(input, room);
        dispatch(GradWeights {
            conv: &self.conv,
            seen: &room[..self.conv.input().numbers()],
            grad,
            sums: grad_weights,
        });
        if !grad_input.is_empty() {
            self.spread(grad, room);
            let seen = &room[..self.backward.shape.input().numbers()];
            let height = self.conv.height;
            self.backward.run(height, seen, None, 0, grad_input);
        }
    }

    /// Copies a sample into a border of zeros.
    fn pad(&self, input: &[f32], room: &mut Vec<f32>) {
        let Features {
            width,
            channels,
            border,
            ..
        } = self.conv.input();
        let shape = self.conv.input();
        let rows = shape.prepare(room).chunks_exact_mut(shape.row());
        for (row, input) in rows.zip(input.chunks_exact(width * channels)) {
            row[border * channels..][..input.len()].copy_from_slice(input);
        }
    }

    /// Copies the gradient with respect to a sample's output into a border of zeros. With a stride each pixel stands
    /// where its middle was in the input, and zeros between them.
    fn spread(&self, grad: &[f32], room: &mut Vec<f32>) {
        let (shape, stride) = (self.backward.shape.input(), self.conv.stride);
        let (channels, width) = (shape.channels, self.conv.output_width());
        let rows = shape.prepare(room).chunks_exact_mut(shape.row());
        if stride > 1 {
            rows.for_each(|row| row.fill(0.0));
        }
        let rows = shape.prepare(room).chunks_exact_mut(shape.row());
        for (row, grad) in rows
            .step_by(stride)
            .zip(grad.chunks_exact(width * channels))
        {
            let row = &mut row[shape.border * channels..];
            if stride == 1 {
                row[..grad.len()].copy_from_slice(grad);
                continue;
            }
            let places = row.chunks_mut(stride * channels);
            for (place, grad) in places.zip(grad.chunks_exact(channels)) {
                place[..channels].copy_from_slice(grad);
            }
        }
    }
}

/// Adds the gradient of a sample with respect to a convolution's weights.
struct GradWeights<'a> {
    conv: &'a Convolution,
    /// The sample in its border.
    seen: &'a [f32],
    /// The gradient with respect to the output, `[output height, output width, out_channels]`.
    grad: &'a [f32],
    /// `[kernel, kernel, in_channels, out_channels]`.
    sums: &'a mut [f32],
}

impl WithSimd for GradWeights<'_> {
    type Output = ();

    /// With as many sums as there are registers for: AVX-512 and NEON have 32, AVX2 has 16.
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        if !self.conv.out_channels.is_multiple_of(S::F32_LANES) {
            return self.run::<Scalar, 2, 4>(Scalar::new());
        }
        match S::F32_LANES {
            16 => self.run::<S, 2, 8>(simd),
            8 => self.run::<S, 2, 6>(simd),
            4 => self.run::<S, 4, 6>(simd),
            _ => self.run::<S, 2, 4>(simd),
        }
    }
}

impl GradWeights<'_> {
    /// Adds up `P` neighbouring weights' gradients in `R` registers each.
    #[inline(always)]
    fn run<S: Simd, const R: usize, const P: usize>(&mut self, simd: S) {
        let conv = self.conv;
        let (height, width) = (conv.output_height(), conv.output_width());
        // The inputs under one row of the kernel lie side by side.
        let taps = conv.kernel * conv.in_channels;
        let at_once = (PIXELS / width).max(1);
        assert!(
            self.seen.len() == conv.input().numbers()
                && self.grad.len() == conv.output_len()
                && self.sums.len() == conv.taps() * conv.out_channels
        );
        for first in (0..height).step_by(at_once) {
            let rows = first..height.min(first + at_once);
            for ky in 0..conv.kernel {
                let mut tap = 0;
                while tap < taps {
                    let mut channel = 0;
                    while channel < conv.out_channels {
                        let at = Place {
                            rows: rows.clone(),
                            ky,
                            tap,
                            channel,
                        };
                        let wide = channel + R * S::F32_LANES <= conv.out_channels;
                        // SAFETY: the lengths were checked above, and the place is within them.
                        #[allow(unsafe_code)]
                        unsafe {
                            match (wide, taps - tap >= P) {
                                (true, true) => self.add::<S, R, P>(simd, at),
                                (true, false) => self.add::<S, R, 1>(simd, at),
                                (false, true) => self.add::<S, 1, P>(simd, at),
                                (false, false) => self.add::<S, 1, 1>(simd, at),
                            }
                        }
                        channel += if wide { R } else { 1 } * S::F32_LANES;
                    }
                    tap += if taps - tap >= P { P } else { 1 };
                }
            }
        }
    }

    /// Adds what the rows of a place say of `P` weights from `tap` on, in `R` registers of channels.
    ///
    /// # Safety
    ///
    /// `seen`, `grad` and `sums` have the lengths that the convolution asks for, and the place lies within them.
    #[inline(always)]
    #[allow(unsafe_code)]
    unsafe fn add<S: Simd, const R: usize, const P: usize>(&mut self, simd: S, at: Place) {
        let conv = self.conv;
        let row = conv.input().row();
        let step = conv.stride * conv.in_channels;
        let width = conv.output_width();
        // SAFETY: the caller vouches for the places.
        unsafe {
            let mut sums = [[simd.splat_f32s(0.0); R]; P];
            for y in at.rows {
                let mut seen = self
                    .seen
                    .as_ptr()
                    .add((y * conv.stride + at.ky) * row + at.tap);
                let mut grad = self
                    .grad
                    .as_ptr()
                    .add(y * width * conv.out_channels + at.channel);
                for _ in 0..width {
                    let mut grads = [simd.splat_f32s(0.0); R];
                    for (register, it) in grads.iter_mut().enumerate() {
                        *it = load::<S>(grad.add(register * S::F32_LANES));
                    }
                    for (tap, sums) in sums.iter_mut().enumerate() {
                        let value = simd.splat_f32s(*seen.add(tap));
                        for (sum, grad) in sums.iter_mut().zip(grads) {
                            *sum = simd.mul_add_e_f32s(value, grad, *sum);
                        }
                    }
                    seen = seen.add(step);
                    grad = grad.add(conv.out_channels);
                }
            }
            let taps = conv.kernel * conv.in_channels;
            for (tap, from) in sums.iter().enumerate() {
                let tap = at.ky * taps + at.tap + tap;
                let to = &mut self.sums[tap * conv.out_channels + at.channel..][..R * S::F32_LANES];
                for (to, from) in S::as_mut_simd_f32s(to).0.iter_mut().zip(from) {
                    *to = simd.add_f32s(*to, *from);
                }
            }
        }
    }
}

/// Where gradients are added up: over these rows of the output, for the weights of the kernel's row `ky` from `tap`
/// and of the output's channels from `channel` on.
struct Place {
    rows: std::ops::Range<usize>,
    ky: usize,
    tap: usize,
    channel: usize,
}

//! Mean and variance of each channel.

/// Channels that are added up together: a register of AVX2.
const LANES: usize = 8;

/// Sums and sums of squares of each channel. They are in double precision, or the variance, a small
/// difference of large numbers, would be too inexact.
pub(super) struct Sums {
    count: usize,
    sum: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    pub(super) fn new(channels: usize) -> Sums {
        Sums {
            count: 0,
            sum: vec![0.0; channels],
            squares: vec![0.0; channels],
        }
    }

    /// Adds the pixels of `[pixels, channels]`.
    pub(super) fn add(&mut self, values: &[f32]) {
        let channels = self.sum.len();
        let (mut sum, mut squares) = (vec![0.0; channels], vec![0.0; channels]);
        add_moments(values, &mut sum, &mut squares);
        self.count += values.len() / channels;
        for channel in 0..channels {
            self.sum[channel] += f64::from(sum[channel]);
            self.squares[channel] += f64::from(squares[channel]);
        }
    }

    /// The sums of all parts, added in order.
    pub(super) fn of_all(parts: &[Sums], channels: usize) -> Sums {
        let mut all = Sums::new(channels);
        for part in parts {
            all.count += part.count;
            for channel in 0..channels {
                all.sum[channel] += part.sum[channel];
                all.squares[channel] += part.squares[channel];
            }
        }
        all
    }

    /// Mean and variance (divided by the count) of each channel; 0 if there are no pixels.
    pub(super) fn moments(&self) -> (Vec<f32>, Vec<f32>) {
        let count = self.count.max(1) as f64;
        let both = self.sum.iter().zip(&self.squares).map(|(sum, squares)| {
            let mean = sum / count;
            (mean as f32, (squares / count - mean * mean).max(0.0) as f32)
        });
        both.unzip()
    }
}

#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn add_moments(values: &[f32], sum: &mut [f32], squares: &mut [f32]) {
    let channels = sum.len();
    let whole = channels / LANES * LANES;
    for first in (0..whole).step_by(LANES) {
        add_some::<LANES>(values, first, sum, squares);
    }
    for first in whole..channels {
        add_some::<1>(values, first, sum, squares);
    }
}

/// Adds `N` neighbouring channels of all pixels. As many as the compiler knows stay in registers.
#[inline(always)]
fn add_some<const N: usize>(values: &[f32], first: usize, sum: &mut [f32], squares: &mut [f32]) {
    let (mut sums, mut of_squares) = ([0.0; N], [0.0; N]);
    for pixel in values.chunks_exact(sum.len()) {
        let pixel = &pixel[first..][..N];
        for at in 0..N {
            sums[at] += pixel[at];
            of_squares[at] += pixel[at] * pixel[at];
        }
    }
    sum[first..][..N].copy_from_slice(&sums);
    squares[first..][..N].copy_from_slice(&of_squares);
}

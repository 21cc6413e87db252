use marquee_models::network::CHANNELS;
use serde::{Deserialize, Serialize};

use super::protocol::Protocol;

/// Mean and standard deviation of red, green and blue over all pixels of the training split. Values
/// of a pixel go from 0 to 1.
///
/// The deviation is that of all pixels together. With [`Protocol::Student`] it is the mean of each
/// picture's own deviation, as in the student project that Marquee grew out of. That is smaller,
/// because it ignores how far the means of the pictures are apart. The means are the same with both
/// protocols, because all pictures have the same size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// Means of red, green and blue.
    pub mean: [f32; CHANNELS],
    /// Standard deviations of red, green and blue; at least 1/255.
    pub std: [f32; CHANNELS],
}

/// Sums over pictures of one size, to compute [`Statistics`] from.
#[derive(Default)]
pub(super) struct Sums {
    pixels: Moments,
    pictures: u64,
    /// The sum of the pictures' own deviations, in levels from 0 to 255. Rows are added in the order
    /// of the dataset, so that the same dataset gives the same sum.
    deviations: [f64; CHANNELS],
}

impl Sums {
    /// Adds a picture: its RGB8 pixels.
    pub(super) fn add(&mut self, picture: &[u8]) {
        let own = Moments::of(picture);
        self.pixels.add(&own);
        self.pictures += 1;
        for (sum, variance) in self.deviations.iter_mut().zip(own.variance()) {
            *sum += variance.sqrt();
        }
    }

    pub(super) fn statistics(&self, protocol: Protocol) -> Statistics {
        let deviation = match protocol {
            Protocol::Honest => self.pixels.variance().map(f64::sqrt),
            Protocol::Student => self.deviations.map(|sum| sum / self.pictures.max(1) as f64),
        };
        Statistics {
            mean: self.pixels.mean().map(|mean| (mean / 255.0) as f32),
            // a deviation of 0 would be divided by
            std: deviation.map(|deviation| (deviation.max(1.0) / 255.0) as f32),
        }
    }
}

/// The number of pixels, and the sums of their values and of the squares. These are whole numbers, so
/// that the order of the pixels does not matter.
#[derive(Default)]
struct Moments {
    count: u64,
    sum: [u64; CHANNELS],
    squares: [u64; CHANNELS],
}

impl Moments {
    fn of(pixels: &[u8]) -> Moments {
        let mut moments = Moments {
            count: (pixels.len() / CHANNELS) as u64,
            ..Moments::default()
        };
        for pixel in pixels.chunks_exact(CHANNELS) {
            for (channel, value) in pixel.iter().enumerate() {
                let value = u64::from(*value);
                moments.sum[channel] += value;
                moments.squares[channel] += value * value;
            }
        }
        moments
    }

    fn add(&mut self, other: &Moments) {
        self.count += other.count;
        for channel in 0..CHANNELS {
            self.sum[channel] += other.sum[channel];
            self.squares[channel] += other.squares[channel];
        }
    }

    fn mean(&self) -> [f64; CHANNELS] {
        self.sum.map(|sum| sum as f64 / self.count.max(1) as f64)
    }

    fn variance(&self) -> [f64; CHANNELS] {
        let mean = self.mean();
        std::array::from_fn(|channel| {
            let square = self.squares[channel] as f64 / self.count.max(1) as f64;
            // rounding could make that of a flat picture negative
            (square - mean[channel].powi(2)).max(0.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deviation_is_that_of_all_pixels() {
        let mut sums = Sums::default();
        // a black and a white picture: each deviates by 0, both together by a half
        sums.add(&[0; 12]);
        sums.add(&[255; 12]);
        let statistics = sums.statistics(Protocol::Honest);
        assert_eq!(statistics.mean, [0.5; 3]);
        assert_eq!(statistics.std, [0.5; 3]);
    }

    #[test]
    fn the_student_protocols_deviation_is_the_mean_of_the_pictures_own() {
        let mut sums = Sums::default();
        // half black and half white deviates by 127.5, white by 0, and black beside 102 by 51
        sums.add(&[0, 0, 0, 255, 255, 255]);
        sums.add(&[255; 6]);
        sums.add(&[0, 0, 0, 102, 102, 102]);
        let student = sums.statistics(Protocol::Student);
        let near = |found: [f32; 3], expected: f32| {
            assert!(
                found.iter().all(|value| (value - expected).abs() < 1e-6),
                "{found:?} is not {expected}"
            );
        };
        near(student.std, (127.5 + 0.0 + 51.0) / 3.0 / 255.0);
        assert_eq!(student.mean, sums.statistics(Protocol::Honest).mean);

        // a single colour has no deviation, but nothing is divided by zero
        let mut flat = Sums::default();
        flat.add(&[7; 6]);
        near(flat.statistics(Protocol::Student).std, 1.0 / 255.0);
    }
}

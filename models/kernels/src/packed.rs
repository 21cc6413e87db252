//! A convolution's weights, laid out for the loops.

use crate::convolution::Convolution;
use crate::convolve::{LANES, Lanes};

/// A convolution or a linear layer, and its weights as [`Convolution::run`] takes them.
#[derive(Clone)]
pub struct Packed {
    /// The shape of the convolution.
    pub shape: Convolution,
    weights: Vec<Lanes>,
    biases: Vec<Lanes>,
}

impl Packed {
    /// `bias` tells the bias of an output channel, and `weight` the weight of an output channel, an input
    /// channel, and a place of the kernel.
    pub fn new(
        shape: Convolution,
        bias: impl Fn(usize) -> f32,
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Packed {
        let places = shape.kernel * shape.kernel;
        let in_channels = shape.in_channels_per_group();
        let blocks = shape.out_channels.div_ceil(LANES);
        let mut weights = vec![Lanes([0.0; LANES]); blocks * shape.taps()];
        let mut biases = vec![Lanes([0.0; LANES]); blocks];
        for output in 0..shape.out_channels {
            let (block, lane) = (output / LANES, output % LANES);
            biases[block].0[lane] = bias(output);
            for place in 0..places {
                for input in 0..in_channels {
                    weights[(block * places + place) * in_channels + input].0[lane] =
                        weight(output, input, place);
                }
            }
        }
        Packed {
            shape,
            weights,
            biases,
        }
    }

    /// Runs it over an input of `height` rows: [`Convolution::run`] with the shape of such an input.
    ///
    /// # Panics
    ///
    /// As [`Convolution::run`] does.
    pub fn run(
        &self,
        height: usize,
        input: &[f32],
        skip: Option<&[f32]>,
        border: usize,
        output: &mut [f32],
    ) {
        let shape = Convolution {
            height,
            ..self.shape
        };
        shape.run(input, skip, &self.weights, &self.biases, border, output);
    }
}

//! A linear layer of the small executor.

use crate::file::Weights;
use crate::network;

/// The weights of a linear layer.
pub(super) struct Linear {
    /// `[in_features, out_features]`: PyTorch's, transposed, in the order of the executor's features.
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl Linear {
    /// `channels` are those of the input if it is a flattened picture, otherwise 1: PyTorch flattens a
    /// picture with the channels first, the executor holds them last.
    pub(super) fn new(
        layer: &network::Linear,
        channels: usize,
        prefix: &str,
        from: &Weights,
    ) -> Linear {
        let weight = from.values(&format!("{prefix}.weight"));
        let pixels = layer.in_features / channels;
        let mut weights = Vec::with_capacity(weight.len());
        for input in 0..layer.in_features {
            let in_pytorch = (input % channels) * pixels + input / channels;
            weights.extend(
                (0..layer.out_features).map(|out| weight[out * layer.in_features + in_pytorch]),
            );
        }
        Linear {
            weights,
            biases: from.values(&format!("{prefix}.bias")).to_vec(),
        }
    }

    /// Appends the layer's output to `output`.
    pub(super) fn apply(&self, input: &[f32], output: &mut Vec<f32>) {
        marquee_kernels::linear(input, &self.weights, &self.biases, output);
    }
}

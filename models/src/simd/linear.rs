use crate::file::Weights;
use crate::network;

/// A linear layer.
pub(super) struct Linear {
    /// `[inputs, outputs]`: PyTorch's, transposed, in the order in which the inputs come.
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl Linear {
    /// `channels` is above 1 where the input is a picture: PyTorch flattens it with the channels
    /// first, the executor holds them last.
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

    /// Puts the layer's outputs behind what is in `output`.
    pub(super) fn apply(&self, input: &[f32], output: &mut Vec<f32>) {
        marquee_kernels::linear(input, &self.weights, &self.biases, output);
    }
}

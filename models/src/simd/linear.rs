use super::Scratch;
use crate::file::Weights;
use crate::network;

/// A linear layer, with ReLU or without.
pub(super) struct Linear {
    relu: bool,
    /// `[inputs, outputs]`: PyTorch's, transposed, in the order in which the inputs come.
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl Linear {
    /// `channels` is above 1 where the input is a picture: PyTorch flattens it with the channels
    /// first, the executor holds them last.
    pub(super) fn new(
        layer: network::Linear,
        channels: usize,
        relu: bool,
        prefix: &str,
        from: &Weights,
    ) -> Linear {
        let weight = from.values(&format!("{prefix}.weight"));
        let pixels = layer.inputs / channels;
        let mut weights = Vec::with_capacity(weight.len());
        for input in 0..layer.inputs {
            let in_pytorch = (input % channels) * pixels + input / channels;
            weights.extend((0..layer.outputs).map(|out| weight[out * layer.inputs + in_pytorch]));
        }
        Linear {
            relu,
            weights,
            biases: from.values(&format!("{prefix}.bias")).to_vec(),
        }
    }

    pub(super) fn apply(&self, scratch: &mut Scratch) {
        let Scratch {
            activations, next, ..
        } = scratch;
        marquee_kernels::linear(activations, &self.weights, &self.biases, next);
        if self.relu {
            for value in next.iter_mut() {
                *value = value.max(0.0);
            }
        }
        std::mem::swap(activations, next);
    }
}

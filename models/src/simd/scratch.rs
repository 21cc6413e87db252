//! Buffers that one forward pass fills and the next one reuses.

#[derive(Default)]
pub(super) struct Scratch {
    /// The output of the last layer.
    pub(super) activations: Vec<f32>,
    /// What a residual connection adds later.
    pub(super) remembered: Vec<f32>,
    /// The output of the current layer.
    pub(super) next: Vec<f32>,
    /// The current convolution's input, with a border of zeros.
    pub(super) padded: Vec<f32>,
}

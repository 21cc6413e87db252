//! Buffers that one forward pass fills and the next one reuses. They may be longer than what is in them.

pub(super) struct Scratch {
    /// The output of the last step.
    pub(super) activations: Vec<f32>,
    /// The output of the current step.
    pub(super) next: Vec<f32>,
    /// What a residual connection adds later.
    pub(super) remembered: Vec<f32>,
    /// In a bottleneck, the input of the depthwise convolution, with its border.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) wide: Vec<f32>,
    /// In a bottleneck, the output of the depthwise convolution.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) deep: Vec<f32>,
}

impl Scratch {
    pub(super) const EMPTY: Scratch = Scratch {
        activations: Vec::new(),
        next: Vec::new(),
        remembered: Vec::new(),
        #[cfg(not(target_arch = "wasm32"))]
        wide: Vec::new(),
        #[cfg(not(target_arch = "wasm32"))]
        deep: Vec::new(),
    };
}

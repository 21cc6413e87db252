//! What follows batch norm.

/// What becomes of a convolution's output after batch norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Nothing: the layer is linear.
    None,
    /// Values below 0 become 0 (PyTorch's `ReLU`).
    Relu,
    /// Values below 0 become 0, and those above 6 become 6 (PyTorch's `ReLU6`).
    Relu6,
}

impl Activation {
    /// The lowest and the highest value that it lets through.
    pub const fn bounds(self) -> (f32, f32) {
        match self {
            Activation::None => (f32::NEG_INFINITY, f32::INFINITY),
            Activation::Relu => (0.0, f32::INFINITY),
            Activation::Relu6 => (0.0, 6.0),
        }
    }
}

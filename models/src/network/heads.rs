//! What follows the convolutional blocks: pooling, linear layers, and the heads that answer.

/// How the last block's output becomes one list of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// None: all numbers, in the order `[channels, height, width]` (PyTorch's `Flatten`).
    Flatten,
    /// The mean of each channel over all pixels (PyTorch's `AdaptiveAvgPool2d(1)`).
    Mean,
}

/// The shape of a linear layer (PyTorch's `Linear`, with a bias).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Numbers in the input.
    pub in_features: usize,
    /// Numbers in the output.
    pub out_features: usize,
}

/// What a head answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Which class: a logit for each, for a softmax.
    Class,
    /// Which genres: a logit for each, for a sigmoid, since a film may have several.
    Genres,
    /// The standardised score: its mean, and the logarithm of its variance.
    Score,
}

impl Task {
    /// The task's name in the tensors' names: `class`, `genres` or `score`.
    pub fn as_str(self) -> &'static str {
        match self {
            Task::Class => "class",
            Task::Genres => "genres",
            Task::Score => "score",
        }
    }
}

/// A last linear layer, and what it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// What it answers.
    pub task: Task,
    /// Its shape.
    pub linear: Linear,
}

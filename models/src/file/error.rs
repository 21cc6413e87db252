//! Why a weights file cannot be used.

/// Why a file is not a usable model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is truncated, or no safetensors file at all; the reader says which.
    #[error("not a whole safetensors file ({0}); download or export it again")]
    NotSafetensors(String),
    /// The metadata lacks this key.
    #[error(
        "the metadata has no {0:?}; only Marquee's files can be used, and `marquee import` makes one \
         of weights that were trained in PyTorch"
    )]
    MissingField(&'static str),
    /// The metadata says something impossible.
    #[error("the metadata's {field:?} is {value:?}, but {expected}")]
    BadField {
        /// The metadata's key.
        field: &'static str,
        /// Its value.
        value: String,
        /// What the value must be, as the end of a sentence.
        expected: String,
    },
    /// This tensor of the network is not in the file.
    #[error("the tensor {0:?} is missing; is the file of another network?")]
    MissingTensor(String),
    /// The file has this tensor, which is not one of this network.
    #[error("the tensor {0:?} is not part of {1}; is the file of another network?")]
    UnknownTensor(String, String),
    /// A tensor has another shape than in the network.
    #[error("the tensor {name:?} has the shape {found:?}, but {network} needs {expected:?}")]
    WrongShape {
        /// The tensor's name.
        name: String,
        /// The network's name.
        network: String,
        /// The shape in the file.
        found: Vec<usize>,
        /// The network's shape.
        expected: Vec<usize>,
    },
    /// A tensor is stored in neither single nor half precision.
    #[error("the tensor {name:?} is stored as {dtype}; only F32, F16 and BF16 are read")]
    WrongPrecision {
        /// The tensor's name.
        name: String,
        /// Its type in the file, such as `I8`.
        dtype: String,
    },
    /// This tensor holds NaN or infinity, or a negative variance.
    #[error("the tensor {0:?} holds NaN or infinite numbers; its training failed")]
    NotFinite(String),
}

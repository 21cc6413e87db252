//! A trained model on disk: one `.safetensors` file that holds all that is needed to use it.
//!
//! The tensors have PyTorch's names and shapes, in single or half precision. The metadata, strings
//! as the format wants, says the rest: see [`Metadata`]. Whatever reaches an executor has passed
//! [`Model::new`], which refuses anything that does not fit.

mod metadata;
mod weights;

pub use metadata::{MAX_CLASSES, Metadata, ScoreScale};
pub use weights::{Precision, Weights};

use std::collections::HashMap;

use crate::network::Network;
use safetensors::SafeTensors;

/// Why a file is not a usable model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Truncated, or no safetensors file at all.
    #[error("not a whole safetensors file ({0}); download or export it again")]
    NotSafetensors(String),
    /// The metadata lacks something.
    #[error(
        "the metadata has no {0:?}; only Marquee's files can be used, and `marquee import` makes one \
         of weights that were trained in PyTorch"
    )]
    MissingField(&'static str),
    /// The metadata says something that cannot be.
    #[error("the metadata's {field:?} is {value:?}, but {expected}")]
    BadField {
        /// The metadata's key.
        field: &'static str,
        /// What stands there.
        value: String,
        /// What should.
        expected: String,
    },
    /// A tensor of the network is not in the file.
    #[error("the tensor {0:?} is missing; is the file of another network?")]
    MissingTensor(String),
    /// A tensor that the network does not have.
    #[error("the tensor {0:?} is not part of {1}; is the file of another network?")]
    UnknownTensor(String, String),
    /// A tensor of another shape than the network's.
    #[error("the tensor {name:?} has the shape {found:?}, but {network} needs {expected:?}")]
    WrongShape {
        /// Its name.
        name: String,
        /// The network.
        network: String,
        /// The shape in the file.
        found: Vec<usize>,
        /// The network's shape.
        expected: Vec<usize>,
    },
    /// Neither single nor half precision.
    #[error("the tensor {name:?} is stored as {dtype}; only F32, F16 and BF16 are read")]
    WrongPrecision {
        /// Its name.
        name: String,
        /// How it is stored.
        dtype: String,
    },
    /// NaN or infinity among the weights.
    #[error("the tensor {0:?} holds NaN or infinite numbers; its training failed")]
    NotFinite(String),
}

/// A trained network: its metadata, and weights that fit it.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    metadata: Metadata,
    network: Network,
    weights: Weights,
}

impl Model {
    /// Puts metadata and weights together, after checking both.
    ///
    /// # Errors
    ///
    /// Where a tensor is missing, unknown, of another shape or not finite, or the metadata
    /// contradicts itself.
    pub fn new(metadata: Metadata, weights: Weights) -> Result<Model, ModelError> {
        metadata.check()?;
        let network = metadata.layers();
        weights.check(&network)?;
        Ok(Model {
            metadata,
            network,
            weights,
        })
    }

    /// Reads a `.safetensors` file's bytes.
    ///
    /// # Errors
    ///
    /// Where they are no safetensors file, or not one that [`Model::new`] takes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        let not_safetensors =
            |error: safetensors::SafeTensorError| ModelError::NotSafetensors(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(not_safetensors)?;
        let metadata = Metadata::from_fields(metadata.metadata().as_ref())?;
        let tensors = SafeTensors::deserialize(bytes).map_err(not_safetensors)?;
        Model::new(metadata, Weights::from_safetensors(&tensors)?)
    }

    /// The file's bytes. The same model gives the same bytes.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        let mut metadata: HashMap<_, _> = self.metadata.to_fields().into_iter().collect();
        // what Hugging Face's loaders look for
        metadata.insert("format".to_owned(), "pt".to_owned());
        self.weights
            .to_safetensors(&self.network, metadata, precision)
    }

    /// What the file says about the model, apart from its weights.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The layers.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The tensors.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }
}

//! A trained network.

use std::collections::HashMap;

use safetensors::SafeTensors;

use super::error::ModelError;
use super::metadata::Metadata;
use super::weights::{Precision, Weights};
use crate::network::Network;

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
    /// If a tensor is missing, unknown, of another shape or not finite, or the metadata contradicts
    /// itself or is out of its ranges.
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

    /// The same layers up to the pooled features, and one head for other classes.
    ///
    /// `metadata` names the classes, `weights` are `[class, feature]`, and there is a bias for each class.
    ///
    /// # Errors
    ///
    /// If the metadata or the head does not fit, as in [`Model::new`].
    pub fn with_classes(
        &self,
        metadata: Metadata,
        weights: Vec<f32>,
        biases: Vec<f32>,
    ) -> Result<Model, ModelError> {
        let old = self.network.prefixes().heads;
        let mut tensors = self.weights.clone();
        tensors.retain(|name| !old.iter().any(|head| name.starts_with(&format!("{head}."))));
        let shape = vec![biases.len(), self.network.feature_len()];
        for head in metadata.layers().prefixes().heads {
            tensors.insert(format!("{head}.weight"), shape.clone(), weights.clone());
            tensors.insert(format!("{head}.bias"), vec![biases.len()], biases.clone());
        }
        Model::new(metadata, tensors)
    }

    /// Reads a `.safetensors` file's bytes.
    ///
    /// # Errors
    ///
    /// If they are not a safetensors file, or not one that [`Model::new`] takes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        let not_safetensors =
            |error: safetensors::SafeTensorError| ModelError::NotSafetensors(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(not_safetensors)?;
        let metadata = Metadata::from_fields(metadata.metadata().as_ref())?;
        let tensors = SafeTensors::deserialize(bytes).map_err(not_safetensors)?;
        Model::new(metadata, Weights::from_safetensors(&tensors)?)
    }

    /// The `.safetensors` file's bytes; the same model gives the same bytes. With
    /// [`Precision::Half`], numbers from ±65,520 on become infinite; [`Model::from_bytes`] refuses them.
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

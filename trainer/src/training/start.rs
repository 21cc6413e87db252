use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::file::Weights;
use marquee_models::network::Network;
use safetensors::SafeTensors;

use crate::dataset::{Dataset, Statistics};

/// Weights that a run starts from, rather than at random.
pub(super) struct Start {
    /// Where they come from, in a few words.
    pub(super) source: String,
    /// The command that made the file, where it says so.
    pub(super) command: Option<String>,
    /// What their inputs were normalised by, where the file says so.
    pub(super) statistics: Option<Statistics>,
    weights: Weights,
}

impl Start {
    /// Reads a `.safetensors` file of some or all of a network's tensors, with PyTorch's names: one
    /// that `trainer/python/pretrained.py` makes, or a network of Marquee's.
    ///
    /// Of its metadata, `source` says where they come from, `command` what made the file, and `mean`
    /// and `std`, as JSON lists, what their inputs were normalised by.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, holds a tensor that the network does not have, or weights
    /// that were trained on another dataset: they may know the films that the network is to be
    /// judged by.
    pub(super) fn read(path: &Path, network: &Network, dataset: &Dataset) -> Result<Start> {
        let shown = path.display();
        let bytes = std::fs::read(path)
            .with_context(|| format!("cannot read {shown}, which the run is to start from"))?;
        let start = || {
            let weights = Weights::from_bytes(&bytes)?;
            weights.check_part(network)?;
            let (_, metadata) = SafeTensors::read_metadata(&bytes)?;
            let metadata = metadata.metadata().clone().unwrap_or_default();
            if let Some(hash) = metadata.get("dataset") {
                ensure!(
                    *hash == dataset.summary().hash,
                    "it was trained on another dataset, and may know the films that the network is \
                     to be judged by"
                );
            }
            let numbers = |key: &str| match metadata.get(key) {
                Some(text) => serde_json::from_str(text)
                    .map(Some)
                    .with_context(|| format!("its {key} are not three numbers")),
                None => Ok(None),
            };
            let statistics = numbers("mean")?.zip(numbers("std")?);
            Ok(Start {
                source: match (metadata.get("source"), metadata.get("network")) {
                    (Some(words), _) | (None, Some(words)) => words.clone(),
                    (None, None) => "other weights".to_owned(),
                },
                command: metadata.get("command").cloned(),
                statistics: statistics.map(|(mean, std)| Statistics { mean, std }),
                weights,
            })
        };
        start().with_context(|| format!("the run cannot start from {shown}"))
    }

    /// These weights in place of those of the same names.
    pub(super) fn over(&self, mut weights: Weights) -> Weights {
        weights.extend(&self.weights);
        weights
    }
}

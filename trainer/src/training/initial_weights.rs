use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::file::Weights;
use marquee_models::network::Network;
use sha2::{Digest, Sha256};

use super::provenance::Provenance;
use crate::dataset::{Dataset, Statistics};
use crate::files::hex;

/// Weights that a run starts from instead of random ones.
pub(super) struct InitialWeights {
    /// Where they come from, in a few words.
    pub(super) source: String,
    /// The command that made the file, if the file says so.
    pub(super) command: Option<String>,
    /// Mean and deviation by which their inputs were normalised, if the file says so.
    pub(super) statistics: Option<Statistics>,
    /// SHA-256 of the file. A run is only resumed with the same.
    pub(super) digest: String,
    weights: Weights,
}

impl InitialWeights {
    /// Reads a `.safetensors` file with some or all of a network's tensors, with PyTorch's names: a
    /// file of `trainer/python/pretrained.py`, or a network of Marquee's.
    ///
    /// In its metadata, `source` says where the weights come from, `command` what made the file, and
    /// `mean` and `std`, as JSON lists, how their inputs were normalised.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, has no tensor or one that the network does not have, has an
    /// impossible mean or deviation, or was trained on another dataset.
    pub(super) fn read(
        path: &Path,
        network: &Network,
        dataset: &Dataset,
    ) -> Result<InitialWeights> {
        let shown = path.display();
        let bytes = std::fs::read(path)
            .with_context(|| format!("cannot read {shown}, which the run should start from"))?;
        InitialWeights::parse(&bytes, network, dataset)
            .with_context(|| format!("the run cannot start from {shown}"))
    }

    fn parse(bytes: &[u8], network: &Network, dataset: &Dataset) -> Result<InitialWeights> {
        let weights = Weights::from_bytes(bytes)?;
        weights.check_part(network)?;
        let named = network.parameters();
        ensure!(
            named.iter().any(|parameter| weights.has(&parameter.name)),
            "it holds no tensor"
        );
        let provenance = Provenance::read(bytes)?;
        if provenance.get("dataset").is_some() {
            provenance.check_dataset(dataset)?;
        }
        let source = provenance.get("source").or(provenance.get("network"));
        Ok(InitialWeights {
            source: source.unwrap_or("other weights").to_owned(),
            command: provenance.get("command").map(str::to_owned),
            statistics: provenance.statistics()?,
            digest: hex(&Sha256::digest(bytes)),
            weights,
        })
    }

    /// Replaces the tensors that the file has.
    pub(super) fn replace(&self, mut weights: Weights) -> Weights {
        weights.extend(&self.weights);
        weights
    }
}

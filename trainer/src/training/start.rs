use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use marquee_models::file::Weights;
use marquee_models::network::{CHANNELS, Network};
use safetensors::SafeTensors;
use sha2::{Digest, Sha256};

use crate::dataset::{Dataset, Statistics, hex};

/// Weights that a run starts from, rather than at random.
pub(super) struct Start {
    /// Where they come from, in a few words.
    pub(super) source: String,
    /// The command that made the file, where it says so.
    pub(super) command: Option<String>,
    /// What their inputs were normalised by, where the file says so.
    pub(super) statistics: Option<Statistics>,
    /// SHA-256 of the file: a run goes on only with the same.
    pub(super) digest: String,
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
    /// Where the file cannot be read, holds no tensor or one that the network does not have, says of
    /// its inputs what cannot be, or has weights that were trained on another dataset: they may know the films that the network is to be
    /// judged by.
    pub(super) fn read(path: &Path, network: &Network, dataset: &Dataset) -> Result<Start> {
        let shown = path.display();
        let bytes = std::fs::read(path)
            .with_context(|| format!("cannot read {shown}, which the run is to start from"))?;
        let start = || {
            let weights = Weights::from_bytes(&bytes)?;
            weights.check_part(network)?;
            let named = network.parameters();
            ensure!(
                named.iter().any(|parameter| weights.has(&parameter.name)),
                "it holds no tensor"
            );
            let (_, metadata) = SafeTensors::read_metadata(&bytes)?;
            let metadata = metadata.metadata().clone().unwrap_or_default();
            if let Some(hash) = metadata.get("dataset") {
                ensure!(
                    *hash == dataset.summary().hash,
                    "it was trained on another dataset, and may know the films that the network is \
                     to be judged by"
                );
            }
            let statistics = match (metadata.get("mean"), metadata.get("std")) {
                (None, None) => None,
                (Some(mean), Some(std)) => Some(statistics(mean, std)?),
                _ => bail!("of its inputs' mean and std it has one without the other"),
            };
            Ok(Start {
                source: match (metadata.get("source"), metadata.get("network")) {
                    (Some(words), _) | (None, Some(words)) => words.clone(),
                    (None, None) => "other weights".to_owned(),
                },
                command: metadata.get("command").cloned(),
                statistics,
                digest: hex(&Sha256::digest(&bytes)),
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

/// What inputs were normalised by, from JSON lists.
fn statistics(mean: &str, std: &str) -> Result<Statistics> {
    let numbers = |text: &str| {
        let numbers: [f32; CHANNELS] = serde_json::from_str(text)
            .with_context(|| format!("its mean or std is {text:?} instead of three numbers"))?;
        Ok::<_, anyhow::Error>(numbers)
    };
    let statistics = Statistics {
        mean: numbers(mean)?,
        std: numbers(std)?,
    };
    let share = |number: &f32| (0.0..=1.0).contains(number);
    ensure!(
        statistics.mean.iter().all(share),
        "its inputs' mean is {mean}; colours are counted in 0 to 1"
    );
    ensure!(
        statistics.std.iter().all(|std| share(std) && *std > 1e-6),
        "its inputs' std is {std}; it is above 0 and at most 1, as colours are counted in 0 to 1"
    );
    Ok(statistics)
}

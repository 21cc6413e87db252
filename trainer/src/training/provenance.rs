use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};
use marquee_models::network::CHANNELS;
use safetensors::SafeTensors;

use crate::dataset::{Dataset, Statistics};

/// The metadata of a `.safetensors` file: where weights, or a teacher's answers, come from.
pub(crate) struct Provenance(HashMap<String, String>);

impl Provenance {
    pub(crate) fn read(bytes: &[u8]) -> Result<Provenance> {
        let (_, header) = SafeTensors::read_metadata(bytes)?;
        Ok(Provenance(header.metadata().clone().unwrap_or_default()))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Refuses a teacher of another dataset.
    pub(super) fn check_dataset(&self, dataset: &Dataset) -> Result<()> {
        ensure!(
            self.get("dataset") == Some(&dataset.summary().hash),
            "it was trained on another dataset, and may know the films that the network will be \
             judged by; use one of this dataset"
        );
        Ok(())
    }

    /// Mean and deviation by which the inputs were normalised, if the metadata says so.
    ///
    /// # Errors
    ///
    /// If one of them is there without the other, or has impossible values.
    pub(crate) fn statistics(&self) -> Result<Option<Statistics>> {
        match (self.get("mean"), self.get("std")) {
            (None, None) => Ok(None),
            (Some(mean), Some(std)) => statistics(mean, std).map(Some),
            _ => bail!("of its inputs' mean and std it has one without the other"),
        }
    }
}

/// Reads mean and deviation from JSON lists.
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
        "its inputs' mean is {mean}; colours are from 0 to 1"
    );
    ensure!(
        statistics.std.iter().all(|std| share(std) && *std > 1e-6),
        "its inputs' std is {std}; colours are from 0 to 1, so it is above 0 and at most 1"
    );
    Ok(statistics)
}

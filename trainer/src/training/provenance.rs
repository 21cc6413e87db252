use std::collections::HashMap;

use anyhow::{Result, ensure};
use safetensors::SafeTensors;

use crate::dataset::Dataset;

/// The metadata of a `.safetensors` file: where weights, or a teacher's answers, come from.
pub(super) struct Provenance(HashMap<String, String>);

impl Provenance {
    pub(super) fn read(bytes: &[u8]) -> Result<Provenance> {
        let (_, header) = SafeTensors::read_metadata(bytes)?;
        Ok(Provenance(header.metadata().clone().unwrap_or_default()))
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Refuses what was trained on another dataset.
    pub(super) fn check_dataset(&self, dataset: &Dataset) -> Result<()> {
        ensure!(
            self.get("dataset") == Some(&dataset.summary().hash),
            "it was trained on another dataset, and may know the films that the network will be \
             judged by; use one of this dataset"
        );
        Ok(())
    }
}

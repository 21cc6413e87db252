//! What a site is made of besides its programs.

use super::{description::Description, weights::Networks};
use crate::paths;
use anyhow::Result;
use clap::Args;
use std::path::{Path, PathBuf};

/// The options that choose a site's networks and its description.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Content {
    /// A folder with networks of your own, such as `marquee export` writes, for the page in place of those that
    /// come with Marquee. Its index.json lists them; without one, the page has all .safetensors files there
    #[arg(long, value_name = "FOLDER")]
    weights: Option<PathBuf>,
    /// What the page says of its networks: its title, its words, its sample posters and its colours. See
    /// docs/YOUR-OWN.md
    #[arg(long, value_name = "FILE")]
    site: Option<PathBuf>,
}

impl Content {
    /// A folder of networks and a description.
    pub(crate) fn of(weights: &Path, site: &Path) -> Content {
        Content {
            weights: Some(weights.to_owned()),
            site: Some(site.to_owned()),
        }
    }

    /// Reads both.
    ///
    /// # Errors
    ///
    /// If a file can't be read or used, or the two don't fit each other.
    pub(super) fn read(&self) -> Result<(Description, Networks)> {
        let description = Description::read(self.site.as_deref(), self.weights.is_some())?;
        let shipped = paths::root().join("models/weights");
        let folder = self.weights.as_ref().unwrap_or(&shipped);
        let networks = Networks::read(folder, description.first.as_deref())?;
        description.check_labels(&networks.labels())?;
        Ok((description, networks))
    }

    /// Refuses what can't be read or used, before anything is built.
    ///
    /// # Errors
    ///
    /// Those of a file that can't be read or used.
    pub(crate) fn check(&self) -> Result<()> {
        self.read().map(|_| ())
    }

    /// The files and folders that it is read from, but for what the description names.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Path> {
        let both = [&self.weights, &self.site];
        both.into_iter().flatten().map(PathBuf::as_path)
    }

    /// Whether the networks are the host's own: then nobody can say how large they are.
    pub(super) fn own_networks(&self) -> bool {
        self.weights.is_some()
    }
}

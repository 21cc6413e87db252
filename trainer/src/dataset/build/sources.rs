//! Where a build's posters are.

use anyhow::Result;

use super::Options;
use super::ledger::Ledger;
use super::reason::Reason;
use crate::posters::Posters;

/// The opened folders and tars.
pub(super) struct Sources {
    pub(super) posters: Vec<Posters>,
    /// Whether each manifest has posters of its own.
    paired: bool,
}

impl Sources {
    pub(super) fn open(options: &Options) -> Result<Sources> {
        let posters = options.posters.iter().map(|path| Posters::open(path));
        Ok(Sources {
            posters: posters.collect::<Result<_>>()?,
            paired: options.posters.len() == options.manifests.len()
                || options.manifests.is_empty(),
        })
    }

    /// The bytes of a poster that a manifest names.
    pub(super) fn read(&self, manifest: usize, name: &str) -> Result<Vec<u8>, (Reason, String)> {
        let places = if self.paired {
            &self.posters[manifest..=manifest]
        } else {
            &self.posters[..]
        };
        for posters in places {
            let found = posters.read(name);
            if let Some(bytes) = found.map_err(|detail| (Reason::NoPoster, detail))? {
                return Ok(bytes);
            }
        }
        Err((Reason::NoPoster, "there is none of that name".to_owned()))
    }

    /// Downloads the posters that are URLs.
    pub(super) fn download(&self, _ledger: &mut Ledger) -> Result<()> {
        Ok(())
    }
}

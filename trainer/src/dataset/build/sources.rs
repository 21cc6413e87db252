//! Reads posters from where they are: in folders, in archives, or on the web.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rusqlite::params;
use sha2::{Digest, Sha256};

use super::ledger::Ledger;
use super::options::Options;
use super::reason::Reason;
use crate::dataset::manifest::{holds_posters, is_address};
use crate::dataset::pixels::CHUNK;
use crate::dataset::posters::Posters;
use crate::fetch::{RequestOptions, download};
use crate::files::hex;
use crate::progress;

/// The opened folders and archives, and the folder of downloaded posters.
pub(super) struct Sources {
    pub(super) posters: Vec<Posters>,
    /// The posters that each manifest holds itself.
    held: Vec<Option<Posters>>,
    /// Whether each manifest has its own element of `posters`.
    paired: bool,
    downloads: PathBuf,
    requests: RequestOptions,
}

impl Sources {
    pub(super) fn open(options: &Options) -> Result<Sources> {
        let posters: Vec<Posters> = if options.posters.is_empty() {
            // web addresses, or paths relative to the folder of the manifest
            let folder = |manifest: &PathBuf| match manifest.parent() {
                Some(folder) if folder != Path::new("") => folder.to_owned(),
                _ => PathBuf::from("."),
            };
            let folders = options.manifests.iter().map(folder);
            folders.map(Posters::Folder).collect()
        } else {
            let paths = options.posters.iter();
            paths
                .map(|path| Posters::open(path))
                .collect::<Result<_>>()?
        };
        let held = options.manifests.iter();
        let held = held.map(|manifest| match holds_posters(manifest)? {
            true => Posters::open(manifest).map(Some),
            false => Ok(None),
        });
        Ok(Sources {
            held: held.collect::<Result<_>>()?,
            paired: posters.len() == options.manifests.len() || options.manifests.is_empty(),
            posters,
            downloads: options.downloads.clone(),
            requests: options.requests.clone(),
        })
    }

    /// The bytes of a poster that a manifest names, or why they cannot be read.
    pub(super) fn read(&self, manifest: usize, name: &str) -> Result<Vec<u8>, (Reason, String)> {
        if is_address(name) {
            return std::fs::read(self.downloaded(name))
                .map_err(|error| (Reason::NotDownloaded, error.to_string()));
        }
        let places = if self.paired {
            &self.posters[manifest..=manifest]
        } else {
            &self.posters[..]
        };
        let mut problem = "there is no file of that name".to_owned();
        let held = self.held.get(manifest).into_iter().flatten();
        for posters in held.chain(places) {
            match posters.read(name) {
                Ok(Some(bytes)) => return Ok(bytes),
                Ok(None) => {}
                // another folder may have it
                Err(detail) => problem = detail,
            }
        }
        Err((Reason::NoPoster, problem))
    }

    /// Downloads the posters that are web addresses, except those that were downloaded before.
    pub(super) fn download(&self, ledger: &mut Ledger) -> Result<()> {
        const WANTED: &str = "FROM film WHERE reason IS NULL AND digest IS NULL
                              AND (poster GLOB 'http://*' OR poster GLOB 'https://*')";
        // what an interrupted build could not download is tried again
        ledger.db.execute(
            "UPDATE film SET reason = NULL, detail = NULL WHERE reason = ?",
            [Reason::NotDownloaded.to_string()],
        )?;
        let count = format!("SELECT COUNT(*) {WANTED}");
        let all: usize = ledger.db.query_row(&count, [], |row| row.get(0))?;
        if all == 0 {
            return Ok(());
        }
        let bar = progress::bar("downloading", all as u64, "posters");
        let following = format!("SELECT row, poster {WANTED} AND row > ? ORDER BY row LIMIT ?");
        let mut last = 0;
        loop {
            let films: Vec<(i64, String)> = ledger
                .db
                .prepare_cached(&following)?
                .query_map(params![last, CHUNK], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let Some((row, _)) = films.last() else { break };
            last = *row;
            let wanted: Vec<(String, PathBuf)> = films
                .iter()
                .map(|(_, address)| (address.clone(), self.downloaded(address)))
                .collect();
            let results = download(&wanted, &self.requests, &bar)?;
            let transaction = ledger.db.transaction()?;
            for ((row, _), result) in films.iter().zip(results) {
                if let Err(detail) = result {
                    transaction.execute(
                        "UPDATE film SET reason = ?, detail = ? WHERE row = ?",
                        params![Reason::NotDownloaded.to_string(), detail, row],
                    )?;
                }
            }
            transaction.commit()?;
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// The file of a downloaded poster. Its name is a hash, because the address can be long, can
    /// have characters that no file name has, and can hold a secret.
    fn downloaded(&self, address: &str) -> PathBuf {
        let digest = Sha256::digest(address);
        let name = hex(&digest[..16]);
        self.downloads.join(Path::new(&name[..2])).join(name)
    }
}

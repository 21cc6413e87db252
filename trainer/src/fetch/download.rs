//! Posters from the web to files: whole ones only.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use marquee_models::preprocess::Format;
use reqwest::Url;

use super::each::each;
use super::polite::{Client, NO_ADDRESS, Polite, Refusal};
use crate::dataset::write_whole;

/// Downloads posters, each from an address to a file, and says for each why it is not there, if so.
///
/// Asks as `polite` says. A file that is there already is not asked for; one that is written is
/// whole, and a picture by its first bytes. The reasons name no addresses, which may hold secrets.
/// The bar moves by one for each poster.
///
/// Blocks until all are done; must not be called from within an async runtime.
///
/// # Errors
///
/// Where nothing can be downloaded at all, or a file cannot be written.
pub fn download(
    wanted: &[(String, PathBuf)],
    polite: &Polite,
    bar: &ProgressBar,
) -> Result<Vec<Result<(), String>>> {
    let client = Arc::new(Client::new(polite)?);
    let mut results = vec![Ok(()); wanted.len()];
    let mut owners: HashMap<&Path, usize> = HashMap::new();
    let mut missing = Vec::new();
    for (index, (address, path)) in wanted.iter().enumerate() {
        let owner = *owners.entry(path).or_insert(index);
        if owner != index {
            if wanted[owner].0 != *address {
                results[index] = Err("another poster has the same file name".to_owned());
            }
            bar.inc(1);
        } else if path.metadata().is_ok_and(|file| file.len() > 0) {
            bar.inc(1);
        } else {
            missing.push((index, address.clone(), path.clone()));
        }
    }
    block_on(each(
        missing,
        polite.connections,
        |(index, address, path)| {
            let client = Arc::clone(&client);
            async move {
                let result = match Url::parse(&address) {
                    Ok(url) => poster(&client, url, &path).await?,
                    Err(_) => Err(NO_ADDRESS.to_owned()),
                };
                Ok((index, result))
            }
        },
        |(index, result)| {
            results[index] = result;
            bar.inc(1);
            Ok(())
        },
    ))?;
    for (index, (_, path)) in wanted.iter().enumerate() {
        let owner = owners[path.as_path()];
        if results[index].is_ok() {
            results[index] = results[owner].clone();
        }
    }
    Ok(results)
}

/// Downloads one poster, or says why it is lost.
///
/// # Errors
///
/// Where the file cannot be written.
pub(super) async fn poster(client: &Client, url: Url, path: &Path) -> Result<Result<(), String>> {
    let picture = |body: Vec<u8>| match Format::of(&body) {
        Ok(_) => Ok(body),
        Err(error) => Err(format!("what came is no poster: {error}")),
    };
    match client.ask(client.http().get(url).build(), picture).await {
        Ok(bytes) => write_whole(path, &bytes).map(Ok),
        Err(Refusal::Lost(reason)) => Ok(Err(reason)),
        Err(Refusal::Unauthorised) => Ok(Err("the server answered 401 Unauthorized".to_owned())),
    }
}

/// Runs requests to their end.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the threads that download")?;
    let result = runtime.block_on(work);
    // without waiting for the system to look up a name that nobody needs any more
    runtime.shutdown_background();
    result
}

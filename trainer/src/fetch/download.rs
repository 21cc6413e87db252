use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use futures_util::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;
use marquee_models::preprocess::Format;
use reqwest::Url;

use super::client::{Client, NO_ADDRESS, block_on};
use super::request_options::RequestOptions;
use super::retries::Refusal;
use crate::files::write_whole;

/// Downloads posters, each from an address to a file. For each, the result is the reason in words if
/// the poster could not be downloaded.
///
/// A file that is there already is not downloaded again. A new file is complete, and its first bytes
/// are those of a picture. The reasons do not quote addresses, which can hold secrets. The bar moves
/// by one for each poster.
///
/// Blocks the thread until all is done. Must not be called from within an async runtime.
///
/// # Errors
///
/// If nothing can be downloaded at all, or if a file cannot be written.
pub fn download(
    wanted: &[(String, PathBuf)],
    requests: &RequestOptions,
    bar: &ProgressBar,
) -> Result<Vec<Result<(), String>>> {
    let client = Client::new(requests)?;
    let mut addresses: HashMap<&Path, &str> = HashMap::new();
    let mut missing = Vec::new();
    for (address, path) in wanted {
        if addresses.contains_key(path.as_path()) {
            continue;
        }
        addresses.insert(path, address);
        if !path.metadata().is_ok_and(|file| file.len() > 0) {
            missing.push((address, path));
        }
    }
    bar.inc((wanted.len() - missing.len()) as u64);
    let mut lost: HashMap<&Path, String> = HashMap::new();
    block_on(async {
        let mut downloads = stream::iter(missing)
            .map(async |(address, path): (&String, _)| {
                let result = match Url::parse(address) {
                    Ok(url) => poster(&client, url, path).await?,
                    Err(_) => Err(NO_ADDRESS.to_owned()),
                };
                anyhow::Ok((path, result))
            })
            .buffer_unordered(client.connections());
        while let Some((path, result)) = downloads.try_next().await? {
            if let Err(reason) = result {
                lost.insert(path, reason);
            }
            bar.inc(1);
        }
        Ok(())
    })?;
    let result = |(address, path): &(String, PathBuf)| match lost.get(path.as_path()) {
        _ if addresses[path.as_path()] != address => {
            Err("another poster has the same file name".to_owned())
        }
        Some(reason) => Err(reason.clone()),
        None => Ok(()),
    };
    Ok(wanted.iter().map(result).collect())
}

/// Downloads one poster. The inner result is the reason in words if that failed.
///
/// # Errors
///
/// If the file cannot be written.
pub(super) async fn poster(client: &Client, url: Url, path: &Path) -> Result<Result<(), String>> {
    let picture = |body: Vec<u8>| match Format::of(&body) {
        Ok(_) => Ok(body),
        Err(error) => Err(format!("the answer is not a poster: {error}")),
    };
    match client.ask(client.http().get(url).build(), picture).await {
        Ok(bytes) => write_whole(path, &bytes).map(Ok),
        Err(Refusal::Lost(reason)) => Ok(Err(reason)),
        Err(Refusal::Unauthorised) => Ok(Err("the server answered 401 Unauthorized".to_owned())),
    }
}

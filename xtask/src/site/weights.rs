//! Writes the hashes of the networks' weights into the built site's list of networks: browsers refuse
//! weights that were changed on the way.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{fs, path::Path};

/// Adds `sha256`, in hexadecimal, to each network of `weights/index.json` in `dist`.
///
/// # Errors
///
/// If there is no such list, or a network's file is not there.
pub(super) fn add_hashes(dist: &Path) -> Result<()> {
    let folder = dist.join("weights");
    let list = folder.join("index.json");
    let read =
        |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let mut index: Value = serde_json::from_slice(&read(&list)?)
        .with_context(|| format!("{} is no JSON", list.display()))?;
    let networks = index["networks"].as_array_mut();
    for network in networks.with_context(|| format!("{} lists no networks", list.display()))? {
        let file = network["file"].as_str();
        let file =
            file.with_context(|| format!("{} names no file in {network}", list.display()))?;
        let digest = Sha256::digest(read(&folder.join(file))?);
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        network["sha256"] = json!(hash);
    }
    fs::write(&list, index.to_string()).with_context(|| format!("cannot write {}", list.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_the_hash_of_every_networks_weights() {
        let dist = tempfile::tempdir().expect("a folder");
        let folder = dist.path().join("weights");
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join("a.safetensors"), "abc").expect("a file");
        let list = folder.join("index.json");
        let write = |file: &str| {
            let networks = json!({ "networks": [{ "name": "a", "file": file }] });
            fs::write(&list, networks.to_string()).expect("a file");
        };
        write("a.safetensors");
        add_hashes(dist.path()).expect("all is there");
        let index: Value =
            serde_json::from_slice(&fs::read(&list).expect("the list")).expect("JSON");
        // As FIPS 180-4 has it.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(
            index["networks"][0],
            json!({ "name": "a", "file": "a.safetensors", "sha256": abc })
        );
        write("b.safetensors");
        let error = add_hashes(dist.path()).expect_err("a file is missing");
        assert!(error.to_string().contains("b.safetensors"), "{error}");
    }
}

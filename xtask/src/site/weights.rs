//! The networks of a site: a folder with their weights, and the list of them that the page loads.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The list's name in the folder.
const LIST: &str = "index.json";

/// What lies beside a network's weights: its figures and its model card.
const BESIDE: [&str; 2] = ["json", "md"];

/// The networks of a folder. The first one answers first.
pub(super) struct Networks {
    folder: PathBuf,
    /// As in `index.json`, each with its `name`, `file`, `labels` and the hash of its weights.
    list: Vec<Value>,
}

impl Networks {
    /// Those that the folder's `index.json` lists; without one, all `.safetensors` files there, by their names.
    /// `first` is the name of the one that answers first, where that is not the list's first.
    ///
    /// # Errors
    ///
    /// If the folder has none, one of the files is not there or is no network, or none is called `first`.
    pub(super) fn read(folder: &Path, first: Option<&str>) -> Result<Networks> {
        let path = folder.join(LIST);
        let mut list = if path.is_file() {
            let index: Value = serde_json::from_slice(&read(&path)?)
                .with_context(|| format!("{} is no JSON", path.display()))?;
            let networks = index["networks"].as_array().cloned();
            networks.with_context(|| format!("{} lists no networks", path.display()))?
        } else {
            found(folder)?
        };
        for network in &mut list {
            let file = network["file"].as_str();
            let file =
                file.with_context(|| format!("{} names no file in {network}", path.display()))?;
            let weights = folder.join(file);
            let bytes = read(&weights)?;
            let labels = labels(&bytes).with_context(|| {
                let path = weights.display();
                format!("{path} is not a network of Marquee; `marquee export` writes such files")
            })?;
            // Browsers refuse weights that were changed on the way.
            let digest = Sha256::digest(&bytes);
            let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            network["labels"] = json!(labels);
            network["sha256"] = json!(hash);
        }
        ensure!(
            !list.is_empty(),
            "{} holds no network: no .safetensors file, such as `marquee export` writes",
            folder.display()
        );
        if let Some(first) = first {
            let name = |network: &Value| network["name"].as_str().unwrap_or_default().to_owned();
            let Some(at) = list.iter().position(|network| name(network) == first) else {
                let names: Vec<String> = list.iter().map(name).collect();
                bail!(
                    "first = {first:?}: {} has no network of this name; it has {}",
                    folder.display(),
                    names.join(", ")
                );
            };
            list[..=at].rotate_right(1);
        }
        Ok(Networks {
            folder: folder.to_owned(),
            list,
        })
    }

    /// The labels of all networks.
    pub(super) fn labels(&self) -> BTreeSet<String> {
        let labels = self
            .list
            .iter()
            .filter_map(|network| network["labels"].as_array());
        let labels = labels.flatten().filter_map(Value::as_str);
        labels.map(str::to_owned).collect()
    }

    /// Writes the list, the weights, and what lies beside them into a folder.
    ///
    /// # Errors
    ///
    /// If a file can't be copied.
    pub(super) fn copy(&self, to: &Path) -> Result<()> {
        fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
        for file in self
            .list
            .iter()
            .filter_map(|network| network["file"].as_str())
        {
            let beside = BESIDE.map(|ending| Path::new(file).with_extension(ending));
            let beside = beside
                .iter()
                .filter(|name| self.folder.join(name).is_file());
            for name in beside.map(PathBuf::as_path).chain([Path::new(file)]) {
                super::files::copy(&self.folder.join(name), &to.join(name))?;
            }
        }
        let list = to.join(LIST);
        fs::write(&list, json!({ "networks": self.list }).to_string())
            .with_context(|| format!("cannot write {}", list.display()))
    }
}

/// The `.safetensors` files of a folder, each as a network of its file's name.
fn found(folder: &Path) -> Result<Vec<Value>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if path.extension().is_some_and(|it| it == "safetensors") {
            let stem = stem.with_context(|| format!("{} is no name", path.display()))?;
            names.insert(stem.to_owned());
        }
    }
    let network = |name: String| json!({ "name": name, "file": format!("{name}.safetensors") });
    Ok(names.into_iter().map(network).collect())
}

/// The labels that a weights file names.
fn labels(bytes: &[u8]) -> Result<Vec<String>> {
    let (length, rest) = bytes.split_first_chunk().context("it is too short")?;
    let length = usize::try_from(u64::from_le_bytes(*length))?;
    let header = rest.get(..length).context("it is cut off")?;
    let header: Value = serde_json::from_slice(header)?;
    let labels = header["__metadata__"]["labels"].as_str();
    Ok(serde_json::from_str(labels.context("it names no labels")?)?)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of a weights file with these labels, without weights.
    fn weights(labels: &[&str]) -> Vec<u8> {
        let header = json!({ "__metadata__": { "labels": json!(labels).to_string() } }).to_string();
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], header.as_bytes()].concat()
    }

    fn folder(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).expect("a file");
        }
        folder
    }

    #[test]
    fn a_folder_without_a_list_has_the_networks_that_lie_there() {
        let files = [
            ("shelf.safetensors", weights(&["Western", "Kids"])),
            ("shelf.md", b"# Shelf".to_vec()),
            ("best.safetensors", weights(&["Kids"])),
            ("notes.txt", Vec::new()),
        ];
        let folder = folder(&files);
        let networks = Networks::read(folder.path(), Some("shelf")).expect("two networks");
        assert_eq!(
            networks.labels().into_iter().collect::<Vec<_>>(),
            ["Kids", "Western"]
        );
        let site = tempfile::tempdir().expect("a folder");
        networks.copy(site.path()).expect("it can be written");
        let index: Value =
            serde_json::from_slice(&read(&site.path().join(LIST)).expect("the list"))
                .expect("JSON");
        let first = &index["networks"][0];
        assert_eq!(first["name"], "shelf");
        assert_eq!(first["labels"], json!(["Western", "Kids"]));
        let hash = Sha256::digest(&files[0].1);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(first["sha256"], hash);
        assert_eq!(index["networks"][1]["file"], "best.safetensors");
        for (name, there) in [
            ("shelf.md", true),
            ("best.safetensors", true),
            ("notes.txt", false),
        ] {
            assert_eq!(site.path().join(name).is_file(), there, "{name}");
        }
    }

    #[test]
    fn a_list_keeps_its_order_and_what_it_says() {
        let list = json!({ "networks": [
            { "name": "b", "title": "B", "file": "b.safetensors" },
            { "name": "a", "file": "a.safetensors", "best": true },
        ] });
        let folder = folder(&[
            ("index.json", list.to_string().into_bytes()),
            ("a.safetensors", weights(&["x"])),
            ("b.safetensors", weights(&["x"])),
            ("c.safetensors", weights(&["x"])),
        ]);
        let networks = Networks::read(folder.path(), None).expect("two networks");
        assert_eq!(networks.list.len(), 2);
        assert_eq!(networks.list[0]["title"], "B");
        assert_eq!(networks.list[1]["best"], true);
        let error = Networks::read(folder.path(), Some("c"))
            .err()
            .expect("it is not listed");
        let error = error.to_string();
        assert!(error.contains("\"c\"") && error.contains("b, a"), "{error}");
        fs::remove_file(folder.path().join("a.safetensors")).expect("it is there");
        let error = Networks::read(folder.path(), None)
            .err()
            .expect("one is missing");
        assert!(error.to_string().contains("a.safetensors"), "{error}");
    }

    #[test]
    fn a_folder_without_networks_is_refused_and_so_is_a_file_that_is_none() {
        let error = |files: &[(&str, Vec<u8>)]| {
            let folder = folder(files);
            let error = Networks::read(folder.path(), None).err();
            format!("{:#}", error.expect("no network"))
        };
        assert!(error(&[]).contains("marquee export"));
        let damaged = error(&[("x.safetensors", b"no network".to_vec())]);
        assert!(
            damaged.contains("x.safetensors is not a network"),
            "{damaged}"
        );
    }
}

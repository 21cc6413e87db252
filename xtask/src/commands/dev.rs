//! `cargo xtask dev`: the page while somebody works on it.

use crate::{
    paths,
    server::{self, Site},
    site::{Content, development},
};
use anyhow::{Context, Result};
use clap::Args;
use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// Serve the page while you work on it: build it again after each change
///
/// The programs are compiled in the development profile and not made small, so do not measure this
/// page. It does not work offline.
#[derive(Args)]
pub(crate) struct Dev {
    /// The port to serve on
    #[arg(long, default_value_t = 8081)]
    port: u16,
    /// Build the GPU worker, too, which takes minutes the first time. Otherwise the one in dist/ is
    /// used, if `cargo xtask build` has made one
    #[arg(long)]
    gpu: bool,
    #[command(flatten)]
    content: Content,
}

/// What the page is made of, in the checkout.
const SOURCES: [&str; 8] = [
    "app",
    "evaluation",
    "models",
    "onnx",
    "site",
    "www",
    "Cargo.lock",
    "Cargo.toml",
];

/// How often the sources are looked at.
const PAUSE: Duration = Duration::from_millis(300);

impl Dev {
    pub(crate) fn run(self) -> Result<()> {
        let listener = server::listen(Ipv4Addr::LOCALHOST.into(), self.port, "dev")?;
        let folder = paths::target()?.join("development-site");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let site = Site::start(listener, &folder, "/")?;
        let mut built = None;
        loop {
            let sources = SOURCES.map(|name| paths::root().join(name));
            let sources = sources.iter().map(PathBuf::as_path);
            let changed = sources.chain(self.content.sources()).map(last_change);
            let changed = changed.max().flatten();
            if built != Some(changed) {
                built = Some(changed);
                let start = Instant::now();
                match development::build(&self.content, &folder, self.gpu) {
                    Ok(()) => println!(
                        "\nBuilt in {:.1} s: (re)load {} — Ctrl-C stops it",
                        start.elapsed().as_secs_f32(),
                        site.url()
                    ),
                    Err(error) => println!("\nnot built: {error:#}"),
                }
            }
            thread::sleep(PAUSE);
        }
    }
}

/// When a file, or the newest file below a folder, was changed. None where nothing can be read: an
/// editor may just be replacing it.
fn last_change(path: &Path) -> Option<SystemTime> {
    match fs::read_dir(path) {
        Ok(entries) => entries
            .flatten()
            .map(|entry| last_change(&entry.path()))
            .max()
            .flatten(),
        Err(_) => fs::metadata(path).ok()?.modified().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_the_page_is_made_of_is_looked_at() {
        let manifest = paths::root().join("app/Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("it is there");
        let manifest: toml::Table = toml::from_str(&manifest).expect("it is TOML");
        let dependencies = manifest["dependencies"].as_table().expect("a table").keys();
        let ours: Vec<&str> = dependencies
            .filter_map(|name| name.strip_prefix("marquee-"))
            .collect();
        assert!(ours.contains(&"models"), "{ours:?}");
        for name in ours {
            assert!(SOURCES.contains(&name), "{name} is not looked at");
        }
    }

    #[test]
    fn a_change_in_any_folder_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("a/b");
        fs::create_dir_all(&inner).expect("a folder");
        assert_eq!(last_change(folder.path()), None);
        let mut last = None;
        for (second, name) in [(2, "a/b/old.rs"), (3, "a/new.rs"), (4, "a/b/old.rs")] {
            let path = folder.path().join(name);
            fs::write(&path, name).expect("a file");
            let when = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
            let file = fs::File::options().write(true).open(&path);
            file.and_then(|file| file.set_modified(when))
                .expect("a time");
            let seen = last_change(folder.path());
            assert!(seen > last, "{name}");
            last = seen;
        }
    }
}

//! The project's folders: in the checkout, and in the cache outside it.

use anyhow::{Context, Result};
use std::{
    env,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// The checkout: the folder of the workspace's Cargo.toml.
///
/// Cargo tells it at run time. A path that was compiled in could be another checkout's where several
/// checkouts share one target folder.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = package.as_deref().and_then(Path::parent);
        root.unwrap_or(Path::new(".")).to_owned()
    })
}

/// The built site.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// The Node package with the page's tests.
pub(crate) fn end2end() -> PathBuf {
    root().join("end2end")
}

/// Cargo's target folder. This program lies in it, in whatever way the folder was chosen.
pub(crate) fn target() -> Result<PathBuf> {
    let program = env::current_exe().context("cannot find this program's own file")?;
    let target = program.parent().and_then(Path::parent);
    Ok(target
        .context("this program does not lie in a target folder; start it with `cargo xtask`")?
        .to_owned())
}

/// Files that only the tests need: drawn posters, the browser's settings.
pub(crate) fn scratch() -> Result<PathBuf> {
    let scratch = target()?.join("xtask");
    std::fs::create_dir_all(&scratch)
        .with_context(|| format!("cannot make the folder {}", scratch.display()))?;
    Ok(scratch)
}

/// The installed tools. All checkouts share them.
pub(crate) fn tools() -> Result<PathBuf> {
    Ok(cache(|name| env::var_os(name).map(PathBuf::from))?.join("tools"))
}

/// The cache folder. `var` reads an environment variable.
fn cache(var: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf> {
    let var = |name: &str| var(name).filter(|value| !value.as_os_str().is_empty());
    if let Some(chosen) = var("MARQUEE_CACHE") {
        return std::path::absolute(&chosen)
            .with_context(|| format!("MARQUEE_CACHE names no folder: {}", chosen.display()));
    }
    let caches = if cfg!(windows) {
        var("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        var("HOME").map(|home| home.join("Library/Caches"))
    } else {
        // The XDG specification wants relative paths ignored.
        var("XDG_CACHE_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| var("HOME").map(|home| home.join(".cache")))
    };
    Ok(caches
        .context("no home folder is known; set MARQUEE_CACHE to a folder for the tools")?
        .join("marquee"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache_with(vars: &[(&str, &str)]) -> Option<PathBuf> {
        cache(|name| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| PathBuf::from(value))
        })
        .ok()
    }

    #[test]
    fn the_chosen_cache_wins() {
        let vars = [("MARQUEE_CACHE", "/chosen"), ("HOME", "/home/me")];
        assert_eq!(cache_with(&vars), Some(PathBuf::from("/chosen")));
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_cache_follows_xdg_then_home() {
        let vars = [("XDG_CACHE_HOME", "/xdg"), ("HOME", "/home/me")];
        assert_eq!(cache_with(&vars), Some(PathBuf::from("/xdg/marquee")));
        let vars = [("XDG_CACHE_HOME", "relative"), ("HOME", "/home/me")];
        assert_eq!(
            cache_with(&vars),
            Some(PathBuf::from("/home/me/.cache/marquee"))
        );
        let vars = [("MARQUEE_CACHE", ""), ("HOME", "/home/me")];
        assert_eq!(
            cache_with(&vars),
            Some(PathBuf::from("/home/me/.cache/marquee"))
        );
        assert_eq!(cache_with(&[]), None);
    }
}

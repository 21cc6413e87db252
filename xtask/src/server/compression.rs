//! What is sent smaller than it is, as any good host does: a page that is measured here must weigh
//! what it weighs there.

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

/// The name of the one encoding, in the header's fields.
pub(super) const BROTLI: &str = "br";

/// Nearly as small as the best, in a fiftieth of the time.
const QUALITY: i32 = 5;

/// Endings of files that get smaller. Pictures and fonts are compressed already.
const SMALLER: [&str; 11] = [
    "css",
    "html",
    "js",
    "json",
    "mjs",
    "safetensors",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// Whether it is worth the while.
pub(super) fn pays(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| SMALLER.contains(&ending.to_ascii_lowercase().as_str()))
}

/// Whether a browser that sends this `Accept-Encoding` understands it.
pub(super) fn accepted(field: &str) -> bool {
    field.split(',').any(|encoding| {
        let mut parts = encoding.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(BROTLI));
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").map(str::parse::<f32>);
            weight.is_some_and(|weight| !weight.is_ok_and(|weight| weight > 0.0))
        });
        named && !refused
    })
}

/// When each file was changed, and its compressed bytes.
type Files = HashMap<PathBuf, (SystemTime, Arc<Vec<u8>>)>;

/// Compressed files, kept until they change.
#[derive(Default)]
pub(super) struct Shelf(Mutex<Files>);

impl Shelf {
    /// A file's bytes, compressed.
    ///
    /// # Errors
    ///
    /// If it can't be read.
    pub(super) fn get(&self, path: &Path) -> Result<Arc<Vec<u8>>> {
        let changed = fs::metadata(path)?.modified()?;
        let kept = self.files().get(path).cloned();
        if let Some((when, bytes)) = kept
            && when == changed
        {
            return Ok(bytes);
        }
        // Others are served meanwhile; two who ask for the same at once both compress it.
        let bytes = Arc::new(compress(&fs::read(path)?)?);
        self.files()
            .insert(path.to_owned(), (changed, Arc::clone(&bytes)));
        Ok(bytes)
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        // Whoever panicked with it has left whole entries.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: QUALITY,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_says_what_it_understands() {
        for field in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, BR ; q=0.8"] {
            assert!(accepted(field), "{field}");
        }
        for field in [
            "",
            "gzip",
            "identity",
            "br;q=0",
            "gzip, br; q=0.0",
            "bro",
            "*",
        ] {
            assert!(!accepted(field), "{field}");
        }
    }

    #[test]
    fn only_what_gets_smaller_is_compressed() {
        for name in [
            "index.html",
            "a/page_bg.wasm",
            "weights/cnn32.safetensors",
            "A.JS",
        ] {
            assert!(pays(Path::new(name)), "{name}");
        }
        for name in [
            "a.woff2",
            "samples/fox.webp",
            "share.jpg",
            "LICENSE",
            "b.png",
        ] {
            assert!(!pays(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_file_that_changes_is_compressed_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.js");
        let shelf = Shelf::default();
        let mut seen = Vec::new();
        for (second, text) in [(1, "before ".repeat(100)), (2, "after ".repeat(100))] {
            fs::write(&path, &text).expect("a file");
            // Two writes may fall into one tick of the file system's clock.
            let when = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second);
            let file = fs::File::options().write(true).open(&path);
            file.and_then(|file| file.set_modified(when))
                .expect("a time");
            let bytes = shelf.get(&path).expect("it is there");
            assert!(bytes.len() < text.len() / 4);
            let mut whole = Vec::new();
            brotli::BrotliDecompress(&mut &bytes[..], &mut whole).expect("it is brotli");
            assert_eq!(String::from_utf8(whole).expect("text"), text);
            assert!(Arc::ptr_eq(&bytes, &shelf.get(&path).expect("it is kept")));
            seen.push(bytes);
        }
        assert_ne!(seen[0], seen[1]);
        assert!(shelf.get(&folder.path().join("none.js")).is_err());
    }
}

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result};
use marquee_models::network::{CHANNELS, Size};

/// The resized posters that [`inspect`](super::inspect) has written, to be read in any order.
pub(super) struct Packed {
    file: File,
    /// Of one poster.
    bytes: usize,
}

impl Packed {
    pub(super) fn open(path: &Path, size: Size) -> Result<Packed> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Packed {
            file,
            bytes: size.pixels() * CHANNELS,
        })
    }

    /// Reads the poster at this place into `pixels`, which is made to fit.
    pub(super) fn read(&mut self, place: u64, pixels: &mut Vec<u8>) -> Result<()> {
        pixels.resize(self.bytes, 0);
        self.file
            .seek(SeekFrom::Start(place * self.bytes as u64))
            .and_then(|_| self.file.read_exact(pixels))
            .context("cannot read the resized posters back")
    }
}

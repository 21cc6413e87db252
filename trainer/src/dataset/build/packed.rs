use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result};
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::Rgb8;

/// The size at which pixels are compared. It does not depend on the size of the dataset, so that the
/// same films are alike in all of them.
pub(super) const THUMBNAIL: Size = Size {
    width: 32,
    height: 32,
};

/// The small pictures of the posters that [`inspect`](super::inspect) has written, to be read in any order.
pub(super) struct Packed {
    file: File,
}

impl Packed {
    /// Bytes of one of them.
    pub(super) const BYTES: usize = THUMBNAIL.width * THUMBNAIL.height * CHANNELS;
}

impl Packed {
    pub(super) fn open(path: &Path) -> Result<Packed> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Packed { file })
    }

    /// Reads the poster at this place into `pixels`, which is made to fit.
    pub(super) fn read(&mut self, place: u64, pixels: &mut Vec<u8>) -> Result<()> {
        pixels.resize(Packed::BYTES, 0);
        self.file
            .seek(SeekFrom::Start(place * Packed::BYTES as u64))
            .and_then(|_| self.file.read_exact(pixels))
            .context("cannot read the small pictures back")
    }

    /// The picture at this place.
    pub(super) fn picture(&mut self, place: u64) -> Result<Rgb8> {
        let mut pixels = Vec::new();
        self.read(place, &mut pixels)?;
        Ok(Rgb8 {
            width: THUMBNAIL.width,
            height: THUMBNAIL.height,
            pixels,
        })
    }
}

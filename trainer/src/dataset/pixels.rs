use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use marquee_models::network::{CHANNELS, Size};
use memmap2::Mmap;

use super::statistics::Statistics;

/// How many posters are decoded between two writes, so that memory does not grow with the dataset.
pub(super) const CHUNK: usize = 1024;

/// All posters of a dataset at one size, as a memory-mapped file: the pixels of each row's poster in
/// the order of the rows, as RGB8, line by line.
pub struct Pixels {
    map: Mmap,
    size: Size,
    statistics: Statistics,
}

impl Pixels {
    /// The size of each poster, in pixels.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Mean and standard deviation over the training split.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// The poster of a row: `width * height * 3` bytes, red, green and blue of each pixel.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn poster(&self, row: usize) -> &[u8] {
        let bytes = self.size.pixels() * CHANNELS;
        &self.map[row * bytes..(row + 1) * bytes]
    }

    pub(super) fn open(
        path: &Path,
        size: Size,
        rows: usize,
        statistics: Statistics,
    ) -> Result<Pixels> {
        let shown = path.display();
        let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
        // the file is never changed once it is there
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }.with_context(|| format!("cannot map {shown}"))?;
        ensure!(
            map.len() == rows * size.pixels() * CHANNELS,
            "{shown} does not have the length of {rows} posters; remove it and run the command again"
        );
        Ok(Pixels {
            map,
            size,
            statistics,
        })
    }
}

/// The file of the posters at this size, within a dataset's folder.
pub(super) fn file_name(size: Size) -> PathBuf {
    Path::new("pixels").join(format!("{size}.rgb"))
}

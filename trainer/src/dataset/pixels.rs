use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::{self, Rgb8};
use memmap2::Mmap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Dataset, Split, write_whole};
use crate::posters::Posters;
use crate::progress;

/// Posters that are decoded between two writes: memory does not grow with the dataset.
pub(super) const CHUNK: usize = 1024;

/// Mean and standard deviation of red, green and blue over all pixels of the training split, in
/// 0–1.
///
/// The deviation is that of all pixels together, not a mean of the pictures' own deviations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// Means.
    pub mean: [f32; CHANNELS],
    /// Standard deviations.
    pub std: [f32; CHANNELS],
}

/// Sums from which [`Statistics`] are made; whole numbers, so that the order does not matter.
#[derive(Default)]
pub(super) struct Sums {
    count: u64,
    sum: [u64; CHANNELS],
    squares: [u64; CHANNELS],
}

impl Sums {
    pub(super) fn add(&mut self, pixels: &[u8]) {
        self.count += (pixels.len() / CHANNELS) as u64;
        for pixel in pixels.chunks_exact(CHANNELS) {
            for (channel, value) in pixel.iter().enumerate() {
                let value = u64::from(*value);
                self.sum[channel] += value;
                self.squares[channel] += value * value;
            }
        }
    }

    pub(super) fn statistics(&self) -> Statistics {
        let count = self.count.max(1) as f64;
        let mean = self.sum.map(|sum| sum as f64 / count);
        let std = std::array::from_fn(|channel| {
            let variance = self.squares[channel] as f64 / count - mean[channel].powi(2);
            // a flat picture would divide by zero
            (variance.max(1.0).sqrt() / 255.0) as f32
        });
        Statistics {
            mean: mean.map(|mean| (mean / 255.0) as f32),
            std,
        }
    }
}

/// Every poster of a dataset at one size, memory-mapped: RGB8, row by row, one after the other.
pub struct Pixels {
    map: Mmap,
    size: Size,
    statistics: Statistics,
}

impl Pixels {
    /// Posters' size.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Mean and deviation over the training split.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// `width * height * 3` bytes of a film's poster.
    ///
    /// # Panics
    ///
    /// Where there are not so many films.
    pub fn poster(&self, film: usize) -> &[u8] {
        let bytes = self.size.pixels() * CHANNELS;
        &self.map[film * bytes..(film + 1) * bytes]
    }

    fn open(path: &Path, size: Size, films: usize, statistics: Statistics) -> Result<Pixels> {
        let shown = path.display();
        let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
        // A read-only map of a file that is written once, whole, and never changed.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }.with_context(|| format!("cannot map {shown}"))?;
        ensure!(
            map.len() == films * size.pixels() * CHANNELS,
            "{shown} has not the length of {films} posters; remove it and run the command again"
        );
        Ok(Pixels {
            map,
            size,
            statistics,
        })
    }
}

pub(super) fn file_name(size: Size) -> PathBuf {
    Path::new("pixels").join(format!("{size}.rgb"))
}

impl Dataset {
    /// Every poster at this size; made, and kept in the dataset's folder, where it is not there
    /// yet.
    ///
    /// # Errors
    ///
    /// Where the dataset's files cannot be read or written.
    pub fn pixels(&mut self, size: Size) -> Result<Pixels> {
        let path = self.folder.join(file_name(size));
        let known = self.summary.pixels.get(&size.to_string()).copied();
        let statistics = match known {
            Some(statistics) if path.is_file() => statistics,
            _ => self.pack(size, &path)?,
        };
        Pixels::open(&path, size, self.entries.len(), statistics)
    }

    /// Decodes a row's poster, turns it as the row says, and resizes it; or says in words why that
    /// cannot be done.
    fn decode(&self, posters: &Posters, row: usize, size: Size) -> Result<Rgb8, String> {
        let entry = &self.entries[row];
        let bytes = posters.read(&entry.poster)?;
        let bytes = bytes.ok_or("there is no such poster; build the dataset again")?;
        let picture = preprocess::decode(&bytes).map_err(|error| error.to_string())?;
        Ok(entry.variant.apply(picture).resize(size))
    }

    fn pack(&mut self, size: Size, path: &Path) -> Result<Statistics> {
        let tar = self.folder.join("posters.tar");
        let posters = Posters::open(&tar)?;
        let shown = path.display();
        let cannot_write = || format!("cannot write {shown}");
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(cannot_write)?;
        }
        let beside = path.with_extension("partial");
        let mut file = BufWriter::new(File::create(&beside).with_context(cannot_write)?);
        let mut sums = Sums::default();
        let bar = progress::bar("resizing", self.entries.len(), "posters");
        let films: Vec<usize> = (0..self.entries.len()).collect();
        for chunk in films.chunks(CHUNK) {
            let pictures: Vec<_> = chunk
                .par_iter()
                .map(|&film| self.decode(&posters, film, size))
                .collect();
            for (&film, picture) in chunk.iter().zip(pictures) {
                let entry = &self.entries[film];
                let picture = picture.map_err(|reason| {
                    anyhow::anyhow!("{}/{}: {reason}", tar.display(), entry.poster)
                })?;
                if entry.split == Split::Train {
                    sums.add(&picture.pixels);
                }
                file.write_all(&picture.pixels).with_context(cannot_write)?;
            }
            bar.inc(chunk.len() as u64);
        }
        file.flush().with_context(cannot_write)?;
        fs::rename(&beside, path).with_context(cannot_write)?;
        bar.finish_and_clear();

        let statistics = sums.statistics();
        self.summary.pixels.insert(size.to_string(), statistics);
        let json = serde_json::to_vec_pretty(&self.summary)?;
        write_whole(&self.folder.join("dataset.json"), &json)?;
        Ok(statistics)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deviation_is_that_of_all_pixels() {
        let mut sums = Sums::default();
        // two flat pictures, black and white: each deviates by 0, together they deviate by a half
        sums.add(&[0; 12]);
        sums.add(&[255; 12]);
        let statistics = sums.statistics();
        assert_eq!(statistics.mean, [0.5; 3]);
        assert_eq!(statistics.std, [0.5; 3]);
    }
}

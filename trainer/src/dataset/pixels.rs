use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::{self, Rgb8};
use memmap2::Mmap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Dataset, Protocol, Split};
use crate::dataset::posters::Posters;
use crate::files::write_whole;
use crate::progress;

/// Posters that are decoded between two writes: memory does not grow with the dataset.
pub(super) const CHUNK: usize = 1024;

/// Mean and standard deviation of red, green and blue over all pixels of the training split, in
/// 0–1.
///
/// The deviation is that of all pixels together. With [`Protocol::Student`] it is the mean of the
/// pictures' own deviations, as in the student project that Marquee grew out of: smaller, for it
/// leaves out how far the pictures' means lie apart. The means are the same either way, because all
/// pictures have the same size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// Means.
    pub mean: [f32; CHANNELS],
    /// Standard deviations.
    pub std: [f32; CHANNELS],
}

/// Sums over pictures of one size, from which [`Statistics`] are made.
#[derive(Default)]
pub(super) struct Sums {
    pixels: Moments,
    pictures: u64,
    /// Of the pictures' own deviations, in 0–255. Rows are added in a dataset's order, so that the
    /// same dataset gives the same sum.
    deviations: [f64; CHANNELS],
}

impl Sums {
    /// Adds a whole picture.
    pub(super) fn add(&mut self, picture: &[u8]) {
        let own = Moments::of(picture);
        self.pixels.add(&own);
        self.pictures += 1;
        for (sum, variance) in self.deviations.iter_mut().zip(own.variance()) {
            *sum += variance.sqrt();
        }
    }

    pub(super) fn statistics(&self, protocol: Protocol) -> Statistics {
        let deviation = match protocol {
            Protocol::Honest => self.pixels.variance().map(f64::sqrt),
            Protocol::Student => self.deviations.map(|sum| sum / self.pictures.max(1) as f64),
        };
        Statistics {
            mean: self.pixels.mean().map(|mean| (mean / 255.0) as f32),
            // flat pictures would divide by zero
            std: deviation.map(|deviation| (deviation.max(1.0) / 255.0) as f32),
        }
    }
}

/// How many pixels there are, and the sums of their values and of those squared; whole numbers, so
/// that the order does not matter.
#[derive(Default)]
struct Moments {
    count: u64,
    sum: [u64; CHANNELS],
    squares: [u64; CHANNELS],
}

impl Moments {
    fn of(pixels: &[u8]) -> Moments {
        let mut moments = Moments {
            count: (pixels.len() / CHANNELS) as u64,
            ..Moments::default()
        };
        for pixel in pixels.chunks_exact(CHANNELS) {
            for (channel, value) in pixel.iter().enumerate() {
                let value = u64::from(*value);
                moments.sum[channel] += value;
                moments.squares[channel] += value * value;
            }
        }
        moments
    }

    fn add(&mut self, other: &Moments) {
        self.count += other.count;
        for channel in 0..CHANNELS {
            self.sum[channel] += other.sum[channel];
            self.squares[channel] += other.squares[channel];
        }
    }

    fn mean(&self) -> [f64; CHANNELS] {
        self.sum.map(|sum| sum as f64 / self.count.max(1) as f64)
    }

    fn variance(&self) -> [f64; CHANNELS] {
        let mean = self.mean();
        std::array::from_fn(|channel| {
            let square = self.squares[channel] as f64 / self.count.max(1) as f64;
            // rounding must not make a flat picture's less than nothing
            (square - mean[channel].powi(2)).max(0.0)
        })
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

        let statistics = sums.statistics(self.summary.protocol);
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
        let statistics = sums.statistics(Protocol::Honest);
        assert_eq!(statistics.mean, [0.5; 3]);
        assert_eq!(statistics.std, [0.5; 3]);
    }

    #[test]
    fn the_seeds_deviation_is_the_mean_of_the_pictures_own() {
        let mut sums = Sums::default();
        // half black and half white deviates by 127.5, flat white by 0, and the next by 51
        sums.add(&[0, 0, 0, 255, 255, 255]);
        sums.add(&[255; 6]);
        sums.add(&[0, 0, 0, 102, 102, 102]);
        let student = sums.statistics(Protocol::Student);
        let near = |found: [f32; 3], expected: f32| {
            assert!(
                found.iter().all(|value| (value - expected).abs() < 1e-6),
                "{found:?} is not {expected}"
            );
        };
        near(student.std, (127.5 + 0.0 + 51.0) / 3.0 / 255.0);
        assert_eq!(student.mean, sums.statistics(Protocol::Honest).mean);

        // what is flat throughout is not divided by zero
        let mut flat = Sums::default();
        flat.add(&[7; 6]);
        near(flat.statistics(Protocol::Student).std, 1.0 / 255.0);
    }
}

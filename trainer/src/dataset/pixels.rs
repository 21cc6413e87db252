use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::Rgb8;
use memmap2::Mmap;

use super::statistics::Statistics;

/// How many posters are decoded between two writes, so that memory does not grow with the dataset.
pub(super) const CHUNK: usize = 1024;

/// Bytes of an entry in the list at the end of the file: the picture's width, height and place as little-endian `u32`,
/// `u32` and `u64`.
const ENTRY: usize = 16;

/// All posters of a dataset at one size, as a memory-mapped file: the RGB8 pixels of each row's poster, line by line, in
/// the order of the rows, and then a list of the pictures' sizes and places.
///
/// A poster with fewer pixels than that size is kept as it is, and enlarged each time that it is read, so that the file
/// needs no room for detail that is not there.
pub struct Pixels {
    map: Mmap,
    rows: usize,
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
    pub fn poster(&self, row: usize) -> Cow<'_, [u8]> {
        assert!(row < self.rows, "there are {} rows", self.rows);
        let (own, bytes) = self
            .kept(row)
            .expect("the list was checked when the file was opened");
        if own == self.size {
            return Cow::Borrowed(bytes);
        }
        let kept = Rgb8 {
            width: own.width,
            height: own.height,
            pixels: bytes.to_vec(),
        };
        Cow::Owned(kept.resize(self.size).pixels)
    }

    /// The size and the bytes of a row's picture; `None` where the file does not hold them.
    fn kept(&self, row: usize) -> Option<(Size, &[u8])> {
        let list = self.map.len().checked_sub(self.rows * ENTRY)?;
        let entry = &self.map[list + row * ENTRY..][..ENTRY];
        let (sides, place) = entry.split_at(8);
        let (width, height) = sides.split_at(4);
        let side = |bytes: &[u8]| Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize);
        let own = Size {
            width: side(width)?,
            height: side(height)?,
        };
        let place = usize::try_from(u64::from_le_bytes(place.try_into().ok()?)).ok()?;
        let bytes = own.width.checked_mul(own.height)?.checked_mul(CHANNELS)?;
        let kept = self.map[..list].get(place..place.checked_add(bytes)?)?;
        (bytes > 0).then_some((own, kept))
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
        let pixels = Pixels {
            map,
            rows,
            size,
            statistics,
        };
        ensure!(
            (0..rows).all(|row| pixels.kept(row).is_some()),
            "{shown} does not hold {rows} posters; remove it and run the command again"
        );
        Ok(pixels)
    }
}

/// A poster as [`Pixels`] keeps it: resized, or as it is where it has fewer pixels.
pub(super) fn kept(picture: Rgb8, size: Size) -> Rgb8 {
    match picture.width * picture.height < size.pixels() {
        true => picture,
        false => picture.resize(size),
    }
}

/// Writes the file that [`Pixels`] reads.
pub(super) struct PixelsWriter<W> {
    file: W,
    size: Size,
    place: u64,
    list: Vec<u8>,
}

impl<W: Write> PixelsWriter<W> {
    pub(super) fn new(file: W, size: Size) -> PixelsWriter<W> {
        PixelsWriter {
            file,
            size,
            place: 0,
            list: Vec::new(),
        }
    }

    /// Adds the next row's poster, which [`kept`] has made, and returns it at the full size.
    pub(super) fn add<'a>(&mut self, kept: &'a Rgb8) -> io::Result<Cow<'a, [u8]>> {
        self.file.write_all(&kept.pixels)?;
        for side in [kept.width, kept.height] {
            self.list.extend((side as u32).to_le_bytes());
        }
        self.list.extend(self.place.to_le_bytes());
        self.place += kept.pixels.len() as u64;
        let own = Size {
            width: kept.width,
            height: kept.height,
        };
        Ok(match own == self.size {
            true => Cow::Borrowed(&kept.pixels[..]),
            false => Cow::Owned(kept.resize(self.size).pixels),
        })
    }

    /// Writes the list.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.file.write_all(&self.list)?;
        self.file.flush()
    }
}

/// The file of the posters at this size, within a dataset's folder.
pub(super) fn file_name(size: Size) -> PathBuf {
    Path::new("pixels").join(format!("{size}.posters"))
}

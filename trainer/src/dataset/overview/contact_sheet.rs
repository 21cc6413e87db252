//! The posters of a class side by side in one JPEG, as on a photographer's contact sheet.

use anyhow::{Context, Result, ensure};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::Rgb8;

/// The most posters on a sheet.
pub(super) const POSTERS: usize = 60;

/// Pixels for each poster. Most posters have this shape, 2:3.
const TILE: Size = Size {
    width: 96,
    height: 144,
};

/// Posters in a row.
const COLUMNS: usize = 10;

/// Pixels between posters and around them.
const GAP: usize = 8;

/// Colour of the sheet; `page.css` has the same for its frame.
const FILM: [u8; 3] = [0x0d, 0x0b, 0x0a];

/// Colour beside posters of other shapes than 2:3.
const BARS: [u8; 3] = [0x24, 0x1e, 0x1a];

/// JPEG quality: its artefacts cannot be seen, and a sheet has around 300 KB.
const QUALITY: u8 = 82;

/// A contact sheet.
pub(super) struct ContactSheet {
    /// The JPEG file.
    pub(super) jpeg: Vec<u8>,
    /// Its width in pixels.
    pub(super) width: usize,
    /// Its height in pixels.
    pub(super) height: usize,
    /// How many posters are on it.
    pub(super) posters: usize,
}

/// Draws the contact sheet of a class; `None` if it has no posters.
///
/// # Errors
///
/// Where a poster does not have as many pixels as its size says.
pub(super) fn draw(label: &str, posters: &[Rgb8]) -> Result<Option<ContactSheet>> {
    let posters = &posters[..posters.len().min(POSTERS)];
    if posters.is_empty() {
        return Ok(None);
    }
    let columns = posters.len().min(COLUMNS);
    let mut sheet = plain(
        Size {
            width: GAP + columns * (TILE.width + GAP),
            height: GAP + posters.len().div_ceil(COLUMNS) * (TILE.height + GAP),
        },
        FILM,
    );
    for (index, poster) in posters.iter().enumerate() {
        ensure!(
            is_whole(poster),
            "poster {index} of the class {label:?} is {} by {} pixels, but has {} bytes",
            poster.width,
            poster.height,
            poster.pixels.len()
        );
        let left = GAP + index % COLUMNS * (TILE.width + GAP);
        let top = GAP + index / COLUMNS * (TILE.height + GAP);
        paste(&tile(poster), &mut sheet, left, top);
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .write_image(
            &sheet.pixels,
            u32::try_from(sheet.width)?,
            u32::try_from(sheet.height)?,
            ExtendedColorType::Rgb8,
        )
        .with_context(|| format!("cannot draw the posters of the class {label:?}"))?;
    Ok(Some(ContactSheet {
        jpeg,
        width: sheet.width,
        height: sheet.height,
        posters: posters.len(),
    }))
}

/// Whether a picture has at least one pixel, and as many as its size says.
fn is_whole(picture: &Rgb8) -> bool {
    let pixels = picture.width.checked_mul(picture.height);
    let bytes = pixels.and_then(|pixels| pixels.checked_mul(CHANNELS));
    bytes == Some(picture.pixels.len()) && !picture.pixels.is_empty()
}

/// A picture of one colour.
fn plain(size: Size, colour: [u8; 3]) -> Rgb8 {
    Rgb8 {
        width: size.width,
        height: size.height,
        pixels: colour.repeat(size.pixels()),
    }
}

/// The whole poster, in the middle of its tile.
fn tile(poster: &Rgb8) -> Rgb8 {
    let inner = tile_size(poster.width, poster.height);
    let mut tile = plain(TILE, BARS);
    let (left, top) = (
        (TILE.width - inner.width) / 2,
        (TILE.height - inner.height) / 2,
    );
    paste(&poster.resize(inner), &mut tile, left, top);
    tile
}

/// The largest size of this shape that fits into a tile.
fn tile_size(width: usize, height: usize) -> Size {
    let scale = f64::min(
        TILE.width as f64 / width as f64,
        TILE.height as f64 / height as f64,
    );
    let side = |side: usize, most: usize| ((side as f64 * scale).round() as usize).clamp(1, most);
    Size {
        width: side(width, TILE.width),
        height: side(height, TILE.height),
    }
}

/// Copies a picture onto another one, which has room for it at this place.
fn paste(picture: &Rgb8, onto: &mut Rgb8, left: usize, top: usize) {
    let rows = picture.pixels.chunks_exact(picture.width * CHANNELS);
    for (row, pixels) in rows.enumerate() {
        let start = ((top + row) * onto.width + left) * CHANNELS;
        onto.pixels[start..start + pixels.len()].copy_from_slice(pixels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use marquee_models::preprocess::decode;

    fn white(width: usize, height: usize) -> Rgb8 {
        plain(Size { width, height }, [255; 3])
    }

    #[test]
    fn a_poster_is_never_squeezed() {
        let wide = tile(&white(400, 100));
        assert_eq!((wide.width, wide.height), (96, 144));
        let lit = wide.pixels.iter().filter(|value| **value == 255).count();
        assert_eq!(lit, 96 * 24 * CHANNELS);
        assert_eq!(tile_size(100, 150), TILE);
        assert_eq!(tile_size(1, 100_000).width, 1);
    }

    #[test]
    fn a_sheet_is_a_picture_as_large_as_it_says() -> Result<()> {
        for (posters, columns, rows) in [(1, 1, 1), (10, 10, 1), (11, 10, 2), (61, 10, 6)] {
            let sheet = draw("Comedy", &vec![white(20, 31); posters])?.context("no sheet")?;
            let decoded = decode(&sheet.jpeg)?.size;
            assert_eq!(
                (decoded.width, decoded.height),
                (8 + columns * 104, 8 + rows * 152)
            );
            assert_eq!((sheet.width, sheet.height), (decoded.width, decoded.height));
            assert_eq!(sheet.posters, posters.min(POSTERS));
        }
        assert!(draw("Comedy", &[])?.is_none());
        Ok(())
    }

    #[test]
    fn a_poster_that_is_not_what_it_says_is_refused() {
        let mut short = white(20, 30);
        short.pixels.pop();
        let error = draw("Comedy", &[white(2, 3), short]).err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(
            error.contains("poster 1 of the class \"Comedy\""),
            "{error}"
        );
        assert!(draw("Comedy", &[white(0, 3)]).is_err());
    }
}

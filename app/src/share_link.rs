//! A share link: a network's input and its answer in the fragment of a URL, which browsers never send to
//! a server.
//!
//! The fragment is `p1.` and, in base64url, the network's name, the picture's size, the number of low
//! bits that were dropped from each colour, the probabilities, the coded picture, and a CRC-32 of all
//! of these. Numbers of more than one byte are big-endian.

mod arithmetic;
pub mod classifier;
mod picture;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The beginning of the fragments of this version.
const PREFIX: &str = "p1.";
/// The most pixels of a picture whose link is kept within [`LIMIT`].
const SMALL: usize = 32 * 32;
/// The most characters of a link: everything that people paste links into takes this many.
const LIMIT: usize = 4000;
/// The part of [`LIMIT`] that is left to the site's address.
const ADDRESS: usize = 80;
/// The greatest value of a byte, which is the type of widths, heights and lengths in the fragment.
const MAX_BYTE: usize = 255;
/// The most low bits that are dropped: at least one of a colour's eight is kept.
const MAX_DROPPED: u8 = 7;
/// Fragments of other kinds are shorter than this.
const SURELY_OURS: usize = 64;

/// The contents of a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The name of the network that answered.
    pub network: String,
    /// The width of its input, from 1 to 255.
    pub width: usize,
    /// The height of its input, from 1 to 255.
    pub height: usize,
    /// Its input: RGB8, row by row, `3 * width * height` bytes.
    pub pixels: Vec<u8>,
    /// The probability of each class, from 0 to 1 in steps of 1/65535.
    pub probabilities: Vec<f32>,
}

/// Why a fragment can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not a share link.
    Foreign,
    /// A part of it is missing or was changed.
    Damaged,
    /// A later version of the page wrote it.
    Newer,
}

/// A network's input, compressed for a link.
#[derive(Clone, Debug)]
pub struct Packed {
    network: String,
    width: usize,
    height: usize,
    dropped: u8,
    coded: Vec<u8>,
    pixels: Vec<u8>,
}

impl Packed {
    /// Compresses a network's input: RGB8, row by row. From a picture of up to 32 × 32 pixels low bits
    /// of the colours are dropped until the link has at most 4000 characters. Only noise needs that;
    /// posters stay as they are.
    ///
    /// `None` where the pixels are not a picture of this size, the width or height is not from 1 to 255,
    /// or the name has more than 255 bytes or the network more than 255 `classes`.
    pub fn new(
        network: &str,
        classes: usize,
        width: usize,
        height: usize,
        pixels: &[u8],
    ) -> Option<Packed> {
        let sides = 1..=MAX_BYTE;
        let sound = sides.contains(&width) && sides.contains(&height);
        if !sound || pixels.len() != 3 * width * height {
            return None;
        }
        if network.len() > MAX_BYTE || classes > MAX_BYTE {
            return None;
        }
        let mut packed = Packed {
            network: network.to_owned(),
            width,
            height,
            dropped: 0,
            coded: Vec::new(),
            pixels: Vec::new(),
        };
        for dropped in 0..=MAX_DROPPED {
            packed.dropped = dropped;
            (packed.coded, packed.pixels) = picture::encode(pixels, width, dropped);
            let length = packed.fragment(&vec![0.0; classes]).len() + 1;
            if width * height > SMALL || length <= LIMIT - ADDRESS {
                break;
            }
        }
        Some(packed)
    }

    /// The picture as it comes out of the link. The answer in the link must be the one to these pixels.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The link's fragment without `#`. The probabilities, from 0 to 1, are the answer to
    /// [`Packed::pixels`]; there must be as many as the `classes` of [`Packed::new`].
    pub fn fragment(&self, probabilities: &[f32]) -> String {
        // `new` has checked that all of these fit into a byte.
        let byte = |number: usize| number as u8;
        let mut bytes = vec![byte(self.network.len())];
        bytes.extend(self.network.as_bytes());
        bytes.extend([byte(self.width), byte(self.height), self.dropped]);
        bytes.push(byte(probabilities.len()));
        for probability in probabilities {
            let steps = (probability.clamp(0.0, 1.0) * f32::from(u16::MAX)).round();
            bytes.extend((steps as u16).to_be_bytes());
        }
        bytes.extend(&self.coded);
        let sum = crc32fast::hash(&bytes);
        bytes.extend(sum.to_be_bytes());
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&bytes))
    }
}

/// Opens a fragment, given without `#`.
///
/// # Errors
///
/// If it isn't a whole link of this version.
pub fn open(fragment: &str) -> Result<Shared, Unreadable> {
    let Some(payload) = fragment.strip_prefix(PREFIX) else {
        return Err(without_prefix(fragment));
    };
    read(&content_of(payload)?).ok_or(Unreadable::Damaged)
}

/// The bytes of a link's base64url without the CRC-32 at their end.
///
/// # Errors
///
/// If they are not whole.
fn content_of(payload: &str) -> Result<Vec<u8>, Unreadable> {
    let bytes = URL_SAFE_NO_PAD.decode(payload);
    let bytes = bytes.map_err(|_| Unreadable::Damaged)?;
    let (content, sum) = bytes.split_last_chunk().ok_or(Unreadable::Damaged)?;
    match crc32fast::hash(content) == u32::from_be_bytes(*sum) {
        true => Ok(content.to_vec()),
        false => Err(Unreadable::Damaged),
    }
}

/// Why a fragment has another beginning than [`PREFIX`].
fn without_prefix(fragment: &str) -> Unreadable {
    if classifier::version(fragment).is_some() {
        return Unreadable::Foreign;
    }
    let version = fragment.split('.').next().unwrap_or_default();
    let number = version.strip_prefix('p').map(str::parse::<u32>);
    match number {
        Some(Ok(number)) if number > 1 && version != fragment => Unreadable::Newer,
        Some(Ok(_)) => Unreadable::Damaged,
        _ if fragment.len() >= SURELY_OURS => Unreadable::Damaged,
        _ => Unreadable::Foreign,
    }
}

/// The contents of a link whose checksum is right.
fn read(content: &[u8]) -> Option<Shared> {
    let (&length, content) = content.split_first()?;
    let (network, content) = content.split_at_checked(length.into())?;
    let (&[width, height, dropped, classes], content) = content.split_first_chunk()?;
    let (steps, coded) = content.split_at_checked(2 * usize::from(classes))?;
    if width == 0 || height == 0 || dropped > MAX_DROPPED {
        return None;
    }
    let (width, height) = (width.into(), height.into());
    let probability = |steps: &[u8; 2]| f32::from(u16::from_be_bytes(*steps)) / f32::from(u16::MAX);
    Some(Shared {
        network: String::from_utf8(network.to_vec()).ok()?,
        width,
        height,
        pixels: picture::decode(coded, width, height, dropped),
        probabilities: steps.as_chunks().0.iter().map(probability).collect(),
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

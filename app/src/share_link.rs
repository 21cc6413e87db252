//! A prediction as a link: the poster as the network saw it, and what the network said, in a
//! fragment of a URL, which no browser sends to a server.
//!
//! `#p1.` and base64url of: the network's name, the picture's size, how many low bits of each
//! colour were left out, the probabilities, the coded picture, and a checksum over all of these.
//! Numbers of more than one byte are big-endian.

mod base64url;
mod checksum;
mod coder;
mod picture;

use checksum::checksum;

/// What a link of this version begins with, behind the `#`.
const PREFIX: &str = "p1.";
/// A link with a picture of up to so many pixels is kept within [`LIMIT`].
const SMALL: usize = 32 * 32;
/// So many characters fit into everything that people paste links into.
const LIMIT: usize = 4000;
/// Of these, what is left to the site's address.
const ADDRESS: usize = 80;
/// The greatest width and height of a picture: each is one byte.
const MAX_SIDE: usize = 255;
/// A colour has eight bits, and at least one is kept.
const MAX_DROPPED: u8 = 7;
/// A fragment of another kind isn't as long as this.
const SURELY_OURS: usize = 64;

/// What a link carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The name of the network that answered.
    pub network: String,
    /// Pixels in a row of its input.
    pub width: usize,
    /// Rows of its input.
    pub height: usize,
    /// Its input: RGB8, row by row.
    pub pixels: Vec<u8>,
    /// What it answered, class by class, in steps of 1/65535.
    pub probabilities: Vec<f32>,
}

/// Why a fragment can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no link of this kind.
    Foreign,
    /// A part is missing, or was changed.
    Damaged,
    /// A later version of the page wrote it.
    Newer,
}

/// A network's input, made small for a link.
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
    /// Makes a network's input small. Of a small picture, low bits of the colours are left out until
    /// the link is short enough, which takes noise: posters stay as they are. `None` where the
    /// pixels aren't a picture of this size, or are too many for a link.
    pub fn new(
        network: &str,
        classes: usize,
        width: usize,
        height: usize,
        pixels: &[u8],
    ) -> Option<Packed> {
        let sides = 1..=MAX_SIDE;
        let sound = sides.contains(&width) && sides.contains(&height);
        if !sound || pixels.len() != 3 * width * height {
            return None;
        }
        // Names and classes are counted in a byte, too.
        if network.len() > MAX_SIDE || classes > MAX_SIDE {
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

    /// The picture as it comes out of the link. What is said of it must be said of these pixels.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The link's fragment, without `#`, with what the network says of [`Packed::pixels`].
    pub fn fragment(&self, probabilities: &[f32]) -> String {
        // `new` has seen to it that these fit into a byte.
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
        let sum = checksum(&bytes);
        bytes.extend(sum.to_be_bytes());
        format!("{PREFIX}{}", base64url::encode(&bytes))
    }
}

/// Opens a fragment, given without `#`.
///
/// # Errors
///
/// Where it isn't a whole link that this version knows.
pub fn open(fragment: &str) -> Result<Shared, Unreadable> {
    let Some(payload) = fragment.strip_prefix(PREFIX) else {
        return Err(strange(fragment));
    };
    let bytes = base64url::decode(payload).ok_or(Unreadable::Damaged)?;
    let (content, sum) = bytes.split_last_chunk().ok_or(Unreadable::Damaged)?;
    if checksum(content) != u32::from_be_bytes(*sum) {
        return Err(Unreadable::Damaged);
    }
    read(content).ok_or(Unreadable::Damaged)
}

/// What a fragment is that doesn't begin as ours do.
fn strange(fragment: &str) -> Unreadable {
    let version = fragment.split('.').next().unwrap_or_default();
    let number = version.strip_prefix('p').map(str::parse::<u32>);
    match number {
        Some(Ok(number)) if number > 1 && version != fragment => Unreadable::Newer,
        Some(Ok(_)) => Unreadable::Damaged,
        _ if fragment.len() >= SURELY_OURS => Unreadable::Damaged,
        _ => Unreadable::Foreign,
    }
}

/// What is in a link whose checksum is right.
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

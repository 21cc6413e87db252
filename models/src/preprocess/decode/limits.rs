//! What is decoded, and why something else is not.

/// The formats that are decoded, for messages. A test compares them with the table.
pub const FORMATS: &str = "JPEG, PNG, WebP, GIF, BMP";

/// The largest file that is decoded, in bytes.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// The longest side of a picture that is decoded, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// The most pixels of a picture that is decoded: 40 megapixels.
pub const MAX_PIXELS: u32 = 40_000_000;

/// The most memory that decoding one file may take, in bytes.
pub(super) const MAX_ALLOCATION: u64 = 512 << 20;

/// Why bytes did not become a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// There are no bytes.
    #[error("the file is empty")]
    Empty,
    /// The bytes are of none of the formats.
    #[error("not an image ({FORMATS})")]
    NotAnImage,
    /// The bytes are of one of the formats, but damaged; the decoder says how.
    #[error("the image is damaged: {0}")]
    Damaged(String),
    /// The file is larger than [`MAX_FILE_BYTES`], the picture has more than [`MAX_PIXELS`] or a side
    /// longer than [`MAX_SIDE`], or decoding takes more than 512 MB of memory.
    #[error("the image is too large; 64 MB, 40 megapixels and 16384 pixels a side are the most")]
    TooLarge,
    /// A sound file of one of the formats, but of a kind that is not read.
    #[error("this kind of image is not read: {0}")]
    Unsupported(&'static str),
}

/// Whether a picture of this size is decoded. It is asked before a pixel is.
///
/// # Errors
///
/// If the picture has no pixels, or more than the limits.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), DecodeError> {
    let pixels = u64::from(width) * u64::from(height);
    match pixels {
        0 => Err(DecodeError::Damaged("it has no pixels".to_owned())),
        _ if width.max(height) > MAX_SIDE || pixels > u64::from(MAX_PIXELS) => {
            Err(DecodeError::TooLarge)
        }
        _ => Ok(()),
    }
}

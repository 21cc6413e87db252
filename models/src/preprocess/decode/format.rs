//! The table of image formats.
//!
//! To add one, write its decoder, import it here and add it to the table. A program of the page must
//! be in `app/Cargo.toml`, too; a test of the page compares them.

use super::by_image::{decode_bmp, decode_png, decode_webp};
use super::decoded::Decoded;
use super::gif::decode_gif;
use super::jpeg::decode_jpeg;
use super::limits::{DecodeError, MAX_FILE_BYTES};

macro_rules! formats {
    ($(
        #[doc = $doc:literal]
        $variant:ident = $name:literal, [$($extension:literal),+], $bundle:expr,
            $first_bytes:pat => $decode:path;
    )+) => {
        /// The formats that are decoded.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Format {
            $(#[doc = $doc] $variant,)+
        }

        impl Format {
            /// All of them.
            pub const ALL: [Format; [$($name),+].len()] = [$(Format::$variant),+];

            /// The format of a file, by its first bytes.
            ///
            /// # Errors
            ///
            /// If there are no bytes, more than [`MAX_FILE_BYTES`], or those of another kind of file.
            pub fn of(bytes: &[u8]) -> Result<Format, DecodeError> {
                match bytes {
                    [] => Err(DecodeError::Empty),
                    bytes if bytes.len() > MAX_FILE_BYTES => Err(DecodeError::TooLarge),
                    $($first_bytes => Ok(Format::$variant),)+
                    _ => Err(DecodeError::NotAnImage),
                }
            }

            /// The format's name, such as `JPEG`.
            pub fn name(self) -> &'static str {
                match self { $(Format::$variant => $name,)+ }
            }

            /// The endings of its files' names, in lower case and without the dot, the usual one
            /// first.
            pub fn extensions(self) -> &'static [&'static str] {
                match self { $(Format::$variant => &[$($extension),+],)+ }
            }

            /// The page's program that decodes it; `None` if the CPU worker does so itself.
            pub fn bundle(self) -> Option<&'static str> {
                match self { $(Format::$variant => $bundle,)+ }
            }
        }

        /// Decodes a file of any [`Format`], whatever its name.
        ///
        /// Pictures are turned upright as their EXIF data says, grey becomes RGB, and transparent
        /// parts become white.
        ///
        /// # Errors
        ///
        /// If the bytes are empty, no image, of a kind that is not read, damaged, or larger than the limits.
        pub fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
            match Format::of(bytes)? { $(Format::$variant => $decode(bytes),)+ }
        }
    };
}

// name, endings, program of the page, first bytes => decoder
formats! {
    /// JPEG, baseline and progressive.
    Jpeg = "JPEG", ["jpg", "jpeg"], None,
        [0xFF, 0xD8, 0xFF, ..] => decode_jpeg;
    /// PNG.
    Png = "PNG", ["png"], Some("png-decoder"),
        [0x89, b'P', b'N', b'G', ..] => decode_png;
    /// WebP, lossy and lossless.
    WebP = "WebP", ["webp"], Some("webp-decoder"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => decode_webp;
    /// GIF, of which the first frame counts.
    Gif = "GIF", ["gif"], Some("gif-decoder"),
        [b'G', b'I', b'F', b'8', ..] => decode_gif;
    /// Windows bitmap.
    Bmp = "BMP", ["bmp"], Some("bmp-decoder"),
        [b'B', b'M', ..] => decode_bmp;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocess::FORMATS;

    #[test]
    fn messages_name_every_format() {
        assert_eq!(Format::ALL.map(Format::name).join(", "), FORMATS);
    }
}

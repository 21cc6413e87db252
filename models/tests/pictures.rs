//! Every format is decoded, whatever the file's name; what is no picture gets a reason.
#![cfg(feature = "decode")]

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use marquee_models::network::Size;
use marquee_models::preprocess::{DecodeError, decode};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn poster() -> RgbImage {
    RgbImage::from_fn(60, 90, |x, y| Rgb([(x * 4) as u8, (y * 2) as u8, 128]))
}

fn encode(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image: DynamicImage = image.into();
    image
        .write_to(&mut bytes, format)
        .expect("the image can be encoded");
    bytes.into_inner()
}

#[test]
fn every_format_is_decoded() {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
    for (format, tolerance) in [(Png, 0), (Bmp, 0), (WebP, 0), (Jpeg, 16), (Gif, 24)] {
        let picture = decode(&encode(poster(), format))
            .expect("a sound picture")
            .image;
        assert_eq!((picture.width, picture.height), (60, 90), "{format:?}");
        for (decoded, drawn) in picture.pixels.iter().zip(poster().as_raw()) {
            assert!(
                decoded.abs_diff(*drawn) <= tolerance,
                "{format:?}: {decoded} is not {drawn}"
            );
        }
    }
}

#[test]
fn transparent_parts_are_white_and_grey_is_rgb() {
    let clear = RgbaImage::from_pixel(4, 4, Rgba([200, 0, 0, 0]));
    let half = RgbaImage::from_pixel(4, 4, Rgba([0, 0, 0, 128]));
    let grey = image::GrayImage::from_pixel(4, 4, image::Luma([77]));
    for (image, value) in [
        (DynamicImage::from(clear), 255),
        (DynamicImage::from(half), 127),
        (DynamicImage::from(grey), 77),
    ] {
        let picture = decode(&encode(image, ImageFormat::Png)).expect("a sound picture");
        assert_eq!(picture.image.pixels, [value; 48]);
    }
}

/// EXIF that says nothing but how a picture lies.
fn exif(orientation: u8) -> Vec<u8> {
    let header = b"II*\0\x08\0\0\0\x01\0";
    let entry = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
    [&header[..], &entry, &[0; 4]].concat()
}

#[test]
fn a_jpeg_is_what_image_makes_of_it() {
    let grey = DynamicImage::from(DynamicImage::from(poster()).to_luma8());
    for image in [DynamicImage::from(poster()), grey] {
        for orientation in [1, 3, 6] {
            let mut bytes = Vec::new();
            let mut encoder = JpegEncoder::new(&mut bytes);
            encoder
                .set_exif_metadata(exif(orientation))
                .expect("JPEG has EXIF");
            image
                .write_with_encoder(encoder)
                .expect("it can be encoded");

            let mut expected = image::load_from_memory(&bytes).expect("image reads it");
            let orientation = Orientation::from_exif(orientation).expect("a known one");
            expected.apply_orientation(orientation);
            let picture = decode(&bytes).expect("a sound picture").image;
            assert_eq!(
                (picture.width, picture.height),
                (expected.width() as usize, expected.height() as usize)
            );
            // libraries round differently
            for (ours, theirs) in picture.pixels.iter().zip(expected.into_rgb8().as_raw()) {
                assert!(ours.abs_diff(*theirs) <= 4, "{ours} is not {theirs}");
            }
        }
    }
}

#[test]
fn what_is_no_picture_gets_a_reason() {
    assert_eq!(decode(b""), Err(DecodeError::Empty));
    assert_eq!(
        decode(b"Dear diary, today I saw a film."),
        Err(DecodeError::NotAnImage)
    );
    assert_eq!(
        decode(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Err(DecodeError::NotAnImage)
    );
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Jpeg] {
        let bytes = encode(poster(), format);
        let cut = decode(&bytes[..60]);
        assert!(
            matches!(cut, Err(DecodeError::Damaged(_))),
            "{format:?}: {cut:?}"
        );
    }
}

#[test]
fn a_picture_that_claims_to_be_huge_is_refused_before_it_takes_memory() {
    let mut bytes = encode(poster(), ImageFormat::Bmp);
    bytes[18..22].copy_from_slice(&100_000_u32.to_le_bytes());
    bytes[22..26].copy_from_slice(&100_000_u32.to_le_bytes());
    assert!(matches!(
        decode(&bytes),
        Err(DecodeError::TooLarge | DecodeError::Damaged(_))
    ));
}

/// Pillow's `Image.reduce(…)` of a checkerboard is its mean, too.
#[test]
fn resizing_averages_what_it_leaves_out() {
    let checkers = RgbImage::from_fn(256, 256, |x, y| Rgb([255 * ((x + y) % 2) as u8; 3]));
    let picture = decode(&encode(checkers, ImageFormat::Png))
        .expect("a sound picture")
        .image;
    let small = picture.resize(Size::square(32));
    assert_eq!((small.width, small.height), (32, 32));
    assert!(small.pixels.iter().all(|value| (126..=129).contains(value)));
}

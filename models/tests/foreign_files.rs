//! Files that other programs wrote are read as Pillow and browsers read them, or refused
//! (fixtures/pictures.py makes them).
#![cfg(feature = "decode")]

use marquee_models::network::Size;
use marquee_models::preprocess::{DecodeError, Decoded, ENOUGH, Rgb8, decode};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The files with these names, and what Pillow makes of them.
macro_rules! files {
    ($($name:literal . $ending:literal),+ $(,)?) => {
        [$((
            $name,
            &include_bytes!(concat!("fixtures/pictures/", $name, ".", $ending))[..],
            &include_bytes!(concat!("fixtures/pictures/pillow/", $name, ".png"))[..],
        )),+]
    };
}

macro_rules! file {
    ($name:literal) => {
        decode(include_bytes!(concat!("fixtures/pictures/", $name)))
    };
}

/// The size of what Pillow made.
const SMALL: Size = Size {
    width: 40,
    height: 60,
};

/// The largest and the mean difference of two pictures, in levels of 255.
fn differences(one: &Rgb8, other: &Rgb8) -> (u8, f64) {
    let differences = one.pixels.iter().zip(&other.pixels);
    let differences: Vec<u8> = differences.map(|(a, b)| a.abs_diff(*b)).collect();
    let sum: f64 = differences.iter().copied().map(f64::from).sum();
    let largest = differences.iter().max().copied().unwrap_or_default();
    (largest, sum / differences.len() as f64)
}

#[test]
fn files_are_read_as_pillow_reads_them() {
    for (name, bytes, pillow) in files![
        "large_baseline"."jpg",
        "large_progressive"."jpg",
        "scan_per_component"."jpg",
        "fine_chroma"."jpg",
        "restarts"."jpg",
        "two_exif"."jpg",
        "cmyk"."jpg",
        "late_adobe"."jpg",
        "no_end"."jpg",
        "gif_no_screen"."gif",
        "gif_small_screen"."gif",
        "webp_turned"."webp",
        "webp_flag_no_exif"."webp",
    ] {
        let read = decode(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(read.complete, "{name} is complete");
        let pillow = decode(pillow).expect("a sound PNG").image;
        let (largest, mean) = differences(&read.image.resize(SMALL), &pillow);
        assert!(
            largest <= 6 && mean < 1.0,
            "{name}: {largest} levels, {mean} in the mean"
        );
    }
}

#[test]
fn a_large_jpeg_is_read_at_a_half_and_tells_its_size() {
    let Decoded { image, size, .. } = file!("large_baseline.jpg").expect("a sound picture");
    assert_eq!((size.width, size.height), (500, 750));
    assert_eq!((image.width, image.height), (250, 375));
    assert!(image.width >= ENOUGH.width && image.height >= ENOUGH.height);
}

#[test]
fn of_a_file_that_is_cut_off_the_beginning_is_read() {
    let whole = file!("scan_per_component.jpg").expect("a sound picture");
    for (name, cut_off) in [
        ("JPEG", file!("cut_off.jpg")),
        ("progressive JPEG", file!("cut_off_progressive.jpg")),
        ("PNG", file!("cut_off_png.png")),
        ("GIF", file!("cut_off_gif.gif")),
        ("WebP", file!("cut_off_webp.webp")),
    ] {
        let cut_off = cut_off.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!cut_off.complete, "{name} is not complete");
        let third = |picture: &Decoded| Rgb8 {
            height: picture.image.height / 3,
            pixels: picture.image.pixels[..picture.image.pixels.len() / 3].to_vec(),
            width: picture.image.width,
        };
        let (_, mean) = differences(&third(&cut_off), &third(&whole));
        assert!(mean < 16.0, "{name}: {mean} levels in the mean");
    }
    let upside_down = file!("cut_off_bmp.bmp").expect("BMP begins at the bottom");
    assert!(!upside_down.complete);
}

#[test]
fn what_nobody_can_show_is_refused() {
    assert_eq!(file!("too_wide.jpg"), Err(DecodeError::TooLarge));
    assert_eq!(file!("gif_bomb.gif"), Err(DecodeError::TooLarge));
    let empty = file!("gif_no_frame.gif");
    assert!(matches!(empty, Err(DecodeError::Damaged(_))), "{empty:?}");
    let two = file!("two_components.jpg");
    assert!(
        matches!(
            two,
            Err(DecodeError::Unsupported(_) | DecodeError::Damaged(_))
        ),
        "{two:?}"
    );
}

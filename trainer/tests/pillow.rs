//! `prepare`, which people use in Python, makes of a picture what Marquee makes of it.

mod drawn;
mod python;

use std::fs;

use image::{DynamicImage, ImageFormat, Rgba};
use marquee_models::file::Model;
use marquee_models::preprocess;

/// A JPEG whose EXIF data says that it lies on its side.
fn sideways(jpeg: &[u8]) -> Vec<u8> {
    // TIFF in little-endian order with one entry: tag 0x0112, a short, once, 6
    let exif = b"Exif\0\0II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, exif.len() as u8 + 2];
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// A grey picture of 16 bits, from black to white.
fn grey(width: u32, height: u32) -> DynamicImage {
    let most = f64::from(width * height);
    let level = |x, y| (f64::from(y * width + x) / most * 65_535.0) as u16;
    image::ImageBuffer::from_fn(width, height, |x, y| image::Luma([level(x, y)])).into()
}

#[test]
fn pictures_are_prepared_in_python_as_by_marquee() {
    let poster = DynamicImage::from(drawn::poster(1, 1, 50, 75));
    let mut clear = poster.to_rgba8();
    for (x, y, pixel) in clear.enumerate_pixels_mut() {
        let Rgba([red, green, blue, _]) = *pixel;
        *pixel = Rgba([red, green, blue, (x * 5 + y) as u8]);
    }
    let jpeg = drawn::encode(poster.clone(), ImageFormat::Jpeg);
    let png = |picture: DynamicImage| drawn::encode(picture, ImageFormat::Png);
    // on its side by EXIF, which browsers pass over in WebP
    let turned = fs::read("../models/tests/fixtures/pictures/webp_turned.webp");
    let turned = turned.expect("it is there");
    let pictures = [
        ("plain.png", png(poster.clone())),
        ("plain.jpg", jpeg.clone()),
        ("sideways.jpg", sideways(&jpeg)),
        ("clear.png", png(clear.clone().into())),
        (
            "clear.webp",
            drawn::encode(DynamicImage::from(clear), ImageFormat::WebP),
        ),
        ("clear-grey.png", png(poster.to_luma_alpha8().into())),
        ("grey16.png", png(grey(50, 75))),
        ("colours16.png", png(poster.to_rgb16().into())),
        ("turned.webp", turned),
    ];

    let weights = fs::read("../models/weights/cnn32.safetensors").expect("it is shipped");
    let model = Model::from_bytes(&weights).expect("it is sound");
    let metadata = model.metadata();
    let guard = tempfile::tempdir().expect("a temporary folder can be made");
    let json = serde_json::json!({
        "input": metadata.input, "mean": metadata.mean, "std": metadata.std,
    });
    fs::write(guard.path().join("metadata.json"), json.to_string()).expect("it can be written");
    for (name, bytes) in pictures {
        let picture = preprocess::decode(&bytes).expect("a sound picture");
        let pixels = picture.image.resize(metadata.input);
        let inputs = preprocess::normalise(&pixels, &metadata.mean, &metadata.std);
        let inputs: Vec<u8> = inputs
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        fs::write(guard.path().join(name), bytes).expect("it can be written");
        fs::write(guard.path().join(format!("{name}.inputs")), inputs).expect("likewise");
    }
    python::check("prepared_pixels.py", &["PIL", "numpy"], guard.path());
}

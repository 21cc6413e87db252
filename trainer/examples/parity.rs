//! Draws twenty posters and computes the pixels and logits that the page's tests compare with.
//!
//! `cargo run -p marquee-trainer --no-default-features --example parity -- FOLDER MODEL` fills
//! FOLDER with posters in all formats and `expected.json`: the SHA-256 of each poster's resized RGB8
//! bytes, and its logits. It fails if Burn and the small executor disagree.

#[path = "../tests/drawn/mod.rs"]
mod drawn;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use burn::tensor::{Device, Tensor, TensorData};
use image::{DynamicImage, ImageFormat};
use marquee_models::burn::Net;
use marquee_models::file::Model;
use marquee_models::network::CHANNELS;
use marquee_models::preprocess;
use marquee_models::simd::Executor;
use marquee_trainer::files::hex;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Widths and heights of posters: TMDB's sizes, photographs of phones, odd and landscape ones.
const SIZES: [(u32, u32); 10] = [
    (500, 750),
    (342, 513),
    (780, 1170),
    (185, 278),
    (1000, 1500),
    (160, 240),
    (333, 499),
    (640, 640),
    (960, 540),
    (2000, 3000),
];

fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = args.next().context("name the folder to fill")?;
    let model = args.next().context("name the model to run")?;
    let bytes = fs::read(&model).with_context(|| format!("cannot read {}", model.display()))?;
    let model = Model::from_bytes(&bytes)?;
    fs::create_dir_all(&folder)?;

    let judge = Judge {
        small: Executor::new(&model),
        burn: Net::new(&model, &Device::flex()),
        model: &model,
    };
    let posters: Vec<_> = (0..20)
        .map(|index| draw(index, &folder, &judge))
        .collect::<Result<_>>()?;
    fs::write(
        folder.join("expected.json"),
        format!("{:#}\n", json!(posters)),
    )?;
    println!("{} posters are in {}", posters.len(), folder.display());
    Ok(())
}

fn draw(index: usize, folder: &Path, judge: &Judge) -> Result<serde_json::Value> {
    let (width, height) = SIZES[index % SIZES.len()];
    let poster = DynamicImage::from(drawn::poster(index, index as u64, width, height));
    let (poster, format) = match index {
        // gray and transparent files are rarer, and the decoders treat them differently
        3 => (DynamicImage::from(poster.to_luma8()), ImageFormat::Jpeg),
        7 => (DynamicImage::from(poster.to_rgba8()), ImageFormat::Png),
        12 => (poster, ImageFormat::Bmp),
        16 => (poster, ImageFormat::Gif),
        _ => {
            let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
            (poster, formats[index % formats.len()])
        }
    };
    let extension = format.extensions_str()[0];
    let name = format!("{index:02}.{extension}");
    let bytes = drawn::encode(poster, format);
    fs::write(folder.join(&name), &bytes)?;
    judge.expected(&name, &bytes)
}

struct Judge<'a> {
    model: &'a Model,
    small: Executor,
    burn: Net,
}

impl Judge<'_> {
    fn expected(&self, name: &str, bytes: &[u8]) -> Result<serde_json::Value> {
        let metadata = self.model.metadata();
        let pixels = preprocess::decode(bytes)?.image.resize(metadata.input);
        let input = preprocess::normalise(&pixels, &metadata.mean, &metadata.std);
        let small = self.small.run(&input);
        let shape = [1, CHANNELS, metadata.input.height, metadata.input.width];
        let input = Tensor::from_data(TensorData::new(input, shape), &Device::flex());
        let burn: Vec<f32> = self.burn.forward(input).into_data().try_into_vec()?;
        let near = small
            .iter()
            .zip(&burn)
            .all(|(small, burn)| (small - burn).abs() < 1e-4);
        ensure!(
            near,
            "{name}: the executors disagree, {small:?} and {burn:?}"
        );
        let digest = Sha256::digest(&pixels.pixels);
        Ok(json!({
            "file": name,
            "pixels_sha256": hex(&digest),
            "logits": burn,
        }))
    }
}

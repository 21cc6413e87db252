//! Makes what a site of own classes is built from, out of drawn posters: a network that learned to tell apart
//! three shelves, its sample posters, and a description in two languages.
//!
//! `cargo run -p marquee-trainer --no-default-features --example own_site -- FOLDER BASE` writes FOLDER/weights/,
//! FOLDER/samples/ and FOLDER/site.toml. The network has BASE's layers and a head of its own, as the page's Teach
//! makes them.

#[path = "../tests/drawn/mod.rs"]
mod drawn;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use image::ImageFormat;
use marquee_evaluation::probe::Lessons;
use marquee_models::file::{Metadata, Model, Precision};
use marquee_models::preprocess;
use marquee_models::simd::Executor;

/// Each shelf with its name in Korean, and the colours of its drawn posters.
const SHELVES: [(&str, &str, usize); 3] = [
    ("Western", "서부극", 0),
    ("Documentary", "다큐멘터리", 2),
    ("For Kids", "어린이", 1),
];

/// Posters of each shelf to learn from.
const POSTERS: u64 = 4;

fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = args.next().context("name the folder to fill")?;
    let base = args.next().context("name the network to begin with")?;
    let bytes = fs::read(&base).with_context(|| format!("cannot read {}", base.display()))?;
    let base = Model::from_bytes(&bytes)?;
    for name in ["weights", "samples"] {
        fs::create_dir_all(folder.join(name))?;
    }
    let network = taught(&base)?;
    fs::write(
        folder.join("weights/shelves.safetensors"),
        network.to_bytes(Precision::Half),
    )?;
    let mut description = String::from(
        "name = \"Shelves\"\n\n[colours]\nenamel = \"#123a5c\"\nenamel-bright = \"#1d5684\"\n\n\
         [en]\ntitle = \"Which shelf?\"\nlead = \"Show it a poster, and it names the shelf.\"\n\n\
         [ko]\ntitle = \"어느 서가일까요?\"\nlead = \"포스터를 보여 주면 서가를 알려 줍니다.\"\n\n",
    );
    for (label, korean, hue) in SHELVES {
        let name = format!("{}.jpg", label.to_lowercase().replace(' ', "-"));
        let poster = drawn::poster(hue, 100 + hue as u64, 342, 513);
        let bytes = drawn::encode(poster, ImageFormat::Jpeg);
        fs::write(folder.join("samples").join(&name), bytes)?;
        description += &format!(
            "[labels.\"{label}\"]\nko = \"{korean}\"\n\n[[samples]]\nfile = \"samples/{name}\"\n\
             en = \"A drawn poster of this shelf: {label}\"\nko = \"이 서가의 그린 포스터: {korean}\"\n\n"
        );
    }
    fs::write(folder.join("site.toml"), description)?;
    println!("a site's parts are in {}", folder.display());
    Ok(())
}

/// The network's layers with a head that tells the shelves apart.
fn taught(base: &Model) -> Result<Model> {
    let metadata = base.metadata();
    let executor = Executor::new(base);
    let (mut rows, mut truths) = (Vec::new(), Vec::new());
    for (shelf, (_, _, hue)) in SHELVES.iter().enumerate() {
        for seed in 0..POSTERS {
            let poster = drawn::encode(drawn::poster(*hue, seed, 160, 240), ImageFormat::Jpeg);
            let pixels = preprocess::decode(&poster)?.image.resize(metadata.input);
            let input = preprocess::normalise(&pixels, &metadata.mean, &metadata.std);
            rows.extend(executor.features(&input));
            truths.push(shelf);
        }
    }
    let lessons = Lessons {
        classes: SHELVES.len(),
        features: base.network().feature_len(),
        rows: &rows,
        truths: &truths,
        groups: &[],
    };
    let head = lessons.classifier();
    let metadata = Metadata {
        labels: SHELVES.map(|(label, ..)| label.to_owned()).into(),
        genres: Vec::new(),
        score: None,
        temperature: 1.0,
        threshold: 0.0,
        ..metadata.clone()
    };
    Ok(base.with_classes(metadata, head.weights, head.biases)?)
}

//! Compares what Marquee sees of pictures with what Pillow does; `cargo xtask conformance` runs it.
//!
//! Its arguments: a Python with Pillow, the script that decodes by Pillow, a list of reasons, the folder of
//! `index.json`, and the folders with pictures.

mod conformance {
    pub(super) mod pillow;
    pub(super) mod reasons;
}

use std::collections::BTreeMap;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use conformance::pillow::Pillow;
use conformance::reasons::Reasons;
use marquee_models::file::Model;
use marquee_models::network::Size;
use marquee_models::preprocess::{self, Decoded, Format, Rgb8};
use marquee_models::simd::Executor;

/// Differences of a probability up to this are no concern: the resizing of the two rounds a few pixels differently.
const ALIKE: f32 = 0.03;

/// A shipped network.
struct Network {
    name: String,
    model: Model,
    executor: Executor,
}

/// How the two stand to each other on one picture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Alike,
    Differs,
    OnlyMarquee,
    OnlyPillow,
    Neither,
    Panics,
}

impl Outcome {
    fn title(self) -> &'static str {
        match self {
            Outcome::Alike => "alike",
            Outcome::Differs => "differ",
            Outcome::OnlyMarquee => "are read by Marquee only",
            Outcome::OnlyPillow => "are read by Pillow only",
            Outcome::Neither => "are read by neither",
            Outcome::Panics => "make Marquee panic",
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let mut next = |what: &str| args.next().with_context(|| format!("name {what}"));
    let python = next("a Python with Pillow")?;
    let script = next("the script that decodes by Pillow")?;
    let reasons = Reasons::read(&next("the list of reasons")?)?;
    let networks = networks(&next("the folder of index.json")?)?;
    let folders: Vec<PathBuf> = args.collect();
    ensure!(!folders.is_empty(), "name a folder with pictures");

    panic::set_hook(Box::new(|_| ()));
    let sizes: Vec<Size> = networks
        .iter()
        .map(|it| it.model.metadata().input)
        .collect();
    let mut pillow = Pillow::start(&python, &script, &sizes)?;
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut unexplained = 0;
    for folder in &folders {
        let mut files = Vec::new();
        find(folder, &mut files)?;
        ensure!(
            !files.is_empty(),
            "there are no pictures in {}",
            folder.display()
        );
        for file in files {
            let (outcome, detail) = compare(&file, &networks, &mut pillow)?;
            *counts.entry(outcome).or_default() += 1;
            if matches!(outcome, Outcome::Alike | Outcome::Neither) {
                continue;
            }
            let reason = reasons.of(&file);
            unexplained += usize::from(reason.is_none());
            let reason = reason.unwrap_or("no reason is listed");
            println!(
                "{}: {} ({detail}); {reason}",
                file.display(),
                outcome.title()
            );
        }
    }
    println!();
    for (outcome, count) in counts {
        println!("{count:>6}  {}", outcome.title());
    }
    ensure!(
        unexplained == 0,
        "{unexplained} pictures are read otherwise than by Pillow, and no reason is listed"
    );
    Ok(())
}

/// The networks of `index.json`.
fn networks(folder: &Path) -> Result<Vec<Network>> {
    let index: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("index.json"))?)?;
    let listed = index["networks"]
        .as_array()
        .context("index.json lists no networks")?;
    let read = |line: &serde_json::Value| {
        let file = line["file"].as_str().context("index.json names no file")?;
        let model = Model::from_bytes(&fs::read(folder.join(file))?)?;
        let executor = Executor::new(&model);
        let name = line["title"].as_str().unwrap_or(file).to_owned();
        Ok(Network {
            name,
            model,
            executor,
        })
    };
    listed.iter().map(read).collect()
}

/// Adds the files of a folder and its subfolders that begin as a picture or are called so, sorted by name.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() && !path.is_symlink() {
            find(&path, files)?;
        } else if marquee_predict::pictures::is_picture_file(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// How the two see a picture, and what there is to say about it.
fn compare(file: &Path, networks: &[Network], pillow: &mut Pillow) -> Result<(Outcome, String)> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let decoded = panic::catch_unwind(AssertUnwindSafe(|| preprocess::decode(&bytes)));
    let theirs = pillow.decode(file)?;
    let Ok(ours) = decoded else {
        return Ok((Outcome::Panics, "in its decoder".to_owned()));
    };
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Ok(_), Err(error)) => return Ok((Outcome::OnlyMarquee, format!("Pillow: {error}"))),
        (Err(error), Ok(_)) => return Ok((Outcome::OnlyPillow, format!("Marquee: {error}"))),
        (Err(_), Err(_)) => return Ok((Outcome::Neither, String::new())),
    };
    let [whole, resized @ ..] = &theirs[..] else {
        return Ok((Outcome::OnlyMarquee, "Pillow: no pixels".to_owned()));
    };
    let mut largest = (0.0, "");
    for (network, theirs) in networks.iter().zip(resized) {
        let ours = ours.image.resize(network.model.metadata().input);
        if ours != *theirs {
            let difference = network.difference(&ours, theirs);
            if difference > largest.0 {
                largest = (difference, &network.name);
            }
        }
    }
    let outcome = if largest.0 > ALIKE {
        Outcome::Differs
    } else {
        Outcome::Alike
    };
    let format = Format::of(&bytes).map_or("", Format::name);
    let pixels = pixels(&ours, whole);
    Ok((
        outcome,
        format!("{format}, by {:.2} in {}, {pixels}", largest.0, largest.1),
    ))
}

impl Network {
    /// The largest difference of a probability between two pictures.
    fn difference(&self, one: &Rgb8, other: &Rgb8) -> f32 {
        let metadata = self.model.metadata();
        let answer = |picture: &Rgb8| {
            let input = preprocess::normalise(picture, &metadata.mean, &metadata.std);
            metadata.probabilities(&self.executor.run(&input))
        };
        let (one, other) = (answer(one), answer(other));
        let pairs = one.iter().zip(&other);
        pairs
            .map(|(one, other)| (one - other).abs())
            .fold(0.0, f32::max)
    }
}

/// In words how far the pixels of two pictures lie apart.
fn pixels(ours: &Decoded, theirs: &Rgb8) -> String {
    let theirs_size = Size {
        width: theirs.width,
        height: theirs.height,
    };
    if ours.size != theirs_size {
        return format!("{} pixels and not {theirs_size}", ours.size);
    }
    let ours = &ours.image;
    if (ours.width, ours.height) != (theirs.width, theirs.height) {
        return format!(
            "read at {}x{} of {theirs_size} pixels",
            ours.width, ours.height
        );
    }
    let levels = ours.pixels.iter().zip(&theirs.pixels);
    let (mut most, mut sum) = (0, 0);
    for level in levels.map(|(a, b)| a.abs_diff(*b)) {
        most = most.max(level);
        sum += u64::from(level);
    }
    let mean = sum as f64 / ours.pixels.len().max(1) as f64;
    format!("pixels by {mean:.1} of 255 on average and {most} at most")
}

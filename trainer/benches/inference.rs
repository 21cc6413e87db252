//! Predicting on this machine's CPU, beside ONNX Runtime with the same weights. `cargo xtask bench native` runs it, and
//! tells its options. ONNX Runtime takes part if a `python3`, or the Python whose path is in `MARQUEE_PYTHON`, has
//! onnxruntime, numpy and Pillow.

#[path = "../tests/drawn/mod.rs"]
mod drawn;
mod python;
mod report;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use image::ImageFormat;
use marquee_models::file::Model;
use marquee_models::simd::Executor;
use python::Script;
use rayon::prelude::*;
use report::{processor, spread};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long a network alone is measured in a round.
const TIME: Duration = Duration::from_secs(2);

/// How far the outputs of the two may be from each other.
const TOLERANCE: f64 = 1e-3;

#[derive(Parser)]
struct Options {
    /// How often each of them is measured, in turns
    #[arg(long)]
    rounds: usize,
    /// Networks among those that are shipped
    #[arg(long, value_delimiter = ',')]
    networks: Vec<String>,
    /// Number of JPEGs
    #[arg(long)]
    files: usize,
    /// Folder to write the JPEGs, table.md and native.json to
    #[arg(long)]
    out: PathBuf,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

/// What is measured: a network on some threads, with Marquee and with ONNX Runtime.
struct Subject {
    network: String,
    threads: usize,
    /// Posters a second through the network alone, and files a second: a pair for each round.
    marquee: Vec<[f64; 2]>,
    peer: Vec<[f64; 2]>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let posters = draw(&options)?;
    let mut peer = Script::start("onnx_runtime.py", &[]);
    if peer.is_none() {
        eprintln!(
            "ONNX Runtime is left out: python3 lacks onnxruntime, numpy or Pillow. Install them with `python3 -m pip \
             install onnxruntime numpy pillow`, or name a Python that has them with MARQUEE_PYTHON."
        );
    }
    let cores = thread::available_parallelism()?.get();
    let mut subjects = Vec::new();
    for network in &options.networks {
        let weights = weights(network);
        let bytes =
            fs::read(&weights).with_context(|| format!("cannot read {}", weights.display()))?;
        let model = Model::from_bytes(&bytes)?;
        let executor = Executor::new(&model);
        let input: Vec<f32> = (0..model.network().input_len())
            .map(|index| (index % 97) as f32 / 48.0 - 1.0)
            .collect();
        let onnx = options.out.join(format!("{network}.onnx"));
        fs::write(&onnx, marquee_onnx::to_bytes(&model))?;
        if let Some(peer) = &mut peer {
            let case = options.out.join("case.json");
            let outputs = executor.run(&input);
            fs::write(
                &case,
                json!({ "input": input, "outputs": outputs }).to_string(),
            )?;
            let far = peer.ask(&request(&[&"check", &onnx.display(), &case.display()]));
            ensure!(
                far < TOLERANCE,
                "{network}: ONNX Runtime's outputs are off by {far}"
            );
        }
        let threads = if cores > 1 { vec![1, cores] } else { vec![1] };
        for threads in threads {
            let mut subject = Subject {
                network: network.clone(),
                threads,
                marquee: Vec::new(),
                peer: Vec::new(),
            };
            for round in 1..=options.rounds {
                let ours = [
                    rate(&executor, &input, threads),
                    files_rate(&weights, &posters, options.files, threads)?,
                ];
                subject.marquee.push(ours);
                if let Some(peer) = &mut peer {
                    let (onnx, seconds) = (onnx.display(), TIME.as_secs());
                    let network = request(&[&"network", &onnx, &threads, &seconds]);
                    let files = request(&[&"files", &onnx, &threads, &posters.display()]);
                    subject.peer.push([peer.ask(&network), peer.ask(&files)]);
                }
                eprintln!(
                    "{network}, threads: {threads}, round {round} of {}: {:.0?}, ONNX Runtime {:.0?}",
                    options.rounds,
                    ours,
                    subject.peer.last()
                );
            }
            subjects.push(subject);
        }
    }
    let peer = peer.map_or("ONNX Runtime (not installed)".to_owned(), |it| {
        it.version.clone()
    });
    let table = table(&subjects, &options, &peer);
    print!("\n{table}");
    let figures: Vec<Value> = (subjects.iter())
        .map(|it| json!({ "network": it.network, "threads": it.threads, "marquee": it.marquee, "peer": it.peer }))
        .collect();
    let figures = json!({
        "processor": processor(),
        "cores": cores,
        "files": options.files,
        "marquee": env!("CARGO_PKG_VERSION"),
        "peer": peer,
        "[posters a second in the network, files a second] by round": figures,
    });
    fs::write(options.out.join("table.md"), table)?;
    fs::write(
        options.out.join("native.json"),
        serde_json::to_string_pretty(&figures)? + "\n",
    )?;
    Ok(())
}

/// Where a shipped network is.
fn weights(network: &str) -> PathBuf {
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/weights");
    weights.join(format!("{network}.safetensors"))
}

/// Draws JPEGs of 500×750 pixels into a folder of their own.
fn draw(options: &Options) -> Result<PathBuf> {
    let folder = options.out.join("posters");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    (0..options.files).into_par_iter().try_for_each(|index| {
        let poster = drawn::poster(index, index as u64, 500, 750);
        let jpeg = drawn::encode(poster, ImageFormat::Jpeg);
        fs::write(folder.join(format!("{index:05}.jpg")), jpeg)
    })?;
    Ok(folder)
}

fn request(words: &[&dyn ToString]) -> String {
    let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
    words.join("\t")
}

/// Posters a second through the network alone, each thread with one poster after the other.
fn rate(executor: &Executor, input: &[f32], threads: usize) -> f64 {
    let begin = Instant::now();
    let run = || {
        let mut posters = 0;
        while begin.elapsed() < TIME {
            black_box(executor.run(black_box(input)));
            posters += 1;
        }
        posters
    };
    let posters: u32 = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        threads
            .into_iter()
            .map(|it| it.join().expect("it does not panic"))
            .sum()
    });
    f64::from(posters) / begin.elapsed().as_secs_f64()
}

/// Files a second that `marquee predict` answers, its start included.
fn files_rate(weights: &Path, posters: &Path, files: usize, threads: usize) -> Result<f64> {
    let begin = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_marquee"))
        .arg("predict")
        .arg(posters)
        .arg("--model")
        .arg(weights)
        .args(["--format", "csv", "--threads", &threads.to_string()])
        .stdout(Stdio::null())
        .status()?;
    ensure!(status.success(), "marquee predict failed");
    Ok(files as f64 / begin.elapsed().as_secs_f64())
}

/// The medians and ranges as Markdown.
fn table(subjects: &[Subject], options: &Options, peer: &str) -> String {
    let mut table = format!(
        "{}, {peer}. The median of {} rounds and their range; the ratios are Marquee's rates divided by ONNX \
         Runtime's of the same round.\n\n\
         | network | threads | | in the network, posters/s | {} files, files/s |\n|---|---:|---|---:|---:|\n",
        processor(),
        options.rounds,
        options.files
    );
    for it in subjects {
        let ratios: Vec<[f64; 2]> = (it.marquee.iter().zip(&it.peer))
            .map(|(ours, theirs)| [ours[0] / theirs[0], ours[1] / theirs[1]])
            .collect();
        for (title, rates, digits) in [
            ("Marquee", &it.marquee, 0),
            ("ONNX Runtime", &it.peer, 0),
            ("ratio", &ratios, 2),
        ] {
            if !rates.is_empty() {
                let [network, files] =
                    [0, 1].map(|of| spread(rates.iter().map(|rate| rate[of]), digits));
                table += &format!(
                    "| {} | {} | {title} | {network} | {files} |\n",
                    it.network, it.threads
                );
            }
        }
    }
    table
}

//! The memory that `marquee build` takes for 10,000 drawn posters, and for 100,000.
//! `cargo bench -p marquee-trainer --bench memory --no-default-features`; needs Linux's /proc.

#[path = "../tests/drawn/mod.rs"]
mod drawn;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use image::ImageFormat;

fn main() {
    let sizes = [10_000, 100_000];
    let peaks = sizes.map(|films| {
        let guard = tempfile::tempdir().expect("a temporary folder can be made");
        draw(guard.path(), films).expect("there is room for the posters");
        let (peak, time) = build(guard.path());
        println!(
            "{films:>7} posters: at most {peak:>5.1} MB, {:>5.1} s",
            time.as_secs_f64()
        );
        peak
    });
    println!(
        "{:.2} times the memory for ten times the posters",
        peaks[1] / peaks[0]
    );
}

/// Draws films with small posters: pictures are held a few at a time whatever their number, so that
/// small ones show best what does grow.
fn draw(folder: &Path, films: usize) -> std::io::Result<()> {
    let tar = BufWriter::new(File::create(folder.join("posters.tar"))?);
    let mut tar = tar::Builder::new(tar);
    let mut manifest = BufWriter::new(File::create(folder.join("movies.csv"))?);
    writeln!(manifest, "id,poster,title,year,genres,score,votes")?;
    for film in 0..films {
        let poster = drawn::poster(film, film as u64, 64, 96);
        let bytes = drawn::encode(poster, ImageFormat::Jpeg);
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, format!("{film}.jpg"), &bytes[..])?;
        let genre = ["Drama", "Horror", "War", "Romance", "Animation"][film % 5];
        let year = 1920 + film % 100;
        writeln!(
            manifest,
            "tt{film:07},{film}.jpg,The film of number {film},{year},{genre}|Drama,6.5,{film}"
        )?;
    }
    tar.into_inner()?.flush()?;
    manifest.flush()
}

/// The most memory that a build ever had, in megabytes, and how long it took.
fn build(folder: &Path) -> (f64, Duration) {
    let begin = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_marquee"))
        .args([
            "build",
            "--manifest",
            "movies.csv",
            "--posters",
            "posters.tar",
        ])
        .args(["--out", "dataset"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    loop {
        // the kernel keeps the highest figure itself; it is gone with the process
        if let Ok(status) = fs::read_to_string(&status) {
            peak = highest(&status).unwrap_or(peak);
        }
        if let Some(exit) = child.try_wait().expect("it can be asked") {
            assert!(exit.success(), "the build failed");
            return (peak, begin.elapsed());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn highest(status: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

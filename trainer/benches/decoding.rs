//! From a JPEG of 500×750 pixels to 32×32: Marquee beside Pillow, on one core, in turns.
//! `cargo bench -p marquee-trainer --bench decoding --no-default-features`; needs a `python3` with
//! Pillow, or the path of one in `PYTHON`.

#[path = "../tests/drawn/mod.rs"]
mod drawn;

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use image::ImageFormat;
use marquee_models::network::Size;
use marquee_models::preprocess;

const POSTERS: usize = 40;
const ROUNDS: usize = 7;

/// How long each of the two is measured in a round.
const TIME: Duration = Duration::from_secs(1);

/// Set where the process is already held to one core.
const HELD: &str = "MARQUEE_BENCH_HELD";

fn main() {
    // Both are to have the same core, and Python inherits it. Without `taskset`, as on macOS, the
    // system chooses.
    if std::env::var_os(HELD).is_none()
        && let Ok(program) = std::env::current_exe()
        && let Ok(status) = Command::new("taskset")
            .args(["--cpu-list", "0"])
            .arg(program)
            .env(HELD, "yes")
            .status()
    {
        return assert!(status.success());
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let posters: Vec<Vec<u8>> = (0..POSTERS)
        .map(|seed| {
            drawn::encode(
                drawn::poster(seed, seed as u64, 500, 750),
                ImageFormat::Jpeg,
            )
        })
        .collect();
    for (number, bytes) in posters.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number}.jpg")), bytes).expect("it is written");
    }
    let bytes: usize = posters.iter().map(Vec::len).sum();
    println!(
        "{POSTERS} drawn posters of 500×750 pixels, {} KB each",
        bytes / POSTERS / 1024
    );

    let Some(mut pillow) = Pillow::start(folder.path()) else {
        println!("Marquee {:>6.0}/s", marquee(&posters));
        println!("for Pillow beside it: pip install pillow");
        return;
    };
    let mut rates: Vec<[f64; 2]> = (0..ROUNDS)
        .map(|_| [marquee(&posters), pillow.rate()])
        .collect();
    rates.sort_by(|a, b| (a[0] / a[1]).total_cmp(&(b[0] / b[1])));
    let [marquee, pillow] = rates[ROUNDS / 2];
    println!(
        "Marquee {marquee:>6.0}/s   Pillow {pillow:>6.0}/s   {:.2} times as fast \
         (the middle of {ROUNDS} rounds)",
        marquee / pillow
    );
}

/// Posters a second on this thread.
fn marquee(posters: &[Vec<u8>]) -> f64 {
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < TIME {
        for poster in posters {
            let picture = preprocess::decode(black_box(poster)).expect("a sound poster");
            black_box(picture.resize(Size::square(32)));
            count += 1;
        }
    }
    f64::from(count) / begin.elapsed().as_secs_f64()
}

/// A Python that measures itself whenever it is sent a line.
struct Pillow {
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<std::process::ChildStdout>,
}

impl Pillow {
    fn start(folder: &Path) -> Option<Pillow> {
        let python = std::env::var_os("PYTHON").unwrap_or("python3".into());
        let mut process = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/pillow.py"))
            .arg(folder)
            .arg(TIME.as_secs().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let stdin = process.stdin.take()?;
        let mut stdout = BufReader::new(process.stdout.take()?);
        let mut version = String::new();
        stdout
            .read_line(&mut version)
            .ok()
            .filter(|read| *read > 0)?;
        print!("beside {version}");
        Some(Pillow {
            process,
            stdin,
            stdout,
        })
    }

    fn rate(&mut self) -> f64 {
        let mut line = String::new();
        writeln!(self.stdin, "go").expect("Python listens");
        self.stdout.read_line(&mut line).expect("Python answers");
        line.trim().parse().expect("Python answers with a number")
    }
}

impl Drop for Pillow {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

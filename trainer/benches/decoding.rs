//! From a JPEG of 500×750 pixels to 32×32: Marquee beside Pillow, on one core, in turns.
//! `cargo bench -p marquee-trainer --bench decoding --no-default-features`; needs a `python3` with
//! Pillow, or the path of one in `MARQUEE_PYTHON`.

#[path = "../tests/drawn/mod.rs"]
mod drawn;
mod python;

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use image::ImageFormat;
use marquee_models::network::Size;
use marquee_models::preprocess;
use python::Script;

const POSTERS: usize = 40;
const ROUNDS: usize = 7;

/// How long each of the two is measured in a round.
const TIME: Duration = Duration::from_secs(1);

/// Set in a process that is already held to one core.
const HELD: &str = "MARQUEE_BENCH_HELD";

fn main() {
    // Both must have the same core, which Python inherits. Without `taskset`, as on macOS, the system
    // chooses.
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

    let arguments = [
        folder.path().display().to_string(),
        TIME.as_secs().to_string(),
    ];
    let Some(mut pillow) = Script::start("pillow.py", &arguments) else {
        println!("Marquee {:>6.0}/s", marquee(&posters));
        println!("for Pillow beside it: pip install pillow");
        return;
    };
    println!("beside {}", pillow.version);
    let mut rates: Vec<[f64; 2]> = (0..ROUNDS)
        .map(|_| [marquee(&posters), pillow.ask("go")])
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

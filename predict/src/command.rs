//! The command: its options, and what it does.

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use marquee_models::answer::Answer;

use crate::in_order::in_order;
use crate::network::Named;
use crate::output::{Earlier, Format, Output, Row};
use crate::posters::{Names, Others, Poster, Posters};
use crate::predictor::{Prediction, Predictor};
use crate::progress;
use crate::shard::Shard;

/// Predict the class of posters.
///
/// If the likeliest class is less probable than the network's threshold, the answer is "not sure". A
/// network with heads for them tells genres and score, too. A file that cannot be read is named with the
/// reason. The other files still get their answers, and the exit status is 1. Files in folders and tars
/// that are no pictures are passed over, and named. Posters are read, answered and written one after the
/// other, so memory does not grow with their number. If the list or table of posters breaks off, what was
/// answered until then is written.
#[derive(clap::Args)]
pub struct Args {
    /// Image files, folders of images, tars of images such as WebDataset's, Parquet files with images or paths, JSON
    /// Lines (.jsonl) with paths, or - for standard input, with a path or a JSON object on each line
    #[arg(required = true, value_name = "FILE|DIR|TAR|PARQUET|JSONL|-")]
    posters: Vec<PathBuf>,

    /// Trained network: a file, or the name of one that comes with Marquee
    #[arg(long, default_value = "cnn32", value_name = "FILE|NAME")]
    model: String,

    /// Threads that read and predict, one poster each; by default one for each processor
    #[arg(long, value_name = "COUNT")]
    threads: Option<NonZeroUsize>,

    /// How to write the answers
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// File to write them to, or for Parquet the folder [default: standard output]
    #[arg(long, value_name = "FILE|DIR")]
    out: Option<PathBuf>,

    /// Go on where an earlier run with the same posters and options ended: what is in --out is not done again
    #[arg(long, requires = "out")]
    resume: bool,

    /// Only a part of the posters, for one of several machines: 2/8 answers every eighth poster, beginning with the
    /// second. Each part needs an --out of its own
    #[arg(long, value_name = "PART/PARTS")]
    shard: Option<Shard>,

    /// Write what the network's last layers read, too: each poster in a few numbers, by which posters can be compared;
    /// in JSON, JSON Lines and Parquet
    #[arg(long)]
    features: bool,

    #[command(flatten)]
    names: Names,
}

/// Predicts, and writes the answers. Tells whether all posters could be read.
///
/// # Errors
///
/// If the network or the posters are not found, or an answer cannot be written.
pub fn run(args: &Args) -> Result<bool> {
    ensure!(
        !args.features || args.format.holds_features(),
        "{} has no place for features; choose --format json, jsonl or parquet",
        args.format.name()
    );
    let predictor = Predictor::new(Named::find(&args.model)?.model);
    let posters = Posters::find(&args.posters, &args.names)?;
    tell_others(posters.others());
    let shard = args.shard.unwrap_or(Shard::WHOLE);
    let metadata = predictor.metadata();
    let (mut output, mut earlier) = match (&args.out, args.resume) {
        (Some(out), true) => Output::resume(args.format, out, metadata, args.features)?,
        (Some(out), false) => (
            Output::create(args.format, out, metadata, args.features)?,
            Earlier::nothing(),
        ),
        (None, _) => (
            Output::print(args.format, metadata, args.features)?,
            Earlier::nothing(),
        ),
    };
    let bar = match posters.count() {
        Some(count) => progress::bar("predicting", shard.count(count), "posters"),
        None => progress::counter("predicting", "posters"),
    };
    let (mut done, mut failed) = (0_u64, 0_u64);
    let mut again = (0, 0);
    let told = |answer: &Answer| {
        let confidence = answer.probabilities[answer.class];
        (metadata.labels[answer.class].clone(), confidence)
    };
    let result = in_order(
        args.threads,
        |take| {
            let mut index = 0;
            posters.each(&mut |poster: Poster| {
                index += 1;
                if !shard.has(index - 1) {
                    return Ok(());
                }
                match earlier.next(&poster.path)? {
                    Some(done) => {
                        earlier.compare(&done, || {
                            answer(&predictor, &poster).map(|it| told(&it.answer))
                        })?;
                        again = (again.0 + 1, again.1 + u64::from(!done.read()));
                        bar.inc(1);
                        Ok(())
                    }
                    None => take(poster),
                }
            })?;
            earlier.end()
        },
        |poster: Poster| {
            let prediction = answer(&predictor, &poster);
            let path = poster.path;
            Row { path, prediction }
        },
        |row: Row| {
            bar.inc(1);
            done += 1;
            failed += u64::from(row.prediction.is_err());
            output.write(row)
        },
    );
    bar.finish_and_clear();
    let finished = output.finish(result.is_ok());
    match result.and(finished) {
        // such as `marquee predict … | head`, which has read enough
        Err(error) if is_broken_pipe(&error) => return Ok(true),
        result => result?,
    }
    let (done, failed) = (done + again.0, failed + again.1);
    if failed > 0 {
        eprintln!("marquee: {failed} of {done} posters could not be read");
    }
    Ok(failed == 0)
}

/// What the network says about a poster, or why there is no answer.
fn answer(predictor: &Predictor, poster: &Poster) -> Result<Prediction, String> {
    poster.read().and_then(|file| predictor.predict(&file))
}

/// Names files that get no answer, the first of them one by one.
fn tell_others(others: &Others) {
    let Others { count, first, .. } = others;
    if *count == 0 {
        return;
    }
    let mut shown = first.join(", ");
    if *count > first.len() {
        shown += &format!(" and {} more", count - first.len());
    }
    let files = if *count == 1 {
        "file is no picture and was"
    } else {
        "files are no pictures and were"
    };
    let hint = others.hint();
    eprintln!("marquee: {count} {files} passed over: {shown}{hint}");
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        // which does not say what caused it
        let csv = cause.downcast_ref::<csv::Error>();
        let io = io.or_else(|| match csv?.kind() {
            csv::ErrorKind::Io(error) => Some(error),
            _ => None,
        });
        io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

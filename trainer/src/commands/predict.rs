use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use marquee_models::file::Metadata;
use marquee_models::text::cell;
use marquee_trainer::files::csv_writer;
use marquee_trainer::predict::{Answer, Posters, Prediction};
use marquee_trainer::progress;
use serde_json::json;

/// Predict the class of posters.
///
/// If the likeliest class is less probable than the network's threshold, the answer is "not sure".
/// A file that cannot be read is named with the reason. The other files still get their answers, and
/// the exit status is 1. Files in folders and tars that are no pictures are passed over, and named.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Image files, folders of images, or tars of images
    #[arg(required = true, value_name = "FILE|DIR|TAR")]
    posters: Vec<PathBuf>,

    /// Trained network
    #[arg(
        long,
        default_value = "models/weights/cnn32.safetensors",
        value_name = "FILE"
    )]
    model: PathBuf,

    /// Threads that read and predict, one poster each; by default one for each processor
    #[arg(long, value_name = "COUNT")]
    threads: Option<NonZeroUsize>,

    /// How to print the answers
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// A line for each poster, for people
    #[default]
    Text,
    /// A row for each poster: path, label, confidence, sure, a probability for each class, error, note. A text that
    /// spreadsheets would run as a formula, such as the name =1+2.jpg, has a ' before it
    Csv,
    /// A JSON list with an object for each poster, with logits
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let model = super::read_model(&args.model)?;
    let posters = Posters::find(&args.posters)?;
    tell_others(posters.others());
    let mut printer = Printer::new(args.format, model.metadata())?;
    let bar = progress::bar("predicting", posters.count(), "posters");
    let mut failed = 0;
    let result = posters.predict(&model, args.threads, |answer| {
        bar.inc(1);
        failed += usize::from(answer.1.is_err());
        printer.print(answer)
    });
    bar.finish_and_clear();
    match result.and_then(|()| printer.finish()) {
        // such as `marquee predict … | head`, which has read enough
        Err(error) if is_broken_pipe(&error) => return Ok(ExitCode::SUCCESS),
        result => result?,
    }
    if failed > 0 {
        eprintln!(
            "marquee: {failed} of {} posters could not be read",
            posters.count()
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Names files that get no answer, the first of them one by one.
fn tell_others(others: &[String]) {
    const SHOWN: usize = 3;
    if others.is_empty() {
        return;
    }
    let mut shown = others[..others.len().min(SHOWN)].join(", ");
    if others.len() > SHOWN {
        shown += &format!(" and {} more", others.len() - SHOWN);
    }
    let files = if others.len() == 1 {
        "file is no picture and was"
    } else {
        "files are no pictures and were"
    };
    eprintln!("marquee: {} {files} passed over: {shown}", others.len());
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Writes a row, in which no spreadsheet finds a formula.
fn write_cells<'a>(
    csv: &mut csv::Writer<io::Stdout>,
    cells: impl Iterator<Item = &'a str>,
) -> Result<()> {
    Ok(csv.write_record(cells.map(|text| cell(text).into_owned()))?)
}

/// What else is to be said of an answer.
fn note(prediction: &Prediction) -> &'static str {
    match prediction.complete {
        true => "",
        false => "the file is cut off, a part of the poster is missing",
    }
}

enum Printer<'a> {
    Text(&'a Metadata, BufWriter<io::Stdout>),
    Csv(&'a Metadata, Box<csv::Writer<io::Stdout>>),
    Json(&'a Metadata, BufWriter<io::Stdout>, &'static str),
}

impl<'a> Printer<'a> {
    fn new(format: Format, metadata: &'a Metadata) -> Result<Printer<'a>> {
        let out = io::stdout();
        Ok(match format {
            Format::Text => Printer::Text(metadata, BufWriter::new(out)),
            Format::Csv => {
                let mut csv = csv_writer(out);
                let first = ["path", "label", "confidence", "sure"];
                let labels = metadata.labels.iter().map(String::as_str);
                let names = first.into_iter().chain(labels).chain(["error", "note"]);
                write_cells(&mut csv, names)?;
                Printer::Csv(metadata, Box::new(csv))
            }
            Format::Json => Printer::Json(metadata, BufWriter::new(out), "["),
        })
    }

    fn print(&mut self, (path, answer): Answer) -> Result<()> {
        match self {
            Printer::Text(metadata, out) => match answer {
                Ok(prediction) => {
                    let percent = |class: usize| 100.0 * prediction.probabilities[class];
                    let mut others: Vec<usize> = (0..metadata.labels.len()).collect();
                    others.retain(|&class| class != prediction.class);
                    others.sort_by(|&a, &b| percent(b).total_cmp(&percent(a)));
                    let others: Vec<String> = others
                        .iter()
                        .map(|&class| format!("{} {:.0} %", metadata.labels[class], percent(class)))
                        .collect();
                    let doubt = if prediction.sure {
                        ""
                    } else {
                        "not sure, perhaps "
                    };
                    let note = match note(&prediction) {
                        "" => String::new(),
                        note => format!("  note: {note}"),
                    };
                    writeln!(
                        out,
                        "{path}  {doubt}{} {:.0} %  ({}){note}",
                        metadata.labels[prediction.class],
                        percent(prediction.class),
                        others.join(", ")
                    )?;
                }
                Err(reason) => writeln!(out, "{path}  cannot be read: {reason}")?,
            },
            Printer::Csv(metadata, csv) => {
                let mut row = vec![path];
                match answer {
                    Ok(prediction) => {
                        row.push(metadata.labels[prediction.class].clone());
                        row.push(prediction.probabilities[prediction.class].to_string());
                        row.push(prediction.sure.to_string());
                        row.extend(prediction.probabilities.iter().map(f32::to_string));
                        row.push(String::new());
                        row.push(note(&prediction).to_owned());
                    }
                    Err(reason) => {
                        row.resize(4 + metadata.labels.len(), String::new());
                        row.push(reason);
                        row.push(String::new());
                    }
                }
                write_cells(csv, row.iter().map(String::as_str))?;
            }
            Printer::Json(metadata, out, separator) => {
                let value = match answer {
                    Ok(prediction) => json!({
                        "path": path,
                        "label": metadata.labels[prediction.class],
                        "confidence": prediction.probabilities[prediction.class],
                        "sure": prediction.sure,
                        "probabilities": metadata
                            .labels
                            .iter()
                            .zip(&prediction.probabilities)
                            .map(|(label, probability)| (label.clone(), json!(probability)))
                            .collect::<serde_json::Map<_, _>>(),
                        "logits": prediction.logits,
                        "error": null,
                        "note": note(&prediction),
                    }),
                    Err(reason) => json!({ "path": path, "error": reason, "note": "" }),
                };
                write!(out, "{separator}\n  {value}")?;
                *separator = ",";
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        match self {
            Printer::Text(_, mut out) => out.flush()?,
            Printer::Csv(_, mut csv) => csv.flush()?,
            Printer::Json(_, mut out, _) => {
                writeln!(out, "\n]")?;
                out.flush()?;
            }
        }
        Ok(())
    }
}

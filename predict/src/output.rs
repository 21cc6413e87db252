//! The answers as text, tables and lists, on standard output or in files.

mod csv;
mod earlier;
mod json;
mod parquet;
mod text;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use marquee_models::file::Metadata;

use crate::predictor::Prediction;
pub(crate) use earlier::Earlier;

/// A poster's path, and its prediction or the reason why there is none.
pub(crate) struct Row {
    pub(crate) path: String,
    pub(crate) prediction: Result<Prediction, String>,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// A line for each poster, for people
    #[default]
    Text,
    /// A row for each poster: path, label, confidence, sure, a probability for each class, score, a probability for
    /// each genre, error, note. A text that spreadsheets would run as a formula, such as the name =1+2.jpg, has a '
    /// before it
    Csv,
    /// A JSON list with an object for each poster, with logits
    Json,
    /// JSON Lines: the same objects, each in a line
    Jsonl,
    /// A folder of Parquet files with 10,000 rows each, which other programs read as one table
    Parquet,
}

impl Format {
    /// Its name, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Csv => "CSV",
            Format::Json => "JSON",
            Format::Jsonl => "JSON Lines",
            Format::Parquet => "Parquet",
        }
    }

    /// Whether there is a place for lists of any length.
    pub(crate) fn holds_features(self) -> bool {
        matches!(self, Format::Json | Format::Jsonl | Format::Parquet)
    }
}

/// Where the answers go.
type Sink = BufWriter<Box<dyn Write>>;

/// What writes the answers.
pub(crate) enum Output<'a> {
    Text(text::Text<'a>),
    Csv(Box<csv::Csv<'a>>),
    Json(json::Json<'a>),
    Parquet(Box<parquet::Parquet>),
}

impl<'a> Output<'a> {
    /// Writes to standard output.
    ///
    /// # Errors
    ///
    /// If the format needs files.
    pub(crate) fn print(format: Format, of: &'a Metadata, features: bool) -> Result<Output<'a>> {
        ensure!(
            format != Format::Parquet,
            "Parquet is written into a folder; name one with --out"
        );
        Output::begin(format, sink(io::stdout()), of, features, true)
    }

    /// Writes to a new file, or for Parquet into a new folder.
    ///
    /// # Errors
    ///
    /// If it cannot be made, or has answers already.
    pub(crate) fn create(
        format: Format,
        out: &Path,
        of: &'a Metadata,
        features: bool,
    ) -> Result<Output<'a>> {
        let there = || {
            let shown = out.display();
            format!("{shown} has answers already; go on with --resume, or name another --out")
        };
        if format == Format::Parquet {
            let parquet = parquet::Parquet::new(out, of, features)?;
            ensure!(parquet.parts() == 0, there());
            return Ok(Output::Parquet(Box::new(parquet)));
        }
        // hours may have been spent on it
        let length = out.metadata().map_or(0, |file| file.len());
        ensure!(length == 0, there());
        let file = File::create(out).with_context(|| cannot_write(out))?;
        Output::begin(format, sink(file), of, features, true)
    }

    /// Goes on with a file or folder of an earlier run, and tells what is in it. What a killed process has written
    /// of a row is removed. A file that is no such run's is left as it is.
    ///
    /// # Errors
    ///
    /// If it cannot be read or written, is of another format or has other columns, or the format cannot be gone on
    /// with.
    pub(crate) fn resume(
        format: Format,
        out: &Path,
        of: &'a Metadata,
        features: bool,
    ) -> Result<(Output<'a>, Earlier)> {
        if format == Format::Parquet {
            let parquet = parquet::Parquet::new(out, of, features)?;
            let earlier = Earlier::of_parquet(out, parquet.paths(), parquet.schema());
            return Ok((Output::Parquet(Box::new(parquet)), earlier));
        }
        if !out.exists() {
            let output = Output::create(format, out, of, features)?;
            return Ok((output, Earlier::nothing()));
        }
        let (earlier, whole) = match format {
            Format::Csv => Earlier::of_csv(out, &csv::header(of))?,
            Format::Jsonl => Earlier::of_json_lines(out, json::Members::of(of, features))?,
            _ => bail!(
                "{} cannot be gone on with; choose --format csv, jsonl or parquet",
                format.name()
            ),
        };
        let file = File::options().append(true).open(out);
        let file = file.with_context(|| cannot_write(out))?;
        file.set_len(whole).with_context(|| cannot_write(out))?;
        let output = Output::begin(format, sink(file), of, features, whole == 0)?;
        Ok((output, earlier))
    }

    /// `first` is whether nothing is written yet.
    fn begin(
        format: Format,
        sink: Sink,
        of: &'a Metadata,
        features: bool,
        first: bool,
    ) -> Result<Output<'a>> {
        Ok(match format {
            Format::Text => Output::Text(text::Text::new(sink, of)),
            Format::Csv => Output::Csv(Box::new(csv::Csv::new(sink, of, first)?)),
            Format::Json => Output::Json(json::Json::list(sink, of, features)),
            Format::Jsonl => Output::Json(json::Json::lines(sink, of, features)),
            Format::Parquet => bail!("Parquet is written into a folder"),
        })
    }

    /// Writes a poster's answer.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn write(&mut self, row: Row) -> Result<()> {
        match self {
            Output::Text(text) => text.write(&row),
            Output::Csv(csv) => csv.write(&row),
            Output::Json(json) => json.write(&row),
            Output::Parquet(parquet) => parquet.write(row),
        }
    }

    /// Writes what is held back, and the end. `whole` is whether all posters are answered.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn finish(self, whole: bool) -> Result<()> {
        match self {
            Output::Text(text) => text.finish(),
            Output::Csv(csv) => csv.finish(),
            Output::Json(json) => json.finish(),
            Output::Parquet(parquet) => parquet.finish(whole),
        }
    }
}

fn sink(target: impl Write + 'static) -> Sink {
    BufWriter::new(Box::new(target))
}

fn cannot_write(out: &Path) -> String {
    format!("cannot write {}", out.display())
}

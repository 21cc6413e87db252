//! Runs of `marquee predict` on drawn posters, and what they write. Not every test program needs all of it.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;
use image::{ImageFormat, Rgb, RgbImage};
use marquee_predict::command::{Args, run};
use parquet::file::reader::SerializedFileReader;
use parquet::record::{Field, Row};
use serde_json::{Value, json};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: Args,
}

/// Runs `marquee predict` with paths within a folder, and tells whether all posters could be read.
pub(crate) fn predict(folder: &Path, posters: &[PathBuf], options: &str) -> Result<bool> {
    let inside = options.split(' ').map(|word| match word.strip_prefix("@") {
        Some(name) => folder.join(name),
        None => PathBuf::from(word),
    });
    let words = [PathBuf::from("marquee")].into_iter();
    let words = words.chain(posters.iter().cloned()).chain(inside);
    run(&Cli::parse_from(words).args)
}

/// A folder with as many drawn posters, named by their numbers.
pub(crate) fn drawn(count: u32) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let posters = (0..count).map(|number| {
        let path = folder.path().join(format!("{number:02}.png"));
        let picture = RgbImage::from_fn(24, 36, |x, y| {
            Rgb([(x * number * 3) as u8, (y * 7) as u8, (number * 40) as u8])
        });
        let written = picture.save_with_format(&path, ImageFormat::Png);
        written.expect("it can be written");
        path
    });
    let posters = posters.collect();
    (folder, posters)
}

/// With all numbers as 32-bit floats, which is what they are.
pub(crate) fn rounded(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().expect("a number") as f32),
        Value::Array(values) => values.into_iter().map(rounded).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name, rounded(value)))
                    .collect(),
            )
        }
        other => other,
    }
}

/// The rows of JSON Lines.
pub(crate) fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("it is there");
    let lines = text.lines();
    lines
        .map(|line| rounded(serde_json::from_str(line).expect("JSON")))
        .collect()
}

/// The rows of a folder of Parquet files, as [`lines`] are.
pub(crate) fn rows(folder: &Path) -> Vec<Value> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("it is there")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    let rows = files.iter().flat_map(|file| {
        let reader = SerializedFileReader::try_from(file.as_path()).expect("a Parquet file");
        reader.into_iter().map(|row| value(&row.expect("a row")))
    });
    rows.collect()
}

fn value(row: &Row) -> Value {
    let fields = row.get_column_iter().map(|(name, field)| {
        let value = match field {
            Field::Null => Value::Null,
            Field::Str(text) => json!(text),
            Field::Bool(it) => json!(it),
            Field::Float(number) => json!(number),
            Field::Group(row) => value(row),
            Field::ListInternal(list) => {
                let numbers = list.elements().iter().map(|it| match it {
                    Field::Float(number) => json!(number),
                    other => panic!("{other}"),
                });
                numbers.collect()
            }
            other => panic!("{other}"),
        };
        (name.clone(), value)
    });
    Value::Object(fields.collect())
}

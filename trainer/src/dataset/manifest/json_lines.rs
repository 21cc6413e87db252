//! JSON Lines, such as Hugging Face's `metadata.jsonl`.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};
use csv::ByteRecord;
use serde_json::{Map, Value};

use super::table::{Numbered, Table};

/// JSON Lines: an object on each line. Objects need not have the same members; all that there are in the file are the
/// columns.
pub(super) struct JsonLines {
    lines: Lines,
    columns: Vec<String>,
}

/// The lines that are not empty, each with its number.
struct Lines {
    shown: String,
    file: BufReader<File>,
    number: u64,
    line: Vec<u8>,
}

type Object = Map<String, Value>;

impl JsonLines {
    pub(super) fn open(path: &Path) -> Result<JsonLines> {
        let mut columns: Vec<String> = Vec::new();
        let mut lines = Lines::open(path)?;
        while let Some((_, object)) = lines.next_object()? {
            for name in object.unwrap_or_default().keys() {
                if !columns.contains(name) {
                    columns.push(name.clone());
                }
            }
        }
        let lines = Lines::open(path)?;
        Ok(JsonLines { lines, columns })
    }
}

impl Table for JsonLines {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next_row(&mut self, row: &mut ByteRecord) -> Result<Option<Numbered>> {
        let Some((number, object)) = self.lines.next_object()? else {
            return Ok(None);
        };
        let read = object.map(|object| {
            row.clear();
            for name in &self.columns {
                row.push_field(object.get(name).map(cell).unwrap_or_default().as_bytes());
            }
        });
        Ok(Some((number, read)))
    }
}

impl Lines {
    fn open(path: &Path) -> Result<Lines> {
        let shown = path.display().to_string();
        let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
        Ok(Lines {
            shown,
            file: BufReader::new(file),
            number: 0,
            line: Vec::new(),
        })
    }

    fn next_object(&mut self) -> Result<Option<(u64, Result<Object, String>)>> {
        loop {
            self.line.clear();
            let read = self.file.read_until(b'\n', &mut self.line);
            if read.with_context(|| format!("cannot read {}", self.shown))? == 0 {
                return Ok(None);
            }
            self.number += 1;
            let line = self.line.strip_prefix(b"\xEF\xBB\xBF");
            let line = line.unwrap_or(&self.line).trim_ascii();
            if !line.is_empty() {
                let object = serde_json::from_slice(line);
                let object = object.map_err(|error| format!("the line is no JSON object: {error}"));
                return Ok(Some((self.number, object)));
            }
        }
    }
}

/// A value as a cell's text.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

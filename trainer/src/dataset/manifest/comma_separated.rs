//! CSV files.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result};
use csv::ByteRecord;
use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::table::{Numbered, Table};

/// A CSV file, whose first line names the columns.
pub(super) struct CommaSeparated {
    shown: String,
    reader: csv::Reader<Box<dyn Read>>,
    columns: Vec<String>,
    /// Whether lines end with `\r\n`. Then the CSV reader counts a line only when it reads on.
    late: bool,
}

impl CommaSeparated {
    pub(super) fn open(
        mut file: BufReader<File>,
        path: &Path,
        encoding: &'static Encoding,
    ) -> Result<CommaSeparated> {
        let shown = path.display().to_string();
        let start = file
            .fill_buf()
            .with_context(|| format!("cannot read {shown}"))?;
        let late = ends_with_two(start);
        // a mark at the beginning says more than the options
        let encoding = Encoding::for_bom(start).map_or(encoding, |(encoding, _)| encoding);
        // UTF-8 is not decoded here, so that a row which is not UTF-8 can be reported
        let source: Box<dyn Read> = if encoding == UTF_8 {
            Box::new(file)
        } else {
            let mut decoder = DecodeReaderBytesBuilder::new();
            Box::new(decoder.encoding(Some(encoding)).build(file))
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let columns = reader
            .byte_headers()
            .with_context(|| format!("cannot read the first line of {shown}"))?
            .iter()
            .map(|header| String::from_utf8_lossy(header).trim().to_owned())
            .collect();
        Ok(CommaSeparated {
            shown,
            reader,
            columns,
            late,
        })
    }
}

impl Table for CommaSeparated {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next_row(&mut self, row: &mut ByteRecord) -> Result<Option<Numbered>> {
        let before = self.reader.position().line();
        let read = self.reader.read_byte_record(row);
        // empty lines before the row are passed over; those within it stand in quotes
        let within = row.as_slice().iter().filter(|byte| **byte == b'\n');
        let empty =
            (self.reader.position().line() - before).saturating_sub(within.count() as u64 + 1);
        let line = before + empty + u64::from(self.late);
        let (fields, columns) = (row.len(), self.columns.len());
        match read {
            Ok(false) => Ok(None),
            Ok(true) if fields > columns => Ok(Some((
                line,
                Err(format!(
                    "the row has {fields} fields for {columns} columns; a text with a comma or a quote in it needs \
                     quotes around it"
                )),
            ))),
            Ok(true) => Ok(Some((line, Ok(())))),
            Err(error) if error.is_io_error() => {
                Err(error).with_context(|| format!("cannot read {}", self.shown))
            }
            Err(error) => Ok(Some((line, Err(error.to_string())))),
        }
    }
}

/// Whether the first line of a text ends with `\r\n`, in any encoding.
fn ends_with_two(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // in UTF-16, there is a zero byte between the two
    line.len() < text.len() && line.iter().rfind(|byte| **byte != 0) == Some(&b'\r')
}

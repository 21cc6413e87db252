//! The answers as a file for other programs, with the columns of `marquee predict`.

use super::entry::{Entry, Outcome};
use marquee_app::protocol::Problem;
use marquee_models::text::cell;

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Format {
    /// Comma-separated values, by RFC 4180.
    Csv,
    /// A list of objects.
    Json,
}

impl Format {
    pub(super) const ALL: [Format; 2] = [Format::Csv, Format::Json];

    /// The format's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Format::Csv => "CSV",
            Format::Json => "JSON",
        }
    }

    /// The file's name.
    pub(super) fn file_name(self) -> &'static str {
        match self {
            Format::Csv => "marquee.csv",
            Format::Json => "marquee.json",
        }
    }

    /// The file's media type.
    pub(super) fn mime(self) -> &'static str {
        match self {
            Format::Csv => "text/csv",
            Format::Json => "application/json",
        }
    }

    /// The text before the first row.
    pub(super) fn head(self, labels: &[String]) -> String {
        match self {
            Format::Csv => {
                let columns = ["file", "label", "confidence", "sure"].into_iter();
                let columns = columns.chain(labels.iter().map(String::as_str));
                csv_line(columns.chain(["truth", "error"]))
            }
            Format::Json => "[\n".into(),
        }
    }

    /// A poster's row.
    pub(super) fn row(self, first: bool, file: &str, entry: &Entry, labels: &[String]) -> String {
        match self {
            Format::Csv => csv_row(file, entry, labels),
            Format::Json => {
                let separator = if first { "" } else { ",\n" };
                format!("{separator}{}", json_row(file, entry, labels))
            }
        }
    }

    /// The text after the last row.
    pub(super) fn foot(self) -> &'static str {
        match self {
            Format::Csv => "",
            Format::Json => "\n]\n",
        }
    }
}

/// A line of CSV, in which no spreadsheet finds a formula: texts are in quotation marks, also where a `;` would
/// begin a new cell.
fn csv_line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(Vec::new());
    // Writing to a vector does not fail.
    let cells = cells
        .into_iter()
        .map(|text| cell(text.as_ref()).into_owned());
    _ = writer.write_record(cells);
    let line = writer.into_inner().unwrap_or_default();
    String::from_utf8(line).unwrap_or_default()
}

fn csv_row(file: &str, entry: &Entry, labels: &[String]) -> String {
    let mut cells = vec![file.to_owned()];
    match entry.prediction() {
        Some(prediction) => {
            cells.push(label(labels, prediction.class).to_owned());
            cells.push(prediction.confidence().to_string());
            cells.push(prediction.sure.to_string());
            cells.extend(prediction.probabilities.iter().map(f32::to_string));
        }
        None => cells.resize(4 + labels.len(), String::new()),
    }
    cells.push(
        entry
            .truth
            .map_or("", |class| label(labels, class))
            .to_owned(),
    );
    cells.push(error(entry).unwrap_or_default().to_owned());
    csv_line(cells)
}

fn json_row(file: &str, entry: &Entry, labels: &[String]) -> String {
    let mut row = serde_json::Map::new();
    row.insert("file".into(), file.into());
    if let Some(prediction) = entry.prediction() {
        row.insert("label".into(), label(labels, prediction.class).into());
        row.insert("confidence".into(), number(prediction.confidence()));
        row.insert("sure".into(), prediction.sure.into());
        let probabilities = labels.iter().zip(&prediction.probabilities);
        let probabilities = probabilities.map(|(label, it)| (label.clone(), number(*it)));
        row.insert("probabilities".into(), probabilities.collect());
    }
    if let Some(truth) = entry.truth {
        row.insert("truth".into(), label(labels, truth).into());
    }
    if let Some(error) = error(entry) {
        row.insert("error".into(), error.into());
    }
    serde_json::Value::Object(row).to_string()
}

fn label(labels: &[String], class: u8) -> &str {
    labels.get(usize::from(class)).map_or("", String::as_str)
}

/// The shortest number that is this `f32`; a conversion to `f64` would have many more digits.
fn number(value: f32) -> serde_json::Value {
    let shortest: Option<f64> = value.to_string().parse().ok();
    shortest.into()
}

fn error(entry: &Entry) -> Option<&'static str> {
    match &entry.outcome {
        Outcome::Read(_) | Outcome::Untaught => None,
        Outcome::Waiting => Some("not read, because it was stopped"),
        Outcome::Refused(problem) => Some(match problem {
            Problem::Empty => "the file is empty",
            Problem::NotAnImage => "not a picture that can be read",
            Problem::Damaged => "the picture is damaged",
            Problem::Unreadable => "the file can't be opened",
            Problem::TooLarge => "the picture is too large",
            Problem::NoDecoder => "its decoder could not be loaded",
            Problem::NoNetwork => "the network could not be loaded",
            Problem::WorkerDied => "the worker stopped while reading it",
            Problem::NotLoaded => "the worker could not be loaded",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::festival::prediction::Prediction;

    fn labels() -> Vec<String> {
        vec!["Action".into(), "Comedy, Drama".into()]
    }

    fn read() -> Entry {
        let prediction = Prediction::new(vec![0.1, 0.9], true).expect("two classes");
        Entry {
            outcome: Outcome::Read(prediction),
            truth: Some(0),
            lesson: None,
        }
    }

    #[test]
    fn a_table_has_a_cell_for_each_column() {
        assert_eq!(
            Format::Csv.head(&labels()),
            "\"file\",\"label\",\"confidence\",\"sure\",\"Action\",\"Comedy, Drama\",\"truth\",\"error\"\r\n"
        );
        assert_eq!(
            Format::Csv.row(true, "=a \"b\".jpg", &read(), &labels()),
            "\"'=a \"\"b\"\".jpg\",\"Comedy, Drama\",0.9,\"true\",0.1,0.9,\"Action\",\"\"\r\n",
            "a spreadsheet would run the name"
        );
        let refused = Entry {
            outcome: Outcome::Refused(Problem::Empty),
            truth: None,
            lesson: None,
        };
        assert_eq!(
            Format::Csv.row(false, "b.jpg", &refused, &labels()),
            "\"b.jpg\",\"\",\"\",\"\",\"\",\"\",\"\",\"the file is empty\"\r\n"
        );
    }

    #[test]
    fn a_list_of_objects_says_the_same() {
        let (labels, format) = (labels(), Format::Json);
        let text = format.head(&labels)
            + &format.row(true, "a.jpg", &read(), &labels)
            + &format.row(false, "b.jpg", &Entry::NEW, &labels)
            + format.foot();
        let expected = serde_json::json!([
            {
                "file": "a.jpg",
                "label": "Comedy, Drama",
                "confidence": 0.9,
                "sure": true,
                "probabilities": { "Action": 0.1, "Comedy, Drama": 0.9 },
                "truth": "Action",
            },
            { "file": "b.jpg", "error": "not read, because it was stopped" },
        ]);
        assert_eq!(text.parse::<serde_json::Value>().ok(), Some(expected));
    }
}

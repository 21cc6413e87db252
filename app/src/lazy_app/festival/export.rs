//! The answers as a table that other programs read, with the columns of `marquee predict`.

use super::entry::{Entry, Outcome};
use marquee_app::protocol::Problem;

/// How the table is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Format {
    /// Comma-separated values, as RFC 4180 has them.
    Csv,
    /// A list of objects.
    Json,
}

impl Format {
    /// The name of the file.
    pub(super) fn file_name(self) -> &'static str {
        match self {
            Format::Csv => "marquee.csv",
            Format::Json => "marquee.json",
        }
    }

    /// What is in the file.
    pub(super) fn mime(self) -> &'static str {
        match self {
            Format::Csv => "text/csv",
            Format::Json => "application/json",
        }
    }

    /// Before the first row.
    pub(super) fn head(self, labels: &[String]) -> String {
        match self {
            Format::Csv => {
                let mut line = String::from("file,label,confidence,sure");
                for label in labels {
                    line.push(',');
                    line.push_str(&quoted(label));
                }
                line + ",truth,error\r\n"
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

    /// Behind the last row.
    pub(super) fn foot(self) -> &'static str {
        match self {
            Format::Csv => "",
            Format::Json => "\n]\n",
        }
    }
}

fn csv_row(file: &str, entry: &Entry, labels: &[String]) -> String {
    let mut cells = vec![quoted(file)];
    match entry.answer() {
        Some(answer) => {
            cells.push(quoted(label(labels, answer.class)));
            cells.push(answer.confidence().to_string());
            cells.push(answer.sure.to_string());
            cells.extend(answer.probabilities.iter().map(f32::to_string));
        }
        None => cells.resize(4 + labels.len(), String::new()),
    }
    cells.push(
        entry
            .truth
            .map_or(String::new(), |it| quoted(label(labels, it))),
    );
    cells.push(error(entry).unwrap_or_default().to_owned());
    cells.join(",") + "\r\n"
}

fn json_row(file: &str, entry: &Entry, labels: &[String]) -> String {
    let mut row = serde_json::Map::new();
    row.insert("file".into(), file.into());
    if let Some(answer) = entry.answer() {
        row.insert("label".into(), label(labels, answer.class).into());
        row.insert("confidence".into(), number(answer.confidence()));
        row.insert("sure".into(), answer.sure.into());
        let probabilities = labels.iter().zip(&answer.probabilities);
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

/// As few digits as name this f32, and not the many that name it as an f64.
fn number(value: f32) -> serde_json::Value {
    let shortest: Option<f64> = value.to_string().parse().ok();
    shortest.into()
}

fn error(entry: &Entry) -> Option<&'static str> {
    match &entry.outcome {
        Outcome::Read(_) => None,
        Outcome::Waiting => Some("not read, because it was stopped"),
        Outcome::Refused(problem) => Some(match problem {
            Problem::Empty => "the file is empty",
            Problem::NotAnImage => "not a picture that can be read",
            Problem::Damaged => "the picture is damaged",
            Problem::TooLarge => "the picture is too large",
            Problem::NoDecoder => "what reads it could not be loaded",
        }),
    }
}

/// A cell as it stands in a table: in quotation marks where it needs them.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Answer;
    use super::*;

    fn labels() -> Vec<String> {
        vec!["Action".into(), "Comedy, Drama".into()]
    }

    fn read() -> Entry {
        let answer = Answer::new(vec![0.1, 0.9], true).expect("two classes");
        Entry {
            outcome: Outcome::Read(answer),
            truth: Some(0),
        }
    }

    #[test]
    fn a_table_has_a_cell_for_each_column() {
        assert_eq!(
            Format::Csv.head(&labels()),
            "file,label,confidence,sure,Action,\"Comedy, Drama\",truth,error\r\n"
        );
        assert_eq!(
            Format::Csv.row(true, "a \"b\".jpg", &read(), &labels()),
            "\"a \"\"b\"\".jpg\",\"Comedy, Drama\",0.9,true,0.1,0.9,Action,\r\n"
        );
        let refused = Entry {
            outcome: Outcome::Refused(Problem::Empty),
            truth: None,
        };
        assert_eq!(
            Format::Csv.row(false, "b.jpg", &refused, &labels()),
            "b.jpg,,,,,,,the file is empty\r\n"
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

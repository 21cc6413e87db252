//! Tars of WebDataset's: files whose names differ only in their endings belong together, such as `0001.jpg`, `0001.cls`
//! and `0001.json`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use csv::ByteRecord;
use marquee_models::hidden::is_hidden;
use marquee_predict::pictures::picture_extension;
use marquee_predict::tar::{Place, scan};
use serde_json::{Map, Value};

use super::columns::Field;
use super::json_lines::cell;
use super::table::{Numbered, Table};

/// The endings of a file with a class, as a name or a number, and of one with anything.
const CLASS: [&str; 3] = ["cls", "cls.txt", "label.txt"];
const DETAILS: &str = "json";
/// The endings of texts, such as captions, whose cells are those of a column named like them.
const TEXTS: [&str; 3] = ["txt", "text", "caption"];

/// A tar of WebDataset's.
pub(super) struct Shard {
    path: PathBuf,
    columns: Vec<String>,
    samples: Vec<Sample>,
    /// The number of samples that were read.
    read: usize,
}

/// The files of a poster.
struct Sample {
    key: String,
    /// The poster's name.
    picture: String,
    /// The poster's ending and place.
    poster: Option<(String, Place)>,
    class: Option<Place>,
    details: Option<Place>,
    /// The others, with their endings.
    others: Vec<(String, Place)>,
}

type Object = Map<String, Value>;

impl Shard {
    pub(super) fn open(path: &Path) -> Result<Shard> {
        let shown = path.display();
        let mut samples: Vec<Sample> = Vec::new();
        scan(path, |name, place| {
            let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
            let Some((stem, ending)) = file.split_once('.').filter(|_| !is_hidden(file)) else {
                return Ok(());
            };
            let key = match folder {
                "" => stem.to_owned(),
                folder => format!("{folder}/{stem}"),
            };
            // the files of a sample stand one behind the other
            if samples.last().is_none_or(|last| last.key != key) {
                samples.push(Sample::new(key));
            }
            let Some(sample) = samples.last_mut() else {
                return Ok(());
            };
            match ending.to_lowercase().as_str() {
                // a second picture is something else about the poster, such as `1.mask.png` beside `1.png`
                ending if picture_extension(Path::new(name)).is_some() => {
                    let found = (ending.to_owned(), place);
                    if sample.poster.is_none() || !ending.contains('.') {
                        name.clone_into(&mut sample.picture);
                        sample.others.extend(sample.poster.replace(found));
                    } else {
                        sample.others.push(found);
                    }
                }
                ending if CLASS.contains(&ending) => sample.class = Some(place),
                DETAILS => sample.details = Some(place),
                ending => sample.others.push((ending.to_owned(), place)),
            }
            Ok(())
        })?;
        let has_class = samples.iter().any(|sample| sample.class.is_some());
        let mut columns = vec!["__key__".to_owned(), Field::Poster.name().to_owned()];
        if has_class {
            columns.push(Field::Label.name().to_owned());
        }
        for sample in &samples {
            let details = sample.details(path).unwrap_or_default();
            let endings = sample.others.iter().map(|(ending, _)| ending);
            // what is not used is named like a column of a table
            for name in details.keys().chain(endings) {
                if !columns.contains(name) {
                    columns.push(name.clone());
                }
            }
        }
        if !has_class && samples.iter().all(|sample| sample.details.is_none()) {
            bail!(
                "{shown} is a tar without classes: as a manifest it must be one of WebDataset's, with 1.cls or 1.json \
                 beside 1.jpg; posters in folders of their classes are named by --posters"
            );
        }
        Ok(Shard {
            path: path.to_owned(),
            columns,
            samples,
            read: 0,
        })
    }
}

impl Table for Shard {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next_row(&mut self, row: &mut ByteRecord) -> Result<Option<Numbered>> {
        let Some(sample) = self.samples.get(self.read) else {
            return Ok(None);
        };
        self.read += 1;
        let cells = sample.cells(&self.path, &self.columns);
        let read = cells.map(|cells| *row = ByteRecord::from(cells));
        let read = read.map_err(|error| format!("{}: {error:#}", sample.key));
        Ok(Some((self.read as u64, read)))
    }
}

impl Sample {
    fn new(key: String) -> Sample {
        Sample {
            key,
            picture: String::new(),
            poster: None,
            class: None,
            details: None,
            others: Vec::new(),
        }
    }

    fn cells(&self, tar: &Path, columns: &[String]) -> Result<Vec<String>> {
        let details = self.details(tar)?;
        let class = match self.class {
            Some(place) => String::from_utf8(place.read(tar)?).context("its class is no text")?,
            None => String::new(),
        };
        let text = |name: &String| -> Result<String> {
            let text = (self.others.iter())
                .find(|(ending, _)| ending == name && TEXTS.contains(&ending.as_str()));
            Ok(match text {
                Some((_, place)) => String::from_utf8_lossy(&place.read(tar)?).into_owned(),
                None => String::new(),
            })
        };
        let cells = columns.iter().enumerate().map(|(at, name)| match at {
            0 => Ok(self.key.clone()),
            1 => Ok(self.picture.clone()),
            2 if !class.is_empty() => Ok(class.trim().to_owned()),
            _ => details.get(name).map(cell).map_or_else(|| text(name), Ok),
        });
        cells.collect()
    }

    fn details(&self, tar: &Path) -> Result<Object> {
        let Some(place) = self.details else {
            return Ok(Object::new());
        };
        serde_json::from_slice(&place.read(tar)?).context("its .json is no JSON object")
    }
}

//! A run's log in the form of TensorBoard, which W&B and trackio read, too.
//!
//! The file is a TFRecord of `Event` messages: `event.proto` and `summary.proto` of
//! <https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto>. A record is its length, the
//! length's checksum, the message, and the message's checksum
//! (<https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details>).

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use prost::Message;

use super::log::{EpochLog, SplitLog};
use crate::files::write_whole;

/// TensorBoard shows what has `tfevents` in its name.
pub(super) const FILE: &str = "events.out.tfevents.marquee";

/// What every such file begins with.
const VERSION: &str = "brain.Event:2";

/// The first of an event's two kinds says the file's version, the other what was measured.
#[derive(Clone, PartialEq, Message)]
struct Event {
    /// Seconds since 1970.
    #[prost(double, tag = "1")]
    wall_time: f64,
    /// The epoch.
    #[prost(int64, tag = "2")]
    step: i64,
    #[prost(string, optional, tag = "3")]
    file_version: Option<String>,
    #[prost(message, optional, tag = "5")]
    summary: Option<Summary>,
}

#[derive(Clone, PartialEq, Message)]
struct Summary {
    #[prost(message, repeated, tag = "1")]
    value: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
struct Value {
    #[prost(string, tag = "1")]
    tag: String,
    #[prost(float, optional, tag = "2")]
    simple_value: Option<f32>,
}

/// Appends an epoch to the run's file, which is made where it is missing.
///
/// # Errors
///
/// If the file cannot be written.
pub(super) fn append(log: &EpochLog, run: &Path) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0.0, |time| time.as_secs_f64());
    let path = file(run);
    let write = || -> Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        if file.metadata()?.len() == 0 {
            file.write_all(&head(now))?;
        }
        Ok(file.write_all(&epoch(log, now))?)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Removes the epochs after this many, as [`EpochLog::forget_after`] does, and what is no whole record.
///
/// # Errors
///
/// If the file cannot be read or written.
pub(super) fn forget_after(run: &Path, epochs: usize) -> Result<()> {
    let path = file(run);
    if !path.is_file() {
        return Ok(());
    }
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let kept = kept(&bytes, epochs);
    if kept == bytes.len() {
        return Ok(());
    }
    write_whole(&path, &bytes[..kept])
}

fn file(run: &Path) -> PathBuf {
    run.join(FILE)
}

/// The record that begins a file.
fn head(wall_time: f64) -> Vec<u8> {
    record(&Event {
        wall_time,
        file_version: Some(VERSION.to_owned()),
        ..Event::default()
    })
}

/// An epoch's record. TensorBoard draws a chart for each tag, and groups them by what stands before the `/`.
fn epoch(log: &EpochLog, wall_time: f64) -> Vec<u8> {
    let mut values = Vec::new();
    let mut add = |tag: String, value: f64| {
        values.push(Value {
            tag,
            simple_value: Some(value as f32),
        });
    };
    for (split, figures) in [("train", Some(log.train)), ("validation", log.validation)] {
        let Some(figures) = figures else { continue };
        let SplitLog {
            loss,
            macro_f1,
            accuracy,
            genre_map,
            score_r2,
        } = figures;
        let figures = [
            ("loss", Some(loss)),
            ("macro_f1", Some(macro_f1)),
            ("accuracy", Some(accuracy)),
            ("genre_map", genre_map),
            ("score_r2", score_r2),
        ];
        for (name, value) in figures {
            if let Some(value) = value {
                add(format!("{name}/{split}"), value);
            }
        }
    }
    add("learning_rate".to_owned(), log.learning_rate);
    add("seconds".to_owned(), log.seconds);
    record(&Event {
        wall_time,
        step: log.epoch as i64,
        file_version: None,
        summary: Some(Summary { value: values }),
    })
}

fn record(event: &Event) -> Vec<u8> {
    let message = event.encode_to_vec();
    let length = (message.len() as u64).to_le_bytes();
    let mut record = length.to_vec();
    record.extend(checksum(&length));
    record.extend(&message);
    record.extend(checksum(&message));
    record
}

/// The CRC-32C of a record's part, masked as TFRecord wants it.
fn checksum(part: &[u8]) -> [u8; 4] {
    let checksum = crc32c::crc32c(part);
    checksum
        .rotate_right(15)
        .wrapping_add(0xa282_ead8)
        .to_le_bytes()
}

/// How many of a file's bytes hold whole records of the first so many epochs.
fn kept(bytes: &[u8], epochs: usize) -> usize {
    let mut at = 0;
    while let Some((event, length)) = first_record(&bytes[at..]) {
        if event.step > epochs as i64 {
            break;
        }
        at += length;
    }
    at
}

/// The event that bytes begin with, and the length of its record.
fn first_record(bytes: &[u8]) -> Option<(Event, usize)> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let message = rest.get(4..)?.get(..length)?;
    let record = 8 + 4 + length + 4;
    (bytes.len() >= record).then_some(())?;
    Some((Event::decode(message).ok()?, record))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two epochs as TensorBoard's own code writes them (`trainer/tests/fixtures/epochs.py`).
    const THEIRS: &[u8] = include_bytes!("../../tests/fixtures/epochs.tfevents");

    fn epochs() -> [EpochLog; 2] {
        let train = SplitLog {
            loss: 1.75,
            macro_f1: 0.25,
            accuracy: 0.5,
            genre_map: None,
            score_r2: None,
        };
        let first = EpochLog {
            epoch: 1,
            train,
            validation: None,
            learning_rate: 0.001,
            seconds: 12.5,
        };
        let second = EpochLog {
            epoch: 2,
            train: SplitLog {
                loss: 1.5,
                macro_f1: 0.0,
                accuracy: 0.625,
                genre_map: Some(0.375),
                score_r2: Some(-0.125),
            },
            validation: Some(SplitLog {
                loss: 1.625,
                macro_f1: 0.3,
                accuracy: 0.55,
                ..train
            }),
            learning_rate: 0.0005,
            seconds: 11.0,
        };
        [first, second]
    }

    #[test]
    fn the_file_is_byte_by_byte_what_tensorboard_writes() {
        let [first, second] = epochs();
        let ours = [head(1000.5), epoch(&first, 1000.5), epoch(&second, 2000.25)];
        assert_eq!(ours.concat(), THEIRS);
    }

    #[test]
    fn a_run_that_goes_on_from_an_epoch_has_each_epoch_once() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let run = folder.path();
        let steps = || -> Result<Vec<i64>> {
            let bytes = fs::read(file(run))?;
            let mut rest = bytes.as_slice();
            let mut steps = Vec::new();
            while let Some((event, length)) = first_record(rest) {
                steps.push(event.step);
                rest = &rest[length..];
            }
            assert!(rest.is_empty());
            Ok(steps)
        };
        forget_after(run, 0)?;
        let [first, second] = epochs();
        append(&first, run)?;
        append(&second, run)?;
        // Killed while it wrote another one.
        let mut cut = fs::read(file(run))?;
        cut.extend([7; 9]);
        fs::write(file(run), cut)?;
        forget_after(run, 1)?;
        assert_eq!(steps()?, [0, 1]);
        append(&second, run)?;
        assert_eq!(steps()?, [0, 1, 2]);
        Ok(())
    }
}

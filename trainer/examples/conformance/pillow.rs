//! Pillow, which runs in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::Rgb8;
use serde_json::Value;

/// The running script.
pub(crate) struct Pillow {
    _process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    sizes: Vec<Size>,
}

impl Pillow {
    /// Starts the script, which resizes each picture to all these sizes.
    pub(crate) fn start(python: &Path, script: &Path, sizes: &[Size]) -> Result<Pillow> {
        let mut command = Command::new(python);
        command.arg(script).args(sizes.iter().map(Size::to_string));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let cannot = || format!("cannot start {}", python.display());
        let mut process = command.spawn().with_context(cannot)?;
        let questions = process.stdin.take().with_context(cannot)?;
        let answers = BufReader::new(process.stdout.take().with_context(cannot)?);
        Ok(Pillow {
            _process: process,
            questions,
            answers,
            sizes: sizes.to_vec(),
        })
    }

    /// The picture as large as it is, and in each of the sizes; or why Pillow cannot read it.
    pub(crate) fn decode(&mut self, file: &Path) -> Result<Result<Vec<Rgb8>, String>> {
        let name = file.to_str().filter(|name| !name.contains('\n'));
        let name = name.with_context(|| format!("{file:?} is no name for Python"))?;
        writeln!(self.questions, "{name}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        ensure!(!line.is_empty(), "Pillow ended at {name}");
        let head: Value = serde_json::from_str(&line)?;
        if let Some(error) = head["error"].as_str() {
            return Ok(Err(error.to_owned()));
        }
        let side = |name: &str| head[name].as_u64().context("Pillow names no size");
        let whole = (side("width")? as usize, side("height")? as usize);
        let sizes = self.sizes.iter().map(|size| (size.width, size.height));
        let mut parts = Vec::new();
        for (width, height) in std::iter::once(whole).chain(sizes) {
            let mut pixels = vec![0; width * height * CHANNELS];
            self.answers.read_exact(&mut pixels)?;
            parts.push(Rgb8 {
                width,
                height,
                pixels,
            });
        }
        Ok(Ok(parts))
    }
}

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Serialize;

/// A file of JSON lines that are only appended. If a process is killed while it writes, only the last
/// line is lost.
pub(super) struct JsonLines {
    path: PathBuf,
    file: File,
    end: u64,
}

impl JsonLines {
    /// Opens the file, removes an incomplete last line, and calls `each` with the start and the text
    /// of every line.
    pub(super) fn open(path: PathBuf, mut each: impl FnMut(u64, &[u8])) -> Result<JsonLines> {
        let cannot = || format!("cannot open {}", path.display());
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(cannot)?;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        let mut end = 0;
        while reader.read_until(b'\n', &mut line).with_context(cannot)? > 0 {
            if line.pop() != Some(b'\n') {
                break;
            }
            each(end, &line);
            end += line.len() as u64 + 1;
            line.clear();
        }
        file.set_len(end).with_context(cannot)?;
        Ok(JsonLines { path, file, end })
    }

    /// Appends a line, and returns its start and length in bytes.
    pub(super) fn append(&mut self, record: &impl Serialize) -> Result<(u64, usize)> {
        let mut line = serde_json::to_vec(record)?;
        let place = (self.end, line.len());
        line.push(b'\n');
        self.file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(&line))
            .with_context(|| format!("cannot write {}", self.path.display()))?;
        self.end += line.len() as u64;
        Ok(place)
    }

    /// Reads the line that [`append`](Self::append) put there.
    pub(super) fn read(&mut self, start: u64, length: usize) -> Result<Vec<u8>> {
        let mut line = vec![0; length];
        self.file
            .seek(SeekFrom::Start(start))
            .and_then(|_| self.file.read_exact(&mut line))
            .with_context(|| format!("cannot read {}", self.path.display()))?;
        Ok(line)
    }

    /// Removes all lines.
    pub(super) fn clear(&mut self) -> Result<()> {
        self.file
            .set_len(0)
            .with_context(|| format!("cannot write {}", self.path.display()))?;
        self.end = 0;
        Ok(())
    }
}

//! A Python script that measures itself, to compare with: it prints its version, and then, for each
//! line that it reads, a number.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running script of this folder.
pub(crate) struct Script {
    /// What the script says of itself, such as the version of the library that it measures.
    pub(crate) version: String,
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Script {
    /// Starts it with the interpreter that `MARQUEE_PYTHON` names, or `python3`; `None` if that does
    /// not exist or the script ends at once, as it does if a package is missing. What it says then is shown.
    pub(crate) fn start(name: &str, arguments: &[String]) -> Option<Script> {
        let trainer = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = std::env::var_os("MARQUEE_PYTHON").unwrap_or("python3".into());
        let mut process = Command::new(python)
            .arg(trainer.join("benches/python").join(name))
            .args(arguments)
            .env("PYTHONPATH", trainer.join("python"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let stdin = process.stdin.take()?;
        let mut stdout = BufReader::new(process.stdout.take()?);
        let mut version = String::new();
        stdout.read_line(&mut version).ok()?;
        (!version.is_empty()).then(|| Script {
            version: version.trim().to_owned(),
            process,
            stdin,
            stdout,
        })
    }

    /// The number that the script answers to a line.
    pub(crate) fn ask(&mut self, line: &str) -> f64 {
        let mut answer = String::new();
        writeln!(self.stdin, "{line}").expect("the script listens");
        self.stdout
            .read_line(&mut answer)
            .expect("the script answers");
        answer.trim().parse().expect("it answers with a number")
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

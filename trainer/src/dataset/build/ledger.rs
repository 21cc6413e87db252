//! What a build knows so far: a SQLite file beside the dataset that is being made.
//!
//! It keeps memory from growing with the number of films, and a build that was killed goes on where
//! it stopped.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// How far a build has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Nothing is known yet.
    Started,
    /// The rows of all manifests are here.
    Gathered,
    /// Every poster was looked at.
    Inspected,
    /// Every film has its split.
    Placed,
    /// The dataset is complete, and about to be put into its place.
    Written,
}

impl Step {
    const ALL: [Step; 5] = [
        Step::Started,
        Step::Gathered,
        Step::Inspected,
        Step::Placed,
        Step::Written,
    ];
}

/// Version of the tables; a ledger of another one is begun anew.
const VERSION: u32 = 1;

const TABLES: &str = "
    CREATE TABLE known (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE film (
        row INTEGER PRIMARY KEY,            -- in the order given
        manifest INTEGER NOT NULL,          -- counted from 0
        line INTEGER NOT NULL,
        id TEXT NOT NULL, poster TEXT NOT NULL,
        title TEXT NOT NULL, year TEXT NOT NULL, genres TEXT NOT NULL,
        score TEXT NOT NULL, votes TEXT NOT NULL, tmdb_id TEXT NOT NULL,
        label INTEGER,                      -- among the classes
        reason TEXT, detail TEXT,           -- why it is left out
        digest BLOB, rows INTEGER, columns INTEGER,  -- of its poster: SHA-256 and Look
        width INTEGER, height INTEGER,
        place INTEGER,                      -- of its pixels
        design INTEGER NOT NULL DEFAULT 0,  -- 0 is the film's poster, others are alternates
        grp TEXT,                           -- the first film of those that look alike
        split TEXT
    );
    CREATE INDEX film_by_id ON film (id, row);
    CREATE TABLE copy (row INTEGER NOT NULL, angle INTEGER NOT NULL, split TEXT NOT NULL);
";

/// The opened file.
pub(super) struct Ledger {
    /// For queries.
    pub(super) db: Connection,
}

impl Ledger {
    /// Opens a ledger, or begins it anew where it is of other `inputs`.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or written.
    pub(super) fn open(path: &Path, inputs: &str) -> Result<Ledger> {
        if let Ok(ledger) = Ledger::connect(path)
            && ledger.known("inputs").ok().flatten().as_deref() == Some(inputs)
        {
            return Ok(ledger);
        }
        remove(path)?;
        let ledger = Ledger::connect(path)?;
        ledger.db.execute_batch(TABLES)?;
        ledger.db.pragma_update(None, "user_version", VERSION)?;
        keep(&ledger.db, "inputs", inputs)?;
        Ok(ledger)
    }

    /// Opens a ledger as it is.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub(super) fn connect(path: &Path) -> Result<Ledger> {
        let db =
            Connection::open(path).with_context(|| format!("cannot write {}", path.display()))?;
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA cache_size = -2000; PRAGMA temp_store = FILE;",
        )?;
        Ok(Ledger { db })
    }

    /// Something kept by name.
    pub(super) fn known(&self, name: &str) -> Result<Option<String>> {
        let version: u32 = self
            .db
            .pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version != VERSION {
            return Ok(None);
        }
        let value = self
            .db
            .query_row("SELECT value FROM known WHERE name = ?", [name], |row| {
                row.get(0)
            });
        Ok(value.optional()?)
    }

    /// How far the build has come.
    pub(super) fn step(&self) -> Result<Step> {
        let known = self.known("step")?;
        let step = Step::ALL
            .into_iter()
            .find(|step| Some(format!("{step:?}")) == known);
        Ok(step.unwrap_or(Step::Started))
    }

    /// Runs a step, of which either all is kept or nothing.
    pub(super) fn take(
        &mut self,
        step: Step,
        work: impl FnOnce(&Transaction) -> Result<()>,
    ) -> Result<()> {
        let transaction = self.db.transaction()?;
        work(&transaction)?;
        keep(&transaction, "step", &format!("{step:?}"))?;
        Ok(transaction.commit()?)
    }
}

/// Keeps something by name.
pub(super) fn keep(db: &Connection, name: &str, value: &str) -> Result<()> {
    db.execute("REPLACE INTO known VALUES (?, ?)", [name, value])?;
    Ok(())
}

/// Removes a ledger with the files that SQLite keeps beside it.
pub(super) fn remove(path: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

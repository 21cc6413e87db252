//! Records what a build knows so far, in a SQLite file in the staging folder.
//!
//! So memory does not grow with the number of films, and a build that was killed goes on where it
//! stopped.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};

/// How far a build has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Step {
    /// Nothing is recorded yet.
    #[default]
    Started,
    /// The rows of all manifests are recorded.
    Gathered,
    /// Every poster was inspected.
    Inspected,
    /// Every film has its split.
    Split,
    /// The dataset is complete, and is about to be moved into its place.
    Written,
}

/// The version of the tables. A ledger of another version is replaced.
const VERSION: u32 = 6;

const TABLES: &str = "
    CREATE TABLE known (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE film (
        row INTEGER PRIMARY KEY,            -- in the order of the inputs
        manifest INTEGER NOT NULL,          -- counted from 0
        line INTEGER NOT NULL,
        id TEXT NOT NULL, poster TEXT NOT NULL,
        title TEXT NOT NULL, year TEXT NOT NULL, genres TEXT NOT NULL,
        score TEXT NOT NULL, votes TEXT NOT NULL, tmdb_id TEXT NOT NULL,
        elsewhere INTEGER NOT NULL DEFAULT 0, -- whether a dataset to be apart from trains on it
        label INTEGER,                      -- among the classes
        named TEXT NOT NULL DEFAULT '',     -- the class as the input names it
        reason TEXT, detail TEXT,           -- why it is left out
        digest BLOB, rows INTEGER, columns INTEGER,  -- of its poster: SHA-256, difference hash
        width INTEGER, height INTEGER,
        place INTEGER,                      -- index of its small picture in the packed file
        design INTEGER NOT NULL DEFAULT 0,  -- 0 is the film's poster, others are other designs
        grp TEXT,                           -- the first film of those that look alike
        held INTEGER NOT NULL DEFAULT 0,    -- the split that its input names: 1 train, 2 validation, 3 test
        split TEXT
    );
    CREATE INDEX film_by_id ON film (id, row);
    CREATE TABLE spelling (key TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID; -- the first spelling of an id
    CREATE TABLE copy (row INTEGER NOT NULL, angle INTEGER NOT NULL, split TEXT NOT NULL);
";

/// The opened ledger.
pub(super) struct Ledger {
    /// The connection, for queries.
    pub(super) db: Connection,
}

impl Ledger {
    /// Opens a ledger, or replaces one that was begun with other `inputs`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written.
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

    /// Opens a ledger without looking at its inputs.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written.
    pub(super) fn connect(path: &Path) -> Result<Ledger> {
        let db =
            Connection::open(path).with_context(|| format!("cannot write {}", path.display()))?;
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA cache_size = -2000; PRAGMA temp_store = FILE;",
        )?;
        Ok(Ledger { db })
    }

    /// The value that [`keep`] recorded under this name.
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
        let step = known.and_then(|step| serde_json::from_str(&step).ok());
        Ok(step.unwrap_or_default())
    }

    /// Runs a step. The ledger records all of it, or nothing if it fails.
    pub(super) fn take(
        &mut self,
        step: Step,
        work: impl FnOnce(&Transaction) -> Result<()>,
    ) -> Result<()> {
        let transaction = self.db.transaction()?;
        work(&transaction)?;
        keep(&transaction, "step", &serde_json::to_string(&step)?)?;
        Ok(transaction.commit()?)
    }
}

/// Records a value under a name.
pub(super) fn keep(db: &Connection, name: &str, value: &str) -> Result<()> {
    db.execute("REPLACE INTO known VALUES (?, ?)", [name, value])?;
    Ok(())
}

/// Removes a ledger, and the files that SQLite keeps beside it.
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

//! Building a dataset, in steps that a ledger keeps: a build that was killed goes on where it
//! stopped.

mod clean;
mod gather;
mod inspect;
mod ledger;
mod place;
mod reason;
mod show;
mod similar;
mod sources;
mod write;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use marquee_models::network::Size;

use super::{Fractions, Protocol, Summary};
use crate::dataset::manifest::Columns;
use crate::dataset::rule::Rule;
use crate::fetch::RequestOptions;
use crate::files::{self, beside};
use ledger::{Ledger, Step};
use sources::Sources;

/// What to build a dataset from, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The films: CSV files. Without any, posters lie in folders of their class.
    pub manifests: Vec<PathBuf>,
    /// Which of their columns says what.
    pub columns: Columns,
    /// The posters: folders and tars. As many as manifests belong to one each; otherwise every
    /// poster is looked for in all of them. Without any, posters are addresses, or paths from
    /// where their manifest lies.
    pub posters: Vec<PathBuf>,
    /// Which class a film's genres make.
    pub rule: Rule,
    /// Where posters that are addresses are downloaded to, and kept for the next build.
    pub downloads: PathBuf,
    /// How they are asked for.
    pub requests: RequestOptions,
    /// Keep other designs of a film's poster, to train on.
    pub alternates: bool,
    /// Keep posters without colours.
    pub keep_gray: bool,
    /// Pixels on a poster's shorter side, below which it is left out.
    pub min_side: usize,
    /// Add rotated copies of small classes' posters.
    pub balance: bool,
    /// Whether copies may lie on both sides of the split.
    pub protocol: Protocol,
    /// Shares of the splits.
    pub split: Fractions,
    /// Which films go where.
    pub seed: u64,
    /// What the posters are resized to right away; other sizes are made when they are needed.
    pub size: Size,
    /// The folder to make.
    pub out: PathBuf,
    /// Replace `out` where it is there already.
    pub force: bool,
}

impl Options {
    /// From one manifest and one collection of posters, and otherwise as the command's defaults
    /// are.
    pub fn new(manifest: PathBuf, posters: PathBuf, out: PathBuf) -> Options {
        Options {
            manifests: vec![manifest],
            columns: Columns::default(),
            posters: vec![posters],
            rule: Rule::default(),
            downloads: beside(&out, ".posters"),
            requests: RequestOptions::default(),
            alternates: false,
            keep_gray: false,
            min_side: 32,
            balance: false,
            protocol: Protocol::Honest,
            split: Fractions::default(),
            seed: 0,
            size: Size::square(32),
            out,
            force: false,
        }
    }

    /// All that decides what comes of a build: the choices made, and the files as they are now.
    fn fingerprint(&self) -> String {
        let files = self.manifests.iter().chain(&self.posters).map(|path| {
            let known = fs::metadata(path).ok();
            known.map(|file| (file.len(), file.modified().ok()))
        });
        let files: Vec<_> = files.collect();
        let choices = Options {
            force: false,
            out: PathBuf::new(),
            requests: RequestOptions::default(),
            ..self.clone()
        };
        format!("{} {choices:?} {files:?}", env!("CARGO_PKG_VERSION"))
    }
}

/// What cannot be built from these inputs, however often it is tried.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Hopeless(String);

/// Builds a dataset. Nothing is at `options.out` until all of it is; what is unfinished lies beside
/// it, in a folder whose name ends in `.building`.
///
/// # Errors
///
/// Where a file cannot be read or written, `out` is there already, another build is making it, or
/// no film is left.
pub fn build(options: &Options) -> Result<Summary> {
    let out = options.out.display();
    ensure!(
        options.out.file_name().is_some(),
        "{out} is no name for a folder"
    );
    ensure!(
        options.protocol == Protocol::Honest || !options.alternates,
        "--protocol student knows no --alternates"
    );
    let stage = Stage::new(&options.out);
    if options.out.exists() {
        stage.tidy();
        if !options.force {
            bail!("{out} is there already; name another --out, or replace it with --force");
        }
        ensure!(
            options.out.join("dataset.json").is_file(),
            "{out} is no dataset, so --force does not replace it; name another --out"
        );
    }
    let sources = Sources::open(options)?;
    let lock = stage.lock()?;
    let mut ledger = Ledger::open(&stage.ledger(), &options.fingerprint())?;
    let built = build_in(&stage, &mut ledger, options, &sources);
    let begun = ledger.step().is_ok_and(|step| step > Step::Started);
    drop((ledger, lock));
    match built {
        Err(error) if begun && !error.is::<Hopeless>() => Err(error.context(format!(
            "the build stopped; the same command goes on from what {} has",
            stage.0.display()
        ))),
        built => stage.remove().and(built),
    }
}

fn build_in(
    stage: &Stage,
    ledger: &mut Ledger,
    options: &Options,
    sources: &Sources,
) -> Result<Summary> {
    if ledger.step()? > Step::Started {
        eprintln!("going on with a build that was interrupted");
    }
    if ledger.step()? < Step::Gathered {
        ledger.take(Step::Gathered, |db| gather::gather(db, options, sources))?;
    }
    let packed = stage.0.join("pixels.rgb");
    if ledger.step()? < Step::Inspected {
        sources.download(ledger)?;
        inspect::inspect(ledger, &packed, options, sources)?;
        ledger.take(Step::Inspected, |_| Ok(()))?;
    }
    if ledger.step()? < Step::Placed {
        ledger.take(Step::Placed, |db| {
            clean::clean(db, &packed, options, sources)?;
            place::place(db, options)
        })?;
    }
    require_films(ledger, options)?;
    let whole = stage.whole();
    let summary = write::write(ledger, &packed, &whole, options, sources)?;
    show::show(&ledger.db, &summary, &whole.join("dataset.html"), sources)?;
    ledger.take(Step::Written, |_| Ok(()))?;
    stage.deliver(&options.out)?;
    Ok(summary)
}

/// The folder of an unfinished dataset: beside the finished one, so that it can be renamed.
struct Stage(PathBuf);

impl Stage {
    fn new(out: &Path) -> Stage {
        Stage(beside(out, ".building"))
    }

    fn ledger(&self) -> PathBuf {
        self.0.join("ledger.sqlite")
    }

    fn whole(&self) -> PathBuf {
        self.0.join("dataset")
    }

    /// Makes the folder, and keeps other builds out of it until the file is dropped.
    fn lock(&self) -> Result<File> {
        let shown = self.0.display();
        fs::create_dir_all(&self.0).with_context(|| format!("cannot make {shown}"))?;
        files::lock(&self.0.join("lock"))?
            .with_context(|| format!("another build is at work in {shown}"))
    }

    /// Puts the dataset into its place. An older one moves here, so that a kill at any moment
    /// leaves one of them whole.
    fn deliver(&self, out: &Path) -> Result<()> {
        let shown = out.display();
        let replaced = self.0.join("replaced");
        if replaced.exists() {
            fs::remove_dir_all(&replaced)
                .with_context(|| format!("cannot remove {}", replaced.display()))?;
        }
        if out.exists() {
            fs::rename(out, &replaced).with_context(|| format!("cannot replace {shown}"))?;
        }
        fs::rename(self.whole(), out).with_context(|| format!("cannot write {shown}"))
    }

    /// Removes what is left of a build that was killed right after it had delivered.
    fn tidy(&self) {
        let delivered = self.ledger().is_file()
            && !self.whole().exists()
            && Ledger::connect(&self.ledger())
                .and_then(|ledger| ledger.step())
                .is_ok_and(|step| step == Step::Written);
        if delivered {
            // a failure leaves files that nobody needs, which the next build removes
            _ = self.remove();
        }
    }

    fn remove(&self) -> Result<()> {
        // the ledger first: without it, the rest is not gone on with
        ledger::remove(&self.ledger())?;
        fs::remove_dir_all(&self.0).with_context(|| format!("cannot remove {}", self.0.display()))
    }
}

fn require_films(ledger: &Ledger, options: &Options) -> Result<()> {
    let films: u64 = ledger.db.query_row(
        "SELECT COUNT(*) FROM film WHERE reason IS NULL",
        [],
        |row| row.get(0),
    )?;
    if films > 0 {
        return Ok(());
    }
    let shown = |paths: &[PathBuf]| {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        paths.join(", ")
    };
    let first = ledger.db.query_row(
        "SELECT line, reason || ': ' || detail FROM film ORDER BY row LIMIT 1",
        [],
        |row| {
            Ok(format!(
                "; line {}, for one: {}",
                row.get::<_, u64>(0)?,
                row.get::<_, String>(1)?
            ))
        },
    );
    let message = format!(
        "not one film in {} has a class and a usable poster in {}{}",
        shown(&options.manifests),
        shown(&options.posters),
        first.unwrap_or_default()
    );
    Err(Hopeless(message).into())
}

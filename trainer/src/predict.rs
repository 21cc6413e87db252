//! Predicting the class of posters in files, folders and tars.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use marquee_models::file::Model;
use marquee_models::math::argmax;
use marquee_models::preprocess;
use marquee_models::simd::Executor;
use marquee_predict::in_order::in_order;
use marquee_predict::panics::caught;

use crate::dataset::posters::{Archive, is_hidden, is_picture_file, is_tar_file, read_file};
use crate::packed::packed_as;

/// A model's answer about a poster.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The likeliest class, as an index among the model's labels.
    pub class: usize,
    /// Whether the file holds the whole poster, or is cut off.
    pub complete: bool,
    /// Whether its probability reaches the model's threshold. If not, the answer is "not sure".
    pub sure: bool,
    /// A probability for each class, 0 to 1; their sum is 1.
    pub probabilities: Vec<f32>,
    /// The outputs of all the network's heads, before temperature and softmax.
    pub logits: Vec<f32>,
}

/// A poster's path, and its prediction or the reason why there is none.
pub type Answer = (String, Result<Prediction, String>);

/// The posters that a list of paths names.
pub struct Posters {
    posters: Vec<Poster>,
    /// The files in folders and tars that are no pictures.
    others: Vec<String>,
}

impl Posters {
    /// Finds the posters, in the order of `paths`: a file is a poster, a folder stands for the
    /// pictures in it and its subfolders, sorted by name, and a tar for the pictures in it. A file's name
    /// or its first bytes say whether it is a picture; hidden files are passed over.
    ///
    /// # Errors
    ///
    /// If a folder or a tar cannot be read or has no pictures. A file that cannot be read is reported
    /// by [`predict`](Self::predict).
    pub fn find(paths: &[PathBuf]) -> Result<Posters> {
        let (mut posters, mut others) = (Vec::new(), Vec::new());
        for path in paths {
            let before = posters.len();
            if path.is_dir() {
                find_pictures(path, &mut posters, &mut others)?;
            } else if is_tar_file(path) {
                let tar = Arc::new((path.clone(), Archive::open(path)?));
                for index in 0..tar.1.len() {
                    let entry = Poster::Entry(Arc::clone(&tar), index);
                    if tar.1.is_picture(index)? {
                        posters.push(entry);
                    } else if !tar.1.is_hidden(index) {
                        others.push(entry.path());
                    }
                }
            } else {
                posters.push(Poster::File(path.clone()));
            }
            ensure!(
                posters.len() > before,
                "there are no pictures ({}) in {}",
                preprocess::FORMATS,
                path.display()
            );
        }
        Ok(Posters { posters, others })
    }

    /// The number of posters.
    pub fn count(&self) -> usize {
        self.posters.len()
    }

    /// The paths of the files in folders and tars that are no pictures. Hidden ones and those of systems are not among
    /// them.
    pub fn others(&self) -> &[String] {
        &self.others
    }

    /// Predicts all posters on this many threads; `None` stands for one on each processor. `report` gets
    /// the answers one by one, in order.
    ///
    /// Each thread reads, decodes and runs one poster at a time, and only a few answers wait for
    /// others, so memory does not grow with the posters.
    ///
    /// # Errors
    ///
    /// Those of `report`, or if the threads cannot be started.
    pub fn predict(
        &self,
        model: &Model,
        threads: Option<NonZeroUsize>,
        report: impl FnMut(Answer) -> Result<()>,
    ) -> Result<()> {
        let executor = &Executor::new(model);
        let answer = |poster: &Poster| {
            let prediction = poster.read().map_err(|error| error.to_string());
            let prediction =
                prediction.and_then(|bytes| caught(|| predict(&bytes, model, executor)).flatten());
            (poster.path(), prediction)
        };
        in_order(
            threads,
            |take| self.posters.iter().try_for_each(take),
            answer,
            report,
        )
    }
}

fn find_pictures(folder: &Path, posters: &mut Vec<Poster>, others: &mut Vec<String>) -> Result<()> {
    let cannot_read = || format!("cannot read the folder {}", folder.display());
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .with_context(cannot_read)?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default();
        if is_hidden(&name.to_string_lossy()) {
            continue;
        }
        // a link could lead back to a folder above
        if path.is_dir() && !path.is_symlink() {
            find_pictures(&path, posters, others)?;
        } else if path.is_file() && is_picture_file(&path) {
            posters.push(Poster::File(path));
        } else {
            others.push(path.display().to_string());
        }
    }
    Ok(())
}

/// Where a poster is.
enum Poster {
    File(PathBuf),
    /// An entry of a tar with this path.
    Entry(Arc<(PathBuf, Archive)>, usize),
}

impl Poster {
    fn path(&self) -> String {
        match self {
            Poster::File(path) => path.display().to_string(),
            Poster::Entry(tar, index) => format!("{}/{}", tar.0.display(), tar.1.name(*index)),
        }
    }

    fn read(&self) -> Result<Vec<u8>> {
        Ok(match self {
            Poster::File(path) => read_file(path)?,
            Poster::Entry(tar, index) => tar.1.read(*index)?,
        })
    }
}

fn predict(bytes: &[u8], model: &Model, executor: &Executor) -> Result<Prediction, String> {
    let metadata = model.metadata();
    let decoded = preprocess::decode(bytes).map_err(|error| match packed_as(bytes) {
        Some(kind) => format!("it is {kind}, which is not read; unpack it first"),
        None => error.to_string(),
    })?;
    let input = preprocess::normalise(
        &decoded.image.resize(metadata.input),
        &metadata.mean,
        &metadata.std,
    );
    let logits = executor.run(&input);
    let probabilities = metadata.probabilities(&logits);
    Ok(Prediction {
        class: argmax(&probabilities),
        complete: decoded.complete,
        sure: metadata.is_sure(&probabilities),
        probabilities,
        logits,
    })
}

//! Prediction for files, folders and tars, in the order given.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use marquee_models::file::Model;
use marquee_models::math::argmax;
use marquee_models::preprocess;
use marquee_models::simd::Executor;
use rayon::prelude::*;

use crate::dataset::posters::{Archive, is_picture};

/// Posters that are decoded and classified between two reports.
const CHUNK: usize = 256;

/// What a model says about a poster.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Index among the labels of the likeliest class.
    pub class: usize,
    /// Whether its probability reaches the model's threshold; else the answer is "not sure".
    pub sure: bool,
    /// Per class, adding up to 1.
    pub probabilities: Vec<f32>,
    /// What the network gave, before temperature and softmax.
    pub logits: Vec<f32>,
}

/// A poster's path, and what became of it: a prediction, or the reason, in words, why there is
/// none.
pub type Answer = (String, Result<Prediction, String>);

/// Where the posters to predict are.
enum Source {
    File(PathBuf),
    Tar(PathBuf, Archive, Vec<usize>),
}

/// All posters that a list of paths names.
pub struct Posters {
    sources: Vec<Source>,
    count: usize,
}

impl Posters {
    /// Finds the posters: a file stands for itself, a folder for the pictures in it and its
    /// folders, sorted by name, a tar for the pictures in it, in its order.
    ///
    /// # Errors
    ///
    /// Where a folder or a tar cannot be read or has no pictures. A file that cannot be read is a
    /// matter of its answer.
    pub fn find(paths: &[PathBuf]) -> Result<Posters> {
        let mut sources = Vec::new();
        for path in paths {
            let shown = path.display();
            if path.is_dir() {
                let before = sources.len();
                find_pictures(path, &mut sources)?;
                if sources.len() == before {
                    bail!("there are no pictures (JPEG, PNG, WebP, GIF or BMP) in {shown}");
                }
            } else if path
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("tar"))
            {
                let archive = Archive::open(path)?;
                let pictures: Vec<usize> = (0..archive.len())
                    .filter(|&index| is_picture(Path::new(archive.name(index))))
                    .collect();
                if pictures.is_empty() {
                    bail!("there are no pictures (JPEG, PNG, WebP, GIF or BMP) in {shown}");
                }
                sources.push(Source::Tar(path.clone(), archive, pictures));
            } else {
                sources.push(Source::File(path.clone()));
            }
        }
        let count = sources.iter().map(|source| match source {
            Source::File(_) => 1,
            Source::Tar(_, _, pictures) => pictures.len(),
        });
        Ok(Posters {
            count: count.sum(),
            sources,
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Classifies all of them on all cores, in order, and hands over the answers in pieces.
    ///
    /// # Errors
    ///
    /// What `report` returns.
    pub fn predict(
        &self,
        model: &Model,
        mut report: impl FnMut(Vec<Answer>) -> Result<()>,
    ) -> Result<()> {
        let executor = Executor::new(model);
        let posters: Vec<Poster> = self.sources.iter().flat_map(Poster::all).collect();
        for chunk in posters.chunks(CHUNK) {
            let answer = |poster: &Poster| (poster.path(), poster.predict(model, &executor));
            report(chunk.par_iter().map(answer).collect())?;
        }
        Ok(())
    }
}

fn find_pictures(folder: &Path, sources: &mut Vec<Source>) -> Result<()> {
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
        // a link could lead around in a circle
        if path.is_dir() && !path.is_symlink() {
            find_pictures(&path, sources)?;
        } else if is_picture(&path) {
            sources.push(Source::File(path));
        }
    }
    Ok(())
}

enum Poster<'a> {
    File(&'a Path),
    Entry(&'a Path, &'a Archive, usize),
}

impl Poster<'_> {
    fn all(source: &Source) -> Vec<Poster<'_>> {
        match source {
            Source::File(path) => vec![Poster::File(path)],
            Source::Tar(path, archive, pictures) => {
                let entries = pictures.iter();
                entries
                    .map(|&index| Poster::Entry(path, archive, index))
                    .collect()
            }
        }
    }

    fn path(&self) -> String {
        match self {
            Poster::File(path) => path.display().to_string(),
            Poster::Entry(tar, archive, index) => {
                format!("{}/{}", tar.display(), archive.name(*index))
            }
        }
    }

    fn predict(&self, model: &Model, executor: &Executor) -> Result<Prediction, String> {
        match self {
            Poster::File(path) => {
                let bytes = fs::read(path).map_err(|error| error.to_string())?;
                predict(&bytes, model, executor)
            }
            Poster::Entry(_, archive, index) => {
                let bytes = archive.read(*index).map_err(|error| error.to_string())?;
                predict(&bytes, model, executor)
            }
        }
    }
}

fn predict(bytes: &[u8], model: &Model, executor: &Executor) -> Result<Prediction, String> {
    let metadata = model.metadata();
    let picture = preprocess::decode(bytes).map_err(|error| error.to_string())?;
    let input = preprocess::normalise(
        &picture.resize(metadata.input),
        &metadata.mean,
        &metadata.std,
    );
    let logits = executor.run(&input);
    let probabilities = metadata.probabilities(&logits);
    Ok(Prediction {
        class: argmax(&probabilities),
        sure: metadata.is_sure(&probabilities),
        probabilities,
        logits,
    })
}

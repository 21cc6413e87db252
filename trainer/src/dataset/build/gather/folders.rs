//! Pictures that lie in folders of their class, as `Horror/alien.jpg`, or in those of their split and class, as
//! `train/Horror/alien.jpg`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use marquee_models::file::MAX_CLASSES;
use rusqlite::Connection;
use unicode_normalization::UnicodeNormalization;

use super::super::options::Options;
use super::super::reason::Reason;
use super::super::sources::Sources;
use super::{insert, of_paths};
use crate::dataset::manifest::Film;
use crate::dataset::rule::folded;
use crate::dataset::split::Split;

/// What the folders of all pictures are called.
#[derive(Default)]
struct Names {
    first: BTreeSet<String>,
    /// The folders within these.
    second: BTreeSet<String>,
    /// Whether a picture lies right in a first folder.
    shallow: bool,
}

impl Names {
    fn note(&mut self, name: &str) {
        let add = |names: &mut BTreeSet<String>, name: &str| {
            if !names.contains(name) {
                names.insert(name.to_owned());
            }
        };
        let Some((first, rest)) = name.split_once('/') else {
            return;
        };
        add(&mut self.first, first);
        match rest.split_once('/') {
            Some((second, _)) => add(&mut self.second, second),
            None => self.shallow = true,
        }
    }

    /// Whether the first folders are splits, and those within them the classes.
    fn are_splits(&self) -> bool {
        let splits = self.first.iter().map(|name| Split::named(name));
        let splits: BTreeSet<Option<Split>> = splits.collect();
        !self.shallow
            && splits.len() > 1
            && splits.contains(&Some(Split::Train))
            && !splits.contains(&None)
    }
}

/// Reads the pictures, and returns the classes: those of the rule if it has all of them, otherwise the names of the
/// folders.
pub(super) fn gather(db: &Connection, options: &Options, sources: &Sources) -> Result<Vec<String>> {
    let mut names = Names::default();
    for posters in &sources.posters {
        posters.pictures(|name| names.note(name), |_, _| ())?;
    }
    let are_splits = names.are_splits();
    let found = if are_splits {
        names.second
    } else {
        names.first
    };
    // folders whose names differ only in spaces and capital letters, or in their Unicode form, are one class
    let same = |name: &str| folded(&name.nfc().collect::<String>());
    let mut found: Vec<String> = found.iter().map(|name| name.nfc().collect()).collect();
    let mut seen = BTreeSet::new();
    found.retain(|name| seen.insert(same(name)));
    ensure!(
        (2..=MAX_CLASSES).contains(&found.len()),
        "without a --manifest, each poster must lie in a folder of its class, such as \
         Horror/alien.jpg, and there must be 2 to {MAX_CLASSES} classes; {} has {}",
        options
            .posters
            .first()
            .map_or(String::new(), |posters| posters.display().to_string()),
        found.len()
    );
    let labels: Vec<String> = if found
        .iter()
        .all(|class| options.rule.index(options.rule.label(class)).is_some())
    {
        options.rule.labels.clone()
    } else {
        found
    };
    let of_paths = of_paths(&options.posters, options);
    for (place, (posters, of_path)) in sources.posters.iter().zip(of_paths).enumerate() {
        let problem = RefCell::new(Ok(()));
        let add = |name: &str, label: Option<&str>, split: Option<Split>, unused: &str| {
            let film = Film {
                id: name.to_owned(),
                key: name.to_owned(),
                poster: name.to_owned(),
                label: label.unwrap_or_default().to_owned(),
                ..Film::default()
            };
            let class = label.map(same);
            let class =
                class.and_then(|class| labels.iter().position(|known| same(known) == class));
            let class = class.ok_or_else(|| (Reason::NotUsed, unused.to_owned()));
            let mut problem = problem.borrow_mut();
            if problem.is_ok() {
                *problem = insert(db, place, 0, &film, split, class);
            }
        };
        posters.pictures(
            |name| {
                let (first, rest) = name.split_once('/').unzip();
                let (split, label) = match are_splits {
                    true => (
                        first.and_then(Split::named),
                        rest.and_then(|rest| rest.split_once('/'))
                            .map(|(class, _)| class),
                    ),
                    false => (of_path, first),
                };
                let split = split.filter(|_| options.split.is_none());
                add(name, label, split, "it lies in no folder of a class");
            },
            |name, why| add(name, None, None, why),
        )?;
        problem.into_inner()?;
    }
    Ok(labels)
}

//! Pictures that lie in folders of their class, as `Horror/alien.jpg`, or in those of their split and class, as
//! `train/Horror/alien.jpg`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};
use marquee_models::file::MAX_CLASSES;
use rusqlite::Connection;
use unicode_normalization::UnicodeNormalization;

use super::super::options::Options;
use super::super::reason::Reason;
use super::super::shown;
use super::super::sources::Sources;
use super::{insert, of_paths};
use crate::dataset::manifest::Film;
use crate::dataset::rule::folded;
use crate::dataset::split::Split;

/// What a first folder holds.
#[derive(Default)]
struct Inside {
    /// The folders right in it.
    folders: BTreeSet<String>,
    /// Whether a picture lies right in it.
    pictures: bool,
}

/// How the folders of all pictures are to be understood.
#[derive(Default)]
struct Layout {
    /// The folder around all others, such as `data/`; often empty.
    around: String,
    /// The first folders in it.
    first: BTreeMap<String, Inside>,
    /// Whether first folders are splits, and those within them the classes. Others beside them are not used.
    are_splits: bool,
}

/// Where a picture lies.
enum Place<'a> {
    /// In the folder of a class, and of a split if the folders name them.
    Class(&'a str, Option<Split>),
    /// Elsewhere, and why it cannot be used.
    Elsewhere(&'static str),
}

impl Layout {
    /// Reads the names of all pictures. Archives often have one folder around all others; it is no class.
    fn find(sources: &Sources) -> Result<Layout> {
        let mut layout = Layout::default();
        loop {
            for posters in &sources.posters {
                posters.pictures(|name| layout.note(name), |_, _| ())?;
            }
            let mut first = layout.first.iter();
            match (first.next(), first.next()) {
                (Some((name, inside)), None) if !inside.pictures => {
                    let around = format!("{}{name}/", layout.around);
                    layout = Layout {
                        around,
                        ..Layout::default()
                    };
                }
                _ => break,
            }
        }
        layout.are_splits = layout.check_splits()?;
        Ok(layout)
    }

    fn note(&mut self, name: &str) {
        let inside = name.strip_prefix(&self.around);
        let Some((first, rest)) = inside.and_then(|name| name.split_once('/')) else {
            return;
        };
        if !self.first.contains_key(first) {
            self.first.insert(first.to_owned(), Inside::default());
        }
        let Some(inside) = self.first.get_mut(first) else {
            return;
        };
        match rest.split_once('/') {
            Some((second, _)) if inside.folders.contains(second) => {}
            Some((second, _)) => _ = inside.folders.insert(second.to_owned()),
            None => inside.pictures = true,
        }
    }

    /// Whether first folders are splits.
    ///
    /// # Errors
    ///
    /// If they seem to be, but not all of their names say which: as classes they would be nonsense.
    fn check_splits(&self) -> Result<bool> {
        let splits: BTreeSet<Split> = self
            .first
            .keys()
            .filter_map(|it| Split::named(it))
            .collect();
        if splits.contains(&Split::Train) && splits.len() > 1 {
            return Ok(true);
        }
        let shares = |name: &String, inside: &Inside| {
            let mut others = self.first.iter().filter(|(other, _)| *other != name);
            others.any(|(_, other)| !other.folders.is_disjoint(&inside.folders))
        };
        let mut first = self.first.iter();
        let seems = first.find(|(name, it)| Split::named(name).is_some() && shares(name, it));
        if let Some((split, _)) = seems {
            let names = self.first.keys().map(String::as_str).collect::<Vec<_>>();
            bail!(
                "the folders {} hold folders of the same names, as splits do; call them train, validation and test, and \
                 take others away. If {split} is a class, name the classes in a --manifest",
                names.join(", ")
            );
        }
        Ok(false)
    }

    /// The names of the folders of classes.
    fn classes(&self) -> BTreeSet<&String> {
        match self.are_splits {
            true => {
                let splits = self.first.iter();
                let splits = splits.filter(|(name, _)| Split::named(name).is_some());
                splits.flat_map(|(_, inside)| &inside.folders).collect()
            }
            false => self.first.keys().collect(),
        }
    }

    /// The first folders that are not used, because they are no splits.
    fn others(&self) -> Vec<&str> {
        let names = self.first.keys().map(String::as_str);
        names
            .filter(|name| self.are_splits && Split::named(name).is_none())
            .collect()
    }

    /// Where the picture of this name lies. `of_path` is the split that the name of its collection says.
    fn place<'a>(&self, name: &'a str, of_path: Option<Split>) -> Place<'a> {
        const NOWHERE: Place = Place::Elsewhere("it lies in no folder of a class");
        let inside = name.strip_prefix(&self.around);
        let Some((first, rest)) = inside.and_then(|name| name.split_once('/')) else {
            return NOWHERE;
        };
        match (self.are_splits, Split::named(first), rest.split_once('/')) {
            (false, _, _) => Place::Class(first, of_path),
            (true, None, _) => Place::Elsewhere("it lies in no folder of a split"),
            (true, Some(_), None) => NOWHERE,
            (true, split, Some((class, _))) => Place::Class(class, split),
        }
    }
}

/// Reads the pictures, and returns the classes: those of the rule if it has all of them, otherwise the names of the
/// folders.
pub(super) fn gather(db: &Connection, options: &Options, sources: &Sources) -> Result<Vec<String>> {
    let layout = Layout::find(sources)?;
    let others = layout.others();
    if !others.is_empty() {
        eprintln!(
            "the other folders are splits, so these are not used: {}",
            others.join(", ")
        );
    }
    // folders whose names differ only in spaces and capital letters, or in their Unicode form, are one class
    let same = |name: &str| folded(&name.nfc().collect::<String>());
    let found = layout.classes().into_iter();
    let mut found: Vec<String> = found.map(|name| name.nfc().collect()).collect();
    let mut seen = BTreeSet::new();
    found.retain(|name| seen.insert(same(name)));
    ensure!(
        (2..=MAX_CLASSES).contains(&found.len()),
        "without a --manifest, each poster must lie in a folder of its class, such as \
         Horror/alien.jpg, and there must be 2 to {MAX_CLASSES} classes; {} has {}",
        shown(&options.posters),
        counted(&found)
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
                let (label, split, unused) = match layout.place(name, of_path) {
                    Place::Class(label, split) => (Some(label), split, ""),
                    Place::Elsewhere(unused) => (None, None, unused),
                };
                let split = split.filter(|_| options.split.is_none());
                add(name, label, split, unused);
            },
            |name, why| add(name, None, None, why),
        )?;
        problem.into_inner()?;
    }
    Ok(labels)
}

/// The folders of classes that were found, for an error.
fn counted(found: &[String]) -> String {
    match found {
        [] => "no folder with pictures".to_owned(),
        [one] => format!("one, {one}"),
        more => more.len().to_string(),
    }
}

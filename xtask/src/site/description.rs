//! What a site says of its networks: its name, its words in each language, its sample posters and its colours.
//!
//! `site/site.toml` describes the site that comes with Marquee. What a description leaves out is as in `neutral.toml`,
//! which is true of any network.

use super::{colours::Colours, icons};
use crate::paths;
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What is true of any network.
const NEUTRAL: &str = include_str!("neutral.toml");

/// The words that the first program of the page shows; those of [`ACCOUNT`] follow behind the first answer.
const FIRST: [&str; 5] = ["title", "lead", "classes", "classes_empty", "samples"];

/// The words of the section about the page.
const ACCOUNT: [&str; 4] = ["what", "quality", "cannot", "data"];

/// The language of the parts of the page that have only one.
const MAIN: &str = "en";

/// What a site says of its networks.
#[derive(Clone, Debug)]
pub(super) struct Description {
    /// The file that it is from.
    file: PathBuf,
    /// The name over the sign, and of the installed page.
    pub(super) name: String,
    /// The name of the network that answers first, where that is not the first of the list.
    pub(super) first: Option<String>,
    /// The picture that others show beside a link to the site.
    pub(super) share: Option<PathBuf>,
    /// The folder with its icons, where they are not Marquee's.
    pub(super) icons: Option<PathBuf>,
    /// A sentence that is the same in every language; empty if there is none.
    attribution: String,
    /// In each language all that `neutral.toml` has, and the classes' names by their labels as `labels`.
    words: BTreeMap<String, Map<String, Value>>,
    /// The sample posters, and in each language what they show.
    pub(super) samples: Vec<Sample>,
    /// Its own colours.
    pub(super) colours: Colours,
}

/// A sample poster.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Sample {
    /// Its path from the folder of the description.
    pub(super) file: PathBuf,
    /// What it shows, by language.
    #[serde(flatten)]
    shows: BTreeMap<String, String>,
}

/// The file as it is written.
#[derive(Deserialize)]
struct Written {
    name: Option<String>,
    first: Option<String>,
    share: Option<PathBuf>,
    icons: Option<PathBuf>,
    #[serde(default)]
    attribution: String,
    #[serde(default)]
    labels: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    samples: Vec<Sample>,
    #[serde(default)]
    colours: Colours,
    /// The languages, and any key that there should not be.
    #[serde(flatten)]
    words: BTreeMap<String, Value>,
}

impl Description {
    /// Reads a description; without a `file`, that of the site that comes with Marquee, or for a site of own
    /// networks the neutral one.
    ///
    /// # Errors
    ///
    /// If it can't be read, has a key that no description has, or names a file that is not there. The error
    /// names the file and the key.
    pub(super) fn read(file: Option<&Path>, own_networks: bool) -> Result<Description> {
        let file = match file {
            Some(file) => file.to_owned(),
            None if own_networks => return Description::parse(Path::new("neutral.toml"), NEUTRAL),
            None => paths::root().join("site/site.toml"),
        };
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Description::parse(&file, &text)
    }

    fn parse(file: &Path, text: &str) -> Result<Description> {
        let neutral: Written = toml::from_str(NEUTRAL).context("neutral.toml")?;
        let written: Result<Written, _> = toml::from_str(text);
        let written = written.with_context(|| format!("{} is no description", file.display()))?;
        Description::complete(file, written, &neutral).with_context(|| file.display().to_string())
    }

    fn complete(file: &Path, written: Written, neutral: &Written) -> Result<Description> {
        let languages: BTreeSet<&str> = neutral.words.keys().map(String::as_str).collect();
        let tags = languages.iter().copied().collect::<Vec<_>>().join(", ");
        let spoken = |place: &str, tag: &str| {
            let known = languages.contains(tag);
            ensure!(
                known,
                "{place} has a key {tag:?}, which is no language of the page; these are: {tags}"
            );
            Ok(())
        };
        for key in written.words.keys() {
            let keys = "name, first, share, icons, attribution, labels, samples, colours";
            ensure!(
                languages.contains(&**key),
                "there is no key {key:?}; there are {keys}, and of languages {tags}"
            );
        }
        let mut words = BTreeMap::new();
        for tag in &languages {
            words.insert((*tag).to_owned(), in_language(tag, &written, neutral)?);
        }
        for (label, names) in &written.labels {
            for (tag, name) in names {
                spoken(&format!("[labels.{label:?}]"), tag)?;
                let labels = words.get_mut(tag).map(|words| &mut words["labels"]);
                if let Some(Value::Object(labels)) = labels {
                    labels.insert(label.clone(), json!(name));
                }
            }
        }
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut names = BTreeSet::new();
        for Sample { file, shows } in &written.samples {
            let shown = file.display();
            shows
                .keys()
                .try_for_each(|tag| spoken("[[samples]]", tag))?;
            ensure!(
                !shows.is_empty(),
                "[[samples]] {shown}: say what it shows, for those who can't see it: en = \"…\""
            );
            there(folder, file, "[[samples]] file")?;
            let name = file.file_name();
            ensure!(
                name.is_some_and(|name| names.insert(name)),
                "[[samples]] {shown}: another sample has this name; call one of them otherwise"
            );
        }
        if let Some(share) = &written.share {
            there(folder, share, "share")?;
        }
        let own_icons = written.icons.map(|icons| folder.join(icons));
        if let Some(icons) = &own_icons {
            icons::check(icons).context("icons")?;
        }
        Ok(Description {
            file: file.to_owned(),
            name: written
                .name
                .or_else(|| neutral.name.clone())
                .unwrap_or_default(),
            first: written.first,
            share: written.share.map(|share| folder.join(share)),
            icons: own_icons,
            attribution: written.attribution,
            words,
            samples: written.samples,
            colours: written.colours,
        })
    }

    /// Refuses names for classes that no network has: they would never be seen.
    ///
    /// # Errors
    ///
    /// If there is such a name.
    pub(super) fn check_labels(&self, labels: &BTreeSet<String>) -> Result<()> {
        let named = self
            .words
            .values()
            .filter_map(|words| words["labels"].as_object());
        for label in named.flat_map(Map::keys) {
            if !labels.contains(label) {
                let known: Vec<String> = labels.iter().map(|label| format!("{label:?}")).collect();
                bail!(
                    "{}: [labels.{label:?}]: no network has this label; they have {}",
                    self.file.display(),
                    known.join(", ")
                );
            }
        }
        Ok(())
    }

    /// Where a sample's file is.
    pub(super) fn path_of(&self, sample: &Sample) -> PathBuf {
        let folder = self.file.parent().unwrap_or(Path::new(""));
        folder.join(&sample.file)
    }

    /// What the page says in the language of those parts that have only one.
    pub(super) fn say(&self, key: &str) -> &str {
        self.words[MAIN][key].as_str().unwrap_or_default()
    }

    /// What the page's first program shows.
    pub(super) fn for_page(&self) -> Value {
        let samples: Vec<String> = self.samples.iter().map(Sample::url).collect();
        let mut all = json!({ "name": self.name, "samples": samples });
        for (tag, words) in &self.words {
            let mut first = some(words, &FIRST);
            let shown = self.samples.iter().map(|sample| sample.shows(tag));
            first.insert("sample".to_owned(), shown.collect());
            first.insert("labels".to_owned(), words["labels"].clone());
            all[tag] = first.into();
        }
        all
    }

    /// What the iframe shows.
    pub(super) fn for_iframe(&self) -> Value {
        let words = self.words.iter();
        words
            .map(|(tag, words)| (tag.clone(), json!({ "labels": words["labels"] })))
            .collect()
    }

    /// What the section about the page says.
    pub(super) fn account(&self) -> Value {
        let mut all = json!({ "attribution": self.attribution });
        for (tag, words) in &self.words {
            all[tag] = some(words, &ACCOUNT).into();
        }
        all
    }
}

impl Sample {
    /// Its path in the site.
    pub(super) fn url(&self) -> String {
        let name = self.file.file_name().unwrap_or_default();
        format!("samples/{}", name.to_string_lossy())
    }

    /// What it shows, in this language or in another one.
    fn shows(&self, tag: &str) -> Value {
        let words = self.shows.get(tag).or_else(|| self.shows.values().next());
        json!(words)
    }
}

/// All words in a language: the site's own, or those that it has in another language, or the neutral ones.
fn in_language(tag: &str, written: &Written, neutral: &Written) -> Result<Map<String, Value>> {
    let own = |tag: &str| written.words.get(tag).and_then(Value::as_object);
    let all = neutral.words[tag].as_object();
    let all = all.context("neutral.toml has no words of a language")?;
    for (key, value) in own(tag).into_iter().flatten() {
        let Some(like) = all.get(key) else {
            let keys: Vec<&str> = all.keys().map(String::as_str).collect();
            bail!("[{tag}] has no key {key:?}; it has {}", keys.join(", "));
        };
        let texts = value
            .as_array()
            .is_some_and(|all| all.iter().all(Value::is_string));
        match like {
            Value::Array(_) => ensure!(
                texts,
                "[{tag}] {key}: write a list of texts: [\"…\", \"…\"]"
            ),
            _ => ensure!(value.is_string(), "[{tag}] {key}: write a text: \"…\""),
        }
    }
    let mut words = Map::new();
    for (key, neutral) in all {
        let in_any = [tag]
            .into_iter()
            .chain(written.words.keys().map(String::as_str));
        let own = in_any.filter_map(own).find_map(|words| words.get(key));
        words.insert(key.clone(), own.unwrap_or(neutral).clone());
    }
    words.insert("labels".to_owned(), json!({}));
    Ok(words)
}

/// Some of the words.
fn some(words: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    let pairs = keys
        .iter()
        .map(|key| ((*key).to_owned(), words[*key].clone()));
    pairs.collect()
}

/// Refuses a `file` that is not there.
fn there(folder: &Path, file: &Path, key: &str) -> Result<()> {
    let path = folder.join(file);
    ensure!(
        path.is_file(),
        "{key} = {:?}: there is no file {}; paths begin at the description's folder",
        file.display().to_string(),
        path.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A description in a folder with a sample.
    fn described(toml: &str) -> Result<Description> {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.jpg"), "a picture").expect("a file");
        Description::parse(&folder.path().join("site.toml"), toml)
    }

    fn refused(toml: &str) -> String {
        format!("{:#}", described(toml).expect_err("a mistake"))
    }

    #[test]
    fn every_language_of_the_page_is_described() {
        let neutral: Written = toml::from_str(NEUTRAL).expect("TOML");
        let shell = include_str!("../../../www/index.html");
        let mut spoken: Vec<&str> = shell.split(" lang=\"").skip(1).collect();
        spoken.iter_mut().for_each(|tag| *tag = &tag[..2]);
        spoken.sort_unstable();
        spoken.dedup();
        assert_eq!(neutral.words.keys().collect::<Vec<_>>(), spoken);
        let shipped = Description::read(None, false).expect("the site that comes with Marquee");
        for tag in spoken {
            let keys = neutral.words[tag].as_object().expect("words").keys();
            assert!(keys.eq(neutral.words[MAIN].as_object().expect("words").keys()));
            // It says all of it itself.
            for (key, value) in neutral.words[tag].as_object().expect("words") {
                assert_ne!(&shipped.words[tag][key], value, "[{tag}] {key}");
            }
        }
    }

    #[test]
    fn what_is_left_out_is_taken_from_another_language_or_is_neutral() {
        let site = described(
            "name = 'Shelves'\n[ko]\nlead = '하나'\n[labels.Kids]\nko = '어린이'\n[[samples]]\nfile = 'a.jpg'\nen = 'A cow'",
        );
        let page = site.expect("it is right").for_page();
        assert_eq!(page["name"], "Shelves");
        assert_eq!(page["en"]["lead"], "하나");
        assert_eq!(page["en"]["classes"], "What the poster looks like");
        assert_eq!(page["samples"], json!(["samples/a.jpg"]));
        assert_eq!(page["ko"]["sample"], json!(["A cow"]));
        assert_eq!(page["ko"]["labels"], json!({ "Kids": "어린이" }));
        // A label without a name is shown as it is.
        assert_eq!(page["en"]["labels"], json!({}));
    }

    #[test]
    fn mistakes_are_named_with_file_and_key_and_remedy() {
        for (toml, words) in [
            (
                "titel = 'x'",
                vec!["site.toml", "\"titel\"", "samples", "en, ko"],
            ),
            ("[de]\nlead = 'x'", vec!["\"de\"", "en, ko"]),
            ("[en]\nled = 'x'", vec!["[en]", "\"led\"", "lead"]),
            ("[en]\nwhat = 'x'", vec!["[en] what", "list"]),
            ("[en]\nlead = ['x']", vec!["[en] lead", "a text"]),
            ("share = 'b.jpg'", vec!["share", "b.jpg", "folder"]),
            ("icons = 'b'", vec!["icons", "favicon.svg", "--icons"]),
            (
                "[[samples]]\nfile = 'b.jpg'\nen = 'x'",
                vec!["[[samples]] file", "b.jpg"],
            ),
            (
                "[[samples]]\nfile = 'a.jpg'",
                vec!["a.jpg", "say what it shows"],
            ),
            (
                "[[samples]]\nfile = 'a.jpg'\nde = 'x'",
                vec!["[[samples]]", "\"de\"", "en, ko"],
            ),
            ("[labels.Kids]\nfr = 'x'", vec!["labels.\"Kids\"", "\"fr\""]),
            ("name = ", vec!["site.toml", "line 1"]),
        ] {
            let error = refused(toml);
            for word in words {
                assert!(error.contains(word), "{word} in {error}");
            }
        }
        let two = "[[samples]]\nfile = 'a.jpg'\nen = 'x'\n".repeat(2);
        assert!(refused(&two).contains("another sample"));
    }

    #[test]
    fn a_name_for_a_label_that_no_network_has_is_refused() {
        let site = described("[labels.Kids]\nen = 'For kids'").expect("it is right");
        let labels = |all: &[&str]| all.iter().map(|&label| label.to_owned()).collect();
        assert!(site.check_labels(&labels(&["Kids", "Western"])).is_ok());
        let error = site
            .check_labels(&labels(&["Western"]))
            .expect_err("none has it");
        let error = error.to_string();
        assert!(
            error.contains("Kids") && error.contains("\"Western\""),
            "{error}"
        );
    }
}

//! The rule that makes a class of a film's genres.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::class::Class;
use marquee_models::file::MAX_CLASSES;
use marquee_models::genre::Genre;
use serde::{Deserialize, Serialize};

/// What `marquee build --print-rule` prints above the rule.
const PREFACE: &str = "\
# Which class a film's genres make. Save this, change it, and use it with `marquee build --rule`.
#
# labels     the classes, in the order of a network's outputs
# otherwise  the class of a film if no claim names one of its genres; without this line, such a
#            film is left out
# claims     a film gets the class of the first claim that names one of its genres
# aliases    other spellings of genres, such as those of another site or another language

";

/// Spellings of IMDb and MovieLens, and TMDB's Korean names.
const ALIASES: [(&str, Genre); 24] = [
    ("Children", Genre::Family),
    ("Children's", Genre::Family),
    ("Film-Noir", Genre::Crime),
    ("Sci-Fi", Genre::ScienceFiction),
    ("Musical", Genre::Music),
    ("SF", Genre::ScienceFiction),
    ("가족", Genre::Family),
    ("공포", Genre::Horror),
    ("다큐멘터리", Genre::Documentary),
    ("드라마", Genre::Drama),
    ("로맨스", Genre::Romance),
    ("모험", Genre::Adventure),
    ("미스터리", Genre::Mystery),
    ("범죄", Genre::Crime),
    ("서부", Genre::Western),
    ("스릴러", Genre::Thriller),
    ("애니메이션", Genre::Animation),
    ("액션", Genre::Action),
    ("역사", Genre::History),
    ("음악", Genre::Music),
    ("전쟁", Genre::War),
    ("코미디", Genre::Comedy),
    ("판타지", Genre::Fantasy),
    ("TV 영화", Genre::TvMovie),
];

/// Genres of IMDb and MovieLens that TMDB does not have. No built-in class is made of them.
const OTHERS: [&str; 9] = [
    "Adult",
    "Biography",
    "Game-Show",
    "IMAX",
    "News",
    "Reality-TV",
    "Short",
    "Sport",
    "Talk-Show",
];

/// Which class a film's genres make. The default makes the same classes as [`Class::of`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The classes, in the order of a network's outputs.
    pub labels: Vec<String>,
    /// The class of a film if no claim names one of its genres; if `None`, such a film is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// A film gets the class of the first claim that names one of its genres.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// Other spellings of genres, each with the spelling that claims use.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
}

/// Genres that make a film one of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The class: one of [`Rule::labels`].
    pub class: String,
    /// The genres, as the manifest or an alias spells them.
    pub genres: Vec<String>,
}

impl Default for Rule {
    fn default() -> Rule {
        let names = |genres: &[Genre]| genres.iter().map(ToString::to_string).collect();
        Rule {
            labels: Class::ALL.iter().map(ToString::to_string).collect(),
            otherwise: Some(Class::OTHERWISE.to_string()),
            claims: Class::RULE
                .iter()
                .map(|(genres, class)| Claim {
                    class: class.to_string(),
                    genres: names(genres),
                })
                .collect(),
            aliases: ALIASES
                .iter()
                .map(|(alias, genre)| ((*alias).to_owned(), genre.to_string()))
                .collect(),
        }
    }
}

impl Rule {
    /// Reads a rule from a file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or as [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Rule> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the rule {shown}"))?;
        Rule::parse(&text).with_context(|| {
            format!("{shown} is not a rule; `marquee build --print-rule` prints an example")
        })
    }

    /// Reads a rule from TOML.
    ///
    /// # Errors
    ///
    /// If the text is not TOML or has unknown keys, if the labels are not 2 to [`MAX_CLASSES`]
    /// different names, or if `otherwise` or a claim names a class that is not among them.
    pub fn parse(text: &str) -> Result<Rule> {
        let rule: Rule = toml::from_str(text)?;
        let count = rule.labels.len();
        ensure!(
            (2..=MAX_CLASSES).contains(&count),
            "labels has {count} names; there must be 2 to {MAX_CLASSES} classes"
        );
        let mut labels = HashSet::new();
        for label in &rule.labels {
            ensure!(!label.trim().is_empty(), "labels has an empty name");
            ensure!(labels.insert(label), "labels has {label:?} twice");
        }
        for class in rule
            .otherwise
            .iter()
            .chain(rule.claims.iter().map(|claim| &claim.class))
        {
            ensure!(labels.contains(class), "{class:?} is not one of the labels");
        }
        Ok(rule)
    }

    /// The rule as TOML, with comments that explain it.
    pub fn to_toml(&self) -> String {
        let rule = toml::to_string(self).expect("names can be written as TOML");
        format!("{PREFACE}{rule}")
    }

    /// The index of a class among the labels; `None` if it is not one of them.
    pub fn index(&self, label: &str) -> Option<usize> {
        self.labels.iter().position(|known| known == label)
    }

    /// The spelling of a genre that claims use.
    pub fn genre<'a>(&'a self, name: &'a str) -> &'a str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    /// The known spelling of a genre that differs from it only in small and capital letters, spaces and signs, such as
    /// `Sci-Fi` of `sci fi`; without one, the name as it is.
    pub fn spelled<'a>(&'a self, name: &'a str) -> &'a str {
        if self.knows(self.genre(name)) {
            return name;
        }
        let claimed = self.claims.iter().flat_map(|claim| &claim.genres);
        let known = Genre::ALL.iter().map(|genre| genre.name()).chain(OTHERS);
        let mut known = known.chain(claimed.chain(self.aliases.keys()).map(String::as_str));
        let letters = letters(name);
        known
            .find(|known| !letters.is_empty() && self::letters(known) == letters)
            .unwrap_or(name)
    }

    /// The label that differs from a class's name only in small and capital letters and spaces; without one, the name
    /// as it is.
    pub fn label<'a>(&'a self, name: &'a str) -> &'a str {
        let mut labels = self.labels.iter().map(String::as_str);
        match self.index(name) {
            Some(_) => name,
            None => labels
                .find(|label| folded(label) == folded(name))
                .unwrap_or(name),
        }
    }

    /// Whether this is one of the genres of TMDB, IMDb or MovieLens, or one that a claim names. Aliases are not
    /// resolved.
    pub fn knows(&self, genre: &str) -> bool {
        let mut claimed = self.claims.iter().flat_map(|claim| &claim.genres);
        Genre::ALL.iter().any(|known| known.name() == genre)
            || OTHERS.contains(&genre)
            || claimed.any(|name| name == genre)
    }

    /// Whether a genre, in any spelling, makes films of this class: a claim names it, or none does and the class
    /// is `otherwise`. It need not be the class of such a film, which may have other genres.
    pub fn is_of(&self, genre: &str, class: &str) -> bool {
        let genre = self.genre(genre);
        let mut claims = self
            .claims
            .iter()
            .filter(|claim| claim.genres.iter().any(|name| name == genre));
        match claims.next() {
            Some(claim) => claim.class == class || claims.any(|claim| claim.class == class),
            None => self.otherwise.as_deref() == Some(class),
        }
    }

    /// The class of a film with these genres, as an index among the labels. `None` for a film without
    /// genres, and if no claim names one of them and there is no `otherwise`.
    pub fn class(&self, genres: &[&str]) -> Option<usize> {
        if genres.is_empty() {
            return None;
        }
        let genres: Vec<&str> = genres.iter().map(|genre| self.genre(genre)).collect();
        let claimed = self.claims.iter().find(|claim| {
            let mut names = claim.genres.iter();
            names.any(|name| genres.contains(&name.as_str()))
        });
        let class = claimed
            .map(|claim| &claim.class)
            .or(self.otherwise.as_ref())?;
        self.index(class)
    }
}

/// A genre's letters and digits alone.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A class's name without what may be a slip: spaces, and whether letters are small or capital. Signs may tell classes
/// apart, such as `C` and `C++`.
pub(super) fn folded(name: &str) -> String {
    name.split_whitespace().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_default_is_the_class_of_a_poster() {
        let rule = Rule::default();
        for first in Genre::ALL {
            for second in Genre::ALL {
                let class = Class::of(&[first, second]).expect("there are genres");
                let index = rule.class(&[first.name(), second.name()]);
                assert_eq!(
                    index.map(|index| rule.labels[index].as_str()),
                    Some(class.label())
                );
            }
        }
        assert_eq!(rule.class(&[]), None);
        assert_eq!(rule.class(&["Sport"]), rule.index("Comedy&Drama"));
        assert_eq!(rule.class(&["드라마", "공포"]), rule.index("Horror"));
        assert_eq!(rule.class(&["Sci-Fi"]), rule.index("SF"));
        assert_eq!(
            ["HORROR", "sci fi", "game show", "Frolic"].map(|name| rule.spelled(name)),
            ["Horror", "Sci-Fi", "Game-Show", "Frolic"]
        );
        assert_eq!(
            ["horror", "Comedy & Drama", "Frolic"].map(|name| rule.label(name)),
            ["Horror", "Comedy&Drama", "Frolic"]
        );
        assert!(rule.is_of("Thriller", "Horror") && rule.is_of("Sci-Fi", "SF"));
        assert!(rule.is_of("Drama", "Comedy&Drama") && rule.is_of("Sport", "Comedy&Drama"));
        assert!(!rule.is_of("Horror", "Comedy&Drama") && !rule.is_of("Drama", "Horror"));
    }

    #[test]
    fn what_is_printed_is_read_again() {
        let rule = Rule::default();
        assert_eq!(
            Rule::parse(&rule.to_toml()).expect("it was just printed"),
            rule
        );
    }

    #[test]
    fn a_rule_of_ones_own_may_leave_films_out() {
        let rule = Rule::parse(
            "labels = [\"Scary\", \"Not\"]\nclaims = [{ class = \"Scary\", genres = [\"Horror\"] }]",
        )
        .expect("a rule");
        assert_eq!(rule.class(&["Horror", "Drama"]), Some(0));
        assert_eq!(rule.class(&["Drama"]), None);
    }

    #[test]
    fn a_rule_that_contradicts_itself_is_refused() {
        for (text, words) in [
            ("labels = [\"A\"]", "2 to 1000 classes"),
            ("labels = [\"A\", \"A\"]", "twice"),
            ("labels = [\"A\", \" \"]", "empty"),
            (
                "labels = [\"A\", \"B\"]\notherwise = \"C\"",
                "not one of the labels",
            ),
            ("labels = [\"A\", \"B\"]\nclaim = []", "unknown field"),
            ("labels", "expected"),
        ] {
            let error = format!("{:#}", Rule::parse(text).expect_err("it is refused"));
            assert!(error.contains(words), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            _ = Rule::parse(&text);
        }
    }
}

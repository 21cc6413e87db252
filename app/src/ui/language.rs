//! The languages of the page.

use super::site;

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, which is also for visitors whose language the page doesn't speak.
    English,
    /// Korean.
    Korean,
}

/// What both of the page's programs know of a language. Their texts are in a file for each language
/// (`initial_app/text`, `lazy_app/text`).
struct Entry {
    language: Language,
    /// The primary subtag of BCP 47, for `<html lang>`.
    tag: &'static str,
    /// The language's own name.
    name: &'static str,
}

/// The registry, in the order of the enum.
const ENTRIES: [Entry; 2] = [
    Entry {
        language: Language::English,
        tag: "en",
        name: "English",
    },
    Entry {
        language: Language::Korean,
        tag: "ko",
        name: "한국어",
    },
];

impl Language {
    /// All of them, in the order of the switch.
    pub const ALL: [Language; ENTRIES.len()] = {
        let mut all = [Language::English; ENTRIES.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = ENTRIES[at].language;
            at += 1;
        }
        all
    };

    /// From a tag like `ko-KR`; English for a language that the page doesn't speak.
    pub fn from_tag(tag: &str) -> Language {
        let primary = tag.split('-').next().unwrap_or_default();
        let spoken = |entry: &&Entry| primary.eq_ignore_ascii_case(entry.tag);
        let entry = ENTRIES.iter().find(spoken);
        entry.map_or(Language::English, |entry| entry.language)
    }

    /// Its tag for `<html lang>`.
    pub fn tag(self) -> &'static str {
        self.entry().tag
    }

    /// Its own name, for the switch.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// A class as people call it; its label where the language has no other name for it.
    pub fn class(self, label: &str) -> String {
        site::class(self, label)
    }

    fn entry(self) -> &'static Entry {
        &ENTRIES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_follows_the_tag() {
        assert_eq!(Language::from_tag("ko-KR"), Language::Korean);
        assert_eq!(Language::from_tag("KO"), Language::Korean);
        assert_eq!(Language::from_tag("kok-IN"), Language::English);
        assert_eq!(Language::from_tag("fr"), Language::English);
        assert_eq!(Language::from_tag(""), Language::English);
    }

    #[test]
    fn every_language_has_its_own_entry() {
        for language in Language::ALL {
            assert_eq!(language.entry().language, language);
            assert_eq!(Language::from_tag(language.tag()), language);
        }
    }

    #[test]
    fn the_page_speaks_every_language_before_its_first_program_is_there() {
        let shell = include_str!("../../../www/index.html");
        for language in Language::ALL {
            let tag = language.tag();
            let parts = shell.matches(&format!("lang=\"{tag}\"")).count();
            // The three sentences of the shell; `<html lang="en">` is a fourth.
            assert!(parts >= 3, "www/index.html says {parts} things in {tag}");
        }
    }
}

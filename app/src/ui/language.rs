//! The languages of the page, and what the classes are called in them.

/// The languages of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// In the order of the switch.
    pub const ALL: [Language; 2] = [Language::English, Language::Korean];

    /// From a tag like `ko-KR`; English for those that the page doesn't speak.
    pub fn from_tag(tag: &str) -> Language {
        let primary = tag.split('-').next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("ko") {
            Language::Korean
        } else {
            Language::English
        }
    }

    /// For `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Korean => "ko",
        }
    }

    /// The classes' labels, in the order of the shipped networks, and what people call them.
    pub fn classes(self) -> &'static [(&'static str, &'static str); 6] {
        match self {
            Language::English => &[
                ("Action", "Action"),
                ("Animation", "Animation"),
                ("Comedy&Drama", "Comedy & Drama"),
                ("Horror", "Horror"),
                ("Romance", "Romance"),
                ("SF", "Science Fiction"),
            ],
            Language::Korean => &[
                ("Action", "액션"),
                ("Animation", "애니메이션"),
                ("Comedy&Drama", "코미디·드라마"),
                ("Horror", "공포"),
                ("Romance", "로맨스"),
                ("SF", "SF"),
            ],
        }
    }

    /// A class as people call it; as the model does where this language knows no better.
    pub fn class(self, label: &str) -> String {
        self.classes()
            .iter()
            .find(|(known, _)| *known == label)
            .map_or(label, |(_, name)| name)
            .to_owned()
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
    fn a_class_without_a_nicer_name_keeps_its_own() {
        assert_eq!(Language::Korean.class("Comedy&Drama"), "코미디·드라마");
        assert_eq!(Language::Korean.class("Documentary"), "Documentary");
    }
}

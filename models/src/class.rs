//! The six built-in classes, and the rule that turns a film's genres into one of them.

use std::fmt;

use crate::genre::Genre;

/// What a poster is classified as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Action, war and western films.
    Action,
    /// Animated films, whatever else they are.
    Animation,
    /// Everything that no other class claims.
    ComedyDrama,
    /// Horror films and thrillers.
    Horror,
    /// Romantic and family films.
    Romance,
    /// Science fiction.
    ScienceFiction,
}

impl Class {
    /// All classes, in the order of a network's outputs.
    pub const ALL: [Class; 6] = [
        Class::Action,
        Class::Animation,
        Class::ComedyDrama,
        Class::Horror,
        Class::Romance,
        Class::ScienceFiction,
    ];

    /// The class's name in datasets, weights files and CSV output, such as `Comedy&Drama`.
    pub fn label(self) -> &'static str {
        match self {
            Class::Action => "Action",
            Class::Animation => "Animation",
            Class::ComedyDrama => "Comedy&Drama",
            Class::Horror => "Horror",
            Class::Romance => "Romance",
            Class::ScienceFiction => "SF",
        }
    }

    /// The class of a film with these genres; `None` for a film without any.
    ///
    /// The first claim of the [`RULE`](Self::RULE) that names one of them wins, as in the student
    /// project that Marquee grew out of.
    ///
    /// ```
    /// use marquee_models::class::Class;
    /// use marquee_models::genre::Genre;
    ///
    /// assert_eq!(Class::of(&[Genre::Action, Genre::ScienceFiction]), Some(Class::ScienceFiction));
    /// assert_eq!(Class::of(&[Genre::Documentary]), Some(Class::ComedyDrama));
    /// assert_eq!(Class::of(&[]), None);
    /// ```
    pub fn of(genres: &[Genre]) -> Option<Class> {
        if genres.is_empty() {
            return None;
        }
        let claimed = Class::RULE
            .iter()
            .find(|(claims, _)| claims.iter().any(|genre| genres.contains(genre)));
        Some(claimed.map_or(Class::OTHERWISE, |&(_, class)| class))
    }

    /// The genres that each class claims: Animation → Animation; Science Fiction → SF; Horror or
    /// Thriller → Horror; Romance or Family → Romance; Action, War or Western → Action.
    pub const RULE: [(&[Genre], Class); 5] = [
        (&[Genre::Animation], Class::Animation),
        (&[Genre::ScienceFiction], Class::ScienceFiction),
        (&[Genre::Horror, Genre::Thriller], Class::Horror),
        (&[Genre::Romance, Genre::Family], Class::Romance),
        (&[Genre::Action, Genre::War, Genre::Western], Class::Action),
    ];

    /// The class of a film whose genres nobody claims.
    pub const OTHERWISE: Class = Class::ComedyDrama;
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_matches_wins() {
        use Genre::*;
        let class = |genres: &[Genre]| Class::of(genres).map(Class::label);
        assert_eq!(class(&[Horror, Animation]), Some("Animation"));
        assert_eq!(class(&[Horror, ScienceFiction]), Some("SF"));
        assert_eq!(class(&[Romance, Thriller]), Some("Horror"));
        assert_eq!(class(&[Western, Family]), Some("Romance"));
        assert_eq!(class(&[Drama, War]), Some("Action"));
        assert_eq!(class(&[Adventure, Fantasy]), Some("Comedy&Drama"));
    }
}

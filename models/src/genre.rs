//! The six classes, TMDB's nineteen genres, and the rule that turns a list of genres into a class.

use std::fmt;
use std::str::FromStr;

/// What a poster is classified as. The order is the order of a network's outputs.
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

    /// The class's name in datasets, weights files and CSV output.
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
    /// First match wins, as in the project that Marquee grew out of: Animation → Animation;
    /// Science Fiction → SF; Horror or Thriller → Horror; Romance or Family → Romance; Action, War
    /// or Western → Action; anything else → Comedy&Drama.
    ///
    /// ```
    /// use marquee_models::genre::{Class, Genre};
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

    /// Which genres make which class; the first that names one of a film's genres wins.
    pub const RULE: [(&[Genre], Class); 5] = [
        (&[Genre::Animation], Class::Animation),
        (&[Genre::ScienceFiction], Class::ScienceFiction),
        (&[Genre::Horror, Genre::Thriller], Class::Horror),
        (&[Genre::Romance, Genre::Family], Class::Romance),
        (&[Genre::Action, Genre::War, Genre::Western], Class::Action),
    ];

    /// The class of a film whose genres none of the [`RULE`](Self::RULE) names.
    pub const OTHERWISE: Class = Class::ComedyDrama;
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

macro_rules! genres {
    ($($variant:ident = $name:literal,)*) => {
        /// TMDB's genres for films, from its `/genre/movie/list`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Genre {
            $(#[doc = $name] $variant,)*
        }

        impl Genre {
            /// All nineteen genres, in alphabetical order.
            pub const ALL: [Genre; 19] = [$(Genre::$variant,)*];

            /// TMDB's English name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Genre::$variant => $name,)*
                }
            }
        }
    };
}

genres! {
    Action = "Action",
    Adventure = "Adventure",
    Animation = "Animation",
    Comedy = "Comedy",
    Crime = "Crime",
    Documentary = "Documentary",
    Drama = "Drama",
    Family = "Family",
    Fantasy = "Fantasy",
    History = "History",
    Horror = "Horror",
    Music = "Music",
    Mystery = "Mystery",
    Romance = "Romance",
    ScienceFiction = "Science Fiction",
    Thriller = "Thriller",
    TvMovie = "TV Movie",
    War = "War",
    Western = "Western",
}

impl fmt::Display for Genre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is none of TMDB's genres.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not one of TMDB's genres")]
pub struct UnknownGenre(pub String);

impl FromStr for Genre {
    type Err = UnknownGenre;

    fn from_str(name: &str) -> Result<Genre, UnknownGenre> {
        Genre::ALL
            .into_iter()
            .find(|genre| genre.name().eq_ignore_ascii_case(name.trim()))
            .ok_or_else(|| UnknownGenre(name.trim().to_owned()))
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

    #[test]
    fn genre_names_are_read_back() {
        for genre in Genre::ALL {
            assert_eq!(genre.name().parse(), Ok(genre));
        }
        assert_eq!(" science fiction ".parse(), Ok(Genre::ScienceFiction));
        assert_eq!(
            "Sports".parse::<Genre>(),
            Err(UnknownGenre("Sports".into()))
        );
    }
}

//! TMDB's genres for films.

use std::fmt;
use std::str::FromStr;

macro_rules! genres {
    ($($variant:ident = $name:literal,)*) => {
        /// TMDB's genres for films, from its `/genre/movie/list`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Genre {
            $(#[doc = $name] $variant,)*
        }

        impl Genre {
            /// All of them, in alphabetical order.
            pub const ALL: [Genre; [$($name),*].len()] = [$(Genre::$variant,)*];

            /// TMDB's English name, such as `Science Fiction`.
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

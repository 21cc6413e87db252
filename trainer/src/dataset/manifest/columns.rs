use std::fmt;
use std::str::FromStr;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// What Marquee wants to know of a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A name of its own; where there is none, the poster's is taken.
    Id,
    /// The poster: a file's name, or a URL.
    Poster,
    /// Title.
    Title,
    /// Year of release.
    Year,
    /// Genres, with `|`, `,`, `;` or `/` between them.
    Genres,
    /// The class, where no genres say it.
    Label,
    /// Mean of the members' votes.
    Score,
    /// How many voted.
    Votes,
    /// TMDB's number, which two rows of one film share whatever their ids are.
    TmdbId,
}

impl Field {
    /// All of them, in the order in which they are stored.
    pub const ALL: [Field; 9] = [
        Field::Id,
        Field::Poster,
        Field::Title,
        Field::Year,
        Field::Genres,
        Field::Label,
        Field::Score,
        Field::Votes,
        Field::TmdbId,
    ];

    /// The name in `--columns`, and the column's name where nothing else is said.
    pub fn name(self) -> &'static str {
        match self {
            Field::Id => "id",
            Field::Poster => "poster",
            Field::Title => "title",
            Field::Year => "year",
            Field::Genres => "genres",
            Field::Label => "label",
            Field::Score => "score",
            Field::Votes => "votes",
            Field::TmdbId => "tmdb_id",
        }
    }
}

/// The columns of a well-known list of films.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// What `marquee fetch` writes: id, poster, title, year, genres, score, votes, tmdb_id
    #[default]
    Marquee,
    /// movie_data.csv of the student project that Marquee grew out of, with Korean column names
    #[value(alias = "seed")]
    Student,
    /// MovieGenre.csv from Kaggle (Latin-1)
    Kaggle,
}

/// Which column of a CSV file says what, and how its text is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    names: [String; Field::ALL.len()],
    /// How the file's text is encoded.
    pub encoding: &'static Encoding,
}

impl Default for Columns {
    fn default() -> Columns {
        Columns::from(Preset::Marquee)
    }
}

impl From<Preset> for Columns {
    fn from(preset: Preset) -> Columns {
        let (names, encoding) = match preset {
            Preset::Marquee => (Field::ALL.map(Field::name), UTF_8),
            Preset::Student => (
                [
                    "id",
                    "포스터",
                    "제목",
                    "개봉일",
                    "장르",
                    "label",
                    "회원점수",
                    "votes",
                    "tmdb_id",
                ],
                UTF_8,
            ),
            Preset::Kaggle => (
                [
                    "imdbId",
                    "Poster",
                    "Title",
                    "year",
                    "Genre",
                    "label",
                    "IMDB Score",
                    "votes",
                    "tmdb_id",
                ],
                WINDOWS_1252,
            ),
        };
        Columns {
            names: names.map(str::to_owned),
            encoding,
        }
    }
}

impl Columns {
    /// The column that holds this.
    pub fn name(&self, field: Field) -> &str {
        &self.names[field as usize]
    }

    /// The same, but for what `renamed` says.
    #[must_use]
    pub fn with(mut self, renamed: &Renamed) -> Columns {
        for (field, column) in &renamed.0 {
            self.names[*field as usize].clone_from(column);
        }
        self
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.encoding.name())?;
        self.names.iter().try_for_each(|name| write!(f, ",{name}"))
    }
}

/// Columns that are called otherwise, such as `id=imdbId,poster=Poster`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed(Vec<(Field, String)>);

impl FromStr for Renamed {
    type Err = String;

    fn from_str(text: &str) -> Result<Renamed, String> {
        let known = || Field::ALL.map(Field::name).join(", ");
        let pairs = text.split(',').map(|pair| {
            let (field, column) = pair
                .split_once('=')
                .ok_or_else(|| format!("{pair:?} is not like poster=Poster"))?;
            let field = field.trim();
            let field = Field::ALL
                .into_iter()
                .find(|known| known.name() == field)
                .ok_or_else(|| format!("{field:?} is none of {}", known()))?;
            match column.trim() {
                "" => Err(format!("the column for {} has no name", field.name())),
                column => Ok((field, column.to_owned())),
            }
        });
        pairs.collect::<Result<_, _>>().map(Renamed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_are_renamed_one_by_one() {
        let renamed = "id=imdbId, poster=Poster URL".parse().expect("a mapping");
        let columns = Columns::default().with(&renamed);
        assert_eq!(columns.name(Field::Id), "imdbId");
        assert_eq!(columns.name(Field::Poster), "Poster URL");
        assert_eq!(columns.name(Field::Genres), "genres");
        for (wrong, words) in [
            ("id", "is not like"),
            ("name=Name", "none of id, poster"),
            ("id=", "has no name"),
        ] {
            let error = wrong.parse::<Renamed>().expect_err("it is refused");
            assert!(error.contains(words), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            _ = text.parse::<Renamed>();
        }
    }
}

use std::fmt;
use std::str::FromStr;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// What Marquee reads from a row of a manifest: the fields of [`Film`](super::Film).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The film's id. Without this column, the name of the poster is the id.
    Id,
    /// The poster: the name of a file, or a web address.
    Poster,
    /// The title.
    Title,
    /// The year of release.
    Year,
    /// The genres, with `|`, `,`, `;` or `/` between them.
    Genres,
    /// The class, for a film whose genres do not make one.
    Label,
    /// The mean of the votes.
    Score,
    /// The number of votes.
    Votes,
    /// What the film is to be used for: training, validation or test.
    Split,
    /// TMDB's id of the film.
    TmdbId,
}

impl Field {
    /// All fields, in the order of the variants.
    pub const ALL: [Field; 10] = [
        Field::Id,
        Field::Poster,
        Field::Title,
        Field::Year,
        Field::Genres,
        Field::Label,
        Field::Score,
        Field::Votes,
        Field::Split,
        Field::TmdbId,
    ];

    /// The name in `--columns`. In Marquee's own lists, the column has the same name.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    /// What the column is called in lists of other programs: Hugging Face's `datasets` and WebDataset. These names count
    /// where there is none of Marquee's.
    pub(super) fn elsewhere(self) -> &'static [&'static str] {
        match self {
            Field::Id => &["__key__"],
            Field::Poster => &["file_name", "image"],
            _ => &[],
        }
    }
}

/// The names of [`Field::ALL`].
const NAMES: [&str; 10] = [
    "id", "poster", "title", "year", "genres", "label", "score", "votes", "split", "tmdb_id",
];

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

/// The names of a manifest's columns, and the encoding of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    names: [String; Field::ALL.len()],
    /// The encoding of the file's text.
    pub encoding: &'static Encoding,
}

impl Default for Columns {
    fn default() -> Columns {
        Columns::from(Preset::Marquee)
    }
}

impl From<Preset> for Columns {
    fn from(preset: Preset) -> Columns {
        let (renamed, encoding): (&[_], _) = match preset {
            Preset::Marquee => (&[], UTF_8),
            Preset::Student => (
                &[
                    (Field::Poster, "포스터"),
                    (Field::Title, "제목"),
                    (Field::Year, "개봉일"),
                    (Field::Genres, "장르"),
                    (Field::Score, "회원점수"),
                ],
                UTF_8,
            ),
            Preset::Kaggle => (
                &[
                    (Field::Id, "imdbId"),
                    (Field::Poster, "Poster"),
                    (Field::Title, "Title"),
                    (Field::Genres, "Genre"),
                    (Field::Score, "IMDB Score"),
                ],
                WINDOWS_1252,
            ),
        };
        let renamed = renamed
            .iter()
            .map(|(field, name)| (*field, (*name).to_owned()));
        let names = NAMES.map(str::to_owned);
        Columns { names, encoding }.with(&Renamed(renamed.collect()))
    }
}

impl Columns {
    /// The name of the column for this field.
    pub fn name(&self, field: Field) -> &str {
        &self.names[field as usize]
    }

    /// The same columns with other names for the fields in `renamed`.
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

/// Other names for some columns, as in `id=imdbId,poster=Poster`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed(Vec<(Field, String)>);

impl FromStr for Renamed {
    type Err = String;

    fn from_str(text: &str) -> Result<Renamed, String> {
        let known = || NAMES.join(", ");
        let pairs = text.split(',').map(|pair| {
            let (field, column) = pair
                .split_once('=')
                .ok_or_else(|| format!("{pair:?} is not like poster=Poster"))?;
            let field = field.trim();
            let field = Field::ALL
                .into_iter()
                .find(|known| known.name() == field)
                .ok_or_else(|| format!("{field:?} is not one of {}", known()))?;
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
            ("name=Name", "not one of id, poster"),
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

//! A list of films: a CSV file with one film in each row, its poster and its genres.

mod columns;
mod genre_list;

pub use columns::{Columns, Field, Preset, Renamed};

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use encoding_rs::UTF_8;
use encoding_rs_io::DecodeReaderBytesBuilder;
use marquee_models::text::from_cell;

/// A row of a manifest. A field that the manifest does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Film {
    /// Such as `tt0120338`. Rows with the same id are the same film, also in different manifests.
    /// Without a column for it, the poster's name without its ending.
    pub id: String,
    /// What the id means: the same for `1000` and `1000.0`, and for `tt0120338` and `tt120338`. Films with the
    /// same key are the same.
    pub key: String,
    /// The poster: a web address, or the name of a file in the folder or tar of posters.
    pub poster: String,
    /// The title, without the year in brackets if the year has no column.
    pub title: String,
    /// The year of release.
    pub year: String,
    /// The genres, with `|` between them.
    pub genres: String,
    /// The class, if the manifest names it instead of genres.
    pub label: String,
    /// The mean of the votes, 0 to 10 points.
    pub score: String,
    /// The number of votes.
    pub votes: String,
    /// What the film is to be used for, as the manifest names it, such as `train`.
    pub split: String,
    /// TMDB's id of the film. Two rows with the same one are the same film, whatever their ids are.
    pub tmdb_id: String,
}

/// A row, or the reason in words why it cannot be read.
pub type Row = Result<Film, String>;

/// An opened manifest. Its rows are read one by one, so that memory does not grow with it.
pub struct Manifest {
    shown: String,
    reader: csv::Reader<Box<dyn Read>>,
    /// How many columns the first line has.
    columns: usize,
    /// The column of each [`Field`].
    places: [Option<usize>; Field::ALL.len()],
    /// Whether lines end with `\r\n`. Then the CSV reader counts a line only when it reads on.
    late: bool,
    record: csv::ByteRecord,
}

impl Manifest {
    /// Opens a manifest and reads the names of its columns from the first line.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, if it has no column for the poster, or if it has neither a
    /// column for the genres nor one for the label.
    pub fn open(path: &Path, columns: &Columns) -> Result<Manifest> {
        let shown = path.display().to_string();
        let file = File::open(path).with_context(|| format!("cannot open the manifest {shown}"))?;
        let mut file = BufReader::with_capacity(1 << 16, file);
        let start = file.fill_buf();
        let late = ends_with_two(start.with_context(|| format!("cannot read {shown}"))?);
        // UTF-8 is not decoded here, so that a row which is not UTF-8 can be reported
        let source: Box<dyn Read> = if columns.encoding == UTF_8 {
            Box::new(file)
        } else {
            let mut decoder = DecodeReaderBytesBuilder::new();
            Box::new(decoder.encoding(Some(columns.encoding)).build(file))
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let headers = reader
            .byte_headers()
            .with_context(|| format!("cannot read the first line of {shown}"))?
            .iter()
            .map(|header| String::from_utf8_lossy(header).trim().to_owned())
            .collect::<Vec<_>>();
        let place = |field| {
            headers
                .iter()
                .position(|header| header == columns.name(field))
        };
        let places = Field::ALL.map(place);
        let has = |field: Field| places[field as usize].is_some();
        if !has(Field::Poster) || !(has(Field::Genres) || has(Field::Label)) {
            bail!(
                "{shown} has no columns {:?} and {:?} or {:?}; name them with \
                 --columns poster=…,genres=… or --preset (found: {})",
                columns.name(Field::Poster),
                columns.name(Field::Genres),
                columns.name(Field::Label),
                headers.join(", ")
            );
        }
        Ok(Manifest {
            shown,
            reader,
            columns: headers.len(),
            places,
            late,
            record: csv::ByteRecord::new(),
        })
    }

    /// The next row and the number of its first line, counted from 1; `None` after the last row.
    ///
    /// # Errors
    ///
    /// If the file cannot be read. A damaged row is not an error, but a reason in [`Row`].
    pub fn next_row(&mut self) -> Result<Option<(u64, Row)>> {
        let line = self.reader.position().line() + u64::from(self.late);
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => Ok(None),
            Ok(true) => Ok(Some((line, self.film()))),
            Err(error) if error.is_io_error() => {
                Err(error).with_context(|| format!("cannot read {}", self.shown))
            }
            Err(error) => Ok(Some((line, Err(error.to_string())))),
        }
    }

    fn film(&self) -> Row {
        if self.record.len() > self.columns {
            return Err(format!(
                "the row has {} fields for {} columns; a text with a comma or a quote in it needs quotes around it",
                self.record.len(),
                self.columns
            ));
        }
        let text = |field: Field| {
            let bytes = self.places[field as usize].and_then(|place| self.record.get(place));
            std::str::from_utf8(bytes.unwrap_or_default())
                .map(|text| from_cell(text.trim()).to_owned())
                .map_err(|_| "the row is not UTF-8; name its encoding with --encoding".to_owned())
        };
        let mut film = Film {
            id: whole(&text(Field::Id)?).to_owned(),
            key: String::new(),
            poster: text(Field::Poster)?,
            title: text(Field::Title)?,
            year: text(Field::Year)?,
            genres: text(Field::Genres)?,
            label: text(Field::Label)?,
            score: text(Field::Score)?,
            votes: text(Field::Votes)?,
            split: text(Field::Split)?,
            tmdb_id: text(Field::TmdbId)?,
        };
        film.genres = genre_list::read(&film.genres).join("|");
        if self.places[Field::Id as usize].is_none() {
            name(&film.poster).clone_into(&mut film.id);
            // names of files mean nothing else
            film.key.clone_from(&film.id);
        } else {
            film.key = key(&film.id);
        }
        if film.year.is_empty()
            && let Some((title, year)) = titled_year(&film.title)
        {
            (film.title, film.year) = (title.to_owned(), year.to_owned());
        }
        if film.id.is_empty() {
            return Err("the row has no id".to_owned());
        }
        Ok(film)
    }
}

/// The genres of a list with `|`, `,`, `;` or `/` between them. No genre of TMDB or IMDb has one of
/// these characters in its name.
pub fn genres(list: &str) -> impl Iterator<Item = &str> {
    list.split(['|', ',', ';', '/'])
        .map(str::trim)
        .filter(|genre| !genre.is_empty())
}

/// Whether the first line of a text ends with `\r\n`, in any encoding.
fn ends_with_two(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // in UTF-16, there is a zero byte between the two
    line.len() < text.len() && line.iter().rfind(|byte| **byte != 0) == Some(&b'\r')
}

/// Whether a poster is a web address, not the name of a file.
pub fn is_address(poster: &str) -> bool {
    poster.starts_with("http://") || poster.starts_with("https://")
}

/// An address without its query; the name of a file as it is, since `#` and `?` may belong to it.
pub fn path(poster: &str) -> &str {
    match is_address(poster) {
        true => poster.split(['?', '#']).next().unwrap_or_default(),
        false => poster,
    }
}

/// A path or an address without its query and ending.
fn name(poster: &str) -> &str {
    let path = path(poster);
    match path.rsplit_once('.') {
        Some((name, ending)) if !ending.contains('/') => name,
        _ => path,
    }
}

/// Removes the end of a whole number such as `1999.0`, as spreadsheets and data frames write it.
pub fn whole(number: &str) -> &str {
    number.strip_suffix(".0").unwrap_or(number)
}

/// An id without what spreadsheets add and remove: zeros in front of a number, also behind IMDb's `tt`.
pub(super) fn key(id: &str) -> String {
    let (prefix, number) = match id.strip_prefix("tt") {
        Some(number) => ("tt", number),
        None => ("", id),
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    match is_number {
        true => match number.trim_start_matches('0') {
            "" => format!("{prefix}0"),
            number => format!("{prefix}{number}"),
        },
        false => id.to_owned(),
    }
}

/// What two spellings of a title have in common: the words in lower case, without articles and signs.
pub(super) fn title_key(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric());
    let words = words.map(str::to_lowercase).filter(|word| !word.is_empty());
    let words: Vec<String> = words.collect();
    let is_article = |word: &String| ["the", "a", "an"].contains(&word.as_str());
    let mut kept: Vec<&str> = words
        .iter()
        .filter(|word| !is_article(word))
        .map(String::as_str)
        .collect();
    if kept.is_empty() {
        kept = words.iter().map(String::as_str).collect();
    }
    match kept.is_empty() {
        // a title of signs alone, such as "???"
        true => title.to_owned(),
        false => kept.join(" "),
    }
}

/// Splits "Heat (1995)" into title and year.
fn titled_year(title: &str) -> Option<(&str, &str)> {
    let (title, year) = title.strip_suffix(')')?.rsplit_once(" (")?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then_some((title, year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;
    use proptest::prelude::*;
    use std::io::Write;

    fn rows(bytes: &[u8], columns: &Columns) -> Vec<(u64, Row)> {
        let mut file = tempfile::NamedTempFile::new().expect("a file can be made");
        file.write_all(bytes).expect("it can be written");
        let mut manifest = Manifest::open(file.path(), columns).expect("it has the columns");
        std::iter::from_fn(|| manifest.next_row().expect("it can be read")).collect()
    }

    #[test]
    fn kaggles_list_is_read() {
        let text = "imdbId,Imdb Link,Title,IMDB Score,Genre,Poster\n\
                    113277,http://…,Am\u{e9}lie (2001),8.3,Comedy|Romance,https://host/a.jpg\n";
        let bytes = WINDOWS_1252.encode(text).0;
        let rows = rows(&bytes, &Columns::from(Preset::Kaggle));
        let film = rows[0].1.as_ref().expect("a sound row");
        assert_eq!(
            (film.id.as_str(), film.title.as_str()),
            ("113277", "Amélie")
        );
        assert_eq!((film.year.as_str(), film.score.as_str()), ("2001", "8.3"));
        assert_eq!(film.genres, "Comedy|Romance");
    }

    #[test]
    fn the_student_projects_list_is_read_though_it_has_no_ids() {
        let text = "포스터,제목,장르,러닝타임,회원점수,개요,제작비,수익,감독\n\
                    posters/기생충.jpg,기생충,\"코미디, 스릴러\",132,85,…,,,봉준호\n";
        let rows = rows(text.as_bytes(), &Columns::from(Preset::Student));
        let film = rows[0].1.as_ref().expect("a sound row");
        assert_eq!(
            (film.id.as_str(), film.genres.as_str()),
            ("posters/기생충", "코미디|스릴러")
        );
        assert_eq!(film.score, "85");
    }

    #[test]
    fn ids_are_compared_as_what_they_mean() {
        let same = [
            ["1000", "1000.0"],
            [" 7 ", "7"],
            ["tt0000417", "tt417"],
            ["0113277", "113277"],
            ["0", "000"],
        ];
        for [one, other] in same {
            let list = format!("id,poster,genres\n{one},a.jpg,Drama\n{other},b.jpg,Drama\n");
            let rows = rows(list.as_bytes(), &Columns::default());
            let key = |row: &(u64, Row)| row.1.clone().map(|film| film.key);
            assert_eq!(key(&rows[0]), key(&rows[1]), "{one} and {other}");
        }
        let rows = rows(
            b"id,poster,genres\nx1,a.jpg,Drama\n1,b.jpg,Drama\ntt1,c.jpg,Drama\n",
            &Columns::default(),
        );
        let keys = rows
            .iter()
            .flat_map(|(_, row)| row.as_ref().map(|film| film.key.as_str()));
        assert_eq!(keys.collect::<Vec<_>>(), ["x1", "1", "tt1"]);
        let rows = super::tests::rows(
            b"poster,genres\n001.jpg,Drama\n1.jpg,Drama\n",
            &Columns::default(),
        );
        let keys = rows
            .iter()
            .flat_map(|(_, row)| row.as_ref().map(|film| film.key.as_str()));
        assert_eq!(
            keys.collect::<Vec<_>>(),
            ["001", "1"],
            "names of files are names"
        );
    }

    #[test]
    fn spellings_of_a_title_are_one() {
        for (one, other) in [
            ("The Matrix", "Matrix, The"),
            ("Spider-Man", "spider man"),
            ("The", "THE!"),
        ] {
            assert_eq!(title_key(one), title_key(other));
        }
        assert_ne!(title_key("???"), title_key("!!!"));
        assert_ne!(title_key("Alien"), title_key("Aliens"));
    }

    #[test]
    fn signs_of_addresses_are_kept_in_names_of_files() {
        let rows = rows(
            b"poster,genres\nWhat? #1.jpg,Drama\nhttps://host/a.jpg?size=3,Drama\n50%.jpg,Drama\n",
            &Columns::default(),
        );
        let ids = rows
            .iter()
            .map(|(_, row)| row.as_ref().map(|film| film.id.as_str()));
        let ids: Vec<_> = ids.collect();
        assert_eq!(ids, [Ok("What? #1"), Ok("https://host/a"), Ok("50%")]);
    }

    #[test]
    fn lines_are_counted_alike_whatever_ends_them() {
        for end in ["\n", "\r\n"] {
            let text = [
                "id,poster,genres",
                "1,a.jpg,Drama",
                "2,b.jpg,\"A|",
                "B\"",
                "3,c.jpg,Drama",
                "",
            ];
            let rows = rows(text.join(end).as_bytes(), &Columns::default());
            let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [2, 3, 5], "{end:?}");
        }
    }

    #[test]
    fn a_row_that_is_not_utf8_costs_only_itself() {
        let rows = rows(
            b"id,poster,genres\na,a.jpg,Drama\nb,\xFF.jpg,Drama\nc,c.jpg,Drama\n",
            &Columns::default(),
        );
        let lines: Vec<_> = rows
            .iter()
            .map(|(line, row)| (*line, row.is_ok()))
            .collect();
        assert_eq!(lines, [(2, true), (3, false), (4, true)]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut file = b"id,poster,genres\n".to_vec();
            file.extend(&bytes);
            for preset in [Preset::Marquee, Preset::Kaggle] {
                let renamed = "id=id,poster=poster,genres=genres".parse().expect("a mapping");
                rows(&file, &Columns::from(preset).with(&renamed));
            }
        }
    }
}

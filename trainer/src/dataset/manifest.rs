//! A list of films: a CSV file with one film in each row, its poster and its genres.

mod columns;
mod genre_list;
mod missing;
mod same;

pub use columns::{Columns, Field, Preset, Renamed};
pub use same::whole;
pub(super) use same::{key, title_key};

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;
use marquee_models::text::from_cell;
use marquee_predict::packed::packed_as;
use missing::is_missing;
use unicode_normalization::UnicodeNormalization;

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
    /// The names of the columns, from the first line.
    columns: Vec<String>,
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
        let start = start.with_context(|| format!("cannot read {shown}"))?;
        if let Some(kind) = packed_as(start) {
            bail!("{shown} is {kind}, and no CSV file; write its table as CSV first");
        }
        let late = ends_with_two(start);
        // a mark at the beginning says more than the options
        let encoding = Encoding::for_bom(start).map_or(columns.encoding, |(encoding, _)| encoding);
        // UTF-8 is not decoded here, so that a row which is not UTF-8 can be reported
        let source: Box<dyn Read> = if encoding == UTF_8 {
            Box::new(file)
        } else {
            let mut decoder = DecodeReaderBytesBuilder::new();
            Box::new(decoder.encoding(Some(encoding)).build(file))
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let headers = reader
            .byte_headers()
            .with_context(|| format!("cannot read the first line of {shown}"))?
            .iter()
            .map(|header| String::from_utf8_lossy(header).trim().to_owned())
            .collect::<Vec<_>>();
        // a column of another spelling is not passed over in silence
        let place = |field| {
            let name = columns.name(field);
            let lower = name.to_lowercase();
            let at = |name: &str| headers.iter().position(|header| header == name);
            let any_case = || {
                headers
                    .iter()
                    .position(|header| header.to_lowercase() == lower)
            };
            // Hugging Face's metadata.csv calls the picture so
            let elsewhere = || (field == Field::Poster).then(|| at("file_name")).flatten();
            at(name).or_else(any_case).or_else(elsewhere)
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
            columns: headers,
            places,
            late,
            record: csv::ByteRecord::new(),
        })
    }

    /// The names of the columns that no [`Field`] is read from.
    pub fn unused(&self) -> Vec<&str> {
        let names = self.columns.iter().enumerate();
        let unused = names.filter(|(at, _)| !self.places.contains(&Some(*at)));
        unused.map(|(_, name)| name.as_str()).collect()
    }

    /// The next row and the number of its first line, counted from 1; `None` after the last row.
    ///
    /// # Errors
    ///
    /// If the file cannot be read. A damaged row is not an error, but a reason in [`Row`].
    pub fn next_row(&mut self) -> Result<Option<(u64, Row)>> {
        let before = self.reader.position().line();
        let read = self.reader.read_byte_record(&mut self.record);
        // empty lines before the row are passed over; those within it stand in quotes
        let within = self.record.as_slice().iter().filter(|byte| **byte == b'\n');
        let empty =
            (self.reader.position().line() - before).saturating_sub(within.count() as u64 + 1);
        let line = before + empty + u64::from(self.late);
        match read {
            Ok(false) => Ok(None),
            Ok(true) => Ok(Some((line, self.film()))),
            Err(error) if error.is_io_error() => {
                Err(error).with_context(|| format!("cannot read {}", self.shown))
            }
            Err(error) => Ok(Some((line, Err(error.to_string())))),
        }
    }

    fn film(&self) -> Row {
        if self.record.len() > self.columns.len() {
            return Err(format!(
                "the row has {} fields for {} columns; a text with a comma or a quote in it needs quotes around it",
                self.record.len(),
                self.columns.len()
            ));
        }
        let text = |field: Field| {
            let bytes = self.places[field as usize].and_then(|place| self.record.get(place));
            std::str::from_utf8(bytes.unwrap_or_default())
                .map(|text| from_cell(text.trim()).to_owned())
                .map_err(|_| "the row is not UTF-8; name its encoding with --encoding".to_owned())
        };
        // a film may be called "Unknown" or "???"
        let known = |field| {
            text(field).map(|text| match is_missing(&text) {
                true => String::new(),
                false => text,
            })
        };
        // letters with accents, and Korean ones, are the same in one piece and in parts
        let composed = |field| known(field).map(|text| text.nfc().collect::<String>());
        let mut film = Film {
            id: whole(&known(Field::Id)?).to_owned(),
            key: String::new(),
            poster: known(Field::Poster)?,
            title: text(Field::Title)?,
            year: whole(&known(Field::Year)?).to_owned(),
            genres: genre_list::read(&composed(Field::Genres)?).join("|"),
            label: whole(&composed(Field::Label)?).to_owned(),
            score: known(Field::Score)?,
            votes: whole(&known(Field::Votes)?).to_owned(),
            split: known(Field::Split)?,
            tmdb_id: key(whole(&known(Field::TmdbId)?)),
        };
        if let "0" | "-1" = film.tmdb_id.as_str() {
            // TMDB begins at 1
            film.tmdb_id.clear();
        }
        if self.places[Field::Id as usize].is_none() {
            name(&film.poster).clone_into(&mut film.id);
            // names of files mean nothing else, but are the same in both Unicode forms
            film.key = film.id.nfc().collect();
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

/// The genres of a list with `|`, `,`, `;` or `/` between them, or a new line. No genre of TMDB or IMDb has one of
/// these characters in its name; of what says that there is none, `N/A` has.
pub fn genres(list: &str) -> impl Iterator<Item = &str> {
    list.split(['|', ',', ';', '\n', '、', '，'])
        .flat_map(|part| match is_missing(part.trim()) {
            true => "".split('/'),
            false => part.split('/'),
        })
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
            ["1000", "1000.00"],
            ["TT0000417", "tt417"],
            ["caf\u{e9}", "cafe\u{301}"],
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
                "",
                "",
                "3,c.jpg,Drama",
                "4,d.jpg,Drama",
                "",
            ];
            let rows = rows(text.join(end).as_bytes(), &Columns::default());
            let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [2, 3, 7, 8], "{end:?}");
        }
    }

    #[test]
    fn the_mark_of_an_encoding_is_heeded() {
        let text = "id,poster,genres\n1,é.jpg,Drama\n";
        let utf16 = |word: u16| word.to_le_bytes();
        let marked: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(utf16)
            .collect();
        for bytes in [marked, format!("\u{feff}{text}").into_bytes()] {
            let rows = rows(&bytes, &Columns::default());
            let film = rows[0].1.as_ref().expect("a sound row");
            assert_eq!((film.id.as_str(), film.poster.as_str()), ("1", "é.jpg"));
        }
    }

    #[test]
    fn columns_are_known_in_any_letters() {
        let rows = rows(
            b" ID,Poster,GENRES,Split\n1,a.jpg,Drama,val\n",
            &Columns::default(),
        );
        let film = rows[0].1.as_ref().expect("a sound row");
        assert_eq!((film.id.as_str(), film.genres.as_str()), ("1", "Drama"));
        assert_eq!(film.split, "val");
    }

    #[test]
    fn what_says_that_nothing_is_known_is_not_taken_for_a_value() {
        for nothing in ["", "nan", "None", "NULL", "<NA>", "N/A"] {
            let list = format!(
                "id,poster,title,year,genres,label,split,tmdb_id\n\
                 1,{nothing},{nothing},{nothing},{nothing},{nothing},{nothing},{nothing}\n\
                 {nothing},a.jpg,Heat,1995,Drama,,,\n"
            );
            let rows = rows(list.as_bytes(), &Columns::default());
            let film = rows[0].1.as_ref().expect("a sound row");
            let expected = Film {
                id: "1".to_owned(),
                key: "1".to_owned(),
                title: nothing.to_owned(),
                ..Film::default()
            };
            assert_eq!(*film, expected, "{nothing}");
            assert_eq!(rows[1].1, Err("the row has no id".to_owned()), "{nothing}");
        }
        let rows = rows(
            b"poster,label,tmdb_id\na.jpg,2.0,0\nb.jpg,2,862.0\n",
            &Columns::default(),
        );
        let films = rows.iter().flat_map(|(_, row)| row);
        let known: Vec<_> = films
            .map(|film| (film.label.as_str(), film.tmdb_id.as_str()))
            .collect();
        assert_eq!(known, [("2", ""), ("2", "862")]);
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

//! Which rows are read from lists, and how.

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
    let rows = self::rows(
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

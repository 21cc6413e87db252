//! How lists of films write a film's genres into one cell.

use super::missing::is_missing;

/// The key of a genre's name where each genre is a dictionary.
const NAME: &str = "name";

/// Reads the genres of a cell: `Comedy|Drama`, with `,`, `;` or `/` in place of `|`; a list of JSON or Python such
/// as `["Comedy", 'Drama']`, also without quotes; or dictionaries such as `[{"id": 35, "name": "Comedy"}]`, of which the
/// names count. What stands there for a genre that is not known, such as `nan` or MovieLens' `(no genres
/// listed)`, is none. A list that cannot be read is a genre that nobody knows.
pub(super) fn read(cell: &str) -> Vec<String> {
    let cell = cell.trim();
    if is_missing(cell) {
        return Vec::new();
    }
    let inside = cell
        .strip_prefix(['[', '{', '('])
        .and_then(|rest| rest.strip_suffix([']', '}', ')']));
    let found: Vec<String> = match inside {
        Some(inside) if inside.contains(['"', '\'']) => match quoted(cell) {
            genres if genres.is_empty() => vec![cell.to_owned()],
            genres => genres,
        },
        inside => super::genres(inside.unwrap_or(cell))
            .map(str::to_owned)
            .collect(),
    };
    found
        .into_iter()
        .filter(|genre| !is_missing(genre))
        .collect()
}

/// The quoted texts of a list. Of dictionaries, only the values of `name`; without such a key, all values that are texts.
fn quoted(list: &str) -> Vec<String> {
    let mut texts: Vec<(String, bool)> = Vec::new();
    let mut rest = list.chars();
    // whether nothing stands behind the last text yet
    let mut fresh = false;
    while let Some(quote) = rest.next() {
        if quote == ':'
            && fresh
            && let Some((_, is_key)) = texts.last_mut()
        {
            *is_key = true;
        }
        fresh = fresh && quote.is_whitespace();
        if quote != '"' && quote != '\'' {
            continue;
        }
        fresh = true;
        let mut text = String::new();
        while let Some(c) = rest.next() {
            match c {
                c if c == quote => break,
                '\\' => text.extend(escaped(&mut rest)),
                c => text.push(c),
            }
        }
        texts.push((text.trim().to_owned(), false));
    }
    if texts.iter().all(|(_, is_key)| !is_key) {
        return texts.into_iter().map(|(text, _)| text).collect();
    }
    let is_name = |text: &str| text.eq_ignore_ascii_case(NAME);
    let by_name = texts.iter().any(|(text, is_key)| *is_key && is_name(text));
    if !by_name {
        let values = texts.into_iter().filter(|(_, is_key)| !is_key);
        return values.map(|(text, _)| text).collect();
    }
    let pairs = texts.windows(2);
    let named = pairs.filter(|pair| pair[0].1 && is_name(&pair[0].0) && !pair[1].1);
    named.map(|pair| pair[1].0.clone()).collect()
}

/// The character after a backslash, such as `\u00e9`.
fn escaped(rest: &mut impl Iterator<Item = char>) -> Option<char> {
    match rest.next()? {
        'u' => {
            let digits: String = rest.take(4).collect();
            u32::from_str_radix(&digits, 16)
                .ok()
                .and_then(char::from_u32)
        }
        'n' | 't' | 'r' => Some(' '),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_usual_way_to_write_genres_is_read() {
        let both = ["Comedy", "Science Fiction"];
        for cell in [
            "Comedy|Science Fiction",
            " Comedy , Science Fiction ",
            "Comedy/Science Fiction",
            r#"["Comedy", "Science Fiction"]"#,
            "['Comedy', 'Science Fiction']",
            "('Comedy', 'Science Fiction')",
            r#"[{"id": 35, "name": "Comedy"}, {"id": 878, "name": "Science Fiction"}]"#,
            "[{'id': 35, 'name': 'Comedy'}, {'name': 'Science Fiction', 'id': 878}]",
            r#"[{"id":"g1","name":"Comedy"},{"id":"g2","name":"Science Fiction"}]"#,
            r#"{"35": "Comedy", "878": "Science Fiction"}"#,
            "{35: 'Comedy', 878: 'Science Fiction'}",
            r#"{"genres": ["Comedy", "Science Fiction"]}"#,
            "[{'Genre': 'Comedy'}, {'Genre': 'Science Fiction'}]",
            "['Comedy' 'Science Fiction']",
            "[Comedy, Science Fiction]",
            "{Comedy,Science Fiction}",
            "Comedy\nScience Fiction",
            "Comedy、Science Fiction",
        ] {
            assert_eq!(read(cell), both, "{cell}");
        }
        assert_eq!(
            read(r#"["Com\u00e9die", "L'Amour"]"#),
            ["Comédie", "L'Amour"]
        );
        assert_eq!(read("[\"Children's\"]"), ["Children's"]);
    }

    #[test]
    fn what_says_that_nothing_is_known_is_no_genre() {
        for cell in [
            "",
            "(no genres listed)",
            "nan",
            "None",
            "N/A",
            "\\N",
            "[]",
            "['nan']",
            "[None]",
            "[\"\"]",
            "{}",
            "<NA>",
            "#N/A",
            "-",
            "Unknown",
        ] {
            assert!(read(cell).is_empty(), "{cell}: {:?}", read(cell));
        }
        for cell in ["Drama|nan", "Drama|N/A", "N/A, Drama"] {
            assert_eq!(read(cell), ["Drama"]);
        }
    }

    #[test]
    fn a_list_that_cannot_be_read_is_not_taken_for_nothing() {
        for cell in [r#"{"Comedy": true}"#, r#"[{"name": 35}]"#] {
            assert_eq!(read(cell), [cell]);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(cell in "[\\[\\]{}'\":,\\\\u0-9a-f| ]{0,60}") {
            _ = read(&cell);
        }
    }
}

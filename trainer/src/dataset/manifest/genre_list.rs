//! How lists of films write a film's genres into one cell.

/// What stands in a cell where a genre is not known, in lower case.
const NO_GENRE: [&str; 7] = [
    "(no genres listed)",
    "nan",
    "none",
    "null",
    "n/a",
    "na",
    "\\n",
];

/// The key of a genre's name where each genre is a dictionary.
const NAME: &str = "name";

/// Reads the genres of a cell: `Comedy|Drama`, with `,`, `;` or `/` in place of `|`; a list of JSON or Python such
/// as `["Comedy", 'Drama']`; or a list of dictionaries such as `[{"id": 35, "name": "Comedy"}]`, of which the
/// names count. What stands there for a genre that is not known, such as `nan` or MovieLens' `(no genres
/// listed)`, is none.
pub(super) fn read(cell: &str) -> Vec<String> {
    let cell = cell.trim();
    if !is_known(cell) {
        return Vec::new();
    }
    let listed = cell.starts_with(['[', '{', '(']) && cell.ends_with([']', '}', ')']);
    let found: Vec<String> = match listed {
        true => quoted(cell),
        false => super::genres(cell).map(str::to_owned).collect(),
    };
    found.into_iter().filter(|genre| is_known(genre)).collect()
}

fn is_known(genre: &str) -> bool {
    !genre.is_empty() && !NO_GENRE.contains(&genre.to_lowercase().as_str())
}

/// The quoted texts of a list. Of dictionaries, only the values of `name`.
fn quoted(list: &str) -> Vec<String> {
    let mut texts: Vec<(String, bool)> = Vec::new();
    let mut rest = list.chars().peekable();
    while let Some(quote) = rest.next() {
        if quote == ':' {
            // what came before it is a key
            if let Some((_, is_key)) = texts.last_mut() {
                *is_key = true;
            }
        }
        if quote != '"' && quote != '\'' {
            continue;
        }
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
    let pairs = texts.windows(2);
    let named = pairs.filter(|pair| pair[0].1 && pair[0].0 == NAME && !pair[1].1);
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
            "{}",
        ] {
            assert!(read(cell).is_empty(), "{cell}: {:?}", read(cell));
        }
        assert_eq!(read("Drama|nan"), ["Drama"]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(cell in "[\\[\\]{}'\":,\\\\u0-9a-f| ]{0,60}") {
            _ = read(&cell);
        }
    }
}

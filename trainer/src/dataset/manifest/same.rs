//! What different spellings of numbers, ids and titles have in common.

use unicode_normalization::UnicodeNormalization;

/// Removes the end of a whole number such as `1999.0`, as spreadsheets and data frames write it.
pub fn whole(number: &str) -> &str {
    let is_number =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match number.split_once('.') {
        Some((whole, zeros))
            if is_number(whole.trim_start_matches('-'))
                && zeros.bytes().all(|byte| byte == b'0') =>
        {
            whole
        }
        _ => number,
    }
}

/// An id without what spreadsheets add and remove: zeros in front of a number, also behind IMDb's `tt`.
pub(in crate::dataset) fn key(id: &str) -> String {
    let (prefix, number) = match id.strip_prefix("tt").or_else(|| id.strip_prefix("TT")) {
        Some(number) => ("tt", number),
        None => ("", id),
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    match is_number {
        true => match number.trim_start_matches('0') {
            "" => format!("{prefix}0"),
            number => format!("{prefix}{number}"),
        },
        false => id.nfc().collect(),
    }
}

/// What two spellings of a title have in common: the words in lower case, without articles and signs.
pub(in crate::dataset) fn title_key(title: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_lose_their_end() {
        for (given, expected) in [
            ("1999.0", "1999"),
            ("-3.00", "-3"),
            ("1999", "1999"),
            ("8.5", "8.5"),
            ("Web 2.0", "Web 2.0"),
            ("v1.0", "v1.0"),
            (".0", ".0"),
        ] {
            assert_eq!(whole(given), expected);
        }
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
}

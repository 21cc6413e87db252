//! What the names of posters, genres and titles hold.

use super::missing::is_missing;

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
pub(super) fn name(poster: &str) -> &str {
    let path = path(poster);
    match path.rsplit_once('.') {
        Some((name, ending)) if !ending.contains('/') => name,
        _ => path,
    }
}

/// Splits "Heat (1995)" into title and year.
pub(super) fn titled_year(title: &str) -> Option<(&str, &str)> {
    let (title, year) = title.strip_suffix(')')?.rsplit_once(" (")?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then_some((title, year))
}

//! A site's own colours, in place of those of `www/theme.css`.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What begins the theme's part for the dark scheme.
const DARK: &str = "@media (prefers-color-scheme: dark)";

/// A site's own colours, by the names of the theme's without `--`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Colours {
    /// In the light scheme.
    #[serde(default)]
    light: BTreeMap<String, String>,
    /// In the dark scheme.
    #[serde(default)]
    dark: BTreeMap<String, String>,
    /// In both.
    #[serde(flatten)]
    both: BTreeMap<String, String>,
}

impl Colours {
    /// The `theme` with these colours.
    ///
    /// # Errors
    ///
    /// If the theme has no colour of a name, or what it is to be is none.
    pub(super) fn put_into(&self, theme: &str) -> Result<String> {
        let dark = theme.find(DARK).context("the theme has no dark scheme")?;
        let (mut light, mut dark) = (theme[..dark].to_owned(), theme[dark..].to_owned());
        for (table, chosen) in [
            ("colours", &self.both),
            ("colours.light", &self.light),
            ("colours.dark", &self.dark),
        ] {
            for (name, colour) in chosen {
                ensure!(
                    is_colour(colour),
                    "[{table}] {name}: {colour:?} is no colour; write it as \"#8f1f17\" or \"#fff\""
                );
                let parts: &mut [&mut String] = match table {
                    "colours" => &mut [&mut light, &mut dark],
                    "colours.light" => &mut [&mut light],
                    _ => &mut [&mut dark],
                };
                let known: BTreeSet<&str> = parts.iter().flat_map(|part| names(part)).collect();
                ensure!(
                    known.contains(&**name),
                    "[{table}] {name}: there is no such colour; there are {}",
                    known.into_iter().collect::<Vec<_>>().join(", ")
                );
                for part in parts {
                    **part = replaced(part, name, colour);
                }
            }
        }
        Ok(light + &dark)
    }
}

/// The colour that a theme's `light` or dark scheme has by this name.
pub(super) fn of(theme: &str, light: bool, name: &str) -> Option<String> {
    let dark = theme.find(DARK)?;
    let part = if light {
        &theme[..dark]
    } else {
        &theme[dark..]
    };
    let begin = format!("--{name}:");
    let value = part.split_once(&begin)?.1.split_once(';')?.0;
    Some(value.trim().to_owned())
}

/// The colours of a part of the theme.
fn names(part: &str) -> Vec<&str> {
    let lines = part
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--"));
    let colours = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let value = value.trim();
        (value.starts_with('#') || value.starts_with("linear-gradient")).then_some(name)
    });
    colours.collect()
}

/// A part of the theme with another colour of this name.
fn replaced(part: &str, name: &str, colour: &str) -> String {
    let begin = format!("--{name}:");
    let line = |line: &str| match line.trim().strip_prefix(&begin) {
        Some(_) => format!("  {begin} {colour};\n"),
        None => format!("{line}\n"),
    };
    part.lines().map(line).collect()
}

/// Whether this is `#` and 3, 4, 6 or 8 hexadecimal digits.
fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#');
    digits.is_some_and(|digits| {
        matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|it| it.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEME: &str = include_str!("../../../www/theme.css");

    fn chosen(toml: &str) -> Result<String> {
        let colours: Colours = toml::from_str(toml).expect("TOML");
        colours.put_into(THEME)
    }

    #[test]
    fn a_colour_takes_its_place_in_one_scheme_or_in_both() {
        let theme = chosen("accent = '#123456'\n[light]\nwall = '#fff'").expect("colours");
        assert_eq!(of(&theme, true, "accent").as_deref(), Some("#123456"));
        assert_eq!(of(&theme, false, "accent").as_deref(), Some("#123456"));
        assert_eq!(of(&theme, true, "wall").as_deref(), Some("#fff"));
        assert_eq!(of(&theme, false, "wall"), of(THEME, false, "wall"));
        // The others stay, as do the fonts.
        assert_eq!(theme.lines().count(), THEME.lines().count());
        assert_eq!(of(&theme, true, "brass"), of(THEME, true, "brass"));
    }

    #[test]
    fn what_is_no_colour_and_what_has_none_is_named() {
        let error = chosen("accent = 'rot'").expect_err("no colour").to_string();
        assert!(error.contains("accent") && error.contains("rot"), "{error}");
        let error = chosen("[dark]\nenamel = '#fff'").expect_err("of both schemes");
        let error = error.to_string();
        assert!(error.contains("[colours.dark] enamel"), "{error}");
        assert!(error.contains("accent, "), "{error}");
        let error = chosen("sign-face = '#fff'")
            .expect_err("a font")
            .to_string();
        assert!(!error.contains(", sign-face"), "{error}");
    }
}

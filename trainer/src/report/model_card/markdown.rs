//! Tables as Markdown.

/// A table with these columns. The first column is left-aligned, the others are right-aligned.
pub(super) fn table(
    columns: impl IntoIterator<Item = impl AsRef<str>>,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let columns: Vec<String> = columns
        .into_iter()
        .map(|name| name.as_ref().to_owned())
        .collect();
    // the name of the first column may be empty
    let head = line(&columns).replacen("|  |", "| |", 1);
    let alignment = format!("|---|{}\n", "---:|".repeat(columns.len() - 1));
    rows.into_iter()
        .fold(head + &alignment, |table, row| table + &line(&row))
}

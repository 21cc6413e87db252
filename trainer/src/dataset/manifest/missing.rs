/// What stands in a cell where nothing is known, in lower case: as pandas, R, SQL, MovieLens and people write it.
const NOTHING: [&str; 23] = [
    "(no genres listed)",
    "#n/a",
    "#na",
    "-",
    "--",
    "-nan",
    "<na>",
    "?",
    "\\n",
    "n.a.",
    "n/a",
    "na",
    "nan",
    "nat",
    "nil",
    "no genre",
    "none",
    "not available",
    "null",
    "undefined",
    "unknown",
    "없음",
    "미상",
];

/// Whether a cell says that nothing is known.
pub(super) fn is_missing(cell: &str) -> bool {
    cell.is_empty() || NOTHING.contains(&cell.to_lowercase().as_str())
}

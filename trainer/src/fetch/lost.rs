/// What could not be fetched: a row of `lost.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// TMDB's id of the film; `None` for a page of a list.
    pub tmdb_id: Option<u64>,
    /// `film` for the details, `poster`, or which page of a list.
    pub what: String,
    /// The reason in words, without the address.
    pub reason: String,
}

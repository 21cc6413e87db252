//! The recent posters in the browser's database (IndexedDB).

use super::poster::RecentPoster;
use marquee_app::wire::Wire;
use rexie::{Error, ObjectStore, Rexie, Transaction, TransactionMode};

const NAME: &str = "marquee";
const POSTERS: &str = "posters";

/// The most posters that are kept.
const MOST: usize = 24;

/// The database, open.
pub(super) struct Database(Rexie);

impl Database {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// Where the browser forbids it, as some do in private windows.
    pub(super) async fn open() -> Result<Database, Error> {
        let posters = ObjectStore::new(POSTERS)
            .key_path("id")
            .auto_increment(true);
        let database = Rexie::builder(NAME).version(1);
        let database = database.add_object_store(posters).build().await?;
        Ok(Database(database))
    }

    /// All posters, the latest first.
    ///
    /// # Errors
    ///
    /// Where the browser can't read what it has stored.
    pub(super) async fn posters(&self) -> Result<Vec<RecentPoster>, Error> {
        let transaction = self.begin(TransactionMode::ReadOnly)?;
        let rows = transaction.store(POSTERS)?.get_all(None, None).await?;
        // Rows that can't be understood are left out.
        let rows = rows.iter().filter_map(RecentPoster::read);
        let mut posters: Vec<RecentPoster> = rows.filter(RecentPoster::is_sound).collect();
        posters.reverse();
        Ok(posters)
    }

    /// Adds a poster, or replaces the one with its key, and deletes the oldest beyond [`MOST`].
    ///
    /// # Errors
    ///
    /// Where the browser can't store it, for example on a full disk; nothing is changed then.
    pub(super) async fn put(&self, poster: &RecentPoster) -> Result<(), Error> {
        let transaction = self.begin(TransactionMode::ReadWrite)?;
        let store = transaction.store(POSTERS)?;
        store.put(&poster.write(), None).await?;
        let keys = store.get_all_keys(None, None).await?;
        let too_many = keys.len().saturating_sub(MOST);
        for key in keys.into_iter().take(too_many) {
            store.delete(key).await?;
        }
        transaction.done().await.map(|_| ())
    }

    /// Deletes all posters.
    ///
    /// # Errors
    ///
    /// Where the browser can't; nothing is changed then.
    pub(super) async fn clear(&self) -> Result<(), Error> {
        let transaction = self.begin(TransactionMode::ReadWrite)?;
        transaction.store(POSTERS)?.clear().await?;
        transaction.done().await.map(|_| ())
    }

    fn begin(&self, mode: TransactionMode) -> Result<Transaction, Error> {
        self.0.transaction(&[POSTERS], mode)
    }
}

//! The browser's own database (IndexedDB) with the posters that are kept.

use super::poster::Poster;
use marquee_app::protocol::Wire;
use rexie::{Error, ObjectStore, Rexie, Transaction, TransactionMode};

const DATABASE: &str = "marquee";
const POSTERS: &str = "posters";

/// So many posters are kept.
const MOST: usize = 24;

/// The database, open.
pub(super) struct Store(Rexie);

impl Store {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// Where the browser forbids it, as some do in private windows.
    pub(super) async fn open() -> Result<Store, Error> {
        let posters = ObjectStore::new(POSTERS)
            .key_path("id")
            .auto_increment(true);
        let database = Rexie::builder(DATABASE).version(1);
        let database = database.add_object_store(posters).build().await?;
        Ok(Store(database))
    }

    /// All posters, the latest first.
    ///
    /// # Errors
    ///
    /// Where the browser can't read what it has stored; so in all that follows.
    pub(super) async fn posters(&self) -> Result<Vec<Poster>, Error> {
        let transaction = self.begin(TransactionMode::ReadOnly)?;
        let rows = transaction.store(POSTERS)?.get_all(None, None).await?;
        // A row that a later version wrote may not be understood.
        let mut posters: Vec<Poster> = rows.iter().filter_map(Poster::read).collect();
        posters.reverse();
        Ok(posters)
    }

    /// Adds a poster, or writes it anew if it has its place, and drops those that are too many.
    pub(super) async fn put(&self, poster: &Poster) -> Result<(), Error> {
        let transaction = self.begin(TransactionMode::ReadWrite)?;
        let store = transaction.store(POSTERS)?;
        store.put(&poster.write(), None).await?;
        let keys = store.get_all_keys(None, None).await?;
        let too_many = keys.len().saturating_sub(MOST);
        for key in keys.into_iter().take(too_many) {
            store.delete(key).await?;
        }
        // One that the browser broke off, on a full disk, leaves what there was.
        transaction.done().await.map(|_| ())
    }

    /// Deletes all.
    pub(super) async fn clear(&self) -> Result<(), Error> {
        let transaction = self.begin(TransactionMode::ReadWrite)?;
        transaction.store(POSTERS)?.clear().await?;
        // One that the browser broke off, on a full disk, leaves what there was.
        transaction.done().await.map(|_| ())
    }

    fn begin(&self, mode: TransactionMode) -> Result<Transaction, Error> {
        self.0.transaction(&[POSTERS], mode)
    }
}

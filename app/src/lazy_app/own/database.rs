//! The classifiers of own classes in the browser's database (IndexedDB).

use super::kept::{KeptClassifier, KeptPoster, key};
use marquee_app::wire::Wire;
use rexie::{Error, KeyRange, ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::JsValue;

const NAME: &str = "marquee-own";
const CLASSIFIERS: &str = "classifiers";
const POSTERS: &str = "posters";

/// The database, open.
pub(crate) struct Database(Rexie);

impl Database {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// Where the browser forbids it, as some do in private windows.
    pub(crate) async fn open() -> Result<Database, Error> {
        let classifiers = ObjectStore::new(CLASSIFIERS)
            .key_path("id")
            .auto_increment(true);
        let database = Rexie::builder(NAME).version(1);
        let database = database
            .add_object_store(classifiers)
            .add_object_store(ObjectStore::new(POSTERS).key_path("key"));
        Ok(Database(database.build().await?))
    }

    /// All classifiers, the one that was taught last first. Those that can't be understood are left out.
    ///
    /// # Errors
    ///
    /// Where the browser can't read what it has stored.
    pub(crate) async fn classifiers(&self) -> Result<Vec<KeptClassifier>, Error> {
        let transaction = self
            .0
            .transaction(&[CLASSIFIERS], TransactionMode::ReadOnly)?;
        let rows = transaction.store(CLASSIFIERS)?.get_all(None, None).await?;
        let mut classifiers: Vec<KeptClassifier> =
            rows.iter().filter_map(KeptClassifier::read).collect();
        classifiers.sort_by(|one, other| other.when.total_cmp(&one.when));
        Ok(classifiers)
    }

    /// Adds a classifier, or replaces the one of its key, and returns the key.
    ///
    /// # Errors
    ///
    /// Where the browser can't store it, for example on a full disk.
    pub(crate) async fn put_classifier(
        &self,
        classifier: &KeptClassifier,
    ) -> Result<Option<u32>, Error> {
        let transaction = self
            .0
            .transaction(&[CLASSIFIERS], TransactionMode::ReadWrite)?;
        let key = transaction
            .store(CLASSIFIERS)?
            .put(&classifier.write(), None)
            .await?;
        transaction.done().await?;
        Ok(u32::read(&key))
    }

    /// Adds posters.
    ///
    /// # Errors
    ///
    /// As [`put_classifier`](Self::put_classifier).
    pub(crate) async fn put_posters(&self, posters: &[KeptPoster]) -> Result<(), Error> {
        let transaction = self.0.transaction(&[POSTERS], TransactionMode::ReadWrite)?;
        let store = transaction.store(POSTERS)?;
        for poster in posters {
            store.put(&poster.write(), None).await?;
        }
        transaction.done().await.map(|_| ())
    }

    /// The posters of a classifier, by their numbers.
    ///
    /// # Errors
    ///
    /// As [`classifiers`](Self::classifiers).
    pub(crate) async fn posters(&self, classifier: u32) -> Result<Vec<KeptPoster>, Error> {
        let transaction = self.0.transaction(&[POSTERS], TransactionMode::ReadOnly)?;
        let store = transaction.store(POSTERS)?;
        let rows = store.get_all(Some(range(classifier)?), None).await?;
        Ok(rows.iter().filter_map(KeptPoster::read).collect())
    }

    /// Deletes a classifier and its posters.
    ///
    /// # Errors
    ///
    /// Where the browser can't; nothing is changed then.
    pub(crate) async fn delete(&self, classifier: u32) -> Result<(), Error> {
        let stores = [CLASSIFIERS, POSTERS];
        let transaction = self.0.transaction(&stores, TransactionMode::ReadWrite)?;
        transaction
            .store(CLASSIFIERS)?
            .delete(classifier.into())
            .await?;
        let posters = transaction.store(POSTERS)?;
        for key in posters.get_all_keys(Some(range(classifier)?), None).await? {
            posters.delete(key).await?;
        }
        transaction.done().await.map(|_| ())
    }
}

/// The keys of a classifier's posters.
fn range(classifier: u32) -> Result<KeyRange, Error> {
    let bound = |classifier| JsValue::from(key(classifier, 0));
    let range = KeyRange::bound(&bound(classifier), &bound(classifier + 1), None, Some(true));
    Ok(range?)
}

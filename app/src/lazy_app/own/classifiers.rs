//! The classifiers that this browser keeps, for those who show, teach and change them.

use super::database::Database;
use super::kept::KeptClassifier;
use crate::text::TeachText;
use leptos::prelude::*;
use rexie::Error;
use std::rc::Rc;

/// A sentence about what the browser could not do.
pub(crate) type Sentence = fn(&TeachText) -> &'static str;

/// What the visitor has changed of a kept classifier, which may be the one that is taught.
#[derive(Clone, PartialEq)]
pub(crate) enum Edit {
    /// The one of this key has this name from now on.
    Renamed(u32, String),
    /// The one of this key is being deleted.
    Deleted(u32),
}

/// A handle to the classifiers.
#[derive(Clone, Copy)]
pub(crate) struct Classifiers {
    database: StoredValue<Option<Rc<Database>>, LocalStorage>,
    list: RwSignal<Vec<KeptClassifier>, LocalStorage>,
    edit: RwSignal<Option<Edit>>,
    trouble: RwSignal<Option<Sentence>>,
}

impl Classifiers {
    /// None is known yet.
    pub(crate) fn new() -> Classifiers {
        Classifiers {
            database: StoredValue::new_local(None),
            list: RwSignal::new_local(Vec::new()),
            edit: RwSignal::new(None),
            trouble: RwSignal::new(None),
        }
    }

    /// The database, which is opened once.
    ///
    /// # Errors
    ///
    /// Where the browser forbids it, as some do in private windows.
    pub(crate) async fn database(self) -> Result<Rc<Database>, Error> {
        if let Some(database) = self.database.get_value() {
            return Ok(database);
        }
        let database = Rc::new(Database::open().await?);
        self.database.set_value(Some(database.clone()));
        Ok(database)
    }

    /// Reads the list again. False where the browser forbids that, and keeps nothing.
    pub(crate) async fn load(self) -> bool {
        let list = async { self.database().await?.classifiers().await };
        let list = list.await;
        match list {
            Ok(list) => self.list.set(list),
            Err(error) => {
                web_sys::console::info_1(&error.to_string().into());
                return false;
            }
        }
        true
    }

    /// The classifiers, the one that was taught last first.
    pub(crate) fn list(self) -> ReadSignal<Vec<KeptClassifier>, LocalStorage> {
        self.list.read_only()
    }

    /// The classifier of this key, as it is now.
    pub(crate) fn of(self, id: u32) -> Option<KeptClassifier> {
        self.list
            .with_untracked(|list| list.iter().find(|it| it.id == Some(id)).cloned())
    }

    /// What the visitor has changed last.
    pub(crate) fn edit(self) -> ReadSignal<Option<Edit>> {
        self.edit.read_only()
    }

    /// Gives the classifier of this key another name. False if the browser can't.
    pub(crate) async fn rename(self, id: u32, name: String) -> bool {
        let Some(mut renamed) = self.of(id) else {
            return false;
        };
        renamed.rename(&name);
        let stored = async { self.database().await?.put_classifier(&renamed).await };
        let stored = self.succeeds(stored.await, |text| text.not_renamed);
        if stored {
            self.edit.set(Some(Edit::Renamed(id, name)));
            self.load().await;
        }
        stored
    }

    /// Deletes the classifier of this key and its posters.
    pub(crate) async fn delete(self, id: u32) {
        // Before it is deleted, so that nobody stores it once more.
        self.edit.set(Some(Edit::Deleted(id)));
        let deleted = async { self.database().await?.delete(id).await };
        self.succeeds(deleted.await, |text| text.not_deleted);
        self.load().await;
    }

    /// What the browser could not do last.
    pub(crate) fn trouble(self) -> Option<Sentence> {
        self.trouble.get()
    }

    /// Says what the browser could not do, or that all is well.
    pub(crate) fn say(self, trouble: Option<Sentence>) {
        self.trouble.set(trouble);
    }

    fn succeeds<T>(self, result: Result<T, Error>, trouble: Sentence) -> bool {
        self.say(result.is_err().then_some(trouble));
        if let Err(error) = &result {
            web_sys::console::warn_1(&error.to_string().into());
        }
        result.is_ok()
    }
}

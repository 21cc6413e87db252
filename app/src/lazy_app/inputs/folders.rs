//! The files in dropped folders.

use crate::brought::Brought;
use futures_channel::oneshot::channel;
use js_sys::Array;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    DataTransfer, File, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

/// The files and folders of a drop. Browsers give them only while the event is handled.
pub(super) fn entries(transfer: &DataTransfer) -> Vec<FileSystemEntry> {
    let items = transfer.items();
    (0..items.length())
        .filter_map(|at| items.get(at)?.webkit_get_as_entry().ok().flatten())
        .collect()
}

/// All files in them, however deep, but for hidden ones. What can't be read is left out.
pub(super) async fn files(entries: Vec<FileSystemEntry>) -> Vec<Brought> {
    let mut files = Vec::new();
    let mut left: Vec<FileSystemEntry> = entries.into_iter().rev().collect();
    while let Some(entry) = left.pop() {
        if let Some(file) = entry.dyn_ref::<FileSystemFileEntry>() {
            files.extend(file_of(file).await);
        } else if let Some(folder) = entry.dyn_ref::<FileSystemDirectoryEntry>() {
            let inside = entries_of(&folder.create_reader()).await;
            left.extend(inside.into_iter().rev());
        }
    }
    files
}

async fn file_of(entry: &FileSystemFileEntry) -> Option<Brought> {
    let file = answered(|yes, no| entry.file_with_callback_and_callback(yes, no)).await;
    let file: File = file?.dyn_into().ok()?;
    Brought::at(&entry.full_path(), file)
}

/// All entries of a folder: its reader gives up to a hundred at a time, and none at the end.
async fn entries_of(reader: &FileSystemDirectoryReader) -> Vec<FileSystemEntry> {
    let mut entries = Vec::new();
    loop {
        let some = answered(|yes, no| {
            // Only a busy reader fails.
            _ = reader.read_entries_with_callback_and_callback(yes, no);
        });
        let Some(some) = some.await.and_then(|some| some.dyn_into::<Array>().ok()) else {
            return entries;
        };
        if some.length() == 0 {
            return entries;
        }
        entries.extend(some.iter().filter_map(|entry| entry.dyn_into().ok()));
    }
}

/// What the first of two callbacks is given; `None` if the second one is called.
async fn answered(ask: impl FnOnce(&js_sys::Function, &js_sys::Function)) -> Option<JsValue> {
    let (sender, answer) = channel();
    let sender = std::rc::Rc::new(RefCell::new(Some(sender)));
    let also = sender.clone();
    let yes = Closure::<dyn FnMut(JsValue)>::new(move |value: JsValue| {
        if let Some(sender) = sender.borrow_mut().take() {
            _ = sender.send(Some(value));
        }
    });
    let no = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| {
        if let Some(sender) = also.borrow_mut().take() {
            _ = sender.send(None);
        }
    });
    ask(yes.as_ref().unchecked_ref(), no.as_ref().unchecked_ref());
    answer.await.ok().flatten()
}

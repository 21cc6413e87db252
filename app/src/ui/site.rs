//! What the site's description says of this page: its name, its samples, and in each language its sentences and
//! what the classes are called.
//!
//! The build writes it into the page as JSON (`xtask/src/site/description.rs`), so that one program serves every
//! site, and no request comes before the first answer.

use super::language::Language;
use crate::wire::{Wire, field};
use js_sys::{JSON, Reflect};
use leptos::prelude::document;
use wasm_bindgen::JsValue;

/// The id of the element that holds the JSON; `www/index.html` has it.
const ELEMENT: &str = "site";

thread_local! {
    static SITE: JsValue = document()
        .get_element_by_id(ELEMENT)
        .and_then(|element| JSON::parse(&element.text_content()?).ok())
        .unwrap_or_default();
}

/// A value of the description; `None` where the page has none.
fn value<T: Wire>(key: &str) -> Option<T> {
    SITE.with(|site| field(site, key))
}

/// What it says in a language.
fn of(language: Language, key: &str) -> JsValue {
    let words = SITE.with(|site| Reflect::get(site, &language.tag().into()));
    words
        .and_then(|words| Reflect::get(&words, &key.into()))
        .unwrap_or_default()
}

fn text(language: Language, key: &str) -> String {
    of(language, key).as_string().unwrap_or_default()
}

/// The name over the sign.
pub fn name() -> String {
    value("name").unwrap_or_default()
}

/// The browser's tab.
pub fn title(language: Language) -> String {
    text(language, "title")
}

/// One sentence on what this is.
pub fn lead(language: Language) -> String {
    text(language, "lead")
}

/// Over the bars.
pub fn classes(language: Language) -> String {
    text(language, "classes")
}

/// Over the empty bars, of which there are `count`.
pub fn classes_empty(language: Language, count: usize) -> String {
    text(language, "classes_empty").replace("{count}", &count.to_string())
}

/// A class as people call it; its label where the language has no other name for it.
pub fn class(language: Language, label: &str) -> String {
    let name = Reflect::get(&of(language, "labels"), &label.into());
    let name = name.ok().and_then(|name| name.as_string());
    name.unwrap_or_else(|| label.to_owned())
}

/// The paths of the sample posters.
pub fn samples() -> Vec<String> {
    value("samples").unwrap_or_default()
}

/// Over the samples.
pub fn samples_heading(language: Language) -> String {
    text(language, "samples")
}

/// What the sample at this place of [`samples`] shows.
pub fn sample(language: Language, at: usize) -> String {
    let all = Vec::<String>::read(&of(language, "sample"));
    all.and_then(|mut all| (at < all.len()).then(|| all.swap_remove(at)))
        .unwrap_or_default()
}

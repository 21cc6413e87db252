//! What the site's description says of its networks, in `about.json`: what the page is, how good it is, what it
//! can't do, and where its networks learned.

use marquee_app::ui::browser;
use marquee_app::ui::language::Language;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where the build puts it (`xtask/src/site/description.rs`).
const FILE: &str = "about.json";

/// The account in every language.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Account {
    /// A sentence that is the same in every language; empty if the site needs none.
    pub(super) attribution: String,
    /// By the language's tag.
    #[serde(flatten)]
    languages: BTreeMap<String, Words>,
}

/// The account in one language.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Words {
    /// Paragraphs on what it is, the first in larger letters.
    pub(super) what: Vec<String>,
    /// Paragraphs on how good it is.
    pub(super) quality: Vec<String>,
    /// A list of what it can't do.
    pub(super) cannot: Vec<String>,
    /// Paragraphs on where the networks learned, before the attribution.
    pub(super) data: Vec<String>,
}

impl Account {
    /// Downloads it. One that can't be had is empty, and the console says why.
    pub(super) async fn load() -> Account {
        let text = browser::download_text(&browser::site_url(FILE)).await;
        let account = text
            .and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string().into()));
        account.unwrap_or_else(|error| {
            web_sys::console::warn_2(&FILE.into(), &error);
            Account::default()
        })
    }

    /// What it says in this language.
    pub(super) fn words(&self, language: Language) -> Words {
        let words = self.languages.get(language.tag());
        words.cloned().unwrap_or_default()
    }
}

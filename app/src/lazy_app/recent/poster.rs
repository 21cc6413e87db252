//! A recent poster, and its row in the browser's database.

use crate::reading::file;
use js_sys::{Object, Reflect, Uint8Array};
use marquee_app::wire::Wire;
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// A poster and its answer.
#[derive(Clone, Debug)]
pub(super) struct RecentPoster {
    /// Its key in the database; later posters have greater ones. `None` before it is stored.
    pub(super) id: Option<u32>,
    /// Its name.
    pub(super) name: String,
    /// When it was answered, in milliseconds since 1970.
    pub(super) when: f64,
    /// The weights' file of the network that answered.
    pub(super) network: String,
    /// The likeliest class.
    pub(super) label: String,
    /// The probability of that class.
    pub(super) probability: f32,
    /// Whether that reaches the network's threshold.
    pub(super) sure: bool,
    /// The network's input, as a PNG.
    pub(super) input: Uint8Array,
    /// A thumbnail, as a JPEG; empty where the browser could make none.
    pub(super) small: Uint8Array,
}

impl RecentPoster {
    /// The picture to show; `None` where the browser can't make a file.
    pub(super) fn thumbnail(&self) -> Option<Blob> {
        // The input is small as well.
        if self.small.length() == 0 {
            self.file()
        } else {
            file(&self.small, "image/jpeg")
        }
    }

    /// The network's input as a file.
    pub(super) fn file(&self) -> Option<Blob> {
        file(&self.input, "image/png")
    }

    /// Whether both show the same picture, whatever their names and answers.
    pub(super) fn looks_like(&self, other: &RecentPoster) -> bool {
        let same = |one: &Uint8Array, other: &Uint8Array| one.to_vec() == other.to_vec();
        // The inputs differ between networks; they are compared only where there is no thumbnail.
        if self.small.length() == 0 {
            same(&self.input, &other.input)
        } else {
            same(&self.small, &other.small)
        }
    }
}

impl Wire for RecentPoster {
    fn write(&self) -> JsValue {
        let row = Object::new();
        let put = |name: &str, value: JsValue| {
            // A new object accepts any property.
            _ = Reflect::set(&row, &name.into(), &value);
        };
        if let Some(id) = self.id {
            put("id", id.into());
        }
        put("name", self.name.write());
        put("when", self.when.write());
        put("network", self.network.write());
        put("label", self.label.write());
        put("probability", self.probability.write());
        put("sure", self.sure.write());
        put("input", self.input.write());
        put("small", self.small.write());
        row.into()
    }

    fn read(row: &JsValue) -> Option<RecentPoster> {
        Some(RecentPoster {
            id: get(row, "id"),
            name: get(row, "name")?,
            when: get(row, "when")?,
            network: get(row, "network")?,
            label: get(row, "label")?,
            probability: get(row, "probability")?,
            sure: get(row, "sure")?,
            input: get(row, "input")?,
            small: get(row, "small")?,
        })
    }
}

fn get<T: Wire>(row: &JsValue, name: &str) -> Option<T> {
    T::read(&Reflect::get(row, &name.into()).ok()?)
}

//! A poster that is kept, and how it is written into the browser's store.

use crate::reading::file;
use js_sys::{Object, Reflect, Uint8Array};
use marquee_app::protocol::Wire;
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// A poster and its answer.
#[derive(Clone, Debug)]
pub(super) struct Poster {
    /// Its place in the store; later ones have greater numbers. `None` before it has one.
    pub(super) id: Option<u32>,
    /// What it is called.
    pub(super) name: String,
    /// When it was answered, in milliseconds since 1970.
    pub(super) when: f64,
    /// The weights' file of the network that answered.
    pub(super) network: String,
    /// The likeliest class.
    pub(super) label: String,
    /// How likely it is.
    pub(super) probability: f32,
    /// Whether that reached the network's threshold.
    pub(super) sure: bool,
    /// The network's input: a PNG.
    pub(super) input: Uint8Array,
    /// A small picture: a JPEG.
    pub(super) small: Uint8Array,
}

impl Poster {
    /// What is shown of it; `None` where the browser can't make a file of it.
    pub(super) fn thumbnail(&self) -> Option<Blob> {
        // Where the browser could make no small picture, the input is one.
        if self.small.length() == 0 {
            self.file()
        } else {
            file(&self.small, "image/jpeg")
        }
    }

    /// What the network saw, as a file.
    pub(super) fn file(&self) -> Option<Blob> {
        file(&self.input, "image/png")
    }

    /// Whether it is the same picture, whatever was answered and what it was called.
    pub(super) fn looks_like(&self, other: &Poster) -> bool {
        let same = |one: &Uint8Array, other: &Uint8Array| one.to_vec() == other.to_vec();
        // Another network has another input; without small pictures that is all there is.
        if self.small.length() == 0 {
            same(&self.input, &other.input)
        } else {
            same(&self.small, &other.small)
        }
    }
}

impl Wire for Poster {
    fn write(&self) -> JsValue {
        let row = Object::new();
        let put = |name: &str, value: JsValue| {
            // A new object takes any property.
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

    fn read(row: &JsValue) -> Option<Poster> {
        Some(Poster {
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

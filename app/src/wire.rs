//! Messages as plain JavaScript values.
//!
//! serde would take a tenth of what the page may download before its first answer, and messages
//! need only a small part of it. A message is declared once, with `record!`, `variants!` or
//! `words!`, and that declaration writes it and reads it.

use js_sys::{Array, ArrayBuffer, Float32Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// Something that can be sent as a JavaScript value.
pub trait Wire: Sized {
    /// As it is sent.
    fn write(&self) -> JsValue;

    /// As it was sent; `None` if the value is something else.
    fn read(value: &JsValue) -> Option<Self>;
}

/// Declares a message that is a JavaScript object, with the name that each field has there.
#[macro_export]
macro_rules! record {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$about_field:meta])* pub $field:ident: $kind:ty = $key:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $($(#[$about_field])* pub $field: $kind,)+
        }

        impl $crate::wire::Wire for $name {
            fn write(&self) -> wasm_bindgen::JsValue {
                $crate::wire::object(&[
                    $(($key, $crate::wire::Wire::write(&self.$field)),)+
                ])
            }

            fn read(value: &wasm_bindgen::JsValue) -> Option<Self> {
                Some($name {
                    $($field: $crate::wire::field(value, $key)?,)+
                })
            }
        }
    };
}

/// Declares a choice of messages: on the wire an object with one key, which says which it is.
macro_rules! variants {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$about_variant:meta])* $variant:ident($kind:ty) = $key:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug)]
        pub enum $name {
            $($(#[$about_variant])* $variant($kind),)+
        }

        impl $crate::wire::Wire for $name {
            fn write(&self) -> wasm_bindgen::JsValue {
                let (key, body) = match self {
                    $($name::$variant(body) => ($key, $crate::wire::Wire::write(body)),)+
                };
                $crate::wire::object(&[(key, body)])
            }

            fn read(value: &wasm_bindgen::JsValue) -> Option<Self> {
                None
                    $(.or_else(|| $crate::wire::field(value, $key).map($name::$variant)))+
            }
        }
    };
}

/// Declares an enumeration whose variants are words on the wire.
macro_rules! words {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$about_variant:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$about_variant])* $variant,)+
        }

        impl $name {
            /// The word for it.
            pub fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

            /// What this word is for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some($name::$variant),)+
                    _ => None,
                }
            }
        }

        impl $crate::wire::Wire for $name {
            fn write(&self) -> wasm_bindgen::JsValue {
                self.word().into()
            }

            fn read(value: &wasm_bindgen::JsValue) -> Option<Self> {
                Self::from_word(&value.as_string()?)
            }
        }
    };
}

pub(crate) use {record, variants, words};

/// A new object with these properties, without those that are `undefined`: a database takes no
/// undefined key.
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_undefined()) {
        // A new object takes any property.
        _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// A property of an object; `None` if the object does not have it, or if it is something else.
pub fn field<T: Wire>(object: &JsValue, name: &str) -> Option<T> {
    // A value that is not an object has no properties.
    T::read(&Reflect::get(object, &name.into()).ok()?)
}

impl Wire for bool {
    fn write(&self) -> JsValue {
        (*self).into()
    }

    fn read(value: &JsValue) -> Option<Self> {
        value.as_bool()
    }
}

/// JavaScript has one type of numbers.
macro_rules! numbers {
    ($($kind:ty),+) => {
        $(impl Wire for $kind {
            fn write(&self) -> JsValue {
                (*self).into()
            }

            fn read(value: &JsValue) -> Option<Self> {
                value.as_f64().map(|number| number as $kind)
            }
        })+
    };
}

numbers!(u32, f32, f64);

impl Wire for String {
    fn write(&self) -> JsValue {
        self.as_str().into()
    }

    fn read(value: &JsValue) -> Option<Self> {
        value.as_string()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self) -> JsValue {
        let list = Array::new();
        for item in self {
            list.push(&item.write());
        }
        list.into()
    }

    fn read(value: &JsValue) -> Option<Self> {
        let list: &Array = value.dyn_ref()?;
        (0..list.length())
            .map(|at| T::read(&list.get(at)))
            .collect()
    }
}

/// `None` is `undefined`, which a message without the field has there, too.
impl<T: Wire> Wire for Option<T> {
    fn write(&self) -> JsValue {
        self.as_ref().map_or(JsValue::UNDEFINED, Wire::write)
    }

    fn read(value: &JsValue) -> Option<Self> {
        if value.is_undefined() {
            Some(None)
        } else {
            T::read(value).map(Some)
        }
    }
}

/// JavaScript's own objects pass as they are.
macro_rules! as_they_are {
    ($($kind:ty),+) => {
        $(impl Wire for $kind {
            fn write(&self) -> JsValue {
                self.into()
            }

            fn read(value: &JsValue) -> Option<Self> {
                value.dyn_ref().cloned()
            }
        })+
    };
}

as_they_are!(Array, ArrayBuffer, Float32Array, Uint8Array, web_sys::Blob);

//! Messages as plain JavaScript values.
//!
//! serde would do the same for a tenth of what the page downloads before its first answer; this is
//! the part of it that messages need. A message is declared once, with [`record!`] or
//! [`variants!`], and is written and read by what the declaration says.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Something that can be sent as a JavaScript value.
pub trait Wire: Sized {
    /// As it is sent.
    fn write(&self) -> JsValue;

    /// As it was sent; `None` if the value is something else.
    fn read(value: &JsValue) -> Option<Self>;
}

/// Declares a message that is a JavaScript object, with the name that each field has there.
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

        impl $crate::protocol::Wire for $name {
            fn write(&self) -> wasm_bindgen::JsValue {
                $crate::protocol::wire::object(&[
                    $(($key, $crate::protocol::Wire::write(&self.$field)),)+
                ])
            }

            fn read(value: &wasm_bindgen::JsValue) -> Option<Self> {
                Some($name {
                    $($field: $crate::protocol::wire::field(value, $key)?,)+
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

        impl $crate::protocol::Wire for $name {
            fn write(&self) -> wasm_bindgen::JsValue {
                let (key, body) = match self {
                    $($name::$variant(body) => ($key, $crate::protocol::Wire::write(body)),)+
                };
                $crate::protocol::wire::object(&[(key, body)])
            }

            fn read(value: &wasm_bindgen::JsValue) -> Option<Self> {
                None
                    $(.or_else(|| $crate::protocol::wire::field(value, $key).map($name::$variant)))+
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

        impl $crate::protocol::Wire for $name {
            fn write(&self) -> wasm_bindgen::JsValue {
                match self {
                    $($name::$variant => $word,)+
                }
                .into()
            }

            fn read(value: &wasm_bindgen::JsValue) -> Option<Self> {
                match value.as_string()?.as_str() {
                    $($word => Some($name::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(super) use {record, variants, words};

pub(super) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // a new object takes any property
        _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

pub(super) fn field<T: Wire>(object: &JsValue, name: &str) -> Option<T> {
    // of what is no object there are no properties
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

impl Wire for u32 {
    fn write(&self) -> JsValue {
        (*self).into()
    }

    fn read(value: &JsValue) -> Option<Self> {
        value.as_f64().map(|number| number as u32)
    }
}

impl Wire for f32 {
    fn write(&self) -> JsValue {
        (*self).into()
    }

    fn read(value: &JsValue) -> Option<Self> {
        value.as_f64().map(|number| number as f32)
    }
}

impl Wire for f64 {
    fn write(&self) -> JsValue {
        (*self).into()
    }

    fn read(value: &JsValue) -> Option<Self> {
        value.as_f64()
    }
}

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

as_they_are!(js_sys::Float32Array, js_sys::Uint8Array, web_sys::Blob);

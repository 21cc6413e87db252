//! The Python package `marquee-posters`: its part in Rust. The part in Python, which people call, is in `package/`.

mod columns;
mod command;
mod image;
mod network;

/// What `marquee_posters` is made of. Its functions and types are described in `_marquee.pyi`.
#[pyo3::pymodule]
mod _marquee {
    #[pymodule_export]
    use crate::command::command;
    #[pymodule_export]
    use crate::network::{Network, shipped};
}

//! The networks that come with Marquee, within the program.

use std::borrow::Cow;
use std::path::Path;
use std::{fs, io};

/// A network that comes with Marquee.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name, such as `cnn32`.
    pub name: &'static str,
    /// The `.safetensors` file.
    pub file: &'static [u8],
    /// The model card, in Markdown.
    pub card: &'static str,
}

/// The bytes of a network that comes with Marquee, by its name, or of a file. The names go first: a file that is called
/// `cnn32` is `./cnn32`.
///
/// # Errors
///
/// If `name` is no name, and the file cannot be read.
pub fn read(name: &Path) -> io::Result<Cow<'static, [u8]>> {
    match Shipped::named(name) {
        Some(shipped) => Ok(Cow::Borrowed(shipped.file)),
        None => fs::read(name).map(Cow::Owned),
    }
}

impl Shipped {
    /// The network of this name.
    #[must_use]
    pub fn named(name: &Path) -> Option<Shipped> {
        SHIPPED.into_iter().find(|it| Path::new(it.name) == name)
    }
}

macro_rules! shipped {
    ($($name:literal),*) => {
        /// Those that `models/weights/index.json` lists, in its order.
        pub const SHIPPED: [Shipped; [$($name),*].len()] = [$(Shipped {
            name: $name,
            file: include_bytes!(concat!("../weights/", $name, ".safetensors")),
            card: include_str!(concat!("../weights/", $name, ".md")),
        }),*];
    };
}

shipped!("cnn32", "posternet", "deepcnn32", "cnn64");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Model;

    #[test]
    fn the_networks_are_those_of_the_index() {
        let index: serde_json::Value =
            serde_json::from_str(include_str!("../weights/index.json")).expect("JSON");
        let listed = index["networks"].as_array().expect("a list").iter();
        let listed: Vec<&str> = listed.filter_map(|entry| entry["name"].as_str()).collect();
        assert_eq!(SHIPPED.map(|shipped| shipped.name)[..], listed[..]);
        for Shipped { name, file, card } in SHIPPED {
            let model = Model::from_bytes(file).expect("a sound file");
            assert_eq!(model.metadata().network.as_str(), name);
            assert!(card.starts_with("---\n"), "{name}");
        }
    }
}

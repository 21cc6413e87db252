//! The networks that come with Marquee, within the program.

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

//! The messages between the page's two programs, the initial app and the lazy app.
//!
//! The initial app answers one poster and is downloaded first; the lazy app, which is downloaded
//! behind it, does everything else. Both run in one document.

use super::wire::{record, variants};
use web_sys::Blob;

variants! {
    /// From the initial app to the lazy app.
    pub enum ToLazyApp {
        /// A poster has its answer.
        Answered(OnShow) = "answered",
        /// There is no answer on show, or not yet.
        Cleared(Cleared) = "cleared",
    }
}

variants! {
    /// From the lazy app to the initial app.
    pub enum ToInitialApp {
        /// The lazy app is there, and wants to know what is on show.
        Hello(Hello) = "hello",
        /// Read this poster, as if the visitor had dropped it.
        Bring(Bring) = "bring",
        /// Put these words on the sign.
        SignText(SignText) = "board",
        /// Answer by this network from now on.
        Network(Network) = "network",
    }
}

record! {
    /// The poster on show.
    pub struct OnShow {
        /// What it is called.
        pub name: String = "name",
        /// Its file.
        pub file: Blob = "file",
        /// The weights' file of the network that answered.
        pub network: String = "network",
        /// What the sign says, as the model calls it.
        pub label: String = "label",
    }
}

record! {
    /// Nothing is on show.
    pub struct Cleared {
        /// Whether a poster is being read.
        pub reading: bool = "reading",
        /// The weights' file of the network that is going to answer.
        pub network: String = "network",
    }
}

record! {
    /// A greeting.
    pub struct Hello {
        /// Marquee's version, which is the initial app's unless one of them is of an older visit.
        pub version: String = "version",
    }
}

record! {
    /// A poster to read.
    pub struct Bring {
        /// What it is called.
        pub name: String = "name",
        /// Its file.
        pub file: Blob = "file",
    }
}

record! {
    /// Words for the sign; with none, it is empty again.
    pub struct SignText {
        /// The upper line.
        pub above: String = "above",
        /// The lower line, in large letters.
        pub below: String = "below",
    }
}

record! {
    /// A network of `weights/index.json`.
    pub struct Network {
        /// The weights' file.
        pub file: String = "file",
    }
}

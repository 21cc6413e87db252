//! Has the page answer by a classifier of own classes, as by any network of the site.

use super::classifier::Classifier;
use crate::reading::file;
use crate::state::State;
use js_sys::Date;
use marquee_app::channel::Network;
use marquee_app::protocol::Problem;
use marquee_app::protocol::networks_worker::ToNetworksWorker;
use marquee_app::protocol::teaching::{Assemble, Assembled, Form};
use marquee_app::ui::browser::Picture;
use web_sys::Blob;

/// The beginning of the names of classifiers' networks. It is no name of a network in
/// `models::network`, and none of a file.
const OWN: &str = "own-";

/// Which classifier a network is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Origin {
    /// The one of this key in the browser's database.
    Kept(u32),
    /// It came in a link or a file.
    Brought,
    /// It is taught in a browser that keeps nothing.
    Unkept,
}

impl Origin {
    fn name(self) -> String {
        match self {
            Origin::Kept(id) => format!("{OWN}{id}"),
            Origin::Brought => format!("{OWN}brought"),
            Origin::Unkept => format!("{OWN}unkept"),
        }
    }

    /// Which classifier the network of this weights' file is, if it is one.
    pub(crate) fn of(network: &str) -> Option<Origin> {
        let (name, _) = network.strip_prefix(OWN)?.split_once('.')?;
        match name {
            "brought" => Some(Origin::Brought),
            "unkept" => Some(Origin::Unkept),
            id => id.parse().ok().map(Origin::Kept),
        }
    }
}

/// The classifier as a whole network, in a file of this form.
///
/// # Errors
///
/// If its network is not on this page in the version that it was taught with, or can't be loaded.
pub(crate) async fn whole(
    state: State,
    classifier: &Classifier,
    form: Form,
) -> Result<Blob, Problem> {
    let base = classifier.base(state).ok_or(Problem::NoNetwork)?;
    let request = ToNetworksWorker::Assemble(Assemble {
        id: 0,
        network: base.url(),
        labels: classifier
            .classes
            .iter()
            .map(|it| it.name.clone())
            .collect(),
        head: classifier.head.clone(),
        score: classifier.score.clone(),
        form,
    });
    let made: Assembled = state.networks_client().ask(request).await?;
    file(&made.file, "application/octet-stream").ok_or(Problem::Damaged)
}

/// Adds a classifier to the page's networks.
///
/// # Errors
///
/// As [`whole`].
pub(crate) async fn put_to_use(
    state: State,
    origin: Origin,
    classifier: &Classifier,
) -> Result<Network, Problem> {
    let weights = whole(state, classifier, Form::Weights).await?;
    let labels = classifier.classes.iter().map(|it| it.name.clone());
    add(state, origin, &classifier.name, labels.collect(), &weights).ok_or(Problem::Damaged)
}

/// Adds a weights file to the page's networks. `None` where the browser gives it no address.
pub(crate) fn add(
    state: State,
    origin: Origin,
    title: &str,
    labels: Vec<String>,
    weights: &Blob,
) -> Option<Network> {
    let address = Picture::of(weights)?;
    let name = origin.name();
    let network = Network {
        // Another one each time: whoever has loaded the last one must load this one, too.
        file: format!("{name}.{}", Date::now()),
        name,
        title: Some(title.to_owned()),
        labels: Some(labels),
        best: None,
        url: Some(address.url().to_owned()),
    };
    state.add_own(network.clone(), address);
    Some(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_which_classifier_it_is() {
        assert_eq!(Origin::of("own-12.1700000000000"), Some(Origin::Kept(12)));
        assert_eq!(Origin::of("own-brought.17"), Some(Origin::Brought));
        assert_eq!(Origin::of("own-unkept.17"), Some(Origin::Unkept));
        assert_eq!(Origin::of("own-bought.17"), None);
        assert_eq!(Origin::of("posternet.safetensors"), None);
    }
}

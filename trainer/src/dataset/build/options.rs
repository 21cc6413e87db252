use std::fs;
use std::path::PathBuf;

use marquee_models::network::Size;

use crate::dataset::manifest::Columns;
use crate::dataset::protocol::Protocol;
use crate::dataset::rule::Rule;
use crate::dataset::split::Fractions;
use crate::fetch::RequestOptions;
use crate::files::beside;

/// What to build a dataset from, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The lists of films: CSV files. If there are none, each poster lies in a folder of its class.
    pub manifests: Vec<PathBuf>,
    /// Which columns of the manifests are read, and how their text is encoded.
    pub columns: Columns,
    /// The posters: folders and archives. If there are as many as manifests, the first belongs to
    /// the first manifest, and so on; otherwise each poster is looked for in all of them. If there
    /// are none, posters are web addresses, or paths relative to the folder of their manifest.
    pub posters: Vec<PathBuf>,
    /// Which genres make which class.
    pub rule: Rule,
    /// Whether the rule decides even where more than a tenth of the rows name other classes. If not, the classes are then
    /// what the rows name.
    pub rule_decides: bool,
    /// The folder for posters that are web addresses. Later builds read them from there.
    pub downloads: PathBuf,
    /// How posters are downloaded.
    pub requests: RequestOptions,
    /// Keep other designs of a film's poster, to train on.
    pub alternates: bool,
    /// Keep posters without colours.
    pub keep_gray: bool,
    /// A poster is left out if its shorter side has fewer pixels than this.
    pub min_side: usize,
    /// Add rotated copies of the posters of small classes.
    pub balance: bool,
    /// Whether films or copies are split.
    pub protocol: Protocol,
    /// The shares of the splits. With `None`, a film is in the split that its list or folder names; where they name
    /// none, the shares are the default ones.
    pub split: Option<Fractions>,
    /// Datasets whose films are only trained on here, so that networks that know them can be tuned and judged.
    pub apart_from: Vec<PathBuf>,
    /// The seed of the split: another one puts other films into the splits.
    pub seed: u64,
    /// The size to which posters are resized during the build. Other sizes are made when they are
    /// needed.
    pub size: Size,
    /// The folder to make.
    pub out: PathBuf,
    /// Replace the dataset in `out`, if there is one.
    pub force: bool,
}

impl Options {
    /// One manifest and one folder or tar of posters. Everything else is as the defaults of
    /// `marquee build`.
    pub fn new(manifest: PathBuf, posters: PathBuf, out: PathBuf) -> Options {
        Options {
            manifests: vec![manifest],
            columns: Columns::default(),
            posters: vec![posters],
            rule: Rule::default(),
            rule_decides: false,
            downloads: beside(&out, ".posters"),
            requests: RequestOptions::default(),
            alternates: false,
            keep_gray: false,
            min_side: 32,
            balance: false,
            protocol: Protocol::default(),
            split: None,
            apart_from: Vec::new(),
            seed: 0,
            size: Size::square(32),
            out,
            force: false,
        }
    }

    /// Everything that the result of a build depends on: the options, and the length and age of the
    /// files.
    pub(super) fn fingerprint(&self) -> String {
        let others = self.apart_from.iter();
        let others: Vec<PathBuf> = others.map(|other| other.join("dataset.json")).collect();
        let inputs = self.manifests.iter().chain(&self.posters);
        let files = inputs.chain(&others).map(|path| {
            let known = fs::metadata(path).ok();
            known.map(|file| (file.len(), file.modified().ok()))
        });
        let files: Vec<_> = files.collect();
        let choices = Options {
            force: false,
            out: PathBuf::new(),
            requests: RequestOptions::default(),
            ..self.clone()
        };
        format!("{} {choices:?} {files:?}", env!("CARGO_PKG_VERSION"))
    }
}

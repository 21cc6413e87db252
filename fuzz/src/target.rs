//! What is read, and what must hold of it.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use marquee_app::share_link;
use marquee_models::file::Model;
use marquee_models::network::Size;
use marquee_models::preprocess;
use marquee_trainer::dataset::manifest::{Columns, Manifest};
use marquee_trainer::dataset::rule::Rule;
use marquee_trainer::training::Recipe;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::sums;

/// A kind of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// A poster's file.
    Picture,
    /// The fragment of a shared link.
    ShareLink,
    /// A `.safetensors` file.
    Weights,
    /// A list of films.
    Manifest,
    /// A TOML file that turns genres into classes.
    Rule,
    /// A TOML file that says how to train.
    Recipe,
}

impl Target {
    /// All of them.
    pub const ALL: [Target; 6] = [
        Target::Picture,
        Target::ShareLink,
        Target::Weights,
        Target::Manifest,
        Target::Rule,
        Target::Recipe,
    ];

    /// The name on the command line, and of the folder in `corpus/`.
    pub fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// How many mutations the tests try: as many as take about a second.
    pub fn runs(self) -> u64 {
        match self {
            Target::Picture => 1_000,
            Target::ShareLink | Target::Rule | Target::Recipe => 2_000,
            Target::Weights | Target::Manifest => 500,
        }
    }

    /// Sound input, with a name for each.
    ///
    /// # Errors
    ///
    /// If a file of the checkout cannot be read.
    pub fn seeds(self) -> Result<Vec<(String, Vec<u8>)>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |name: &str| {
            let path = root.join(name);
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok::<_, anyhow::Error>((name.to_owned(), bytes))
        };
        match self {
            Target::Picture => pictures(),
            Target::ShareLink => Ok([link(32, 32), link(40, 60)].concat()),
            Target::Weights => {
                let fixture = "models/tests/fixtures/cnn32_pytorch.safetensors";
                Ok(vec![read(fixture)?, read("models/weights/cnn32.safetensors")?])
            }
            Target::Manifest => Ok(vec![(
                "films".to_owned(),
                b"id,poster,title,year,genres,label,score,votes,split,tmdb_id\r\n\
                  tt1,a.jpg,\"Heat, \"\"The\"\"\",1995.0,\"[{'id': 1, 'name': 'Crime'}]\",Horror,8.3,10,train,949\r\n\
                  tt2,https://host/b.jpg?size=1,'=1+2,2001,\"[\"\"Com\\u00e9die\"\"]\",,,,,\r\n"
                    .to_vec(),
            )]),
            Target::Rule => Ok(vec![("rule".to_owned(), Rule::default().to_toml().into_bytes())]),
            Target::Recipe => {
                let shipped = Recipe::SHIPPED.iter();
                let shipped = shipped.map(|&(name, text)| (name.to_owned(), text.into()));
                Ok(shipped.collect())
            }
        }
    }

    /// Reads bytes, sound or not. Tells whether they were accepted.
    ///
    /// # Panics
    ///
    /// If Marquee does, or if what it read cannot be used.
    pub fn read(self, bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes);
        match self {
            Target::Picture => {
                let again = sums::png(bytes).is_some_and(|sound| picture(&sound));
                picture(bytes) || again
            }
            Target::ShareLink => {
                let sealed = share_link(&sums::sealed(bytes));
                share_link(&text) || sealed
            }
            Target::Weights => {
                let model = Model::from_bytes(bytes);
                model.is_ok_and(|model| {
                    assert!(!model.metadata().labels.is_empty());
                    true
                })
            }
            Target::Manifest => manifest(bytes),
            Target::Rule => Rule::parse(&text).is_ok_and(|rule| {
                let class = rule.class(&["Horror", "Drama"]);
                assert!(class.is_none_or(|class| class < rule.labels.len()));
                true
            }),
            Target::Recipe => recipe(&text),
        }
    }
}

/// What decodes gives finite numbers of the right shape.
fn picture(bytes: &[u8]) -> bool {
    let Ok(decoded) = preprocess::decode(bytes) else {
        return false;
    };
    let picture = decoded.image;
    assert!(decoded.size.width >= picture.width && decoded.size.height >= picture.height);
    assert!(picture.width > 0 && picture.height > 0);
    assert_eq!(picture.pixels.len(), picture.width * picture.height * 3);
    for size in [
        Size::square(32),
        Size {
            width: 160,
            height: 240,
        },
    ] {
        let input =
            preprocess::normalise(&picture.resize(size), &[0.485, 0.456, 0.406], &[0.229; 3]);
        assert_eq!(input.len(), 3 * size.width * size.height);
        assert!(input.iter().all(|number| number.is_finite()));
    }
    true
}

fn share_link(fragment: &str) -> bool {
    let Ok(shared) = share_link::open(fragment) else {
        return false;
    };
    assert_eq!(shared.pixels.len(), shared.width * shared.height * 3);
    let mut shares = shared.probabilities.iter();
    assert!(shares.all(|share| (0.0..=1.0).contains(share)));
    true
}

/// Tells whether all rows can be read, and there are some.
fn manifest(bytes: &[u8]) -> bool {
    let mut file = tempfile::NamedTempFile::new().expect("a file can be made");
    file.write_all(bytes).expect("it can be written");
    let Ok(mut manifest) = Manifest::open(file.path(), &Columns::default()) else {
        return false;
    };
    let (mut rows, mut sound) = (0, 0);
    while let Ok(Some((line, row))) = manifest.next_row() {
        assert!(line > 0);
        rows += 1;
        if let Ok(film) = row {
            assert!(!film.id.is_empty() && !film.key.is_empty());
            sound += 1;
        }
    }
    rows > 0 && sound == rows
}

/// A recipe that is accepted can be followed: its posters keep their size.
fn recipe(text: &str) -> bool {
    let Ok(recipe) = toml::from_str::<Recipe>(text) else {
        return false;
    };
    assert!(toml::from_str::<Recipe>(&recipe.to_toml()).is_ok());
    if recipe.check().is_err() {
        return false;
    }
    let size = Size {
        width: 6,
        height: 9,
    };
    let poster = vec![100; 3 * size.pixels()];
    for seed in 0..4 {
        let mut changed = Vec::new();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        recipe.augment.apply(&poster, size, &mut rng, &mut changed);
        assert_eq!(changed.len(), poster.len());
    }
    true
}

/// A drawn picture in every format and kind of pixel.
fn pictures() -> Result<Vec<(String, Vec<u8>)>> {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
    let drawn = RgbImage::from_fn(24, 36, |x, y| {
        Rgb([(x * 10) as u8, (y * 7) as u8, (x * y) as u8])
    });
    let drawn = DynamicImage::from(drawn);
    let mut seeds = Vec::new();
    let kinds: [(DynamicImage, &[ImageFormat]); 5] = [
        (drawn.clone(), &[Bmp, Gif, Jpeg, Png, WebP]),
        (drawn.to_luma8().into(), &[Jpeg, Png]),
        (drawn.to_rgba8().into(), &[Bmp, Gif, Png, WebP]),
        (drawn.to_luma_alpha16().into(), &[Png]),
        (drawn.to_rgb16().into(), &[Png]),
    ];
    for (picture, formats) in kinds {
        for format in formats {
            let mut bytes = Cursor::new(Vec::new());
            picture.write_to(&mut bytes, *format)?;
            seeds.push((
                format!("{:?} {format:?}", picture.color()),
                bytes.into_inner(),
            ));
        }
    }
    Ok(seeds)
}

/// A link with a drawn picture of this size, and what is within it.
fn link(width: usize, height: usize) -> Vec<(String, Vec<u8>)> {
    let pixels: Vec<u8> = (0..width * height * 3)
        .map(|at| (at * at / 97) as u8)
        .collect();
    let packed = share_link::Packed::new("cnn32", 3, width, height, &pixels);
    let fragment = packed.map(|packed| packed.fragment(&[0.5, 0.3, 0.2]));
    let fragment = fragment.unwrap_or_default();
    let within = sums::opened(&fragment).unwrap_or_default();
    let name = format!("{width}x{height}");
    vec![
        (format!("{name} within"), within),
        (name, fragment.into_bytes()),
    ]
}

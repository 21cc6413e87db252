//! Share links are written and read again.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

const CLASSES: [f32; 6] = [0.661, 0.2, 0.1, 0.03, 0.008, 0.001];

/// A picture whose colours follow from the position.
fn drawn(width: usize, height: usize, colours: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
    let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    rows.flat_map(|(x, y)| colours(x, y)).collect()
}

fn noise(pixels: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        // The generator of Numerical Recipes, whose high bits are good noise.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..3 * pixels).map(|_| next()).collect()
}

/// Soft shapes, edges and a little grain, like a poster.
fn photo_like(width: usize, height: usize) -> Vec<u8> {
    let grain = noise(width * height);
    drawn(width, height, |x, y| {
        let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
        let glow = (-((u - 0.4).powi(2) + (v - 0.3).powi(2)) * 9.0).exp();
        let hill = if v > 0.6 + 0.1 * (u * 9.0).sin() {
            60.0
        } else {
            0.0
        };
        let grain = f32::from(grain[3 * (y * width + x)]) / 32.0;
        [
            20.0 + 200.0 * glow - hill + grain,
            30.0 + 120.0 * glow - hill / 2.0 + grain,
            80.0 + 40.0 * v - hill + grain,
        ]
        .map(|colour| colour as u8)
    })
}

fn packed(width: usize, height: usize, pixels: &[u8]) -> Packed {
    Packed::new("cnn32", CLASSES.len(), width, height, pixels).expect("a sound picture")
}

/// Opens the link with a picture, which must be unchanged; returns the length of its fragment.
fn sent(width: usize, height: usize, pixels: &[u8]) -> usize {
    let packed = packed(width, height, pixels);
    assert_eq!(packed.pixels(), pixels);
    let fragment = packed.fragment(&CLASSES);
    let shared = open(&fragment).expect("a whole link");
    assert_eq!(shared.network, "cnn32");
    assert_eq!((shared.width, shared.height), (width, height));
    assert_eq!(shared.pixels, pixels);
    for (sent, came) in CLASSES.iter().zip(&shared.probabilities) {
        assert!((sent - came).abs() < 1e-5);
    }
    assert_eq!(shared.probabilities.len(), CLASSES.len());
    fragment.len()
}

#[test]
fn every_kind_of_picture_comes_back_bit_by_bit() {
    for (width, height) in [(32, 32), (64, 64), (64, 96), (1, 1), (5, 2)] {
        sent(width, height, &drawn(width, height, |_, _| [9, 200, 77]));
        sent(
            width,
            height,
            &drawn(width, height, |x, y| [x as u8 * 2, y as u8, 255 - x as u8]),
        );
        sent(width, height, &photo_like(width, height));
        let harsh = |x: usize, y: usize| [255 * (x % 2) as u8, 255 * (y % 2) as u8, 0];
        sent(width, height, &drawn(width, height, harsh));
    }
    // The link of a larger picture is as long as it has to be.
    sent(64, 96, &noise(64 * 96));
}

#[test]
fn a_link_is_as_short_as_its_picture_is_plain() {
    assert!(sent(32, 32, &drawn(32, 32, |_, _| [40, 40, 60])) < 120);
    assert!(sent(32, 32, &photo_like(32, 32)) < 2000);
}

#[test]
fn noise_loses_shades_rather_than_exceed_the_limit() {
    let packed = packed(32, 32, &noise(32 * 32));
    let fragment = packed.fragment(&CLASSES);
    let link = 80 + "#".len() + fragment.len();
    assert!(link <= 4000, "{link} characters");
    let shared = open(&fragment).expect("a whole link");
    assert_eq!(shared.pixels, packed.pixels());
    for (was, is) in noise(32 * 32).iter().zip(&shared.pixels) {
        assert!(was.abs_diff(*is) <= 4, "{was} became {is}");
    }
    // The next link carries the same pixels.
    assert_eq!(sent_on(&shared), shared.pixels);
}

fn sent_on(shared: &Shared) -> Vec<u8> {
    let again = packed(shared.width, shared.height, &shared.pixels);
    again.pixels().to_vec()
}

#[test]
fn links_are_written_as_ever() {
    let grain = noise(9 * 7);
    let pixels = drawn(9, 7, |x, y| {
        let grain = |at: usize| usize::from(grain[at]);
        let at = 9 * y + x;
        let [red, blue] = [25 * x + grain(at) / 16, 4 * x * y + grain(3 * at) / 64];
        [red as u8, 30 * y as u8, blue as u8]
    });
    let fragment = packed(9, 7, &pixels).fragment(&CLASSES);
    let expected = "p1.BWNubjMyCQcABqk3MzMZmgeuAgwAQgC_7aX29f4BSVYpqzzHtTg9sxhuHCKCOoLFQ_cOf7-Kbku3yoZY_\
                    0M_uhg_x71eEiYV3x8wzHV-xGQ0SmGhfypW00hFxBt27VxoS8cZrZ-deiKJQISLRUKNnfzwq11hORWFiCx4E\
                    oNH1Q";
    assert_eq!(fragment, expected);
    let fragment = packed(32, 32, &noise(32 * 32)).fragment(&CLASSES);
    assert_eq!(fragment.len(), 3749);
    assert!(fragment.ends_with("lW_nIDUAL3hgpP75YzIJZ3pa0A-UjPVHuSIetn0g"));
}

#[test]
fn every_changed_letter_is_noticed() {
    let fragment = packed(32, 32, &photo_like(32, 32)).fragment(&CLASSES);
    for (at, letter) in fragment.char_indices() {
        for other in "AQZaz09-_.%p ".chars().filter(|&other| other != letter) {
            let mut changed = fragment.clone();
            changed.replace_range(at..=at, &other.to_string());
            let found = open(&changed).expect_err("damage");
            // With another digit it is a fragment of another version.
            let newer = at == 1 && other == '9';
            let expected = if newer {
                Unreadable::Newer
            } else {
                Unreadable::Damaged
            };
            assert_eq!(found, expected, "{other} for {letter} at {at}");
        }
    }
}

#[test]
fn every_truncated_link_is_noticed() {
    let fragment = packed(32, 32, &photo_like(32, 32)).fragment(&CLASSES);
    for length in 2..fragment.len() {
        assert_eq!(
            open(&fragment[..length]),
            Err(Unreadable::Damaged),
            "{length}"
        );
    }
}

#[test]
fn a_later_version_is_told_from_damage_and_from_what_is_not_ours() {
    assert_eq!(open("p2.AAAA"), Err(Unreadable::Newer));
    assert_eq!(open("p17.another-way_to.say.it"), Err(Unreadable::Newer));
    assert_eq!(open("p0.AAAA"), Err(Unreadable::Damaged));
    for fragment in ["", "p", "samples", "poster.1", ":~:text=poster"] {
        assert_eq!(open(fragment), Err(Unreadable::Foreign), "{fragment}");
    }
}

#[test]
fn any_network_s_name_goes_along() {
    for name in ["", "my own network.v2", "내 신경망"] {
        let packed = Packed::new(name, 0, 1, 1, &[1, 2, 3]).expect("a sound picture");
        let shared = open(&packed.fragment(&[])).expect("a whole link");
        assert_eq!(shared.network, name);
    }
}

#[test]
fn what_is_no_picture_is_not_packed() {
    assert!(Packed::new("cnn32", 6, 2, 2, &[0; 11]).is_none());
    assert!(Packed::new("cnn32", 6, 0, 2, &[]).is_none());
    assert!(Packed::new("cnn32", 6, 256, 1, &[0; 768]).is_none());
}

/// A fragment with any content and the right checksum.
fn sealed(content: &[u8]) -> String {
    let sum = crc32fast::hash(content).to_be_bytes();
    format!(
        "{PREFIX}{}",
        URL_SAFE_NO_PAD.encode([content, &sum].concat())
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_pixels_come_back(width in 1_usize..40, height in 1_usize..20, seed in vec(any::<u8>(), 3..64)) {
        let pixels: Vec<u8> = seed.iter().copied().cycle().take(3 * width * height).collect();
        let packed = packed(width, height, &pixels);
        let shared = open(&packed.fragment(&CLASSES)).expect("a whole link");
        prop_assert_eq!(shared.pixels.as_slice(), packed.pixels());
    }

    #[test]
    fn no_fragment_makes_it_panic(fragment in "(p[0-9]?\\.?)?\\PC{0,80}") {
        prop_assert!(open(&fragment).is_err());
    }

    #[test]
    fn no_forged_content_makes_it_panic(
        head in vec(0_u8..9, 0..12),
        content in vec(any::<u8>(), 0..200),
    ) {
        let content = [head, content].concat();
        if let Ok(shared) = open(&sealed(&content)) {
            prop_assert_eq!(shared.pixels.len(), 3 * shared.width * shared.height);
        }
    }
}

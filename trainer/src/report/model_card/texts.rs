//! Paragraphs that are the same in every model card.

pub(super) const NOISE: &str = "\
The labels are noisy. A film may have several genres but gets only one class, and a poster does not
tell everything about its film. The genres are entered by volunteers: TMDB and IMDb name different ones
for many films. A score is the mean of the votes, few or many, of those members who chose to vote.
";

pub(super) const LEAKY: &str = "\
**The figures below mean nothing for films that it has not seen.** Posters were copied and rotated
before they were split, so copies of the same poster are in several splits. The student project that
Marquee grew out of was evaluated like this; the protocol is kept to show what that does.
";

pub(super) const CALIBRATED: &str = "\
Nothing was chosen on the test split; the temperature, the threshold and the interval below were calibrated on the \
validation split.";

pub(super) const NOT_CALIBRATED: &str = "\
Nothing was chosen on the test split. There is no validation film, so neither temperature nor threshold nor interval below \
was calibrated.";

pub(super) const START_MAY_KNOW: &str = "
**The figures below may be too good.** These weights were trained on another dataset, and it is not known
which of its films are among the films that the network was validated and tested on here.
";

pub(super) const INTENDED: &str = "\
The network is meant to show visitors what a small network sees in a poster, to learn and teach how such
networks are built, trained and evaluated, and to sort one's own collections roughly, if somebody checks
the result. It must not be used commercially: TMDB's terms allow machine learning on its content only for
non-commercial purposes, unless there is an agreement.
";

pub(super) const FORBIDDEN: &str = "\
- Decisions about a film, its makers or its audience: what is shown or sold, to whom, at what price, or
  what children may see. The network is often wrong, and does not know what happens in a film.
- Statements about people on a poster. It was not trained for that; whatever it seems to say is about
  genres' clichés.
- Pictures that are not movie posters. It has a class for every picture, and none for \"something else\".
- Replacing members' votes. A score that it predicts is a guess from how the poster looks.
";

pub(super) const SOURCES: &str = "\
Marquee is licensed under MIT or Apache-2.0, at your choice. The posters that the network was trained on
belong to their owners and are not shipped with it.

This product uses the TMDB API but is not endorsed or certified by TMDB.
";

#[cfg(test)]
mod tests {
    use super::{FORBIDDEN, INTENDED, NOISE, SOURCES};

    #[test]
    fn the_shipped_model_cards_are_up_to_date() {
        let files = std::fs::read_dir("../models/weights").expect("the networks' folder");
        let paths = files.flatten().map(|file| file.path());
        for path in paths.filter(|path| path.extension().is_some_and(|end| end == "md")) {
            let card = std::fs::read_to_string(&path).expect("a text");
            for text in [NOISE, INTENDED, FORBIDDEN, SOURCES] {
                assert!(card.contains(text), "{path:?}: {text}");
            }
        }
    }
}

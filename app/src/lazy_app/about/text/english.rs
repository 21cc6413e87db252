//! English.

use super::{Network, Text};

/// What is said in English.
pub(super) const TEXT: Text = Text {
    heading: "About Marquee",

    what_heading: "What it is",
    what: [
        "A film poster is a promise. Marquee asks a small neural network what kind of film is promised, \
         and puts its answer on the sign.",
        "The network sees nothing but the picture, made a good deal smaller than you see it. It runs \
         here, in your browser, mostly in a few thousandths of a second. What comes of it says as much \
         about how posters are made as about the network.",
    ],

    quality_heading: "How good it is",
    quality: [
        "Better than chance, and often wrong. The networks that come with Marquee were judged by films \
         that were kept out of their training.",
        "Macro-F1 says how well it finds the films of each class, and only those, whether there are many \
         of them or few: at 1 it would never be wrong. In brackets stands what 95 of 100 draws of as \
         many films would give.",
    ],

    cannot_heading: "What it can't do",
    cannot: [
        "It doesn't read the title, know the actors or hear what happens in the film.",
        "It has an answer for every picture, a holiday photo as well, and none for \"this is no poster\".",
        "It says nothing about the people on a poster. What it seems to say of them are the clichés of \
         genres.",
        "Films have several genres, and it was taught one class for each: that is often a matter of taste.",
        "Decide nothing by it: what is shown, sold or recommended, to whom, or what children may see.",
    ],

    data_heading: "Where it learned",
    data: [
        "The networks that come with Marquee learned from films' posters, and from the genres and scores \
         that volunteers gave them at TMDB. PosterNet had seen a million photographs before (ImageNet).",
        "None of TMDB's pictures or data is on this page; the posters to try were drawn for it.",
        "Whoever hosts this page may have added a network of their own. Its card says what that learned \
         from.",
    ],

    private_heading: "Nothing leaves your machine",
    private: "Your posters are read, shown and answered on this device alone. You needn't believe it:",
    checks: [
        [
            "Pull the plug.",
            "Once there has been an answer from every screen, disconnect from the network. The next \
             poster is answered all the same.",
        ],
        [
            "Watch it.",
            "Open your browser's developer tools, with F12 in most, and there the network panel. The \
             page fetches parts of itself while it needs them for the first time; nothing is ever sent \
             along. Addresses that begin with \"blob:\" are this device's own memory.",
        ],
        [
            "Read it.",
            "Marquee's source is open: the whole of it can be read, built and served by anyone. Another \
             host is asked for one thing only, a picture whose address you give yourself.",
        ],
    ],

    network: Network {
        loading: "Loading its figures…",
        none: "Its figures can't be loaded, or its host gives none.",
        judged: |films| format!("On {films} films that it was not trained on."),
        judged_elsewhere: |films| {
            format!(
                "On {films} films of another collection, some of which it may have been trained on."
            )
        },
        macro_f1: "Macro-F1",
        accuracy: "Right answers",
        calibration: "Its percentages",
        off: |points| format!("off by {points} points on average"),
        interval: |low, high| format!("{low} to {high}"),
        genres: "Genres",
        precision_of: |precision, guessing| {
            format!("mean average precision {precision}, where guessing reaches {guessing}")
        },
        score: "Members' score",
        score_off: |off, constant, explained| {
            format!(
                "{off} points of 10 off on average, where always the same answer is {constant} off; R² {explained}"
            )
        },
        matrix: "What it takes films for",
        matrix_corner: "Films that are … taken for",
        cell: |films, truth, answer| format!("{films} {truth} taken for {answer}"),
        classes: "Class by class",
        class: "Class",
        precision: "Precision",
        recall: "Recall",
        films: "Films",
        card: "The whole model card",
        no_card: "Its card can't be loaded, or its host gives none.",
    },
};

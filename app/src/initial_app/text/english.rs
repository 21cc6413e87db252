//! English.

use super::{SignLines, Text};
use crate::engine::Reason;
use marquee_app::protocol::Problem;
use marquee_app::ui::format::milliseconds;

/// What the page says in English.
pub(super) const TEXT: Text = Text {
    language: "Language",

    sign_above: SignLines {
        empty: "Now showing",
        reading: "One moment",
        answered: "Now showing",
        unsure: "Now showing, perhaps",
        refused: "No show",
    },
    sign_below: SignLines {
        empty: "Your poster",
        reading: "Coming soon",
        answered: "",
        unsure: "",
        refused: "Intermission",
    },
    says: |class, percent| format!("{class}, {percent}"),

    drop: "Drop a poster here",
    pick: "Choose a file",
    pick_another: "Choose another",
    or_paste: "or drop one anywhere, or paste",
    let_go: "Let go, the projector is running",
    poster: |name| format!("The poster you chose: {name}"),
    no_file: "That wasn't a file. Save the picture first, then drop it here.",

    unsure: "It isn't sure: even the likeliest kind is not very likely.",
    incomplete: "A part of this file is missing. The answer is about what there is of the poster.",
    answered_by: |network, engine, total| format!("{network} answered in {total} ({engine})"),
    time_parts: |read, infer| format!("{read} to read the file, {infer} in the network"),

    engine: "Engine",
    engine_auto: "Automatic",

    problem: |problem| match problem {
        Problem::Empty => "This file is empty. Try another one.",
        Problem::NotAnImage => {
            "This file isn't a picture that can be read here. Try a JPEG, PNG or WebP."
        }
        Problem::Damaged => "This picture is damaged and can't be read. Try another one.",
        Problem::Unreadable => {
            "This file can't be opened: it was moved or changed, or may not be read. Choose it again."
        }
        Problem::TooLarge => "This picture is too large to be read. Try a smaller one.",
        Problem::NoDecoder => {
            "The decoder of this kind of picture could not be loaded. Connect to the internet and try again, or choose a JPEG."
        }
        Problem::NoNetwork | Problem::NotLoaded => {
            "A part of Marquee could not be loaded, so nothing can be read. Please reload the page."
        }
        Problem::WorkerDied => {
            "The part of Marquee that reads posters has stopped. Try another picture, or reload the page."
        }
    },
    reason: |reason| match reason {
        Reason::CpuChosen => "The CPU answers, as you chose.".into(),
        Reason::Starting => "The CPU answers while WebGPU starts.".into(),
        Reason::Warm { gpu_ms, cpu_ms } => format!(
            "WebGPU answers: it takes {} a poster, the CPU {}.",
            milliseconds(gpu_ms),
            milliseconds(cpu_ms)
        ),
        Reason::Slower { gpu_ms, cpu_ms } => format!(
            "The CPU answers: on this machine it takes {} a poster, WebGPU {}.",
            milliseconds(cpu_ms),
            milliseconds(gpu_ms)
        ),
        Reason::Unavailable => "This browser offers no WebGPU, so the CPU answers.".into(),
        Reason::NotLoaded => {
            "WebGPU's part of Marquee could not be loaded, so the CPU answers.".into()
        }
        Reason::Failed => "WebGPU failed on this machine, so the CPU answers.".into(),
    },
};

//! The lazy app in English.

use super::{
    AboutText, ConfusionText, FestivalText, InputsText, MachineText, NetworkText, OcclusionText,
    RecentText, ScreensText, ShareText, TeachText, Text, UpdateText,
};
use marquee_app::protocol::Problem;

/// What the lazy app says in English.
pub(super) const TEXT: Text = Text {
    perhaps: |class| format!("{class}?"),
    screens: ScreensText {
        heading: "On every screen",
        ask_all: "Ask the other networks, too (a few megabytes)",
        genres: "Genres",
        genre: |name| name,
        score: |points, low, high| {
            format!(
                "Members would give it {points} of 10. Four of five films that look like this get {low} to {high}."
            )
        },
    },
    occlusion: OcclusionText {
        what_mattered: "What mattered?",
        strength: "Light",
        one_moment: "Covering one place after another…",
        failed: "That did not work. Switch it off and on to try again.",
        result: |class, points| match points {
            0 => format!(
                "No single place decides: {class} stays as likely whichever place is covered."
            ),
            _ => format!(
                "The lit places made {class} more likely. With the brightest one covered, its probability is {points} percentage point{} lower.",
                if points == 1 { "" } else { "s" }
            ),
        },
    },
    inputs: InputsText {
        camera: "Camera",
        camera_note: "Hold the poster inside the frame. The picture stays on this device.",
        camera_take: "Take the picture",
        camera_close: "Close",
        address: "Address",
        address_label: "Address of a picture",
        address_go: "Fetch",
        address_note: "Its host will see that you fetch it, just as if you opened it.",
        folder: "Folder",
        shared: "Shared poster",
        no_address: "This is not the address of a picture. Addresses begin with https:// and name a file.",
        unreachable: "This picture can't be fetched: its host is out of reach, or doesn't let other pages use its pictures. Save the picture, then drop it here.",
        missing: "Its host says that there is no such picture. Is the address right?",
        forbidden: "Its host gives this picture only to those it knows. Save the picture, then drop it here.",
        host_error: |status| {
            format!(
                "Its host answers with an error ({status}). Try again later, or save the picture and drop it here."
            )
        },
        too_slow: "Its host has not sent this picture in half a minute. Try again, or save the picture and drop it here.",
        too_large: "This file has more than 64 MB, which is too much for a poster. Try a smaller one.",
        no_camera: "There is no camera that this page may use. Allow it in the browser, or choose a file.",
        no_files: "There are no files in this folder. Try another one.",
    },
    share: ShareText {
        heading: "Pass it on",
        contents: "Whoever opens the link sees this small picture, which is all that the network saw, \
                   and its answer. Both are in the part after the #, which browsers never send to a server.",
        lossy: "Fine shades were left out to keep the link short.",
        small: "The small picture in the link",
        copy: "Copy the link",
        copied: "Copied.",
        copy_refused: "The browser doesn't allow copying. Copy the link from here:",
        field: "The link",
        send: "Share",
        qr: "QR code",
        qr_name: "QR code of the link",
        qr_enlarge: "Enlarge the QR code",
        qr_too_long: "This link is too long for a QR code. Copy it instead.",
        close: "Close",

        name: "Shared poster",
        opened: "This poster came in a link. The numbers were computed again on this machine.",
        opened_same: "This poster came in a link. The numbers were computed again on this machine and \
                      are the same as the sender's.",
        sender_said: |class, percent| {
            format!("The sender's network said {class}, {percent}; yours is another version.")
        },
        other_classes: "The sender's network is another version and knows other classes.",
        damaged: "This link is damaged or incomplete, so it can't be opened. Please ask for it again.",
        newer: "A newer version of this page made this link. Load the page again to open it.",
        unknown: |network| {
            format!("The network {network}, which made this link, isn't on this page.")
        },
        no_networks: "This link can't be opened now: the list of networks could not be loaded. Please try again.",
    },
    festival: FestivalText {
        heading: "Festival",
        so_far: |done, total| format!("{done} of {total}"),
        posters: |total| format!("{total} posters"),
        progress: "Posters read",
        read: |done, total| format!("{done} of {total} read"),
        on_gpu: "The network runs on WebGPU.",
        seconds_left: |seconds| format!("about {seconds} s left"),
        minutes_left: |minutes| format!("about {minutes} min left"),
        done: |total, seconds| format!("All {total} done in {seconds} s."),
        stopped: |left| format!("Stopped. Not read yet: {left}."),
        stop: "Stop",
        go_on: "Read the rest",
        close: "One poster again",
        back: "Back to the festival",
        unreadable: |which| format!("Can't be read: {which}."),
        problem: |problem, count, shown| match (problem, count) {
            (Problem::Empty, 1) => "1 empty file".into(),
            (Problem::Empty, _) => format!("{shown} empty files"),
            (Problem::NotAnImage, 1) => "1 file that isn't a picture".into(),
            (Problem::NotAnImage, _) => format!("{shown} files that aren't pictures"),
            (Problem::Damaged, 1) => "1 damaged picture".into(),
            (Problem::Damaged, _) => format!("{shown} damaged pictures"),
            (Problem::Unreadable, 1) => "1 file that can't be opened".into(),
            (Problem::Unreadable, _) => format!("{shown} files that can't be opened"),
            (Problem::TooLarge, 1) => "1 picture that is too large".into(),
            (Problem::TooLarge, _) => format!("{shown} pictures that are too large"),
            (Problem::NoDecoder, 1) => "1 file whose decoder could not be loaded".into(),
            (Problem::NoDecoder, _) => format!("{shown} files whose decoder could not be loaded"),
            (Problem::NoNetwork, 1) => "1 file without a network to read it".into(),
            (Problem::NoNetwork, _) => format!("{shown} files without a network to read them"),
            (Problem::WorkerDied, 1) => "1 file that stopped the worker".into(),
            (Problem::WorkerDied, _) => format!("{shown} files that stopped the worker"),
            (Problem::NotLoaded, 1) => "1 file without a worker to read it".into(),
            (Problem::NotLoaded, _) => format!("{shown} files without a worker to read them"),
        },

        show: "Show",
        show_all: "All",
        show_unsure: "Not sure",
        show_ticked: "Ticked",
        show_mistaken: "Mistaken",
        show_unreadable: "Unreadable",
        at_least: "At least this sure",
        sort: "Order",
        sort_brought: "In your order",
        sort_surest: "Surest first",
        sort_doubtful: "Least sure first",
        sort_contradicted: "Most contradicted first",
        sort_class: "By class",
        show_confused: |truth, predicted| format!("{truth} taken for {predicted}"),
        none: "No poster matches.",

        grid: "Posters",
        keys: |classes| {
            format!(
                "Arrow keys move from poster to poster, Enter opens one. Keys 1 to {classes} tick its true class, 0 clears it."
            )
        },
        open: |name| format!("Open {name}"),
        untaught: "Not learned yet",
        waiting: "Waiting",
        refused: |problem| match problem {
            Problem::Empty => "Empty file",
            Problem::NotAnImage => "Not a picture",
            Problem::Damaged => "Damaged",
            Problem::Unreadable => "Can't be opened",
            Problem::TooLarge => "Too large",
            Problem::NoDecoder => "No decoder",
            Problem::NoNetwork => "No network",
            Problem::WorkerDied => "Worker stopped",
            Problem::NotLoaded => "No worker",
        },
        truth: "It really is",
        truth_of: |name| format!("What {name} really is"),
        right: "right",
        wrong: "wrong",

        evaluation: "Is it right?",
        invitation: "Tick the true class of some posters, and see how often the network is right about them.",
        ticked: |count, shown| match count {
            1 => "1 poster ticked".into(),
            _ => format!("{shown} posters ticked"),
        },
        macro_f1_means: "Macro-F1 counts every class the same, however many posters it has. Classes that you have not ticked and that the network never predicted are left out.",
        save: "Save the answers",
    },
    confusion: ConfusionText {
        accuracy: "Accuracy",
        macro_f1: "Macro-F1",
        caption: "What it takes films for",
        corner: "True class",
        cell: |count, truth, answer| format!("{count} {truth} taken for {answer}"),
    },
    teach: TeachText {
        heading: "Teach",
        begin: "Teach your own classes",
        begin_folders: |folders| format!("Teach these folders: {folders}"),
        too_many_folders: |folders, most| {
            format!(
                "The posters came in {folders} folders, but there can be {most} classes at most. Bring fewer folders, or make classes here."
            )
        },
        invitation: "Is it for our shelf of westerns, of documentaries, of films for kids? Make classes of \
                     your own and tick some ten posters of each: the rest is answered at once, here on this \
                     device.",
        end: "Back to the network's classes",
        hint: "Tick some posters of each class: by its number key, in the list under the poster, or by \
               dragging the poster onto the class. It learns from each tick. The key Y agrees with what it says.",
        name: "My classes",
        name_label: "Name of the classifier",
        class: |number| format!("Class {number}"),
        class_label: |number| format!("Name of class {number}"),
        colour_label: |class| format!("Colour of {class}"),
        ticked: |posters| format!("{posters} ticked"),
        add: "Add a class",
        add_posters: "Add posters",
        add_folder: "Add a folder",
        remove: |class| format!("Remove {class}"),
        really_remove: "Remove its ticks?",
        too_few: "Tick a poster of two classes, and it begins to learn.",
        learned: |posters, ms| format!("Learned from {posters} posters in {ms}."),
        more: |class, posters| match posters {
            1 => format!("It is of use from some ten posters a class on; {class} has 1."),
            _ => format!("It is of use from some ten posters a class on; {class} has {posters}."),
        },
        failed: "It could not learn. Change a tick to try again.",
        same_names: "Every class needs a name of its own.",
        no_score: |class, posters, least| {
            format!(
                "How often it is right can be told from {least} different posters of every class on; {class} has {posters}."
            )
        },
        no_score_yet: "Tick posters of two classes, and see how often it is right about posters that it has not seen.",
        interval: |low, high| format!("{low} to {high}"),
        held_out_alone: |posters| {
            format!(
                "Each of the {posters} ticked posters was answered by a classifier that had seen neither it nor one that looks nearly alike. About 95 of 100 intervals that are made in this way hold the true figure."
            )
        },
        held_out_in_folds: |posters, folds| {
            format!(
                "The {posters} ticked posters were divided into {folds} parts, nearly alike ones together. Each part was answered by a classifier that had seen only the others. About 95 of 100 intervals that are made in this way hold the true figure."
            )
        },
        open_cell: |cell| format!("{cell}: show them"),
        sort_again: "Sort again",
        agree: |class| format!("It is {class}"),
        answer_with: "Answer with it",
        answers: "It answers your posters now, also on your next visit.",
        answers_now: "It answers your posters now, until you leave: this browser keeps nothing.",
        not_made: "The network that it builds on could not be loaded. Check the connection, and try again.",
        save: "Save as a file:",
        files: "The page, the command marquee and PyTorch open the file that ends in .safetensors. Other programs take \
                ONNX: -raw.onnx takes pictures of any size and gives probabilities; .onnx takes prepared posters and \
                gives logits.",
        link: "This link is the classifier itself: whoever opens it can show it posters, with its score, on \
               their own device. Your posters are not in it.",
        no_link: "A name is too long for a link. Shorten the names of the classes or of the classifier, or save it as \
                  a file.",
        keeping: "Being kept in this browser…",
        kept: "Kept in this browser.",
        not_kept: "This browser keeps nothing here. Save it as a file, or copy its link, before you leave.",
        partly_kept: "This browser has kept only a part of this: it may have no more room. Save it as a file, or copy \
                      its link, before you leave.",

        shelf: "Your classifiers",
        open: "Teach it more",
        delete: "Delete",
        really_delete: "Really delete it?",
        spare: "Leave it here",
        outdated: "Another version of the network has read its posters. Bring them again to teach it anew.",
        summary: |posters, accuracy| match accuracy {
            Some(accuracy) => format!("{posters} posters, {accuracy} right"),
            None => format!("{posters} posters"),
        },
        not_reopened: "This browser could not open the classifier. Load the page again, and try once more.",
        not_renamed: "This browser could not keep the new name. Load the page again, and try once more.",
        not_deleted: "This browser could not delete the classifier. Load the page again, and try once more.",
        open_file: "Open a classifier's file",

        opened: |name, classes| format!("Here is a classifier: {name}. It tells apart {classes}."),
        opened_score: |accuracy, interval, posters| {
            format!(
                "It was right about {accuracy} ({interval}) of {posters} posters that it had not seen."
            )
        },
        opened_without_score: "How often it is right is not known.",
        opened_answers: "It answers the posters that you show it now, on this device.",
        opening: "A classifier is being opened…",
        other_version: |network| {
            format!(
                "This classifier needs another version of {network} than this page has. Please ask for its file instead."
            )
        },
        not_loaded: "A part of this page could not be loaded, so the file can't be opened. Check the connection, and try \
                     again.",
        no_classifier: "This file is no classifier that Marquee can use. Is it a .safetensors file that was saved here?",
    },
    recent: RecentText {
        heading: "Recently shown",
        keep: "Keep my last posters on this device",
        hint: "Up to 24 small pictures with their names and answers, in this browser only. Switching \
               this off deletes them.",
        clear: "Clear",
        cleared: "Everything that was kept has been deleted.",
    },
    machine: MachineText {
        heading: "Your machine",
        lead: "How many posters could it read in a second? Both engines try: one poster, 16, 256, and a thousand.",
        start: "Measure",
        again: "Measure again",
        stop: "Stop",
        starting: |engine| format!("{engine} is starting"),
        measuring: |engine, posters| format!("{engine}: {posters}"),
        done: "Measured.",
        stopped: "Stopped.",
        broken: "The network could not be loaded, so there is nothing to measure. Please try again later.",
        posters: |count| match count {
            1 => "One poster".into(),
            1_000 => "1,000 posters".into(),
            count => format!("{count} posters"),
        },
        engine: "Engine",
        count: "Posters",
        time: "Time",
        rate: "Posters per second",
        too_quick: "too fast to measure",
        scale: "Longer is faster: each line stands for ten times as many posters per second as the one before.",
        gpu_from: |count| match count {
            Some(1) => "WebGPU is always faster than one thread of this CPU.".into(),
            Some(count) => format!(
                "WebGPU is faster than one thread of this CPU from {count} posters at a time."
            ),
            None => "One thread of this CPU is faster than WebGPU, however many posters there are."
                .into(),
        },
        no_gpu: "This browser has no WebGPU, so only the CPU was measured.",
        gpu_failed: "WebGPU failed on this machine, so only the CPU was measured.",
        method: "Only the network is measured, not the reading of files: the average of as many runs as \
                 fit into a quarter of a second. The CPU engine uses one thread.",
        network: "Network",
        browser: "Browser",
        threads: "Threads",
        graphics: "Graphics",
        date: "Date",
        copy: "Copy as text",
        copied: "Copied",
        not_copied: "The browser doesn't allow copying. Select the text here instead:",
    },
    about: AboutText {
        heading: "About Marquee",
        what_heading: "What it is",
        quality_heading: "How good it is",
        figures: "Macro-F1 says how well a network finds the films of each class, and only those; small \
             classes count as much as large ones, and 1 would mean that it is never wrong. In brackets \
             is the 95% interval: how much the figure changes when the test films are drawn again at random.",
        cannot_heading: "What it can't do",
        data_heading: "Where it learned",
        cards: "Each network's model card says what it learned from.",
        private_heading: "Nothing leaves your machine",
        private: "Your posters are read, shown and answered on this device alone. You can check that:",
        checks: [
            [
                "Go offline.",
                "Once every network has answered, disconnect from the internet. The next poster still \
                 gets its answer.",
            ],
            [
                "Watch it.",
                "Open your browser's developer tools, with F12 in most, and there the network panel. The \
                 page fetches parts of itself when it first needs them; nothing is ever sent along. \
                 Addresses that begin with \"blob:\" are this device's own memory.",
            ],
            [
                "Read it.",
                "Marquee's source is open: anyone can read, build and serve all of it. The page asks \
                 another host for one thing only, a picture whose address you enter, or that the page's own \
                 address names (?poster=).",
            ],
        ],
        network: NetworkText {
            loading: "Loading its figures…",
            none: "Its figures can't be loaded, or its host has none.",
            evaluated: |films| format!("On {films} films that it was not trained on."),
            evaluated_elsewhere: |films| {
                format!(
                    "On {films} films of another collection; it may have been trained on some of them."
                )
            },
            calibration: "Its percentages",
            off: |points| format!("off by {points} points on average"),
            interval: |low, high| format!("{low} to {high}"),
            genres: "Genres",
            precision_of: |precision, guessing| {
                format!("mean average precision {precision}; guessing reaches {guessing}")
            },
            score: "Members' score",
            score_off: |off, constant, explained| {
                format!(
                    "off by {off} of 10 points on average; the best constant answer would be off by {constant}; R² {explained}"
                )
            },
            such_genres: "What an answer is worth",
            when_it_says: "When it says",
            of_called: "films with such a genre",
            of_all: "of all films",
            parts: "Some of the films alone",
            which: "Which",
            since: |year| format!("since {year}"),
            large: |size| format!("pictures of {size} and more"),
            small: "smaller pictures",
            classes: "Class by class",
            class: "Class",
            precision: "Precision",
            recall: "Recall",
            films: "Films",
            card: "The whole model card",
            no_card: "Its model card can't be loaded, or its host has none.",
        },
    },
    update: UpdateText {
        offer: "A new version is here.",
        use_it: "Use it",
        later: "Later",
        all_kept: "Everything is on this device now, so the page also works offline.",
    },
};

//! What is said of classifiers of own classes.

pub(crate) struct TeachText {
    /// Over the part of the festival where they are taught.
    pub(crate) heading: &'static str,
    /// The button that begins.
    pub(crate) begin: &'static str,
    /// The same, where the posters came in folders.
    pub(crate) begin_folders: fn(folders: &str) -> String,
    /// The posters came in more folders than there can be classes.
    pub(crate) too_many_folders: fn(folders: usize, most: usize) -> String,
    /// What comes of it.
    pub(crate) invitation: &'static str,
    /// The button that ends it.
    pub(crate) end: &'static str,
    /// How classes are taught.
    pub(crate) hint: &'static str,
    /// What a classifier is called at first.
    pub(crate) name: &'static str,
    /// The field with its name.
    pub(crate) name_label: &'static str,
    /// What a class is called at first.
    pub(crate) class: fn(number: usize) -> String,
    /// The field with a class's name.
    pub(crate) class_label: fn(number: usize) -> String,
    /// The field with a class's colour.
    pub(crate) colour_label: fn(class: &str) -> String,
    /// How many posters are ticked with a class.
    pub(crate) ticked: fn(posters: &str) -> String,
    /// The button that adds a class.
    pub(crate) add: &'static str,
    /// The button that has posters join.
    pub(crate) add_posters: &'static str,
    /// The button that has a folder of posters join.
    pub(crate) add_folder: &'static str,
    /// The button that takes a class away.
    pub(crate) remove: fn(class: &str) -> String,
    /// The same button once it was pressed: the class has ticks.
    pub(crate) really_remove: &'static str,
    /// Before two classes have a poster.
    pub(crate) too_few: &'static str,
    /// It has learned; `ms` is the time with its unit.
    pub(crate) learned: fn(posters: &str, ms: &str) -> String,
    /// A class has fewer posters than is useful.
    pub(crate) more: fn(class: &str, posters: u32) -> String,
    /// It can't learn.
    pub(crate) failed: &'static str,
    /// Two classes have the same name, or one has none.
    pub(crate) same_names: &'static str,
    /// A class has too few posters for a score.
    pub(crate) no_score: fn(class: &str, posters: u32, least: usize) -> String,
    /// Before anything was learned.
    pub(crate) no_score_yet: &'static str,
    /// The interval of a figure.
    pub(crate) interval: fn(low: &str, high: &str) -> String,
    /// How the score was found, with each poster held out alone.
    pub(crate) held_out_alone: fn(posters: &str) -> String,
    /// How the score was found, with folds.
    pub(crate) held_out_in_folds: fn(posters: &str, folds: u32) -> String,
    /// What a click on a cell of the matrix does.
    pub(crate) open_cell: fn(cell: &str) -> String,
    /// The button that sorts again.
    pub(crate) sort_again: &'static str,
    /// The button in a cell that ticks what it says.
    pub(crate) agree: fn(class: &str) -> String,
    /// The button that has the page answer by it.
    pub(crate) answer_with: &'static str,
    /// It answers now, and on later visits.
    pub(crate) answers: &'static str,
    /// It answers now, and not on later visits.
    pub(crate) answers_now: &'static str,
    /// It can't be made into a whole network.
    pub(crate) not_made: &'static str,
    /// Before the buttons that save it, one for each kind of file.
    pub(crate) save: &'static str,
    /// What these files are for.
    pub(crate) files: &'static str,
    /// What the link is.
    pub(crate) link: &'static str,
    /// A link has no room for it.
    pub(crate) no_link: &'static str,
    /// It is being stored in this browser.
    pub(crate) keeping: &'static str,
    /// It is kept in this browser.
    pub(crate) kept: &'static str,
    /// It can't be kept.
    pub(crate) not_kept: &'static str,
    /// A part of it can't be kept.
    pub(crate) partly_kept: &'static str,

    /// Over the list of the classifiers that are kept.
    pub(crate) shelf: &'static str,
    /// The button that opens one in the festival.
    pub(crate) open: &'static str,
    /// The button that deletes one.
    pub(crate) delete: &'static str,
    /// The same button once it was pressed.
    pub(crate) really_delete: &'static str,
    /// The button beside it that leaves the classifier there.
    pub(crate) spare: &'static str,
    /// One was taught with another version of the network.
    pub(crate) outdated: &'static str,
    /// Its posters and its share of right answers.
    pub(crate) summary: fn(posters: &str, accuracy: Option<&str>) -> String,
    /// One could not be opened.
    pub(crate) not_reopened: &'static str,
    /// One could not be given another name.
    pub(crate) not_renamed: &'static str,
    /// One could not be deleted.
    pub(crate) not_deleted: &'static str,
    /// The button that takes a file.
    pub(crate) open_file: &'static str,

    /// A classifier came in a link or a file.
    pub(crate) opened: fn(name: &str, classes: &str) -> String,
    /// Its score: the share of right answers and the interval.
    pub(crate) opened_score: fn(accuracy: &str, interval: &str, posters: &str) -> String,
    /// It has none.
    pub(crate) opened_without_score: &'static str,
    /// It answers now.
    pub(crate) opened_answers: &'static str,
    /// It is being opened.
    pub(crate) opening: &'static str,
    /// Its network is not on this page in the same version.
    pub(crate) other_version: fn(network: &str) -> String,
    /// What opens a file can't be loaded.
    pub(crate) not_loaded: &'static str,
    /// The file is none.
    pub(crate) no_classifier: &'static str,
}

//! What the festival says.

use marquee_app::protocol::Problem;

pub(crate) struct FestivalText {
    /// Its name, over it and on the sign's upper line.
    pub(crate) heading: &'static str,
    /// The sign's lower line while posters are read.
    pub(crate) so_far: fn(done: &str, total: &str) -> String,
    /// The sign's lower line when all are read.
    pub(crate) posters: fn(total: &str) -> String,
    /// The progress bar, for screen readers.
    pub(crate) progress: &'static str,
    /// How many were read so far.
    pub(crate) read: fn(done: &str, total: &str) -> String,
    /// While WebGPU runs the network.
    pub(crate) on_gpu: &'static str,
    /// How long it will take.
    pub(crate) seconds_left: fn(seconds: &str) -> String,
    /// How long it will take, if that is more than a minute.
    pub(crate) minutes_left: fn(minutes: &str) -> String,
    /// All were read.
    pub(crate) done: fn(total: &str, seconds: &str) -> String,
    /// The visitor stopped it.
    pub(crate) stopped: fn(left: &str) -> String,
    /// The button that stops it.
    pub(crate) stop: &'static str,
    /// The button that reads the rest.
    pub(crate) go_on: &'static str,
    /// The button that ends it.
    pub(crate) close: &'static str,
    /// The button that leads back to it from a single poster.
    pub(crate) back: &'static str,
    /// The files that can't be read.
    pub(crate) unreadable: fn(which: &str) -> String,
    /// How many can't be read for a reason; `shown` is the count with separators.
    pub(crate) problem: fn(Problem, count: u32, shown: &str) -> String,

    /// Over the choice of posters.
    pub(crate) show: &'static str,
    /// All of them.
    pub(crate) show_all: &'static str,
    /// Those that the network isn't sure of.
    pub(crate) show_unsure: &'static str,
    /// Those whose true class the visitor has ticked.
    pub(crate) show_ticked: &'static str,
    /// Ticked posters that the network got wrong.
    pub(crate) show_mistaken: &'static str,
    /// Files that can't be read.
    pub(crate) show_unreadable: &'static str,
    /// The slider for the least confidence.
    pub(crate) at_least: &'static str,
    /// The choice of an order.
    pub(crate) sort: &'static str,
    /// In the visitor's order.
    pub(crate) sort_brought: &'static str,
    /// The most confident prediction first.
    pub(crate) sort_surest: &'static str,
    /// The least confident prediction first.
    pub(crate) sort_doubtful: &'static str,
    /// Ticked posters that are least likely to be what was ticked first.
    pub(crate) sort_contradicted: &'static str,
    /// Class by class.
    pub(crate) sort_class: &'static str,
    /// One cell of the confusion matrix.
    pub(crate) show_confused: fn(truth: &str, predicted: &str) -> String,
    /// The choices leave no poster.
    pub(crate) none: &'static str,

    /// The grid, for screen readers.
    pub(crate) grid: &'static str,
    /// What the keys do in the grid.
    pub(crate) keys: fn(classes: usize) -> String,
    /// What a click on a cell's picture does.
    pub(crate) open: fn(name: &str) -> String,
    /// In the cell of a poster that no classifier answers yet.
    pub(crate) untaught: &'static str,
    /// In the cell of a poster that isn't read yet.
    pub(crate) waiting: &'static str,
    /// In the cell of a file that can't be read.
    pub(crate) refused: fn(Problem) -> &'static str,
    /// The choice of the true class, as long as none is ticked.
    pub(crate) truth: &'static str,
    /// The same choice, for screen readers.
    pub(crate) truth_of: fn(name: &str) -> String,
    /// The network is right.
    pub(crate) right: &'static str,
    /// The network is wrong.
    pub(crate) wrong: &'static str,

    /// Over the evaluation.
    pub(crate) evaluation: &'static str,
    /// Before anything is ticked.
    pub(crate) invitation: &'static str,
    /// How many are ticked; `shown` is the count with separators.
    pub(crate) ticked: fn(count: u32, shown: &str) -> String,
    /// What macro-F1 is.
    pub(crate) macro_f1_means: &'static str,
    /// Beside the two formats.
    pub(crate) save: &'static str,
}

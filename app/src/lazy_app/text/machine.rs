//! What the measurement of this machine says.

pub(crate) struct MachineText {
    /// Over all of it.
    pub(crate) heading: &'static str,
    /// What the button does.
    pub(crate) lead: &'static str,
    /// The button.
    pub(crate) start: &'static str,
    /// The button, once there are results.
    pub(crate) again: &'static str,
    /// The button, during the measurement.
    pub(crate) stop: &'static str,
    /// While an engine starts.
    pub(crate) starting: fn(engine: &str) -> String,
    /// While an engine is measured.
    pub(crate) measuring: fn(engine: &str, posters: &str) -> String,
    /// At the end.
    pub(crate) done: &'static str,
    /// After the visitor stopped it.
    pub(crate) stopped: &'static str,
    /// Where the network can't be loaded.
    pub(crate) broken: &'static str,
    /// How many posters, over their rows.
    pub(crate) posters: fn(count: u32) -> String,
    /// Over the engines' column.
    pub(crate) engine: &'static str,
    /// Over the column with the number of posters, in the plain text.
    pub(crate) count: &'static str,
    /// Over the milliseconds.
    pub(crate) time: &'static str,
    /// Over the posters per second.
    pub(crate) rate: &'static str,
    /// In place of a rate.
    pub(crate) too_quick: &'static str,
    /// How to read the bars.
    pub(crate) scale: &'static str,
    /// From how many posters at a time WebGPU is faster than a thread of the CPU; `None` if it never is.
    pub(crate) gpu_from: fn(count: Option<u32>) -> String,
    /// There is no WebGPU.
    pub(crate) no_gpu: &'static str,
    /// WebGPU failed.
    pub(crate) gpu_failed: &'static str,
    /// How the machine is measured.
    pub(crate) method: &'static str,
    /// Before the network's name.
    pub(crate) network: &'static str,
    /// Before the browser's name.
    pub(crate) browser: &'static str,
    /// Before the number of threads.
    pub(crate) threads: &'static str,
    /// Before the graphics adapter's name.
    pub(crate) graphics: &'static str,
    /// Before the date.
    pub(crate) date: &'static str,
    /// The button that copies.
    pub(crate) copy: &'static str,
    /// Beside it, after it has copied.
    pub(crate) copied: &'static str,
    /// Where the browser forbids copying.
    pub(crate) not_copied: &'static str,
}

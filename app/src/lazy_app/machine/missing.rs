//! Why WebGPU can't be measured.

use crate::text::MachineText;

/// Why WebGPU can't be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// This browser or this machine has none.
    Unavailable,
    /// It failed.
    Failed,
}

impl Missing {
    /// What the page says about it.
    pub(super) fn sentence(self, text: &MachineText) -> &'static str {
        match self {
            Missing::Unavailable => text.no_gpu,
            Missing::Failed => text.gpu_failed,
        }
    }
}

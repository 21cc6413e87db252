//! The rule by which an engine answers, without anything that needs a browser.

use marquee_app::channel::Preference;
use marquee_app::protocol::Engine;

/// The GPU is visibly slower if a poster takes this many milliseconds longer on it: about one frame,
/// the least that anyone could notice.
const VISIBLY_SLOWER_MS: f64 = 16.0;

/// How far WebGPU has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum GpuState {
    /// Not asked for.
    Off,
    /// Downloading, compiling, warming up.
    Starting,
    /// Warm: median milliseconds for one poster on each engine.
    Ready { gpu_ms: f64, cpu_ms: f64 },
    /// This browser or machine has none.
    Unavailable,
    /// Its worker or its weights could not be loaded.
    NotLoaded,
    /// It didn't start, has ended, or computes something else than the CPU.
    Failed,
}

impl GpuState {
    /// The measurements, if they speak against the GPU.
    fn visibly_slower(self) -> bool {
        matches!(self, GpuState::Ready { gpu_ms, cpu_ms } if gpu_ms > cpu_ms + VISIBLY_SLOWER_MS)
    }

    /// A word for tests and style sheets.
    pub(crate) fn name(self) -> &'static str {
        match self {
            GpuState::Off => "off",
            GpuState::Starting => "starting",
            GpuState::Ready { .. } if self.visibly_slower() => "slower",
            GpuState::Ready { .. } => "ready",
            GpuState::Unavailable => "unavailable",
            GpuState::NotLoaded => "not-loaded",
            GpuState::Failed => "failed",
        }
    }
}

/// Why an engine was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reason {
    /// The visitor wants the CPU.
    CpuChosen,
    /// WebGPU isn't warm yet.
    Starting,
    /// WebGPU is warm and as quick, or the visitor wants it.
    Warm { gpu_ms: f64, cpu_ms: f64 },
    /// WebGPU is warm, but visibly slower on this machine.
    Slower { gpu_ms: f64, cpu_ms: f64 },
    /// There is no WebGPU.
    Unavailable,
    /// WebGPU's worker could not be loaded.
    NotLoaded,
    /// WebGPU failed.
    Failed,
}

/// The engine for the next poster.
pub(crate) fn choose(preference: Preference, gpu: GpuState) -> (Engine, Reason) {
    if preference == Preference::Cpu {
        return (Engine::Cpu, Reason::CpuChosen);
    }
    match gpu {
        GpuState::Off | GpuState::Starting => (Engine::Cpu, Reason::Starting),
        GpuState::Unavailable => (Engine::Cpu, Reason::Unavailable),
        GpuState::NotLoaded => (Engine::Cpu, Reason::NotLoaded),
        GpuState::Failed => (Engine::Cpu, Reason::Failed),
        GpuState::Ready { gpu_ms, cpu_ms } => {
            if preference == Preference::Auto && gpu.visibly_slower() {
                (Engine::Cpu, Reason::Slower { gpu_ms, cpu_ms })
            } else {
                (Engine::Gpu, Reason::Warm { gpu_ms, cpu_ms })
            }
        }
    }
}

/// Whether two engines' logits for the same input say that both compute the same network.
///
/// Tests ask for 1e-4. This is wider, because it is to find drivers that are wrong, and not those that
/// round differently.
pub(crate) fn agree(one: &[f32], other: &[f32]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| (a - b).abs() <= 0.02)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: GpuState = GpuState::Ready {
        gpu_ms: 3.0,
        cpu_ms: 0.2,
    };
    const SLOW: GpuState = GpuState::Ready {
        gpu_ms: 103.0,
        cpu_ms: 0.2,
    };

    fn engine(preference: Preference, gpu: GpuState) -> Engine {
        choose(preference, gpu).0
    }

    #[test]
    fn the_cpu_answers_until_the_gpu_is_warm() {
        for preference in [Preference::Auto, Preference::Gpu] {
            assert_eq!(engine(preference, GpuState::Off), Engine::Cpu);
            assert_eq!(engine(preference, GpuState::Starting), Engine::Cpu);
            assert_eq!(engine(preference, QUICK), Engine::Gpu);
        }
    }

    #[test]
    fn a_visibly_slower_gpu_answers_only_if_it_was_asked_for() {
        let (engine, reason) = choose(Preference::Auto, SLOW);
        assert_eq!(engine, Engine::Cpu);
        assert_eq!(
            reason,
            Reason::Slower {
                gpu_ms: 103.0,
                cpu_ms: 0.2
            }
        );
        assert_eq!(choose(Preference::Gpu, SLOW).0, Engine::Gpu);
        assert_eq!(SLOW.name(), "slower");
    }

    #[test]
    fn less_than_a_frame_is_not_visible() {
        let at = |gpu_ms| GpuState::Ready {
            gpu_ms,
            cpu_ms: 1.0,
        };
        assert_eq!(engine(Preference::Auto, at(17.0)), Engine::Gpu);
        assert_eq!(engine(Preference::Auto, at(17.1)), Engine::Cpu);
    }

    #[test]
    fn without_webgpu_the_cpu_answers_whatever_was_asked_for() {
        for gpu in [GpuState::Unavailable, GpuState::NotLoaded, GpuState::Failed] {
            assert_eq!(engine(Preference::Gpu, gpu), Engine::Cpu);
        }
        assert_eq!(choose(Preference::Auto, GpuState::Failed).1, Reason::Failed);
    }

    #[test]
    fn the_visitor_may_want_the_cpu() {
        assert_eq!(
            choose(Preference::Cpu, QUICK),
            (Engine::Cpu, Reason::CpuChosen)
        );
    }

    #[test]
    fn engines_that_disagree_are_not_both_right() {
        assert!(agree(&[1.0, -2.0], &[1.001, -2.0]));
        assert!(!agree(&[1.0, -2.0], &[0.0, 0.0]));
        assert!(!agree(&[1.0], &[1.0, 1.0]));
        assert!(!agree(&[f32::NAN], &[f32::NAN]));
    }
}

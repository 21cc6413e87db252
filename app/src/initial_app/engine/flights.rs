//! The requests that have no answer yet.
//!
//! Each keeps its file until it is answered, so that it can be run again on the other engine when
//! a worker dies. Generic over the file, so that it can be tested without a browser.

use marquee_app::protocol::Engine;

struct Flight<F> {
    id: u32,
    file: F,
    engine: Engine,
    read_ms: f64,
}

/// The requests that have no answer yet, oldest first.
pub(crate) struct Flights<F> {
    last_id: u32,
    flying: Vec<Flight<F>>,
}

impl<F: Clone> Flights<F> {
    /// None yet.
    pub(crate) fn new() -> Self {
        Flights {
            last_id: 0,
            flying: Vec::new(),
        }
    }

    /// A new request; its number is larger than all before it.
    pub(crate) fn start(&mut self, file: F, engine: Engine) -> u32 {
        self.last_id += 1;
        self.flying.push(Flight {
            id: self.last_id,
            file,
            engine,
            read_ms: 0.0,
        });
        self.last_id
    }

    /// The file was read for the GPU. False if the request isn't the GPU's any more, because it
    /// was moved to the CPU in the meantime.
    pub(crate) fn prepared(&mut self, id: u32, read_ms: f64) -> bool {
        let flight = self
            .flying
            .iter_mut()
            .find(|flight| flight.id == id && flight.engine == Engine::Gpu);
        if let Some(flight) = flight {
            flight.read_ms = read_ms;
            true
        } else {
            false
        }
    }

    /// The request is answered: its engine and, if the GPU answered, how long the file took to
    /// read. None if it was answered before.
    pub(crate) fn land(&mut self, id: u32) -> Option<(Engine, f64)> {
        let at = self.flying.iter().position(|flight| flight.id == id)?;
        let flight = self.flying.remove(at);
        Some((flight.engine, flight.read_ms))
    }

    /// Takes out the oldest: the one that a worker which handles them in order died of.
    pub(crate) fn land_oldest(&mut self) -> Option<u32> {
        (!self.flying.is_empty()).then(|| self.flying.remove(0).id)
    }

    /// Whether the GPU owes an answer.
    pub(crate) fn any_on_gpu(&self) -> bool {
        self.flying.iter().any(|f| f.engine == Engine::Gpu)
    }

    /// The GPU is gone: its requests are the CPU's from now on, and returned to be sent there.
    pub(crate) fn ground_gpu(&mut self) -> Vec<(u32, F)> {
        self.flying
            .iter_mut()
            .filter(|flight| flight.engine == Engine::Gpu)
            .map(|flight| {
                flight.engine = Engine::Cpu;
                flight.read_ms = 0.0;
                (flight.id, flight.file.clone())
            })
            .collect()
    }

    /// All that are left, to be sent again to a new CPU worker.
    pub(crate) fn all(&self) -> Vec<(u32, F, Engine)> {
        self.flying
            .iter()
            .map(|flight| (flight.id, flight.file.clone(), flight.engine))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_on_a_dying_gpu_is_run_again_on_the_cpu() {
        let mut flights = Flights::new();
        let first = flights.start("first", Engine::Gpu);
        let second = flights.start("second", Engine::Cpu);
        let third = flights.start("third", Engine::Gpu);
        assert!(flights.prepared(first, 5.0));
        assert!(flights.any_on_gpu());

        assert_eq!(flights.ground_gpu(), [(first, "first"), (third, "third")]);
        assert!(!flights.any_on_gpu());
        assert!(!flights.prepared(third, 5.0), "it is the CPU's now");
        for id in [first, second, third] {
            assert_eq!(flights.land(id), Some((Engine::Cpu, 0.0)));
        }
    }

    #[test]
    fn a_second_answer_is_ignored() {
        let mut flights = Flights::new();
        let id = flights.start((), Engine::Cpu);
        assert!(flights.land(id).is_some());
        assert!(flights.land(id).is_none());
    }

    #[test]
    fn a_cpu_worker_dies_of_the_oldest_request_only() {
        let mut flights = Flights::new();
        let first = flights.start("deadly", Engine::Cpu);
        let second = flights.start("fine", Engine::Gpu);
        assert_eq!(flights.land_oldest(), Some(first));
        assert_eq!(flights.all(), [(second, "fine", Engine::Gpu)]);
    }
}

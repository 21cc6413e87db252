//! The requests that have no answer yet.
//!
//! Each keeps its file until it is answered, so that it can be run again on the other engine when
//! a worker dies. Generic over the file, so that it can be tested without a browser.

use marquee_app::protocol::Engine;

struct PendingRequest<F> {
    id: u32,
    file: F,
    engine: Engine,
    read_ms: f64,
}

/// The requests that have no answer yet, oldest first.
pub(crate) struct PendingRequests<F> {
    last_id: u32,
    requests: Vec<PendingRequest<F>>,
}

impl<F: Clone> PendingRequests<F> {
    /// None yet.
    pub(crate) fn new() -> Self {
        PendingRequests {
            last_id: 0,
            requests: Vec::new(),
        }
    }

    /// A new request; its number is larger than all before it.
    pub(crate) fn start(&mut self, file: F, engine: Engine) -> u32 {
        self.last_id += 1;
        self.requests.push(PendingRequest {
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
        let request = self
            .requests
            .iter_mut()
            .find(|request| request.id == id && request.engine == Engine::Gpu);
        if let Some(request) = request {
            request.read_ms = read_ms;
            true
        } else {
            false
        }
    }

    /// The request is answered: its engine and, if the GPU answered, how long the file took to
    /// read. None if it was answered before.
    pub(crate) fn finish(&mut self, id: u32) -> Option<(Engine, f64)> {
        let at = self.requests.iter().position(|request| request.id == id)?;
        let request = self.requests.remove(at);
        Some((request.engine, request.read_ms))
    }

    /// Takes out the oldest: the one that a worker which handles them in order died of.
    pub(crate) fn remove_oldest(&mut self) -> Option<u32> {
        (!self.requests.is_empty()).then(|| self.requests.remove(0).id)
    }

    /// Whether the GPU owes an answer.
    pub(crate) fn any_on_gpu(&self) -> bool {
        self.requests.iter().any(|f| f.engine == Engine::Gpu)
    }

    /// The GPU is gone: its requests are the CPU's from now on, and returned to be sent there.
    pub(crate) fn move_to_cpu(&mut self) -> Vec<(u32, F)> {
        self.requests
            .iter_mut()
            .filter(|request| request.engine == Engine::Gpu)
            .map(|request| {
                request.engine = Engine::Cpu;
                request.read_ms = 0.0;
                (request.id, request.file.clone())
            })
            .collect()
    }

    /// All that are left, to be sent again to a new CPU worker.
    pub(crate) fn all(&self) -> Vec<(u32, F, Engine)> {
        self.requests
            .iter()
            .map(|request| (request.id, request.file.clone(), request.engine))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_on_a_dying_gpu_is_run_again_on_the_cpu() {
        let mut pending = PendingRequests::new();
        let first = pending.start("first", Engine::Gpu);
        let second = pending.start("second", Engine::Cpu);
        let third = pending.start("third", Engine::Gpu);
        assert!(pending.prepared(first, 5.0));
        assert!(pending.any_on_gpu());

        assert_eq!(pending.move_to_cpu(), [(first, "first"), (third, "third")]);
        assert!(!pending.any_on_gpu());
        assert!(!pending.prepared(third, 5.0), "it is the CPU's now");
        for id in [first, second, third] {
            assert_eq!(pending.finish(id), Some((Engine::Cpu, 0.0)));
        }
    }

    #[test]
    fn a_second_answer_is_ignored() {
        let mut pending = PendingRequests::new();
        let id = pending.start((), Engine::Cpu);
        assert!(pending.finish(id).is_some());
        assert!(pending.finish(id).is_none());
    }

    #[test]
    fn a_cpu_worker_dies_of_the_oldest_request_only() {
        let mut pending = PendingRequests::new();
        let first = pending.start("deadly", Engine::Cpu);
        let second = pending.start("fine", Engine::Gpu);
        assert_eq!(pending.remove_oldest(), Some(first));
        assert_eq!(pending.all(), [(second, "fine", Engine::Gpu)]);
    }
}

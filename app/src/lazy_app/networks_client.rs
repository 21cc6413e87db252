//! The lazy app's end of a networks worker.

use js_sys::Array;
use marquee_app::protocol::Problem;
use marquee_app::protocol::networks_worker::ToNetworksWorker;
use marquee_app::ui::worker_handle::{Failure, WorkerHandle};
use marquee_app::wire::Wire;
use std::cell::RefCell;
use std::rc::Rc;

/// A worker that is started with the first request, and again after it has died. Dropping this ends
/// it.
#[derive(Default)]
pub(crate) struct NetworksClient(RefCell<Option<Rc<WorkerHandle>>>);

impl NetworksClient {
    /// The reply to a request: `Readings`, an `OcclusionMap`, or what was `Measured`.
    ///
    /// # Errors
    ///
    /// If the worker refuses the request, or dies of it. It is sent again if the worker died of
    /// another one.
    pub(crate) async fn ask<R: Wire>(&self, request: ToNetworksWorker) -> Result<R, Problem> {
        loop {
            let worker = self.worker();
            let failure = match worker.ask(&request, &Array::new(), 0).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            let Failure { problem, again } = failure;
            let problem = problem.unwrap_or(Problem::WorkerDied);
            if let Problem::WorkerDied | Problem::NotLoaded = problem {
                self.0.borrow_mut().take_if(|it| Rc::ptr_eq(it, &worker));
            }
            if !again {
                return Err(problem);
            }
        }
    }

    /// Ends the worker, whose networks stay in memory for as long as it lives. The next request starts another.
    pub(crate) fn renew(&self) {
        self.0.borrow_mut().take();
    }

    fn worker(&self) -> Rc<WorkerHandle> {
        let start = || Rc::new(WorkerHandle::start("networks-worker", ""));
        self.0.borrow_mut().get_or_insert_with(start).clone()
    }
}

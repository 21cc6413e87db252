//! Reading many posters at once, by workers of their own.

use crate::networks_client::NetworksClient;
use leptos::prelude::Owner;
use leptos::task::spawn_local_scoped_with_cancellation;
use marquee_app::protocol::Problem;
use marquee_app::protocol::networks_worker::Reading;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::File;

/// More workers than this are more memory, and hardly faster.
const MOST_WORKERS: usize = 4;

/// So that a worker need not wait for the page between two posters.
const IN_FLIGHT: usize = 2;

/// Workers that are reading. Dropping this ends them at once.
pub(super) struct Work(Owner);

impl Work {
    /// Reads the files that `next` gives, each with its number, until there are none. `whole` is
    /// whose work it is, at the longest.
    pub(super) fn start(
        whole: &Owner,
        network: &str,
        next: impl FnMut() -> Option<(u32, File)> + 'static,
        on_answer: impl Fn(u32, Result<Reading, Problem>) + 'static,
    ) -> Work {
        let owner = whole.child();
        let next = Rc::new(RefCell::new(next));
        let on_answer = Rc::new(on_answer);
        for _ in 0..workers() {
            let client = NetworksClient::new();
            for _ in 0..IN_FLIGHT {
                let (client, network) = (client.clone(), network.to_owned());
                let (next, on_answer) = (next.clone(), on_answer.clone());
                let lane = async move {
                    loop {
                        let file = next.borrow_mut()();
                        let Some((number, file)) = file else { break };
                        on_answer(number, read(&client, file, &network).await);
                    }
                };
                // A cancelled lane drops its handle on the client, and the last one ends the worker.
                owner.with(|| spawn_local_scoped_with_cancellation(lane));
            }
        }
        Work(owner)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.cleanup();
    }
}

/// One processor is left to the page.
fn workers() -> usize {
    let processors = leptos::prelude::window().navigator().hardware_concurrency();
    (processors as usize)
        .saturating_sub(1)
        .clamp(1, MOST_WORKERS)
}

async fn read(client: &Rc<NetworksClient>, file: File, network: &str) -> Result<Reading, Problem> {
    if let Some(problem) = hopeless(&file) {
        return Err(problem);
    }
    let readings = client.read(file.into(), vec![network.to_owned()]).await?;
    readings.readings.into_iter().next().ok_or(Problem::Damaged)
}

/// What is known without opening the file: folders come with films, texts, and what systems leave.
/// (Its size isn't: the browser would hold the page up until the disk has told it.)
fn hopeless(file: &File) -> Option<Problem> {
    let kind = file.type_();
    let name = file.name();
    let left_behind = name.starts_with('.') || name == "Thumbs.db" || name == "desktop.ini";
    let something_else = !(kind.is_empty() || kind.starts_with("image/"));
    (left_behind || something_else).then_some(Problem::NotAnImage)
}

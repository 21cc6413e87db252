//! The lobby's end of its workers.

use futures_channel::oneshot::{Sender, channel};
use js_sys::{Array, Uint8Array};
use marquee_app::protocol::Problem;
use marquee_app::protocol::lobby::{
    FromDesk, Heat, Heated, Measure, Measured, Pixels, Read, Readings, ToDesk,
};
use marquee_app::ui::link::Link;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use web_sys::Blob;

/// A worker, and the requests that it owes an answer. It is started with the first request, and
/// again after one that it died of; dropping the last handle ends it.
#[derive(Default)]
pub(crate) struct Desk {
    link: RefCell<Option<Link>>,
    owed: RefCell<HashMap<u32, Sender<FromDesk>>>,
    last_id: Cell<u32>,
}

impl Desk {
    /// One whose worker isn't started yet.
    pub(crate) fn new() -> Rc<Desk> {
        Rc::default()
    }

    /// What networks read in a poster, in their order.
    ///
    /// # Errors
    ///
    /// Where the file is no poster, or what it takes can't be loaded.
    pub(crate) async fn read(
        self: &Rc<Self>,
        file: Blob,
        networks: Vec<String>,
    ) -> Result<Readings, Problem> {
        let request = |id| ToDesk::Read(Read { id, file, networks });
        match self.ask(request).await? {
            FromDesk::Readings(readings) => Ok(readings),
            _ => Err(Problem::Damaged),
        }
    }

    /// What a network reads in pixels of its input's size.
    ///
    /// # Errors
    ///
    /// As [`Desk::read`].
    pub(crate) async fn classify(
        self: &Rc<Self>,
        network: String,
        pixels: Uint8Array,
    ) -> Result<Readings, Problem> {
        let request = |id| {
            ToDesk::Pixels(Pixels {
                id,
                network,
                pixels,
            })
        };
        match self.ask(request).await? {
            FromDesk::Readings(readings) => Ok(readings),
            _ => Err(Problem::Damaged),
        }
    }

    /// Where in those pixels it mattered.
    ///
    /// # Errors
    ///
    /// As [`Desk::read`].
    pub(crate) async fn heat(
        self: &Rc<Self>,
        network: String,
        pixels: Uint8Array,
    ) -> Result<Heated, Problem> {
        let request = |id| {
            ToDesk::Heat(Heat {
                id,
                network,
                pixels,
            })
        };
        match self.ask(request).await? {
            FromDesk::Heated(heated) => Ok(heated),
            _ => Err(Problem::Damaged),
        }
    }

    /// How long a network takes for so many posters, on the CPU.
    ///
    /// # Errors
    ///
    /// As [`Desk::read`].
    pub(crate) async fn measure(
        self: &Rc<Self>,
        network: String,
        posters: u32,
    ) -> Result<Measured, Problem> {
        let request = |id| {
            ToDesk::Measure(Measure {
                id,
                network,
                posters,
            })
        };
        match self.ask(request).await? {
            FromDesk::Measured(measured) => Ok(measured),
            _ => Err(Problem::Damaged),
        }
    }

    async fn ask(
        self: &Rc<Self>,
        request: impl FnOnce(u32) -> ToDesk,
    ) -> Result<FromDesk, Problem> {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let (sender, answer) = channel();
        self.owed.borrow_mut().insert(id, sender);
        self.start();
        match &*self.link.borrow() {
            Some(link) => link.post(&request(id), &Array::new()),
            None => return Err(Problem::NoDecoder),
        }
        match answer.await {
            Ok(FromDesk::Refused(refused)) => Err(refused.problem),
            Ok(answer) => Ok(answer),
            // the worker died before it answered
            Err(_) => Err(Problem::Damaged),
        }
    }

    fn start(self: &Rc<Self>) {
        if self.link.borrow().is_some() {
            return;
        }
        let (on_message, on_failure) = (Rc::downgrade(self), Rc::downgrade(self));
        let link = Link::start(
            "networks-worker",
            move |message| {
                if let Some(desk) = on_message.upgrade() {
                    desk.hear(message);
                }
            },
            move |reason| {
                if let Some(desk) = on_failure.upgrade() {
                    desk.died(&reason);
                }
            },
        );
        match link {
            Ok(link) => *self.link.borrow_mut() = Some(link),
            Err(error) => web_sys::console::error_1(&error),
        }
    }

    fn hear(&self, message: FromDesk) {
        let id = match &message {
            FromDesk::Readings(it) => it.id,
            FromDesk::Heated(it) => it.id,
            FromDesk::Measured(it) => it.id,
            FromDesk::Refused(it) => it.id,
            FromDesk::Failed(failed) => return self.died(&failed.reason),
        };
        let sender = self.owed.borrow_mut().remove(&id);
        if let Some(sender) = sender {
            // Who asked may have lost interest.
            _ = sender.send(message);
        }
    }

    /// Nobody is answered any more; the next request starts a new worker.
    fn died(&self, reason: &str) {
        web_sys::console::error_1(&format!("lobby worker: {reason}").into());
        *self.link.borrow_mut() = None;
        self.owed.borrow_mut().clear();
    }
}

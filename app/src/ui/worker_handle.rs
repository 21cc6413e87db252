//! The page's end of a worker.

use super::browser::site_url;
use crate::protocol::Problem;
use crate::wire::Wire;
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// The class of www/worker-client.js, which www/start.js makes global.
    type MarqueeWorker;

    #[wasm_bindgen(static_method_of = MarqueeWorker)]
    fn start(name: &str, root: &str, weights: &str) -> MarqueeWorker;

    #[wasm_bindgen(method)]
    fn ask(this: &MarqueeWorker, message: &JsValue, transfer: &Array, patience: u32) -> Promise;

    #[wasm_bindgen(method)]
    fn post(this: &MarqueeWorker, message: &JsValue);

    #[wasm_bindgen(method)]
    fn end(this: &MarqueeWorker, code: &str, reason: &str);

    #[wasm_bindgen(method, getter)]
    fn ready(this: &MarqueeWorker) -> Promise;

    #[wasm_bindgen(method, getter)]
    fn ended(this: &MarqueeWorker) -> Promise;
}

/// A running worker. Dropping it ends the worker.
pub struct WorkerHandle(MarqueeWorker);

/// Why there is no reply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// What to tell the visitor; `None` if the worker lacks what it needs, or was ended on purpose.
    pub problem: Option<Problem>,
    /// Whether the request was lost only because the worker has ended. Another worker may answer it.
    pub again: bool,
}

impl WorkerHandle {
    /// Starts the worker `name`, and has it load the weights of this URL unless it is empty.
    pub fn start(name: &str, weights: &str) -> WorkerHandle {
        WorkerHandle(MarqueeWorker::start(name, &site_url("./"), weights))
    }

    /// What the worker says once it is ready.
    ///
    /// # Errors
    ///
    /// If it can't be started, or can't load the weights.
    pub async fn ready<R: Wire>(&self) -> Result<R, Failure> {
        body(settled(self.0.ready()).await?)
    }

    /// Ends the worker. Its requests fail, and may be sent to another.
    pub fn end(&self) {
        self.0.end("closed", "nobody needs it any more");
    }

    /// Waits until the worker has ended.
    pub async fn ended(&self) {
        _ = settled(self.0.ended()).await;
    }

    /// Sends a message that has no reply.
    pub fn post(&self, message: &impl Wire) {
        self.0.post(&message.write());
    }

    /// Sends a request, and gives what is in the reply. The buffers in `transfer` are handed over
    /// instead of copied. The worker is ended if it takes more than `patience` milliseconds, unless
    /// these are 0.
    ///
    /// # Errors
    ///
    /// If the worker refuses the request, or ends before it replies.
    pub async fn ask<R: Wire>(
        &self,
        request: &impl Wire,
        transfer: &Array,
        patience: u32,
    ) -> Result<R, Failure> {
        body(settled(self.0.ask(&request.write(), transfer, patience)).await?)
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.end();
    }
}

async fn settled(promise: Promise) -> Result<JsValue, Failure> {
    JsFuture::from(promise).await.map_err(|error| {
        web_sys::console::info_1(&error);
        let get = |name: &str| Reflect::get(&error, &name.into()).unwrap_or_default();
        let code = get("code");
        let problem = match code.as_string().as_deref() {
            Some("unavailable" | "closed") => None,
            _ => Some(Problem::read(&code).unwrap_or(Problem::WorkerDied)),
        };
        Failure {
            problem,
            again: get("again").is_truthy(),
        }
    })
}

fn body<R: Wire>(reply: JsValue) -> Result<R, Failure> {
    R::read(&reply).ok_or(Failure {
        problem: Some(Problem::WorkerDied),
        again: false,
    })
}

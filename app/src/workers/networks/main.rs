//! The networks worker: any network on the CPU, for one poster or for thousands, occlusion maps, and
//! classifiers of the visitor's own classes.
//!
//! It belongs to the lazy app. The CPU worker is for the first answer, and is kept small. Networks
//! are loaded when they are first asked for, and stay in memory. While one is on its way the requests
//! for others are answered.

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use marquee_app::protocol::networks_worker::{FromNetworksWorker, ToNetworksWorker};
use marquee_app::protocol::{Failed, Refused, Undecoded};
use marquee_app::workers::reader::load_decoders;
use marquee_app::workers::scope::{inbox, load, post};
use marquee_models::file::Model;
use networks::Networks;
use wasm_bindgen_futures::spawn_local;

mod networks;
mod occlusion;
mod teaching;

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        post(&FromNetworksWorker::Failed(Failed {
            reason: panic.to_string(),
            problem: None,
        }));
    }));
    let (events, queue) = unbounded();
    spawn_local(receive(inbox(), events.clone()));
    spawn_local(work(queue, events));
    // Right away, so that no later poster needs the internet.
    spawn_local(load_decoders());
}

/// What the worker reacts to.
enum Event {
    /// The page asks for something.
    Request(ToNetworksWorker),
    /// The weights of this URL are there, or can't be had.
    Loaded(String, Result<Box<Model>, String>),
}

async fn receive(mut inbox: UnboundedReceiver<ToNetworksWorker>, events: UnboundedSender<Event>) {
    while let Ok(request) = inbox.recv().await {
        // The receiver lives as long as the worker.
        _ = events.unbounded_send(Event::Request(request));
    }
}

async fn work(mut queue: UnboundedReceiver<Event>, events: UnboundedSender<Event>) {
    let mut networks = Networks::default();
    let mut waiting: Vec<ToNetworksWorker> = Vec::new();
    while let Ok(event) = queue.recv().await {
        match event {
            Event::Request(request) => waiting.push(request),
            Event::Loaded(url, model) => networks.settle(url, model.map(|model| *model)),
        }
        for url in waiting.iter().flat_map(urls) {
            if networks.begin(url) {
                spawn_local(fetch(url.to_owned(), events.clone()));
            }
        }
        let (ready, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|request| urls(request).all(|url| networks.settled(url)));
        waiting = rest;
        for request in ready {
            answer(&networks, request).await;
        }
        // One that could not be loaded is tried again with the next request for it.
        networks.forget_failures();
    }
}

async fn fetch(url: String, events: UnboundedSender<Event>) {
    let model = load(&url, None).await.map(Box::new);
    _ = events.unbounded_send(Event::Loaded(url, model));
}

/// The URLs of the networks that a request is for.
fn urls(request: &ToNetworksWorker) -> impl Iterator<Item = &str> {
    let urls = match request {
        ToNetworksWorker::Read(request) => &request.networks[..],
        ToNetworksWorker::Prepare(request) => std::slice::from_ref(&request.network),
        ToNetworksWorker::Pixels(request) | ToNetworksWorker::OcclusionMap(request) => {
            std::slice::from_ref(&request.network)
        }
        ToNetworksWorker::Measure(request) => std::slice::from_ref(&request.network),
        // A file is made of the weights themselves, which no loaded network has any more.
        ToNetworksWorker::Teach(_)
        | ToNetworksWorker::Assemble(_)
        | ToNetworksWorker::Inspect(_) => &[],
    };
    urls.iter().map(String::as_str)
}

async fn answer(networks: &Networks, request: ToNetworksWorker) {
    let (id, reply) = match request {
        ToNetworksWorker::Read(request) => (request.id, networks.read(request).await),
        ToNetworksWorker::Prepare(request) => (request.id, networks.prepare(request).await),
        ToNetworksWorker::Pixels(request) => (request.id, networks.classify(&request)),
        ToNetworksWorker::OcclusionMap(request) => (request.id, networks.occlude(&request)),
        ToNetworksWorker::Measure(request) => (request.id, networks.measure(&request)),
        ToNetworksWorker::Teach(request) => (request.id, teaching::teach(&request)),
        ToNetworksWorker::Assemble(request) => (request.id, teaching::assemble(request).await),
        ToNetworksWorker::Inspect(request) => (request.id, teaching::inspect(&request).await),
    };
    post(&reply.unwrap_or_else(|Undecoded { problem, detail }| {
        FromNetworksWorker::Refused(Refused {
            id,
            problem,
            detail,
        })
    }));
}

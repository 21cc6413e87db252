//! The CPU worker: reads posters, and gives the page its first answers.
//!
//! It is small and quick to start: the small executor, no Burn, and of the decoders just JPEG's; the
//! others are loaded when the page says that no poster waits, or when a poster needs one.

use futures_channel::mpsc::UnboundedReceiver;
use js_sys::{Array, Float32Array};
use marquee_app::protocol::other_outputs::{self, Decode, Embed, Features};
use marquee_app::protocol::{
    Answer, Classify, Engine, Failed, FromCpu, Init, Picture, Prepared, Problem, Ready, Refused,
    ToCpu, Undecoded, median, probe,
};
use marquee_app::workers::heads::genres_and_score;
use marquee_app::workers::reader::{load_decoders, read};
use marquee_app::workers::scope::{inbox, load, now, post, post_transferring};
use marquee_models::file::{Metadata, Model};
use marquee_models::preprocess::{Decoded, Rgb8, normalise};
use marquee_models::simd::Executor;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

/// How often the network is run to measure its speed, and the milliseconds after which no further run
/// starts: a poster may be waiting.
const PROBES: (usize, f64) = (9, 5.0);

fn main() {
    std::panic::set_hook(Box::new(|panic| fail(panic.to_string(), None)));
    spawn_local(work(inbox()));
}

async fn work(mut inbox: UnboundedReceiver<ToCpu>) {
    let mut engine = None;
    while let Ok(message) = inbox.recv().await {
        match (message, &engine) {
            (ToCpu::Init(Init { weights, bytes }), _) => match load(&weights, bytes).await {
                Ok(model) => engine = Some(start(&model)),
                Err(reason) => fail(reason, Some(Problem::NoNetwork)),
            },
            (ToCpu::Classify(request), Some((metadata, executor))) => {
                classify(metadata, executor, request).await;
            }
            (ToCpu::Decode(Decode { id, logits }), Some((metadata, _))) => {
                let (genre_probabilities, score) = genres_and_score(metadata, &logits);
                post(&FromCpu::Decoded(other_outputs::Decoded {
                    id,
                    genres: metadata.genres.clone(),
                    genre_probabilities,
                    score,
                }));
            }
            (ToCpu::Embed(request), Some((metadata, executor))) => {
                embed(metadata, executor, request).await;
            }
            (ToCpu::Classify(_) | ToCpu::Decode(_) | ToCpu::Embed(_), None) => {
                fail("there is no model yet".into(), None)
            }
            (ToCpu::Rest(_), _) => spawn_local(load_decoders()),
        }
    }
}

fn start(model: &Model) -> (Metadata, Executor) {
    let executor = Executor::new(model);
    let metadata = model.metadata().clone();
    let input = probe(model.network().input_len());
    let (mut logits, mut times) = (Vec::new(), Vec::new());
    while times.len() < PROBES.0 && times.iter().sum::<f64>() < PROBES.1 {
        let begin = now();
        logits = executor.run(&input);
        times.push(now() - begin);
    }
    post(&FromCpu::Ready(Ready {
        network: metadata.network.to_string(),
        labels: metadata.labels.clone(),
        one_ms: median(&times),
        probe: logits,
    }));
    (metadata, executor)
}

/// Reads a file, and makes the network's input of it. One that can't be read is refused, and there is `None`.
async fn prepare(metadata: &Metadata, id: u32, file: &Blob) -> Option<(Decoded, Vec<f32>)> {
    match read(file).await {
        Ok(decoded) => {
            let resized = decoded.image.resize(metadata.input);
            let input = normalise(&resized, &metadata.mean, &metadata.std);
            Some((decoded, input))
        }
        Err(Undecoded { problem, detail }) => {
            post(&FromCpu::Refused(Refused {
                id,
                problem,
                detail,
            }));
            None
        }
    }
}

async fn embed(metadata: &Metadata, executor: &Executor, Embed { id, file }: Embed) {
    if let Some((_, input)) = prepare(metadata, id, &file).await {
        let features = executor.features(&input).as_slice().into();
        post(&FromCpu::Features(Features { id, features }));
    }
}

async fn classify(metadata: &Metadata, executor: &Executor, request: Classify) {
    let Classify { id, file, engine } = request;
    let begin = now();
    let Some((decoded, input)) = prepare(metadata, id, &file).await else {
        return;
    };
    let incomplete = (!decoded.complete).then_some(true);
    let decoded = decoded.image;
    let read = now();
    match engine {
        Engine::Gpu => {
            let input = Float32Array::from(input.as_slice());
            let transfer = Array::of1(&input.buffer());
            let picture = hand_over(&decoded, &transfer);
            post_transferring(
                &FromCpu::Prepared(Prepared {
                    id,
                    input,
                    read_ms: read - begin,
                    incomplete,
                    picture,
                }),
                &transfer,
            );
        }
        Engine::Cpu => {
            let logits = executor.run(&input);
            let probabilities = metadata.probabilities(&logits);
            let infer_ms = now() - read;
            let transfer = Array::new();
            let picture = hand_over(&decoded, &transfer);
            post_transferring(
                &FromCpu::Answer(Answer {
                    id,
                    logits,
                    sure: metadata.is_sure(&probabilities),
                    probabilities,
                    read_ms: read - begin,
                    infer_ms,
                    incomplete,
                    picture,
                }),
                &transfer,
            );
        }
    }
}

/// A poster for others who need its pixels, and its buffer among those to transfer.
fn hand_over(decoded: &Rgb8, transfer: &Array) -> Option<Picture> {
    (decoded.pixels.len() <= Picture::MOST_BYTES).then(|| {
        let picture = Picture::from(decoded);
        transfer.push(&picture.pixels.buffer());
        picture
    })
}

fn fail(reason: String, problem: Option<Problem>) {
    post(&FromCpu::Failed(Failed { reason, problem }));
}

//! A stand-in for TMDB: films that do not exist, posters that the tests draw, and all the ways in
//! which a server can fail.
//!
//! It answers the requests that `marquee fetch` makes:
//! <https://developer.themoviedb.org/reference/discover-movie> and
//! <https://developer.themoviedb.org/reference/movie-details>.

mod answer;
mod film;

pub(crate) use film::Film;

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use answer::{Answer, Query};

/// The key that the server accepts, also as a token.
pub(crate) const KEY: &str = "0123456789abcdef-secret";

/// A server that answers until the process ends.
#[derive(Clone)]
pub(crate) struct StandIn {
    address: SocketAddr,
    shared: Arc<(Mutex<Shared>, Condvar)>,
}

struct Shared {
    films: Arc<[Film]>,
    films_a_page: usize,
    faults: Vec<(String, Fault, usize)>,
    asked: BTreeMap<String, usize>,
    /// How many more requests are answered before all others are held; `None` for all.
    answers_left: Option<usize>,
    /// How many requests are held.
    held: usize,
}

/// What goes wrong.
#[derive(Clone)]
pub(crate) enum Fault {
    /// An answer with this status.
    Status(u16),
    /// Status 429 with this `Retry-After`.
    RetryAfter(String),
    /// No answer for as long as the client keeps the connection open.
    Stall,
    /// Half of the answer.
    CutOff,
    /// A web page with status 200.
    Html,
    /// Status 200 and nothing else.
    Empty,
}

impl StandIn {
    /// Serves these films on a port of this computer; 0 for any port.
    pub(crate) fn start(port: u16, films: Vec<Film>) -> io::Result<StandIn> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let shared = Shared {
            films: films.into(),
            films_a_page: 20,
            faults: Vec::new(),
            asked: BTreeMap::new(),
            answers_left: None,
            held: 0,
        };
        let server = StandIn {
            address: listener.local_addr()?,
            shared: Arc::new((Mutex::new(shared), Condvar::new())),
        };
        let accepting = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = accepting.clone();
                // a client may go away at any time, for example because it is killed
                thread::spawn(move || server.serve(stream).ok());
            }
        });
        Ok(server)
    }

    /// The value for `MARQUEE_TMDB_API`.
    pub(crate) fn api(&self) -> String {
        format!("http://{}/3", self.address)
    }

    /// The value for `MARQUEE_TMDB_IMAGES`.
    pub(crate) fn images(&self) -> String {
        format!("http://{}/t/p", self.address)
    }

    /// Puts this many films on a page instead of TMDB's 20.
    pub(crate) fn list(&self, films_a_page: usize) {
        self.shared().films_a_page = films_a_page;
    }

    /// Fails the next `times` requests whose path, or name in [`asked`](Self::asked), has this end.
    pub(crate) fn fail(&self, path: &str, fault: Fault, times: usize) {
        self.shared().faults.push((path.to_owned(), fault, times));
    }

    /// Removes all faults.
    pub(crate) fn heal(&self) {
        self.shared().faults.clear();
    }

    /// How often each path was requested since the last call. Lists also have their days and page.
    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.shared().asked)
    }

    /// Answers only this many more requests, and holds all others.
    pub(crate) fn hold_after(&self, answers: usize) {
        let mut shared = self.shared();
        (shared.answers_left, shared.held) = (Some(answers), 0);
        self.shared.1.notify_all();
    }

    /// Waits until a request is held.
    pub(crate) fn wait_until_held(&self) {
        let shared = self.shared();
        let held = self.shared.1.wait_while(shared, |shared| shared.held == 0);
        drop(held.expect("no thread of the server panics"));
    }

    /// Answers all requests again.
    pub(crate) fn release(&self) {
        self.shared().answers_left = None;
        self.shared.1.notify_all();
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        let shared = self.shared.0.lock();
        shared.expect("no thread of the server panics")
    }

    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut writer = stream;
        loop {
            let mut first = String::new();
            if reader.read_line(&mut first)? == 0 {
                return Ok(());
            }
            let mut bearer = String::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line)?;
                let line = line.trim();
                if line.is_empty() {
                    break;
                }
                if let Some((name, value)) = line.split_once(": Bearer ")
                    && name.eq_ignore_ascii_case("authorization")
                {
                    bearer = value.to_owned();
                }
            }
            let target = first.split(' ').nth(1).unwrap_or_default();
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let query: Query = query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .collect();
            let fault = self.note(path, &query);
            if let Some(Fault::Stall) = fault {
                io::copy(&mut reader, &mut io::sink())?;
                return Ok(());
            }
            self.answer(&mut writer, path, &query, &bearer, &fault)?;
            if let Some(Fault::CutOff) = fault {
                return Ok(());
            }
        }
    }

    fn answer(
        &self,
        writer: &mut TcpStream,
        path: &str,
        query: &Query,
        bearer: &str,
        fault: &Option<Fault>,
    ) -> io::Result<()> {
        let page = "<!DOCTYPE html><title>Please log in</title>";
        let answer = match fault {
            Some(Fault::Status(status)) => Answer::error(*status),
            Some(Fault::RetryAfter(_)) => Answer::error(429),
            Some(Fault::Html) => Answer::new(200, "text/html", page),
            Some(Fault::Empty) => Answer::new(200, "image/jpeg", []),
            Some(Fault::Stall | Fault::CutOff) | None => {
                let (films, films_a_page) = {
                    let shared = self.shared();
                    (Arc::clone(&shared.films), shared.films_a_page)
                };
                Answer::to(path, query, bearer, &films, films_a_page)
            }
        };
        let wait = match fault {
            Some(Fault::RetryAfter(wait)) => format!("Retry-After: {wait}\r\n"),
            _ => String::new(),
        };
        let length = answer.body.len();
        let head = format!(
            "HTTP/1.1 {} -\r\nContent-Type: {}\r\nContent-Length: {length}\r\n{wait}\r\n",
            answer.status, answer.kind,
        );
        let sent = match fault {
            Some(Fault::CutOff) => length / 2,
            _ => length,
        };
        writer.write_all(&[head.as_bytes(), &answer.body[..sent]].concat())
    }

    /// Counts the request, holds it if it is to be held, and returns what is to go wrong with it.
    fn note(&self, path: &str, query: &Query) -> Option<Fault> {
        let mut shared = self.shared();
        let value = |name| query.get(name).copied().unwrap_or_default();
        let counted = match path.ends_with("/discover/movie") {
            true => format!(
                "{path} {} {} {}",
                value("primary_release_date.gte"),
                value("primary_release_date.lte"),
                value("page")
            ),
            false => path.to_owned(),
        };
        *shared.asked.entry(counted.clone()).or_default() += 1;
        match &mut shared.answers_left {
            Some(0) => {
                shared.held += 1;
                self.shared.1.notify_all();
                let held = |shared: &mut Shared| shared.answers_left == Some(0);
                let released = self.shared.1.wait_while(shared, held);
                shared = released.expect("no thread of the server panics");
            }
            Some(left) => *left -= 1,
            None => {}
        }
        let mut faults = shared.faults.iter_mut();
        let (_, fault, times) = faults.find(|(end, _, times)| {
            *times > 0 && (path.ends_with(end.as_str()) || counted.ends_with(end.as_str()))
        })?;
        *times -= 1;
        Some(fault.clone())
    }
}

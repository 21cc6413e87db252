//! A stand-in for TMDB: films that the project makes up, posters that it draws, and every way in
//! which a server can fail.
//!
//! Speaks as much of the documented API as `marquee fetch` asks for:
//! <https://developer.themoviedb.org/reference/discover-movie> and
//! <https://developer.themoviedb.org/reference/movie-details>.

#[path = "../drawn/mod.rs"]
mod drawn;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use image::ImageFormat;
use serde_json::{Value, json};

/// The key that it accepts; as a token, likewise.
pub(crate) const KEY: &str = "0123456789abcdef-secret";

/// A server that answers until the process ends.
#[derive(Clone)]
pub(crate) struct StandIn {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    films: Vec<Film>,
    films_a_page: usize,
    faults: Vec<(String, Fault, usize)>,
    asked: BTreeMap<String, usize>,
    times: Vec<Instant>,
}

/// A film that does not exist.
#[derive(Clone)]
pub(crate) struct Film {
    pub(crate) id: u64,
    pub(crate) date: String,
    pub(crate) language: &'static str,
    pub(crate) votes: u64,
    pub(crate) has_poster: bool,
}

/// What goes wrong.
#[derive(Clone)]
pub(crate) enum Fault {
    /// An answer of this status.
    Status(u16),
    /// 429 with this `Retry-After`.
    RetryAfter(String),
    /// No answer, while the connection stays open.
    Stall,
    /// Half of the answer.
    CutOff,
    /// A web page with status 200.
    Html,
    /// Status 200 and not a byte.
    Empty,
}

impl Film {
    /// Film `id` of the made-up world: each has its own date, votes, language and poster.
    pub(crate) fn new(id: u64) -> Film {
        Film {
            id,
            date: format!("{}-{:02}-{:02}", 1950 + id % 70, 1 + id % 12, 1 + id % 28),
            language: ["en", "fr", "ja"][(id % 3) as usize],
            votes: id * 37 % 1000,
            has_poster: true,
        }
    }

    /// The first so many films.
    pub(crate) fn many(count: u64) -> Vec<Film> {
        (1..=count).map(Film::new).collect()
    }

    /// The file of its poster.
    pub(crate) fn poster(&self, width: u32) -> Vec<u8> {
        let poster = drawn::poster(self.id as usize, self.id, width, width * 3 / 2);
        drawn::encode(poster, ImageFormat::Jpeg)
    }

    fn listed(&self) -> Value {
        json!({
            "adult": false,
            "id": self.id,
            "original_language": self.language,
            "release_date": self.date,
            "title": format!("Film {}", self.id),
            "video": false,
            "vote_count": self.votes,
        })
    }

    fn details(&self) -> Value {
        json!({
            "adult": false,
            "id": self.id,
            "budget": self.id % 2 * 1_000_000,
            "credits": {"cast": [{"name": "A. Player"}], "crew": [
                {"job": "Producer", "name": "P. Roducer"},
                {"job": "Director", "name": format!("D. Irector {}", self.id % 9)},
            ]},
            "genres": [{"id": 28, "name": "Action"}, {"id": 878, "name": "Science Fiction"}],
            "imdb_id": format!("tt{:07}", self.id),
            "original_language": self.language,
            "original_title": format!("Le film n° {}", self.id),
            "overview": format!("They said, \"{}\",\nand were right.", self.id),
            "poster_path": self.has_poster.then(|| format!("/poster{}.jpg", self.id)),
            "release_date": self.date,
            "revenue": 0,
            "runtime": 90 + self.id % 60,
            "title": format!("Film {}", self.id),
            "vote_average": (self.votes % 100) as f64 / 10.0,
            "vote_count": self.votes,
        })
    }
}

struct Answer {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
}

impl Answer {
    fn json(status: u16, value: &Value) -> Answer {
        Answer {
            status,
            kind: "application/json",
            body: value.to_string().into_bytes(),
        }
    }

    /// As TMDB words its errors.
    fn error(status: u16) -> Answer {
        Answer::json(
            status,
            &json!({"success": false, "status_code": 34, "status_message": "no"}),
        )
    }
}

impl StandIn {
    /// Serves these films on a port (0 for any) of this computer.
    pub(crate) fn start(port: u16, films: Vec<Film>) -> io::Result<StandIn> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let server = StandIn {
            address: listener.local_addr()?,
            shared: Arc::new(Mutex::new(Shared {
                films,
                films_a_page: 20,
                faults: Vec::new(),
                asked: BTreeMap::new(),
                times: Vec::new(),
            })),
        };
        let accepting = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = accepting.clone();
                // a client that goes away, such as one that is killed, is no fault of the server
                thread::spawn(move || server.serve(stream).ok());
            }
        });
        Ok(server)
    }

    /// What `MARQUEE_TMDB_API` is set to.
    pub(crate) fn api(&self) -> String {
        format!("http://{}/3", self.address)
    }

    /// What `MARQUEE_TMDB_IMAGES` is set to.
    pub(crate) fn images(&self) -> String {
        format!("http://{}/t/p", self.address)
    }

    /// Lists so many films a page instead of TMDB's 20.
    pub(crate) fn list(&self, films_a_page: usize) {
        self.shared().films_a_page = films_a_page;
    }

    /// Fails the next so many requests whose path, or name in [`asked`](Self::asked), ends so.
    pub(crate) fn fail(&self, path: &str, fault: Fault, times: usize) {
        self.shared().faults.push((path.to_owned(), fault, times));
    }

    /// Fails no longer.
    pub(crate) fn heal(&self) {
        self.shared().faults.clear();
    }

    /// How often each path was asked for since the last call; lists with their slice and page.
    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.shared().asked)
    }

    /// When requests came.
    pub(crate) fn times(&self) -> Vec<Instant> {
        self.shared().times.clone()
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().expect("no thread of the server panics")
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
                if line.trim().is_empty() {
                    break;
                }
                if let Some((name, value)) = line.split_once(": Bearer ")
                    && name.eq_ignore_ascii_case("authorization")
                {
                    bearer = value.trim().to_owned();
                }
            }
            let target = first.split(' ').nth(1).unwrap_or_default();
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let query: HashMap<&str, &str> = query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .collect();
            if !self.answer(&mut writer, path, &query, &bearer)? {
                return Ok(());
            }
        }
    }

    /// Whether the connection can be used again.
    fn answer(
        &self,
        writer: &mut TcpStream,
        path: &str,
        query: &HashMap<&str, &str>,
        bearer: &str,
    ) -> io::Result<bool> {
        let fault = self.note(path, query);
        let answer = match &fault {
            Some(Fault::Status(status)) => Answer::error(*status),
            Some(Fault::RetryAfter(_)) => Answer::error(429),
            Some(Fault::Html) => Answer {
                status: 200,
                kind: "text/html",
                body: b"<!DOCTYPE html><title>Please log in</title>".to_vec(),
            },
            Some(Fault::Empty) => Answer {
                status: 200,
                kind: "image/jpeg",
                body: Vec::new(),
            },
            Some(Fault::Stall) => {
                // longer than any client in the tests waits
                thread::sleep(Duration::from_secs(20));
                return Ok(false);
            }
            Some(Fault::CutOff) | None => self.content(path, query, bearer),
        };
        let wait = match &fault {
            Some(Fault::RetryAfter(wait)) => format!("Retry-After: {wait}\r\n"),
            _ => String::new(),
        };
        let head = format!(
            "HTTP/1.1 {} -\r\nContent-Type: {}\r\nContent-Length: {}\r\n{wait}\r\n",
            answer.status,
            answer.kind,
            answer.body.len()
        );
        let cut_off = matches!(fault, Some(Fault::CutOff));
        let sent = if cut_off {
            answer.body.len() / 2
        } else {
            answer.body.len()
        };
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&answer.body[..sent]);
        writer.write_all(&bytes)?;
        Ok(!cut_off)
    }

    /// Counts the request, and says what is to go wrong with it.
    fn note(&self, path: &str, query: &HashMap<&str, &str>) -> Option<Fault> {
        let mut shared = self.shared();
        shared.times.push(Instant::now());
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
        let mut faults = shared.faults.iter_mut();
        let (_, fault, times) = faults.find(|(end, _, times)| {
            *times > 0 && (path.ends_with(end.as_str()) || counted.ends_with(end.as_str()))
        })?;
        *times -= 1;
        Some(fault.clone())
    }

    fn content(&self, path: &str, query: &HashMap<&str, &str>, bearer: &str) -> Answer {
        let of_path = |prefix: &str, suffix: &str| -> Option<Film> {
            let id: u64 = path
                .rsplit_once(prefix)?
                .1
                .strip_suffix(suffix)?
                .parse()
                .ok()?;
            self.shared()
                .films
                .iter()
                .find(|film| film.id == id)
                .cloned()
        };
        if let Some(size) = path.strip_prefix("/t/p/") {
            let size = size.split('/').next().unwrap_or_default();
            let width = size.strip_prefix('w').and_then(|width| width.parse().ok());
            return match of_path("/poster", ".jpg") {
                Some(film) => Answer {
                    status: 200,
                    kind: "image/jpeg",
                    body: film.poster(width.unwrap_or(1000)),
                },
                None => Answer::error(404),
            };
        }
        if bearer != KEY && query.get("api_key") != Some(&KEY) {
            return Answer::error(401);
        }
        if path == "/3/discover/movie" {
            return self.discover(query);
        }
        match of_path("/3/movie/", "") {
            Some(film) if query.get("append_to_response") == Some(&"credits") => {
                Answer::json(200, &film.details())
            }
            _ => Answer::error(404),
        }
    }

    fn discover(&self, query: &HashMap<&str, &str>) -> Answer {
        let text = |name| query.get(name).copied();
        let page: usize = text("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        if !(1..=500).contains(&page) {
            return Answer::error(400);
        }
        let least: u64 = text("vote_count.gte")
            .and_then(|votes| votes.parse().ok())
            .unwrap_or(0);
        let (from, until) = (
            text("primary_release_date.gte"),
            text("primary_release_date.lte"),
        );
        let shared = self.shared();
        let mut films: Vec<&Film> = shared
            .films
            .iter()
            .filter(|film| from.is_none_or(|day| *film.date >= *day))
            .filter(|film| until.is_none_or(|day| *film.date <= *day))
            .filter(|film| text("with_original_language").is_none_or(|code| film.language == code))
            .filter(|film| film.votes >= least)
            .collect();
        match text("sort_by") {
            Some("vote_count.desc") => films.sort_by_key(|film| std::cmp::Reverse(film.votes)),
            Some("primary_release_date.asc") => films.sort_by(|a, b| a.date.cmp(&b.date)),
            _ => return Answer::error(400),
        }
        let pages = films.chunks(shared.films_a_page);
        let total_pages = pages.len();
        let results: Vec<Value> = pages
            .skip(page - 1)
            .take(1)
            .flatten()
            .map(|film| film.listed())
            .collect();
        Answer::json(
            200,
            &json!({
                "page": page,
                "results": results,
                "total_pages": total_pages,
                "total_results": films.len(),
            }),
        )
    }
}

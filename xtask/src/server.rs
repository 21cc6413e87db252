//! A static server for the built site, on this machine only unless told otherwise.
//!
//! A thread a connection and a request a connection: there are few visitors, all nearby.

mod compression;

use anyhow::{Context, Result, bail};
use compression::Shelf;
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream},
    path::{Component, Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

/// The longest head of a request that is read.
const MAX_HEAD: u64 = 64 << 10;

/// Browsers open connections in advance; unused ones are closed after this time.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server.
pub(crate) struct Site {
    address: SocketAddr,
    prefix: String,
    thread: JoinHandle<()>,
}

/// What is served, and where.
struct Served {
    folder: PathBuf,
    prefix: String,
    shelf: Shelf,
}

/// Takes a port, so that a taken one is known before the site is built. Port 0 means any free port.
pub(crate) fn listen(address: IpAddr, port: u16) -> Result<TcpListener> {
    match TcpListener::bind((address, port)) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(
            "port {port} is in use by another program. Stop that one, or choose another port: \
             cargo xtask serve --port {}",
            port.checked_add(1).unwrap_or(8080)
        ),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => bail!(
            "this user may not open port {port}. Choose one above 1023: \
             cargo xtask serve --port 8080"
        ),
        other => other.with_context(|| format!("cannot listen on {address}, port {port}")),
    }
}

impl Site {
    /// Serves a folder below `prefix`, which starts and ends with a slash.
    pub(crate) fn start(listener: TcpListener, folder: &Path, prefix: &str) -> Result<Self> {
        let address = listener.local_addr()?;
        let served = Arc::new(Served {
            folder: folder.to_owned(),
            prefix: prefix.to_owned(),
            shelf: Shelf::default(),
        });
        let thread = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = Arc::clone(&served);
                // A visitor who has gone away is no error.
                thread::spawn(move || answer(&stream, &served));
            }
        });
        Ok(Self {
            address,
            prefix: prefix.to_owned(),
            thread,
        })
    }

    /// Where a browser finds the site.
    pub(crate) fn url(&self) -> String {
        let slash = if self.prefix == "/" { "" } else { &self.prefix };
        format!("http://{}{slash}", self.address)
    }

    /// Serves until the program is stopped.
    pub(crate) fn wait(self) {
        let _ = self.thread.join();
    }
}

/// Reads the one request of a connection, answers it, and closes the connection.
fn answer(mut stream: &TcpStream, served: &Served) -> Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.take(MAX_HEAD)).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let mut brotli = false;
    // Most of the head changes nothing, but unread it would reset the connection.
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("Accept-Encoding")
        {
            brotli = compression::accepted(value);
        }
    }
    let mut words = first.split(' ');
    let (method, url) = (words.next(), words.next().unwrap_or_default());
    if !matches!(method, Some("GET" | "HEAD")) {
        return Ok(refuse(stream, "405 Method Not Allowed", "")?);
    }
    let prefix = &served.prefix;
    if prefix.strip_suffix('/') == Some(url) && prefix != "/" {
        let fields = format!("Location: {prefix}\r\n");
        return Ok(refuse(stream, "308 Permanent Redirect", &fields)?);
    }
    let path = resolve(url, prefix).map(|path| served.folder.join(path));
    let path = path.map(|path| {
        if path.is_dir() {
            path.join("index.html")
        } else {
            path
        }
    });
    let Some((path, mut file)) = path.and_then(|path| Some((path.clone(), File::open(path).ok()?)))
    else {
        return Ok(refuse(stream, "404 Not Found", "")?);
    };
    // A rebuilt site must show at the next reload, and wrong types must fail here as they would on
    // a strict host.
    let mut fields = format!(
        "Content-Type: {}\r\nCache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n",
        mime(&path)
    );
    if compression::pays(&path) {
        fields += "Vary: Accept-Encoding\r\n";
        if brotli {
            fields += &format!("Content-Encoding: {}\r\n", compression::BROTLI);
            let bytes = served.shelf.get(&path)?;
            head(stream, "200 OK", &fields, bytes.len() as u64)?;
            if method == Some("GET") {
                stream.write_all(&bytes)?;
            }
            return Ok(());
        }
    }
    head(stream, "200 OK", &fields, file.metadata()?.len())?;
    if method == Some("GET") {
        io::copy(&mut file, &mut stream)?;
    }
    Ok(())
}

fn refuse(mut stream: &TcpStream, status: &str, fields: &str) -> io::Result<()> {
    head(stream, status, fields, status.len() as u64)?;
    stream.write_all(status.as_bytes())
}

/// Writes the head of an answer. `fields` end with line breaks.
fn head(mut stream: &TcpStream, status: &str, fields: &str, length: u64) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\n{fields}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())
}

/// The file that a URL names, relative to the served folder; none if it is outside of it.
fn resolve(url: &str, prefix: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(prefix)?;
    let path = PathBuf::from(percent_decode(path)?);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    inside.then_some(path)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|path| !path.contains(['\\', '\0']))
}

/// The type a file is served as. Browsers compile WebAssembly while it arrives only if its type is
/// right, and refuse modules and workers of another type than JavaScript.
fn mime(path: &Path) -> &'static str {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending.unwrap_or_default().to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, net::Ipv4Addr};

    /// A whole answer to one who understands no compression: the head with its names in lower case,
    /// and the body.
    fn ask(site: &Site, method: &str, path: &str) -> (String, String) {
        let (head, body) = ask_with(site, method, path, "");
        (head, String::from_utf8(body).expect("the answer is text"))
    }

    /// A whole answer to one who sends these fields, which end with line breaks.
    fn ask_with(site: &Site, method: &str, path: &str, fields: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(site.address).expect("the server listens");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}Connection: close\r\n\r\n"
        )
        .expect("the request is sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|at| at == b"\r\n\r\n");
        let body = bytes.split_off(end.expect("a head and a body") + 4);
        let head = String::from_utf8(bytes).expect("the head is text");
        (head.to_ascii_lowercase(), body)
    }

    #[test]
    fn a_site_is_served_below_its_prefix_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("index.html"), "the page").expect("a file");
        fs::write(folder.path().join("a b.wasm"), "code").expect("a file");
        let listener = listen(Ipv4Addr::LOCALHOST.into(), 0).expect("a free port");
        let site = Site::start(listener, folder.path(), "/marquee/").expect("it starts");

        let (head, body) = ask(&site, "GET", "/marquee/?sample=1");
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert!(head.contains("content-type: text/html"), "{head}");
        assert!(head.contains("cache-control: no-cache"), "{head}");
        assert_eq!(body, "the page");

        let (head, body) = ask(&site, "GET", "/marquee/a%20b.wasm");
        assert!(head.contains("content-type: application/wasm"), "{head}");
        assert_eq!(body, "code");

        let (head, body) = ask(&site, "HEAD", "/marquee/");
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert_eq!(body, "");

        let (head, _) = ask(&site, "GET", "/marquee");
        assert!(head.contains("location: /marquee/"), "{head}");
        for outside in [
            "/",
            "/index.html",
            "/marquee/none",
            "/marquee/%2e%2e/Cargo.toml",
        ] {
            let (head, _) = ask(&site, "GET", outside);
            assert!(head.starts_with("http/1.1 404"), "{outside}: {head}");
        }
        let (head, _) = ask(&site, "POST", "/marquee/");
        assert!(head.starts_with("http/1.1 405"), "{head}");
    }

    #[test]
    fn a_browser_that_understands_it_is_sent_less() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "Now showing. ".repeat(100);
        fs::write(folder.path().join("index.html"), &text).expect("a file");
        fs::write(folder.path().join("a.png"), &text).expect("a file");
        let listener = listen(Ipv4Addr::LOCALHOST.into(), 0).expect("a free port");
        let site = Site::start(listener, folder.path(), "/").expect("it starts");
        let understands = "accept-encoding: gzip, br\r\n";

        let (head, body) = ask_with(&site, "GET", "/", understands);
        assert!(head.contains("content-encoding: br\r\n"), "{head}");
        assert!(head.contains("vary: accept-encoding\r\n"), "{head}");
        let length = format!("content-length: {}\r\n", body.len());
        assert!(head.contains(&length), "{head}");
        let mut whole = Vec::new();
        brotli::BrotliDecompress(&mut &body[..], &mut whole).expect("it is brotli");
        assert_eq!(whole, text.as_bytes());

        let (head, body) = ask_with(&site, "HEAD", "/", understands);
        assert!(head.contains(&length), "{head}");
        assert_eq!(body, b"");

        // A cache between must know that there is another answer.
        let (head, body) = ask(&site, "GET", "/");
        assert!(!head.contains("content-encoding"), "{head}");
        assert!(head.contains("vary: accept-encoding\r\n"), "{head}");
        assert_eq!(body, text);

        let (head, body) = ask_with(&site, "GET", "/a.png", understands);
        assert!(!head.contains("content-encoding"), "{head}");
        assert_eq!(body, text.as_bytes());
    }

    #[test]
    fn visitors_who_say_nothing_hold_nobody_up() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("index.html"), "the page").expect("a file");
        let listener = listen(Ipv4Addr::LOCALHOST.into(), 0).expect("a free port");
        let site = Site::start(listener, folder.path(), "/").expect("it starts");
        let connect = |_| TcpStream::connect(site.address).expect("the server listens");
        let silent: Vec<_> = (0..32).map(connect).collect();
        assert_eq!(ask(&site, "GET", "/").1, "the page");
        drop(silent);
    }

    #[test]
    fn a_port_in_use_is_said_with_the_remedy() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = taken.local_addr().expect("its address").port();
        let listener = listen(Ipv4Addr::LOCALHOST.into(), port);
        let error = listener.expect_err("the port is taken").to_string();
        assert!(error.contains(&format!("port {port} is in use")), "{error}");
        assert!(error.contains("--port"), "{error}");
    }

    #[test]
    fn urls_stay_inside_the_folder() {
        assert_eq!(resolve("/", "/"), Some(PathBuf::new()));
        assert_eq!(
            resolve("/a/b.js?x=../..", "/"),
            Some(PathBuf::from("a/b.js"))
        );
        for outside in [
            "/../a",
            "/a/../../b",
            "//etc/passwd",
            "/%2fetc",
            "/..%5ca",
            "/%",
            "/%zz",
        ] {
            assert_eq!(resolve(outside, "/"), None, "{outside}");
        }
    }
}

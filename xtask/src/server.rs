//! A static server for the built site. It listens on this machine only, unless told otherwise.

use anyhow::{Context, Result, bail};
use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Redirect,
    routing::{any, get},
};
use std::{
    io,
    net::{IpAddr, SocketAddr, TcpListener},
    path::Path,
    thread::{self, JoinHandle},
};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    services::ServeDir,
    set_header::SetResponseHeaderLayer,
};

/// Brotli's quality: files get nearly as small as at the best, 11, in a fiftieth of the time.
const QUALITY: i32 = 5;

/// A running server.
pub(crate) struct Site {
    address: SocketAddr,
    prefix: String,
    thread: JoinHandle<Result<()>>,
}

/// Opens a port. This comes before the site is built, so that nobody waits minutes to hear that the
/// port is in use. Port 0 means any free port. `command` is that of `cargo xtask` which has the option `--port`.
pub(crate) fn listen(address: IpAddr, port: u16, command: &str) -> Result<TcpListener> {
    match TcpListener::bind((address, port)) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(
            "port {port} is in use by another program. Stop that one, or choose another port: \
             cargo xtask {command} --port {}",
            port.checked_add(1).unwrap_or(8080)
        ),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => bail!(
            "this user may not open port {port}. Choose one above 1023: \
             cargo xtask {command} --port 8080"
        ),
        other => other.with_context(|| format!("cannot listen on {address}, port {port}")),
    }
}

impl Site {
    /// Serves a folder below `prefix`, which starts and ends with a slash.
    pub(crate) fn start(listener: TcpListener, folder: &Path, prefix: &str) -> Result<Self> {
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let router = router(folder, prefix);
        let thread = thread::spawn(move || {
            tokio::runtime::Builder::new_multi_thread()
                .enable_io()
                .build()?
                .block_on(async {
                    let listener = tokio::net::TcpListener::from_std(listener)?;
                    Ok(axum::serve(listener, router).await?)
                })
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
    pub(crate) fn wait(self) -> Result<()> {
        self.thread
            .join()
            .unwrap_or_else(|_| bail!("the server has panicked"))
    }
}

/// What answers the requests.
fn router(folder: &Path, prefix: &str) -> Router {
    let always = |name: HeaderName, value| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    // As a good host does: a page that is measured here must weigh what it weighs there. Fonts and
    // pictures are compressed already.
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Precise(QUALITY))
        .compress_when(DefaultPredicate::new().and(NotForContentType::new("font/")));
    let not_found = any((StatusCode::NOT_FOUND, "404 Not Found"));
    let files = ServeDir::new(folder).not_found_service(not_found.clone());
    let router = if prefix == "/" {
        Router::new().fallback_service(files)
    } else {
        Router::new()
            .nest_service(prefix, files)
            .route(
                prefix.trim_end_matches('/'),
                get(Redirect::permanent(prefix)),
            )
            .fallback_service(not_found)
    };
    router
        .layer(compression)
        // A rebuilt site must show at the next reload.
        .layer(always(header::CACHE_CONTROL, "no-cache"))
        // Wrong types must fail here as they would on a strict host.
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        fs,
        io::{Read, Write},
        net::{Ipv4Addr, TcpStream},
    };

    /// Serves a folder with these files.
    fn serve(files: &[(&str, &str)], prefix: &str) -> (Site, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let listener = listen(Ipv4Addr::LOCALHOST.into(), 0, "serve").expect("a free port");
        let site = Site::start(listener, folder.path(), prefix).expect("it starts");
        (site, folder)
    }

    /// The answer to a browser that understands no compression: the head in lower case, and the body.
    fn ask(site: &Site, method: &str, path: &str) -> (String, String) {
        let (head, body) = ask_with(site, method, path, "");
        (head, String::from_utf8(body).expect("the answer is text"))
    }

    /// The answer to a request with more header fields, each of which ends with a line break.
    fn ask_with(site: &Site, method: &str, path: &str, fields: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(site.address).expect("the server listens");
        // HTTP/1.0, so that the answer is not sent in chunks.
        write!(stream, "{method} {path} HTTP/1.0\r\n{fields}\r\n").expect("the request is sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|at| at == b"\r\n\r\n");
        let body = bytes.split_off(end.expect("a head and a body") + 4);
        let head = String::from_utf8(bytes).expect("the head is text");
        (head.to_ascii_lowercase(), body)
    }

    #[test]
    fn a_site_is_served_below_its_prefix_and_nothing_else() {
        let files = [
            ("index.html", "the page"),
            ("a b.wasm", "code"),
            ("c.js", ""),
        ];
        let (site, _folder) = serve(&files, "/marquee/");

        let (head, body) = ask(&site, "GET", "/marquee/?sample=1");
        assert!(head.contains(" 200 "), "{head}");
        assert!(head.contains("content-type: text/html"), "{head}");
        assert!(head.contains("cache-control: no-cache"), "{head}");
        assert!(head.contains("x-content-type-options: nosniff"), "{head}");
        assert_eq!(body, "the page");

        let (head, body) = ask(&site, "GET", "/marquee/a%20b.wasm");
        assert!(head.contains("content-type: application/wasm"), "{head}");
        assert_eq!(body, "code");
        let (head, _) = ask(&site, "GET", "/marquee/c.js");
        assert!(head.contains("javascript"), "{head}");

        let (head, body) = ask(&site, "HEAD", "/marquee/");
        assert!(head.contains(" 200 "), "{head}");
        assert_eq!(body, "");

        let (head, _) = ask(&site, "GET", "/marquee");
        assert!(head.contains("location: /marquee/"), "{head}");
        for outside in [
            "/",
            "/index.html",
            "/marquee/none",
            "/marquee/../Cargo.toml",
            "/marquee/%2e%2e/Cargo.toml",
            "/marquee/%2fetc/passwd",
            "/marquee//etc/passwd",
            "/marquee/..%5cCargo.toml",
        ] {
            let (head, body) = ask(&site, "GET", outside);
            assert!(head.contains(" 404 "), "{outside}: {head}");
            assert_eq!(body, "404 Not Found");
        }
        let (head, _) = ask(&site, "POST", "/marquee/");
        assert!(head.contains(" 405 "), "{head}");
    }

    #[test]
    fn a_browser_that_understands_it_is_sent_less() {
        let text = "Now showing. ".repeat(100);
        let files = [
            ("index.html", &*text),
            ("a.png", &*text),
            ("a.woff2", &*text),
        ];
        let (site, _folder) = serve(&files, "/");
        let understands = "accept-encoding: gzip, br\r\n";

        let (head, body) = ask_with(&site, "GET", "/", understands);
        assert!(head.contains("content-encoding: br\r\n"), "{head}");
        let mut whole = Vec::new();
        brotli::BrotliDecompress(&mut &body[..], &mut whole).expect("it is brotli");
        assert_eq!(whole, text.as_bytes());
        // A cache between must know that there is another answer.
        assert!(head.contains("vary: accept-encoding\r\n"), "{head}");

        let (head, body) = ask_with(&site, "GET", "/", "accept-encoding: br;q=0\r\n");
        assert!(!head.contains("content-encoding"), "{head}");
        assert_eq!(body, text.as_bytes());
        for compressed_already in ["/a.png", "/a.woff2"] {
            let (head, body) = ask_with(&site, "GET", compressed_already, understands);
            assert!(!head.contains("content-encoding"), "{head}");
            assert_eq!(body, text.as_bytes());
        }
    }

    #[test]
    fn visitors_who_say_nothing_hold_nobody_up() {
        let (site, _folder) = serve(&[("index.html", "the page")], "/");
        let connect = |_| TcpStream::connect(site.address).expect("the server listens");
        let silent: Vec<_> = (0..32).map(connect).collect();
        assert_eq!(ask(&site, "GET", "/").1, "the page");
        drop(silent);
    }

    #[test]
    fn a_port_in_use_is_said_with_the_remedy() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = taken.local_addr().expect("its address").port();
        let listener = listen(Ipv4Addr::LOCALHOST.into(), port, "dev");
        let error = listener.expect_err("the port is taken").to_string();
        assert!(error.contains(&format!("port {port} is in use")), "{error}");
        assert!(error.contains("cargo xtask dev --port"), "{error}");
    }
}

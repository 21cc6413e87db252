use std::time::Duration;

/// How requests are made.
#[derive(Clone, Debug)]
pub struct RequestOptions {
    /// The most requests per second, to all servers together; above 0.
    pub rate: f64,
    /// The most requests that are under way at the same time; at least 1.
    pub connections: usize,
    /// How often a request is made before it is given up; at least 1.
    pub tries: u32,
    /// The wait before the second try is a random time up to this. Before each further try the
    /// longest wait doubles, up to a minute.
    pub backoff: Duration,
    /// A try has failed if the server sends nothing for this long, or if the whole answer takes ten
    /// times as long.
    pub timeout: Duration,
}

impl Default for RequestOptions {
    /// 20 requests per second, 32 at the same time, 5 tries, half a second, 30 seconds.
    fn default() -> RequestOptions {
        RequestOptions {
            rate: 20.0,
            connections: 32,
            tries: 5,
            backoff: Duration::from_millis(500),
            timeout: Duration::from_secs(30),
        }
    }
}

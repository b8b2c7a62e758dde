//! Requests to one server, whose answers are waited for no longer than need be.

use std::error::Error;
use std::pin::pin;
use std::time::Instant;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_LENGTH, RANGE};
use reqwest::{Client, RequestBuilder, Response, Url, redirect};
use tokio::runtime::Runtime;

use super::answer::{self, Answer};
use super::trouble::{Stop, TICK, Trouble, Waits};
use super::{Access, Address};
use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::network;

/// Redirects in a row that are followed, all of them on the same machine.
const REDIRECTS: usize = 5;

/// A server, and how to talk to it.
pub(super) struct Server<'a> {
    /// Gone only when the server is dropped.
    runtime: Option<Runtime>,
    client: Client,
    host: String,
    credentials: Option<&'a Credentials>,
    waits: &'a Waits,
    stop: &'a Stop<'a>,
}

impl<'a> Server<'a> {
    pub fn new(
        address: &Address,
        credentials: Option<&'a Credentials>,
        waits: &'a Waits,
        stop: &'a Stop<'a>,
    ) -> Result<Self, Failure> {
        network::choose_cryptography();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| Failure::failed("cannot start a thread for the network").because(error))?;
        let mut builder = Client::builder();
        if credentials.is_some() && !address.is_encrypted() {
            // What is meant for this machine only must not pass by another one.
            builder = builder.no_proxy();
        }
        let client = builder
            .user_agent(network::USER_AGENT)
            .connect_timeout(waits.connect)
            .redirect(redirects(address.clone()))
            .referer(false)
            .build()
            .map_err(|error| Failure::failed("cannot make connections").because(error.without_url()))?;
        Ok(Server { runtime: Some(runtime), client, host: address.host().to_owned(), credentials, waits, stop })
    }

    /// Asks for a file, from some byte on.
    pub fn get(&self, url: &Url, from: u64, access: &Access) -> Result<Answer, Trouble> {
        let mut request = self.client.get(url.clone());
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        answer::of(self.send(request, access)?, access)
    }

    /// The size of a file, where the server says it.
    pub fn size(&self, url: &Url, access: &Access) -> Result<Option<u64>, Trouble> {
        let response = self.send(self.client.head(url.clone()), access)?;
        // Servers need not know this kind of request.
        if matches!(response.status().as_u16(), 405 | 501) {
            return Ok(None);
        }
        match answer::of(response, access)? {
            // The body of this answer is empty, only its header counts.
            Answer::Whole(response) => Ok(response.headers().get(CONTENT_LENGTH).and_then(answer::number)),
            Answer::Part { .. } | Answer::PastEnd { .. } => Ok(None),
        }
    }

    /// The next bytes of an answer; `None` at its end.
    pub fn read(&self, response: &mut Response) -> Result<Option<impl AsRef<[u8]> + use<>>, Trouble> {
        self.wait(response.chunk())
    }

    fn send(&self, request: RequestBuilder, access: &Access) -> Result<Response, Trouble> {
        let request = match self.credentials.filter(|_| !access.is_open) {
            Some(credentials) => request.basic_auth(&credentials.user, Some(credentials.password())),
            None => request,
        };
        self.wait(request.header(ACCEPT_ENCODING, "identity").send())
    }

    /// Waits for the network: until it is time to stop, or for as long as a stalled server is borne.
    fn wait<T>(&self, future: impl Future<Output = reqwest::Result<T>>) -> Result<T, Trouble> {
        let Some(runtime) = &self.runtime else { return Err(Trouble::Stopped) };
        let started = Instant::now();
        runtime.block_on(async {
            let mut future = pin!(future);
            loop {
                match tokio::time::timeout(TICK, &mut future).await {
                    Ok(result) => return result.map_err(|error| trouble(error, &self.host)),
                    Err(_) => {
                        self.stop.check()?;
                        if started.elapsed() >= self.waits.stall {
                            return Err(Trouble::passing("the server has stalled"));
                        }
                    }
                }
            }
        })
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        // A look-up of a name may take minutes, and cannot be stopped.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Only on the same machine, where the same password is good, and not to a page on which to log in.
fn redirects(address: Address) -> redirect::Policy {
    redirect::Policy::custom(move |attempt| {
        let is_log_in = attempt.url().path().contains("login");
        if address.is_same_machine(attempt.url()) && !is_log_in && attempt.previous().len() <= REDIRECTS {
            attempt.follow()
        } else {
            attempt.stop()
        }
    })
}

/// What went wrong on the way, in the words of whoever noticed first.
fn trouble(error: reqwest::Error, host: &str) -> Trouble {
    let error = error.without_url();
    if error.is_timeout() {
        return Trouble::passing("no connection came about in time");
    }
    let what = if error.is_connect() { "cannot connect" } else { "the connection was lost" };
    let mut innermost: &(dyn Error + 'static) = &error;
    while let Some(source) = inner(innermost) {
        innermost = source;
    }
    match innermost.downcast_ref::<rustls::Error>() {
        // It will be no other at the next attempt.
        Some(rustls::Error::InvalidCertificate(_)) => {
            Trouble::Run(Failure::failed(format!("{host} does not prove to be {host}: {innermost}")).remedy(
                "nothing was sent; behind a proxy that looks into connections, its certificate must be one of the \
                 system's",
            ))
        }
        _ => Trouble::passing(format!("{what} ({innermost})")),
    }
}

/// What an error is about. Of an error around another one the system's own type gives only that one's source.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
}

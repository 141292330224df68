use super::{Drain, Guarded, Limits, Observed};
use crate::Service;
use crate::endpoints::{self, Connection};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How many connections may wait to be accepted.
const QUEUE: i32 = 4096;
/// How long clients that still connect are let in after the service was told to stop.
const STILL_ACCEPTING: Duration = Duration::from_secs(1);
/// How long the last handshake of TCP takes, which began before nobody new was let in.
const HANDSHAKE: Duration = Duration::from_millis(100);
/// How long connections may wait for another request after that moment: busy clients send one, and are asked to go.
const STILL_WAITING: Duration = Duration::from_millis(2500);
/// How long requests under way may take after that moment.
const GRACE: Duration = Duration::from_millis(4500);
/// How long a client that still sends is listened to after an answer that did not wait for its body.
const LINGER: Duration = Duration::from_secs(2);

/// How the service is reached.
#[derive(Clone, Default)]
pub struct Options {
    /// What one client may take.
    pub limits: Limits,
    /// Certificate and key, for HTTPS.
    pub tls: Option<Arc<rustls::ServerConfig>>,
}

/// Serves on a listener until `stop` ends. Then the service is not ready any more (`/readyz`), every answer asks its
/// client to go, and no request that was sent is left without an answer, unless it takes longer than five seconds.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    options: Options,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    // The default is 128: of more clients that connect at once, some would wait a second before they try again.
    let _ = socket2::SockRef::from(&listener).listen(QUEUE);
    let server = Arc::new(Server::new(service, options));
    tokio::select! {
        ended = server.accept(&listener) => return ended,
        () = stop => {}
    }
    server.drain(listener).await;
    Ok(())
}

pub(super) struct Server {
    service: Arc<Service>,
    limits: Limits,
    tls: Option<TlsAcceptor>,
    room: Arc<Semaphore>,
}

impl Server {
    pub(super) fn new(service: Arc<Service>, options: Options) -> Self {
        let Options { limits, tls } = options;
        let room = Arc::new(Semaphore::new(limits.connections));
        Self { service, limits, tls: tls.map(TlsAcceptor::from), room }
    }

    fn ending(&self) -> &Arc<Drain> {
        self.service.drain()
    }

    async fn accept(self: &Arc<Self>, listener: &TcpListener) -> io::Result<()> {
        loop {
            let room = Arc::clone(&self.room).acquire_owned().await.map_err(io::Error::other)?;
            match listener.accept().await {
                Ok((stream, peer)) => self.take(stream, peer, Some(room)),
                // The client went, or there are no file descriptors left for the moment: others go, too.
                Err(error) if is_of_connection(&error) => {}
                Err(_) => sleep(Duration::from_millis(100)).await,
            }
        }
    }

    fn take(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr, room: Option<OwnedSemaphorePermit>) {
        let (server, counted) = (Arc::clone(self), self.ending().count());
        tokio::spawn(async move {
            server.answer(stream, peer).await;
            drop((room, counted));
        });
    }

    async fn answer(&self, stream: TcpStream, peer: SocketAddr) {
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else { return self.converse(stream, peer, "http").await };
        // There is no deadline in the handshake itself.
        match timeout(self.limits.handshake_time, welcome(tls, stream)).await {
            Ok(Welcomed::Secure(stream)) => self.converse(stream, peer, "https").await,
            Ok(Welcomed::Plain(stream)) => part_plainly(stream).await,
            Ok(Welcomed::Nobody) | Err(_) => {}
        }
    }

    pub(super) async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        peer: SocketAddr,
        scheme: &'static str,
    ) {
        let observed = Arc::new(Observed::default());
        let guarded = Guarded::new(stream, Arc::clone(&observed), self.limits.write_time);
        let about = Connection { peer, scheme, observed: Arc::clone(&observed), body_time: self.limits.body_time };
        let answer = service_fn(|request: http::Request<Incoming>| {
            Box::pin(endpoints::answer(&self.service, about.clone(), request))
        });
        let mut conversation = http1::Builder::new()
            .timer(TokioTimer::new())
            // A client that has sent all it has to say may close its side, and waits for its answer.
            .half_close(true)
            .header_read_timeout(self.limits.header_time)
            .max_headers(self.limits.header_lines)
            .max_header_size(self.limits.header)
            .max_buf_size(self.limits.header.max(8 * 1024))
            .serve_connection(TokioIo::new(guarded), answer);
        let ended = {
            let mut ended = std::pin::pin!(poll_fn(|context| conversation.poll_without_shutdown(context)));
            tokio::select! {
                // A request that is there already comes before the end.
                biased;
                ended = &mut ended => Some(ended),
                () = self.ending().closed() => None,
            }
        };
        let ended = match ended {
            Some(ended) => ended,
            None => {
                std::pin::Pin::new(&mut conversation).graceful_shutdown();
                poll_fn(|context| conversation.poll_without_shutdown(context)).await
            }
        };
        // Whoever is told that a header is wrong may still be sending it.
        let still_sends = observed.unread_body.load(Ordering::Relaxed) || ended.is_err_and(|it| it.is_parse());
        part(conversation.into_parts().io.into_inner(), still_sends).await;
    }

    /// No request that was sent stays without an answer.
    async fn drain(self: &Arc<Self>, listener: TcpListener) {
        let told = Instant::now();
        self.ending().begin();
        if self.ending().open() > 0 {
            let accepting = self.accept(&listener);
            let _ = timeout_at(told + STILL_ACCEPTING, async {
                tokio::select! { _ = accepting => {}, () = self.ending().emptied() => {} }
            })
            .await;
        }
        self.close(listener).await;
        let emptied = timeout_at(told + STILL_WAITING, self.ending().emptied()).await;
        if emptied.is_err() {
            self.ending().close();
            let _ = timeout_at(told + GRACE, self.ending().emptied()).await;
        }
    }

    /// Closing a listener resets the connections that wait in its queue, though their clients may have sent a request. So
    /// first nobody may join the queue, then it is emptied.
    async fn close(self: &Arc<Self>, listener: TcpListener) {
        refuse_newcomers(&listener);
        let accepting = self.accept(&listener);
        let _ = timeout_at(Instant::now() + HANDSHAKE, accepting).await;
        let _ = self.sweep(listener);
    }

    /// Takes what is in the queue at this moment. The runtime's own listener may say that there is nothing when it was
    /// this task's turn for long enough.
    fn sweep(self: &Arc<Self>, listener: TcpListener) -> io::Result<()> {
        let listener = listener.into_std()?;
        loop {
            let (stream, peer) = match listener.accept() {
                Ok(accepted) => accepted,
                Err(error) if is_of_connection(&error) => continue,
                Err(error) => return Err(error),
            };
            stream.set_nonblocking(true)?;
            self.take(TcpStream::from_std(stream)?, peer, None);
        }
    }
}

/// Lets the kernel drop connection requests to this listener: a client that tries again finds it closed, or its
/// successor.
#[cfg(target_os = "linux")]
fn refuse_newcomers(listener: &TcpListener) {
    use socket2::{SockFilter, SockRef};
    // The filter of cBPF begins at the TCP header: byte 13 has the flags, of which 2 is SYN.
    const LOAD_BYTE: u16 = 0x30;
    const JUMP_IF_SET: u16 = 0x45;
    const RETURN: u16 = 0x06;
    let filter = [
        SockFilter::new(LOAD_BYTE, 0, 0, 13),
        SockFilter::new(JUMP_IF_SET, 0, 1, 0x02),
        SockFilter::new(RETURN, 0, 0, 0),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
    ];
    let _ = SockRef::from(listener).attach_filter(&filter);
}

#[cfg(not(target_os = "linux"))]
fn refuse_newcomers(_: &TcpListener) {}

fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// What came to the HTTPS port.
enum Welcomed {
    Secure(Box<TlsStream<TcpStream>>),
    Plain(TcpStream),
    Nobody,
}

/// A record of TLS would begin with 22 (RFC 8446 §5.1); a letter is the method of plain HTTP.
async fn welcome(tls: &TlsAcceptor, stream: TcpStream) -> Welcomed {
    let mut first = [0];
    match stream.peek(&mut first).await {
        Ok(1) if first[0].is_ascii_uppercase() => Welcomed::Plain(stream),
        Ok(1) => tls.accept(stream).await.map_or(Welcomed::Nobody, |it| Welcomed::Secure(Box::new(it))),
        _ => Welcomed::Nobody,
    }
}

/// Says what is wrong in the client's own language.
async fn part_plainly(mut stream: TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 38\r\n\
        Connection: close\r\n\r\nthis port speaks HTTPS: use https://\r\n";
    let _ = timeout(LINGER, stream.write_all(ANSWER)).await;
    part(stream, true).await;
}

/// Ends a connection. Where the client still sends, closing at once would reset it before it has read the answer.
async fn part<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, still_sends: bool) {
    let _ = stream.shutdown().await;
    if still_sends {
        let end = Instant::now() + LINGER;
        // On the heap: else every connection would have room for it all along.
        let mut buffer = vec![0; 8 * 1024];
        while let Ok(Ok(1..)) = timeout_at(end, stream.read(&mut buffer)).await {}
    }
}

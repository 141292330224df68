use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// What was seen on a connection and the request no longer tells.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// A header told the body's length twice: `Content-Length` and `Transfer-Encoding`.
    pub(crate) two_lengths: AtomicBool,
    /// The answer was given without reading the whole body.
    pub(crate) unread_body: AtomicBool,
}

/// A stream whose writes have a deadline, and whose reads are looked at for what hyper hides: of two lengths it keeps
/// one, and RFC 9112 §6.1 lets a server refuse such a request as an attempt to smuggle another.
pub(crate) struct Guarded<S> {
    stream: S,
    observed: Arc<Observed>,
    write_time: Duration,
    /// Runs while a write waits.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Guarded<S> {
    pub(crate) fn new(stream: S, observed: Arc<Observed>, write_time: Duration) -> Self {
        Self { stream, observed, write_time, deadline: None }
    }
}

impl<S: Unpin> Guarded<S> {
    fn timed<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let time = self.write_time;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(time)));
        ready!(deadline.as_mut().poll(context));
        deadline.as_mut().reset(Instant::now() + time);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        if has_two_lengths(buffer.filled().get(before..).unwrap_or_default()) {
            this.observed.two_lengths.store(true, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.timed(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.timed(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        this.timed(context, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shut = Pin::new(&mut this.stream).poll_shutdown(context);
        this.timed(context, shut)
    }
}

/// Whether the first header in these bytes has both lengths. A header that arrives in pieces may pass: such a request is
/// read as chunked, and its connection ends after the answer.
fn has_two_lengths(bytes: &[u8]) -> bool {
    let (mut length, mut encoding) = (false, false);
    for line in bytes.split(|it| *it == b'\n').skip(1) {
        let is = |name: &str| line.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()));
        match line {
            [] | [b'\r'] => break,
            _ if is("content-length:") => length = true,
            _ if is("transfer-encoding:") => encoding = true,
            _ => {}
        }
    }
    length && encoding
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    #[test]
    fn both_lengths_in_one_header_are_seen() {
        let with = |rest: &str| has_two_lengths(format!("POST / HTTP/1.1\r\nHost: x\r\n{rest}").as_bytes());
        assert!(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"));
        assert!(with("transfer-encoding: chunked\ncontent-length:3\n\n"));
        assert!(!with("Content-Length: 3\r\n\r\nTransfer-Encoding: x"), "the body may hold anything");
        assert!(!with("Transfer-Encoding: chunked\r\n\r\n"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_given_up() {
        let (ours, _theirs) = tokio::io::duplex(4);
        let mut guarded = Guarded::new(ours, Arc::default(), Duration::from_secs(8));
        let error = guarded.write_all(b"more than four").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}

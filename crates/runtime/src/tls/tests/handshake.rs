//! A real client and a real server, over a socket.

use super::{VERSIONS, authority, client, roots, tls};
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError, ClientConfig, Error, ProtocolVersion, ServerConfig};
use std::fs;
use std::io;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// What both sides agreed on.
#[derive(Debug, PartialEq)]
pub(super) struct Agreed {
    pub(super) version: Option<ProtocolVersion>,
    protocol: Option<Vec<u8>>,
}

/// Connects to `name`, and sends four bytes through the server and back.
#[track_caller]
pub(super) fn connect(server: &Arc<ServerConfig>, client: ClientConfig, name: &str) -> Result<Agreed, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let exchanged = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let acceptor = TlsAcceptor::from(Arc::clone(server));
        let served = tokio::spawn(async move {
            let (socket, _) = listener.accept().await?;
            let mut stream = acceptor.accept(socket).await?;
            let mut bytes = [0; 4];
            stream.read_exact(&mut bytes).await?;
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        });
        let socket = TcpStream::connect(address).await?;
        let agreed = exchange(TlsConnector::from(Arc::new(client)), socket, name).await;
        let served = served.await.expect("no panic");
        agreed.inspect(|_| served.expect("a server that is content"))
    });
    exchanged.map_err(|error: io::Error| match error.get_ref().and_then(|it| it.downcast_ref::<Error>()) {
        Some(error) => error.clone(),
        None => panic!("no failure of TLS: {error}"),
    })
}

async fn exchange(connector: TlsConnector, socket: TcpStream, name: ServerName<'static>) -> io::Result<Agreed> {
    let mut stream = connector.connect(name, socket).await?;
    stream.write_all(b"ping").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    assert_eq!(answer, b"ping");
    let (_, session) = stream.get_ref();
    Ok(Agreed { version: session.protocol_version(), protocol: session.alpn_protocol().map(<[u8]>::to_vec) })
}

/// A server for the hosts of a tenant, and what a client must trust.
fn server() -> (Arc<ServerConfig>, Vec<u8>) {
    let home = TempDir::new().unwrap();
    let ca = authority(home.path());
    let hosts = ["contoso.b2clogin.com", "Login.Contoso.com:8443", "[fd00::7]:8443", "192.168.0.7", "localhost:8080"];
    (tls(&ca, &hosts), fs::read(ca.certificate_path()).unwrap())
}

#[test]
fn a_client_that_trusts_it_connects_by_every_name() {
    let (server, trusted) = server();
    let names =
        ["localhost", "127.0.0.1", "::1", "contoso.b2clogin.com", "login.contoso.com", "fd00::7", "192.168.0.7"];
    for name in names {
        for version in VERSIONS {
            let agreed = connect(&server, client(roots(&trusted), &[version]), name);
            assert_eq!(agreed, Ok(Agreed { version: Some(version.version), protocol: None }), "{name}");
        }
    }
}

#[test]
fn another_name_is_refused() {
    let (server, trusted) = server();
    for name in ["evil.example", "b2clogin.com", "www.contoso.b2clogin.com", "127.0.0.2"] {
        let refused = connect(&server, client(roots(&trusted), &VERSIONS), name).expect_err(name);
        let is_name = matches!(
            refused,
            Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
            )
        );
        assert!(is_name, "{name}: {refused}");
    }
}

#[test]
fn who_trusts_another_authority_refuses_it() {
    let (server, _) = server();
    let (_, other) = self::server();
    let refused = connect(&server, client(roots(&other), &VERSIONS), "localhost");
    assert_eq!(refused, Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)));
}

#[test]
fn it_speaks_http_1_1_and_says_so() {
    let (server, trusted) = server();
    let offering = |protocols: &[&[u8]]| {
        let mut client = client(roots(&trusted), &VERSIONS);
        client.alpn_protocols = protocols.iter().map(|it| it.to_vec()).collect();
        client
    };
    let agreed = connect(&server, offering(&[b"h2", b"http/1.1"]), "localhost").unwrap();
    assert_eq!(agreed.protocol.as_deref(), Some(b"http/1.1".as_slice()));
    let refused = connect(&server, offering(&[b"h2"]), "localhost");
    assert_eq!(refused, Err(Error::AlertReceived(AlertDescription::NoApplicationProtocol)));
}

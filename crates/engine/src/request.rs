use wayfarer_builtins::resolvers;

/// The request that started the journey, as resolvers see it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The correlation id: the same in policy, error bodies and logs.
    pub correlation_id: String,
    /// The host that the client used, without the port.
    pub host: String,
    /// The caller's address.
    pub ip_address: Option<String>,
    /// `client_id`, `scope`, and what else the client sent.
    pub parameters: resolvers::Request,
}

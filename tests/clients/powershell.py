"""Windows PowerShell 5.1 and PowerShell 7: the article's script, and the bytes that `Invoke-RestMethod` sends for it.

Neither runs here. The forms are those of recorded requests (for 7 a GET, and the two headers that a body adds): 5.1
(HttpWebRequest of .NET Framework) writes `Host` after its own headers, asks with `Expect: 100-continue`, and sends
the body when that was answered or 350 ms have passed; 7 (HttpClient) writes `Host` first, never asks, and accepts
compressed answers. Neither escapes a body that is a text.
"""
import json, pathlib, re, socket, ssl

from contoso import CHINA, POLICY, begins, check, discovery_of, expect_claims, over, resolving, same, verified

ARTICLE = (pathlib.Path(__file__).parent / "article" / "token.ps1").read_text()
MEMBERS = ["access_token", "token_type", "not_before", "expires_in", "expires_on", "resource"]


def request(secret=CHINA.secret, uri=f"https://{CHINA.name}/api"):
    """`$endpoint` and `$body` of the article's script, its placeholders replaced as it tells to."""
    script = ARTICLE
    values = {"<tenant-name>": "contoso", "<policy>": POLICY, "<client ID>": CHINA.client_id,
              "<client secret>": secret, "<Your API id uri>": uri}
    for placeholder, value in values.items():
        assert placeholder in script, f"the script has no {placeholder}"
        script = script.replace(placeholder, value)
    variables = {}
    for name, expression in re.findall(r'^\$(\w+) = ([$"].*)$', script, re.MULTILINE):
        terms = expression.split(" + ")
        variables[name] = "".join(it[1:-1] if it[0] == '"' else variables[it[1:]] for it in terms)
    return variables["endpoint"], variables["body"]


def windows_powershell(path, host, length):
    return (f"POST {path} HTTP/1.1\r\n"
            "User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.4111\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Host: {host}\r\n"
            f"Content-Length: {length}\r\n"
            "Expect: 100-continue\r\n"
            "Connection: Keep-Alive\r\n"
            "\r\n").encode("latin-1")


def powershell(path, host, length):
    return (f"POST {path} HTTP/1.1\r\n"
            f"Host: {host}\r\n"
            "User-Agent: Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.22631; en-US) PowerShell/7.4.5\r\n"
            "Accept-Encoding: gzip, deflate, br\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {length}\r\n"
            "\r\n").encode("latin-1")


def connect(head):
    """.NET Framework speaks TLS 1.2 and offers no protocol (ALPN); .NET speaks 1.3 and offers HTTP/1.1."""
    context = ssl.create_default_context()
    if head is windows_powershell:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    else:
        context.set_alpn_protocols(["http/1.1"])
    plain = socket.create_connection(("127.0.0.1", CHINA.port), timeout=10)
    return context.wrap_socket(plain, server_hostname=CHINA.host)


def head_of(stream):
    """The status and the headers of the next answer."""
    status = int(stream.readline().split()[1])
    lines = iter(lambda: stream.readline().decode("latin-1").strip(), "")
    return status, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def answer(stream):
    status, headers = head_of(stream)
    if status == 100:
        return answer(stream)
    # PowerShell reads JSON only from an answer of that type.
    begins(headers["content-type"], "application/json")
    return status, json.loads(stream.read(int(headers["content-length"])))


def waits(connection, stream, head, body):
    """5.1 where the service is quick: the body goes out when it was asked for."""
    connection.sendall(head)
    same(head_of(stream)[0], 100)
    connection.sendall(body)
    return answer(stream)


def does_not_wait(connection, stream, head, body):
    """5.1 after its 350 ms: the body comes unasked, and 100 may come or not."""
    connection.sendall(head)
    connection.sendall(body)
    return answer(stream)


def at_once(connection, stream, head, body):
    connection.sendall(head + body)
    return answer(stream)


def exchange(head, way, times=1, **values):
    """The answers to the script, run that many times in one session, which keeps its connection."""
    endpoint, body = request(**values)
    host, path = re.fullmatch(r"https://([^/]+)(/.*)", endpoint).groups()
    body = body.encode("latin-1")
    with connect(head) as connection, connection.makefile("rb") as stream:
        return [way(connection, stream, head(path, host, len(body)), body) for _ in range(times)]


def token(head, way):
    for status, body in exchange(head, way, times=2):
        same(status, 200)
        same(list(body), MEMBERS)
        same(body["resource"], CHINA.api)
        document = discovery_of(CHINA.host, CHINA.name)
        expect_claims(verified(body["access_token"], document, over(resolving())), CHINA, CHINA.host)


def refused(head, way, error, code, **values):
    [(status, body)] = exchange(head, way, **values)
    same((status, list(body), body["error"]), (400, ["error", "error_description"], error))
    begins(body["error_description"], code)


def body_of_the_script():
    """As the article writes it: nothing is escaped."""
    same(request(), (
        "https://contoso.b2clogin.cn/contoso.partner.onmschina.cn/B2C_1A_ClientCredentials/oauth2/v2.0/token",
        "grant_type=client_credentials&scope=https://contoso.partner.onmschina.cn/api/.default"
        "&client_id=11112222-bbbb-3333-cccc-4444dddd5555&client_secret=FyX7Q~DuPJ..."))


check("PowerShell: the request of the article's script", body_of_the_script)
for name, head, way in (("Windows PowerShell 5.1", windows_powershell, waits),
                        ("Windows PowerShell 5.1, after 350 ms", windows_powershell, does_not_wait),
                        ("PowerShell 7", powershell, at_once)):
    check(f"{name}: the article's script, twice on one connection", token, head, way)
    check(f"{name}: a wrong secret", lambda: refused(head, way, "invalid_client", "AADB2C90081: ", secret="wrong"))
    check(f"{name}: an unknown scope", lambda: refused(
        head, way, "invalid_request", "AADB2C90117: ", uri="https://contoso.partner.onmschina.cn/nobody"))

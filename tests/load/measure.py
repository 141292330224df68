"""What is measured: token rounds by wrk, `openssl speed`, cold starts, discovery while tokens saturate."""
import dataclasses, os, pathlib, re, socket, statistics, subprocess, sys, time

from servers import FORM, Server, milliseconds_since, spawn, wayfarer_command

SCRIPT = pathlib.Path(__file__).resolve().parent / "tokens.lua"


@dataclasses.dataclass
class Round:
    """One run of wrk against one server."""
    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    memory_mib: float


def start_wrk(server, connections, seconds, cores):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT),
               server.origin + server.token]
    return spawn(command, cores, stdout=subprocess.PIPE, text=True, env={**os.environ, "LOAD_BODY": FORM})


def finish_wrk(wrk, server):
    output, _ = wrk.communicate()
    found = re.search(r"^figures (\d+) (\d+) (\d+) (\d+) (\d+)$", output, re.MULTILINE)
    if not found:
        sys.exit(f"wrk failed:\n{output}")
    requests, duration_us, p50_us, p99_us, failed = map(int, found.groups())
    if failed or not requests:
        sys.exit(f"{server.name}: {failed} of {requests} token requests failed; its log: {server.log}\n{output}")
    return requests, requests / duration_us * 1e6, p50_us / 1e3, p99_us / 1e3


def token_round(server, connections, seconds, cores):
    finish_wrk(start_wrk(server, connections, 1, cores), server)
    before = server.cpu_seconds()
    requests, rate, p50, p99 = finish_wrk(start_wrk(server, connections, seconds, cores), server)
    cpu_us = (server.cpu_seconds() - before) / requests * 1e6
    return Round(rate, p50, p99, cpu_us, server.memory_mib("VmRSS"))


def openssl_signatures(seconds, cores):
    """RSA-2048 signatures a second of one core."""
    speed = spawn(["openssl", "speed", "-mr", "-seconds", str(seconds), "rsa2048"], cores,
                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output, _ = speed.communicate()
    return float(re.search(r"^\+F2:\d+:2048:([\d.]+):", output, re.MULTILINE)[1])


def cold_start(binary, policies, tenant, discovery, cores):
    """Milliseconds from exec to the first 200 on discovery, and the memory then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    command = wayfarer_command(binary, policies, tenant, f"127.0.0.1:{address[1]}")
    start = time.perf_counter()
    process = spawn(command, cores, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(address, discovery):
            if process.poll() is not None or milliseconds_since(start) > 30_000:
                sys.exit(f"`{' '.join(map(str, command))}` does not answer")
            time.sleep(0.001)
        took = milliseconds_since(start)
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return took, int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1]) / 1024
    finally:
        process.terminate()
        process.wait()


def answers(address, path):
    """Whether a GET there is answered with 200; on loopback a connection is refused at once."""
    with socket.socket() as client:
        if client.connect_ex(address):
            return False
        client.settimeout(10)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return client.recv(15).startswith(b"HTTP/1.1 200")


def discovery_under_load(server: Server, seconds, load_cores):
    """p50 and p99 in milliseconds of GETs, one every 5 ms on one connection, while 64 connections ask for tokens."""
    wrk = start_wrk(server, 64, seconds + 1, load_cores)
    time.sleep(0.5)
    connection, times = server.connect(), []
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        start = time.perf_counter()
        connection.request("GET", server.discovery)
        response = connection.getresponse()
        response.read()
        times.append(milliseconds_since(start))
        if response.status != 200:
            sys.exit(f"{server.name}: discovery answers {response.status}")
        time.sleep(0.005)
    finish_wrk(wrk, server)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]

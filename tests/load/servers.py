"""The two servers that are compared: how they are started, where they listen, what the kernel says of them."""
import http.client, os, pathlib, re, shutil, subprocess, sys, time, urllib.parse

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
TICK = os.sysconf("SC_CLK_TCK")

# The registered app of fixtures/contoso; its secret is a fixture's and opens nothing.
FORM = urllib.parse.urlencode({
    "grant_type": "client_credentials",
    "client_id": "3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521",
    "client_secret": "dev.ContosoClientCredentialsSecret000001",
    "scope": "https://contoso.onmicrosoft.com/api/.default",
})
POLICY = "B2C_1A_ClientCredentials"


def spawn(command, cores, **options):
    """A process on those cores. The affinity is inherited: `taskset` would be one more exec in the time of a start."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        return subprocess.Popen(command, close_fds=False, **options)
    finally:
        os.sched_setaffinity(0, own)


class Server:
    """A running server: `origin`, the paths of its token endpoint and its discovery document, its process."""

    def __init__(self, name, command, cores, folder, token, discovery):
        self.name, self.token, self.discovery = name, token, discovery
        self.log = folder / f"{name}.log"
        with open(self.log, "w") as log:
            self.process = spawn(command, cores, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://[^/\s]+", line)
        if not found:
            self.process.wait()
            sys.exit(f"`{' '.join(map(str, command))}` did not say where it listens:\n{line}{self.log.read_text()}")
        self.origin = found[0]

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory_mib(self, member):
        """`VmRSS` now, or `VmHWM`, the highest so far."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{member}:\s+(\d+) kB", status, re.MULTILINE)[1]) / 1024

    def connect(self):
        return http.client.HTTPConnection(self.origin.removeprefix("http://"), timeout=10)

    def answer(self, method, path, body=None):
        connection = self.connect()
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()


def wayfarer_command(binary, policies, tenant, listen="127.0.0.1:0"):
    command = [binary, "serve", policies, "--tenant", tenant, "--listen", listen]
    usage = subprocess.run([binary, "serve", "--help"], capture_output=True, text=True, check=True).stdout
    # The load comes from one address, which a limit would refuse.
    return command + ["--rate-limit", "off"] if "--rate-limit" in usage else command


def start_wayfarer(binary, cores, folder):
    command = wayfarer_command(binary, REPOSITORY / "policies/client-credentials", copy_of_tenant(folder))
    path = f"/contoso.onmicrosoft.com/{POLICY}"
    return Server("wayfarer", command, cores, folder, f"{path}/oauth2/v2.0/token",
                  f"{path}/v2.0/.well-known/openid-configuration")


def start_bare(binary, mode, cores, folder):
    return Server("bare", [binary, "127.0.0.1:0", mode], cores, folder, "/token", "/discovery")


def copy_of_tenant(folder):
    """Keys are made in the tenant's folder: never in the fixture."""
    tenant = folder / "contoso"
    if not tenant.exists():
        shutil.copytree(REPOSITORY / "fixtures/contoso", tenant, ignore=shutil.ignore_patterns("keys"))
    return tenant


def many_policies(folder, count):
    """`count` relying parties over one base, and their ids."""
    source = REPOSITORY / "policies/client-credentials"
    target = folder / "policies"
    target.mkdir()
    for name in ("TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml"):
        shutil.copy(source / name, target / name)
    text = (source / "ClientCredentials.xml").read_text(encoding="utf-8")
    ids = [f"{POLICY}{number:03}" for number in range(count)]
    for policy in ids:
        (target / f"{policy}.xml").write_text(text.replace(POLICY, policy), encoding="utf-8")
    return target, ids


def milliseconds_since(start):
    return (time.perf_counter() - start) * 1e3

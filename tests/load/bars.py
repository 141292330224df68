"""What is asked of the token service, and the tables that show how far it is from that."""
import dataclasses, statistics

SATURATED = (8, 64)


@dataclasses.dataclass
class Bar:
    """One figure and its bound. `value` is None where this run can't judge it."""
    what: str
    value: float | None
    bound: float
    at_least: bool = False

    def row(self):
        sign = "≥" if self.at_least else "≤"
        value = "–" if self.value is None else f"{self.value:.2f}"
        return f"| {self.what} | {value} | {sign} {self.bound:g} | {self.verdict()} |"

    def verdict(self):
        if self.value is None:
            return "not judged"
        return "PASS" if (self.value >= self.bound if self.at_least else self.value <= self.bound) else "FAIL"


@dataclasses.dataclass
class Level:
    """The rounds at one number of connections; the same index is the same minute."""
    connections: int
    openssl: list
    ours: list
    bare: list

    def ours_by_bare(self, member):
        """Of pairs, so that a machine that slows down slows both down."""
        return statistics.median(getattr(a, member) / getattr(b, member) for a, b in zip(self.ours, self.bare))

    def share_of_openssl(self, rounds):
        return statistics.median(it.rate / signatures for it, signatures in zip(rounds, self.openssl))

    def cpu_beyond_signature(self, rounds):
        return statistics.median(it.cpu_us - 1e6 / signatures for it, signatures in zip(rounds, self.openssl))

    def rows(self):
        for name, rounds in (("wayfarer", self.ours), ("bare", self.bare)):
            median = {it.name: statistics.median(getattr(r, it.name) for r in rounds) for it in dataclasses.fields(rounds[0])}
            yield (f"| {self.connections} | {name} | {median['rate']:.0f} | {median['p50_ms']:.2f} | {median['p99_ms']:.2f} "
                   f"| {median['cpu_us']:.0f} | {self.cpu_beyond_signature(rounds):.0f} "
                   f"| {self.share_of_openssl(rounds):.2f} | {median['memory_mib']:.1f} |")

    def ratio_row(self):
        return (f"| {self.connections} | **ratio** | {self.ours_by_bare('rate'):.2f} | {self.ours_by_bare('p50_ms'):.2f} "
                f"| {self.ours_by_bare('p99_ms'):.2f} | {self.ours_by_bare('cpu_us'):.2f} | | | |")


def bars(levels, cold_ms, discovery_p99_ms, peak_mib, pinned):
    for level in levels:
        at = f"at {level.connections}"
        yield Bar(f"rate ÷ bare handler's, {at}", level.ours_by_bare("rate"), 0.90, at_least=True)
        yield Bar(f"p99 ÷ bare handler's, {at}", level.ours_by_bare("p99_ms"), 1.2)
        if level.connections in SATURATED:
            yield Bar(f"CPU beyond the signature, µs, {at}", level.cpu_beyond_signature(level.ours), 70)
    # With one connection the server waits for its client half of the time; not pinned, it has more than one core.
    share = levels[-1].share_of_openssl(levels[-1].ours) if pinned and levels[-1].connections in SATURATED else None
    yield Bar(f"rate ÷ `openssl speed rsa2048`, at {levels[-1].connections}", share, 0.78, at_least=True)
    yield Bar("highest resident memory, MiB", peak_mib, 40)
    yield Bar("exec to the first 200 on discovery, 200 policies, ms", cold_ms, 50)
    yield Bar("discovery p99 while tokens saturate, ms", discovery_p99_ms, 5)


def token_table(levels):
    yield "| connections | server | req/s | p50 ms | p99 ms | CPU µs/req | beyond the signature | ÷ openssl | RSS MiB |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for level in levels:
        yield from level.rows()
        yield level.ratio_row()

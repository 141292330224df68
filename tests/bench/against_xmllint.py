#!/usr/bin/env python3
"""Wayfarer against xmllint, on the same files in the same run: read the ratios, not the milliseconds.

    cargo build --release
    python3 tests/bench/against_xmllint.py --corpus CORPUS --xsd TrustFrameworkPolicy_0.3.0.0.libxml2.xsd [--tenant]

CORPUS is a folder of public policies. With --tenant a set of 2,000 policies and 100 MB is made from its largest files
(copied in rotation, ids renamed) and judged too, with the peak of memory. Needs xmllint; pinning needs taskset.
"""
import argparse, pathlib, re, shutil, statistics, subprocess, tempfile, time

WAYFARER = "target/release/wayfarer"


def median(command, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peak_mib(command):
    """Peak resident memory of one run."""
    run = subprocess.run(["/usr/bin/time", "-f", "%M", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(run.stderr.strip().splitlines()[-1]) / 1024


def compare(name, folder, files, xsd, rounds):
    pinned = ["taskset", "-c", "1"] if shutil.which("taskset") else []
    xmllint = median([*pinned, "xmllint", "--noout", "--schema", xsd, *files], rounds)
    print(f"{name}: {len(files)} files, {sum(pathlib.Path(it).stat().st_size for it in files) / 1e6:.1f} MB; "
          f"xmllint + schema on one core: {xmllint * 1e3:.0f} ms = 1.00")
    for label, arguments in [("schema alone", ["--schema-only"]), ("full check", [])]:
        command = [WAYFARER, "check", str(folder), "--format", "concise", *arguments]
        one, two = median([*pinned, *command], rounds), median(command, rounds)
        print(f"  {label:14} one core {one * 1e3:7.0f} ms = {one / xmllint:.2f}   all cores {two * 1e3:7.0f} ms = {two / xmllint:.2f}")


def make_tenant(corpus, folder, files=2000, largest=47):
    sources = sorted(corpus.rglob("*.xml"), key=lambda it: it.stat().st_size, reverse=True)[:largest]
    for number in range(files):
        text = sources[number % len(sources)].read_text(encoding="utf-8-sig", errors="replace")
        text = re.sub(r'PolicyId="B2C_1A_', f'PolicyId="B2C_1A_N{number}_', text, count=1)
        (folder / f"policy{number:04}.xml").write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True, type=pathlib.Path)
    parser.add_argument("--xsd", required=True)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--tenant", action="store_true")
    options = parser.parse_args()
    files = [str(it) for it in sorted(options.corpus.rglob("*.xml"))]
    compare("corpus", options.corpus, files, options.xsd, options.rounds)
    if options.tenant:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_tenant(options.corpus, folder)
            files = [str(it) for it in sorted(folder.glob("*.xml"))]
            compare("tenant", folder, files, options.xsd, 5)
            size = sum(pathlib.Path(it).stat().st_size for it in files) / 2**20
            for arguments in (["--schema-only"], []):
                peak = peak_mib([WAYFARER, "check", name, "--format", "concise", *arguments])
                print(f"  peak memory {' '.join(arguments) or 'full check'}: {peak:.0f} MiB = {peak / size:.1f} of the bytes")


main()

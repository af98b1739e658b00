"""Runs the test projects of the solution and sums up; scripts/test.sh calls it.

Each project is an executable: it is started directly, in a process group of its own, and
leaves an XML report. A project which writes no report, runs no test or outlasts its bound
has failed, whatever its exit code says.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOLUTION = ROOT / "WebhookDelivery.sln"
ARTIFACTS = ROOT / "artifacts" / "tests"

# These measure real deadlines: a neighbour on the same cores would be part of what they measure.
ALONE = ("WebhookDelivery.EndToEnd.Tests", "WebhookDelivery.Http.Tests")
PROJECTS_AT_ONCE = 2
INTERRUPT_GRACE_SECONDS = 10
MESSAGE_LINES_MAX = 40
STACK_LINES_MAX = 8
LOG_LINES_MAX = 25
LINE_CHARACTERS_MAX = 200

running = set()
running_lock = threading.Lock()


@dataclass
class Result:
    name: str
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list = field(default_factory=list)
    skips: list = field(default_factory=list)

    def fail(self, title, text=""):
        self.failed += 1
        self.failures.append((title, text))


def test_projects(wanted):
    found = re.findall(r'"([^"]+\.Tests\.csproj)"', SOLUTION.read_text(encoding="utf-8-sig"))
    projects = sorted(ROOT / path.replace("\\", "/") for path in found)
    return [p for p in projects if not wanted or any(part in p.stem for part in wanted)]


def executable(project):
    built = [p for p in project.parent.glob(f"bin/Release/*/{project.stem}") if p.is_file()]
    return max(built, key=lambda path: path.stat().st_mtime, default=None)


def run(project, arguments):
    result = Result(project.stem)
    started = time.monotonic()
    program = executable(project)
    if program is None:
        result.fail(f"{project.stem} is not built", "Run scripts/test.sh without --no-build.")
        return result

    report = ARTIFACTS / f"{project.stem}.xml"
    log = ARTIFACTS / f"{project.stem}.log"
    report.unlink(missing_ok=True)
    # The verbose log names each test as it starts: so a crash or a hang can be laid at its door.
    command = [program, "-noColor", "-noLogo", "-reporter", "verbose", "-xml", report]
    for text in arguments.filter:
        command += ["-method", f"*{text}*"]
    exit_code, timed_out = execute(command, project.parent, log, arguments.timeout * 60)

    read_report(report, result, bool(arguments.filter))
    if timed_out:
        title = f"{project.stem} was killed after {arguments.timeout:g} minutes"
        result.fail(title, what_happened(log))
    elif not report.exists():
        result.fail(f"{project.stem} crashed with exit code {exit_code}", what_happened(log))
    elif exit_code != 0 and result.failed == 0:
        result.fail(f"{project.stem} ended with exit code {exit_code}", what_happened(log))
    result.seconds = time.monotonic() - started
    return result


def execute(command, folder, log, timeout_seconds):
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with running_lock:
        running.add(process.pid)
    try:
        return process.wait(timeout_seconds), False
    except subprocess.TimeoutExpired:
        # An interrupt lets the runner report what has ended so far; a hung test ignores it.
        kill_group(process.pid, signal.SIGINT)
        try:
            process.wait(INTERRUPT_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        return None, True
    finally:
        # Also ends what a crashed run has left behind: servers, emulators.
        kill_group(process.pid, signal.SIGKILL)
        process.wait()
        with running_lock:
            running.discard(process.pid)


def kill_group(pid, what):
    try:
        os.killpg(pid, what)
    except ProcessLookupError:
        pass


def what_happened(log):
    unfinished, other = {}, []
    for line in log.read_text(errors="replace").splitlines():
        mark = re.match(r"\s*(.+) \[(STARTING|PASS|FAIL|SKIP|NOT RUN|FINISHED)\]", line)
        if mark is None:
            other.append(line)
        elif mark[2] == "STARTING":
            unfinished[mark[1]] = None
        else:
            unfinished.pop(mark[1], None)
    return "\n".join([f"not finished: {name}" for name in unfinished] + shorten(other, LOG_LINES_MAX))


def read_report(report, result, filtered):
    if not report.exists():
        return
    try:
        assemblies = ElementTree.parse(report).getroot().findall("assembly")
    except ElementTree.ParseError as error:
        result.fail(f"{result.name} left an unreadable report", str(error))
        return
    for assembly in assemblies:
        for test in assembly.iter("test"):
            count(test, result)
        for error in assembly.findall("errors/error"):
            title = f"{error.get('type')} of {error.get('name') or result.name}"
            result.fail(title, failure_text(error))
    if result.passed + result.failed + result.skipped == 0 and not filtered:
        result.fail(f"{result.name} ran no test", "A test project without a test proves nothing.")


def count(test, result):
    outcome, name = test.get("result"), unescape(test.get("name"))
    if outcome == "Pass":
        result.passed += 1
    elif outcome == "Fail":
        result.fail(name, failure_text(test))
    else:
        # Explicit tests are reported as not run: to leave them out is to skip them.
        result.skipped += 1
        result.skips.append((name, (test.findtext("reason") or "").strip()))


def failure_text(element):
    failure = element.find("failure")
    if failure is None:
        return ""
    message = unescape(failure.findtext("message")).splitlines()
    stack = unescape(failure.findtext("stack-trace")).splitlines()
    return "\n".join(shorten(message, MESSAGE_LINES_MAX) + shorten(stack, STACK_LINES_MAX))


def unescape(text):
    return re.sub(r'\\(["\\])', r"\1", (text or "").strip())


def shorten(lines, most):
    short = [line[:LINE_CHARACTERS_MAX] for line in lines[:most]]
    return short if len(lines) <= most else short + [f"… {len(lines) - most} more lines"]


def report_line(result):
    mark = "FAILED" if result.failed else "ok"
    print(
        f"{mark:6} {result.name}: {result.passed} passed, {result.failed} failed,"
        f" {result.skipped} skipped in {result.seconds:.1f} s",
        flush=True,
    )


def run_all(projects, arguments):
    def run_and_report(project):
        result = run(project, arguments)
        report_line(result)
        return result

    together = [p for p in projects if p.stem not in ALONE]
    with ThreadPoolExecutor(PROJECTS_AT_ONCE) as pool:
        results = list(pool.map(run_and_report, together))
    return results + [run_and_report(p) for p in projects if p.stem in ALONE]


def print_details(results):
    for result in results:
        for title, text in result.failures:
            print(f"\nFAILED {title}")
            for line in text.splitlines():
                print(f"    {line}")
        if result.failures:
            print(f"    log: artifacts/tests/{result.name}.log")
    for result in results:
        for name, reason in result.skips:
            print(f"skipped {name}: {reason}")


def summarise(results, arguments):
    passed = sum(r.passed for r in results)
    failed = sum(r.failed for r in results) + arguments.failed_steps
    skipped = sum(r.skipped for r in results)
    print()
    if arguments.filter and passed + failed + skipped == 0:
        print(f"No test matches: {', '.join(arguments.filter)}")
        failed = 1
    refused = skipped > 0 and os.environ.get("CI") == "true"
    if refused:
        print("A skipped test is a failure in CI: what is not run there is never run.")
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or refused else 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the projects, run nothing")
    parser.add_argument("--filter", action="append", default=[])
    parser.add_argument("--timeout", type=float, default=15.0, metavar="MINUTES")
    parser.add_argument("--failed-steps", type=int, default=0)
    parser.add_argument("projects", nargs="*")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    projects = test_projects(arguments.projects)
    if arguments.list:
        for project in projects:
            print(project.relative_to(ROOT))
        return 0
    ARTIFACTS.mkdir(parents=True, exist_ok=True)

    def end(_signal, _frame):
        with running_lock:
            for pid in running:
                kill_group(pid, signal.SIGKILL)
        os._exit(130)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    results = run_all(projects, arguments)
    print_details(results)
    return summarise(results, arguments)


if __name__ == "__main__":
    sys.exit(main())

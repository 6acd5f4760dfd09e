"""Lays an attack over a challenge, as a submission: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runner.attacks.model import Attack
from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission
from runner.submissions.normalise import normalise
from runner.submissions.uploads import DirectoryUpload, Entry

#: What hostile code prints when it has reached what it wanted.
WON = "ATTACK-WON"
#: What it prints of a thing that it left or found: the same thing in two tests has passed from one to the other.
SEEN = "ATTACK-SEEN"
#: Names that every attack's code may use.
_HELPERS = '''
import ctypes as _ctypes, os as _os, platform as _platform, sys as _sys

def say(*words):
    """Print where assessors' views keep it, whatever has been put in place of sys.stderr."""
    _os.write(2, (" ".join(map(str, words)) + "\\n").encode("utf-8", "replace"))

def won(*words):
    """Say that the attack succeeded."""
    say("ATTACK" + "-WON", NAME, *words)

def seen(thing):
    """Say that this test left or found that thing, a text that nothing else is called by."""
    say("ATTACK" + "-SEEN", NAME, thing)

_NUMBERS = {
    "x86_64": dict(ptrace=101, mount=165, umount2=166, unshare=272, setns=308, bpf=321, perf_event_open=298, keyctl=250,
                   add_key=248, userfaultfd=323, io_uring_setup=425, kexec_load=246, init_module=175, finit_module=313,
                   process_vm_readv=310, pidfd_open=434, pidfd_getfd=438, memfd_create=319, memfd_secret=447,
                   open_by_handle_at=304, pivot_root=155, shmget=29, msgget=68, semget=64, mq_open=240, clone=56,
                   personality=135, quotactl=179, reboot=169, swapon=167, settimeofday=164, clock_settime=227,
                   mknod=133, chroot=161, sethostname=170, iopl=172, acct=163, syslog=103, fanotify_init=300,
                   name_to_handle_at=303, kcmp=312, vmsplice=278, setuid=105, move_mount=429, fsopen=430,
                   open_tree=428),
    "aarch64": dict(ptrace=117, mount=40, umount2=39, unshare=97, setns=268, bpf=280, perf_event_open=241, keyctl=219,
                    add_key=217, userfaultfd=282, io_uring_setup=425, kexec_load=104, init_module=105, finit_module=273,
                    process_vm_readv=270, pidfd_open=434, pidfd_getfd=438, memfd_create=279, memfd_secret=447,
                    open_by_handle_at=265, pivot_root=41, shmget=194, msgget=186, semget=190, mq_open=180, clone=220,
                    personality=92, quotactl=60, reboot=142, swapon=224, settimeofday=170, clock_settime=112,
                    mknodat=33, chroot=51, sethostname=161, acct=89, syslog=116, fanotify_init=262,
                    name_to_handle_at=264, kcmp=272, vmsplice=75, setuid=146, move_mount=429, fsopen=430,
                    open_tree=428),
}[_platform.machine()]

def syscall(name, *arguments):
    """Make a system call by its name; gives its result and errno."""
    libc = _ctypes.CDLL(None, use_errno=True)
    whole = [_ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    made = libc.syscall(_ctypes.c_long(_NUMBERS[name]), *whole)
    return made, _ctypes.get_errno() if made == -1 else 0

def on_request(function):
    """Call function(environ) at each request; what it gives, (status, headers, body), is the answer, unless None."""
    import flask
    real = flask.Flask.wsgi_app
    def wsgi_app(self, environ, start_response):
        try:
            answer = function(environ)
        except Exception as error:
            say(NAME, "raised", repr(error))
            answer = None
        if answer is None:
            return real(self, environ, start_response)
        status, headers, body = answer
        start_response(status, headers)
        return body if hasattr(body, "__next__") else [body]
    flask.Flask.wsgi_app = wsgi_app
    return function

def on_first_request(function):
    """Call function(environ) at the first request of all, and not again in another test."""
    def first(environ):
        try:
            _os.close(_os.open("/tmp/" + NAME, _os.O_CREAT | _os.O_EXCL))
        except OSError:
            return None
        return function(environ)
    on_request(first)
    return function
'''


class NotApplicable(Exception):
    """The challenge has no place for this attack: that is as good as one that was refused. The text says why."""


def submission_of(attacks: Sequence[Attack], package: ChallengePackage, base: Mapping[str, bytes]) -> Submission:
    """The submission that carries attacks, mostly one, over `base` (changed files only).

    Raises NotApplicable, and SubmissionRejected where the challenge lets nobody change what an attack has to.
    """
    files = dict(base)
    for attack in attacks:
        files.update({path: text.encode() for path, text in attack.files.items()})
        if attack.code:
            path = _entry_file(package)
            whole = files.get(path, package.starter[path])
            files[path] = whole + _carried(attack, tests_of(package))
    entries = tuple(Entry(path, data) for path, data in files.items())
    return normalise(
        DirectoryUpload(entries), package.starter, package.manifest.editable, package.slug, SubmissionLimits()
    )


def tests_of(package: ChallengePackage) -> list[str]:
    """The ids of the hidden tests: an attacker is taken to know them."""
    return [test.id for test in package.inventory.tests] if package.inventory else []


def _carried(attack: Attack, tests: Sequence[str]) -> bytes:
    """The attack's code as lines at the end of a module, in names of its own."""
    names = {"__name__": "attack", "NAME": attack.name, "TEST_IDS": list(tests)}
    return f"\nexec(compile({_HELPERS + attack.code!r}, 'attack', 'exec'), {names!r})\n".encode()


def _entry_file(package: ChallengePackage) -> str:
    """A file of the starter that is imported when the app starts and that a submission may change."""
    module = package.manifest.app.entry.partition(":")[0].replace(".", "/")
    imported = [path for path in (f"{module}.py", f"{module}/__init__.py") if path in package.starter]
    others = sorted(path for path in package.starter if path.endswith(".py") and not path.startswith("tests/"))
    for path in [*imported, *others]:
        changed = DirectoryUpload((Entry(path, package.starter[path] + b"\n"),))
        try:
            normalise(changed, package.starter, package.manifest.editable, package.slug, SubmissionLimits())
        except SubmissionRejected:
            continue
        return path
    raise NotApplicable("no Python file of the app may be changed")


def partial_base(package: ChallengePackage, scores: Mapping[str, int]) -> str:
    """The mistake that earns most without earning all, by the scores given. Raises NotApplicable."""
    earning = {name: score for name, score in scores.items() if 0 < score < 100}
    if not earning:
        raise NotApplicable(f"no mistake of {package.slug} earns some of its points")
    return max(sorted(earning), key=lambda name: earning[name])

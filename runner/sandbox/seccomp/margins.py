"""What the profile allows beyond what was observed, each group with its reason; what ends a process; what is narrowed.

Names are Linux's, of any architecture: the engine passes over those that a machine does not have.
"""

from __future__ import annotations

from dataclasses import dataclass

from runner.services import SERVICES

ALL = ("app", "grader", *SERVICES)


@dataclass(frozen=True, slots=True)
class Margin:
    """Calls that were perhaps not seen on one machine and are needed on another, or in an honest app not seen yet."""

    name: str
    why: str
    calls: tuple[str, ...]
    roles: tuple[str, ...] = ALL


MARGINS = (
    Margin(
        "the runtime's own start",
        "runc, a Go program, runs under the filter from its loading until it becomes PID 1: it opens the start's FIFO, "
        "closes what must not be inherited, and its threads sleep and wake meanwhile. Newer releases look at /proc "
        "with openat2 and fstatfs first",
        (
            *("execve", "close", "close_range", "openat", "openat2", "read", "write", "fstat", "newfstatat"),
            *("fstatfs", "statfs", "statx", "getdents64", "readlinkat", "faccessat", "faccessat2", "lseek", "dup3"),
            *("epoll_create1", "epoll_ctl", "epoll_pwait", "eventfd2", "pipe2", "futex", "nanosleep", "sched_yield"),
            *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "tgkill", "gettid", "getpid", "getppid"),
            *("mmap", "munmap", "mprotect", "madvise", "exit", "exit_group", "sched_getaffinity", "restart_syscall"),
            *("set_robust_list", "getrandom", "uname", "getuid", "getgid", "geteuid", "getegid", "capget"),
        ),
    ),
    Margin(
        "other C libraries and loaders",
        "an image made on another release: what glibc and musl call at a program's start, for locks, clocks and "
        "memory, where one release calls this and another that",
        (
            *("rseq", "set_tid_address", "arch_prctl", "brk", "mremap", "mseal", "membarrier", "map_shadow_stack"),
            *("clock_gettime", "clock_getres", "clock_nanosleep", "gettimeofday", "time", "getcpu", "prlimit64"),
            *("futex_wait", "futex_wake", "futex_requeue", "futex_waitv", "pread64", "pwrite64", "readv", "writev"),
            *("preadv", "pwritev", "preadv2", "pwritev2", "msync", "sysinfo"),
        ),
    ),
    Margin(
        "files in the two tmpfs",
        "what os, shutil, tempfile and sqlite3 do to files that are theirs; SQLite locks by fcntl, others by flock",
        (
            *("fsync", "fdatasync", "ftruncate", "truncate", "fallocate", "flock", "copy_file_range", "sendfile"),
            *("fadvise64", "umask", "getcwd", "chdir", "fchdir", "fchmod", "mkdir", "unlink", "rename", "utimensat"),
            *("getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"),
        ),
    ),
    Margin(
        "threads, children and signals",
        "threading, subprocess, asyncio, signal and time as honest apps use them, on their own processes",
        (
            *("wait4", "waitid", "kill", "tkill", "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait", "setitimer"),
            *("getitimer", "times", "getrusage", "getpgid", "setpgid", "getsid", "setsid", "getpriority"),
            *("getresuid", "getresgid", "getgroups", "pidfd_send_signal"),
        ),
        ("app",),
    ),
    Margin(
        "the sandbox's own sockets",
        "PID 1 speaks to the template and the forks over socket pairs and hands descriptors on; asyncio wakes itself "
        "over one; connect is for a name service's socket, which the C library looks for and does not find",
        (
            *("sendmsg", "recvmsg", "sendto", "recvfrom", "sendmmsg", "recvmmsg", "shutdown", "connect"),
            *("getsockname", "getpeername", "setsockopt", "getsockopt"),
        ),
        ("app",),
    ),
    Margin(
        "a server and its administrator",
        "a server waits on epoll and listens on its one socket. Its administrator, PID 1, starts and ends it",
        (
            *("bind", "listen", "accept", "accept4", "connect", "sendto", "recvfrom", "sendmsg", "recvmsg"),
            *("shutdown", "getsockname", "getpeername", "setsockopt", "getsockopt", "wait4", "waitid", "kill"),
            *("setsid", "setitimer", "getrusage", "times"),
        ),
        tuple(SERVICES),
    ),
    Margin(
        "PostgreSQL and its children",
        "it forks for each connection, wakes its kin by signals, shares memory with them, and locks its folder by a "
        "small System V segment",
        ("shmget", "shmat", "shmdt", "shmctl", "sync_file_range"),
        ("postgres",),
    ),
    Margin(
        "waiting for a deadline",
        "the grader's own alarm for a test's deadline, and what its threads wait with",
        ("setitimer", "getitimer", "kill", "tkill", "getrusage", "times"),
        ("grader",),
    ),
)

#: Calls that do the same under several names: by age (x86-64 keeps the old ones, aarch64 never had them) or by C
#: library. Where one of a group is allowed, all are.
EQUIVALENTS = (
    ("open", "openat", "openat2", "creat"),
    ("stat", "lstat", "newfstatat", "statx", "fstatat64"),
    ("access", "faccessat", "faccessat2"),
    ("readlink", "readlinkat"),
    ("getdents", "getdents64"),
    ("mkdir", "mkdirat"),
    ("unlink", "rmdir", "unlinkat"),
    ("rename", "renameat", "renameat2"),
    ("link", "linkat"),
    ("symlink", "symlinkat"),
    ("chmod", "fchmodat", "fchmodat2"),
    ("utime", "utimes", "futimesat", "utimensat"),
    ("pipe", "pipe2"),
    ("dup", "dup2", "dup3"),
    ("poll", "ppoll"),
    ("select", "pselect6"),
    ("epoll_create", "epoll_create1"),
    ("epoll_wait", "epoll_pwait", "epoll_pwait2"),
    ("eventfd", "eventfd2"),
    ("getpgrp", "getpgid"),
    ("alarm", "setitimer"),
    ("pause", "rt_sigsuspend"),
    ("getrlimit", "setrlimit", "prlimit64"),
)
#: What starts a process, under its names: see NAMESPACE_FLAGS for clone. The grader has no children.
FORKS = ("fork", "vfork")

#: No honest app makes these, so whoever does is ended on the spot (SIGSYS): the attempt is seen, and what follows it in
#: an exploit never runs. The mount calls since Linux 5.2 (open_tree, fsopen and the like) are refused instead: runc
#: releases that mend CVE-2025-52881 try them between the filter's loading and PID 1's first instruction.
FATAL = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp"),
    *("mount", "umount", "umount2", "pivot_root", "chroot", "unshare", "setns"),
    *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("keyctl", "add_key", "request_key", "memfd_secret", "open_by_handle_at", "name_to_handle_at"),
    *("init_module", "finit_module", "delete_module", "create_module", "kexec_load", "kexec_file_load", "reboot"),
    *("swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "fanotify_init", "lookup_dcookie", "nfsservctl"),
    *("iopl", "ioperm", "modify_ldt", "vm86", "vm86old", "settimeofday", "clock_settime", "adjtimex", "syslog"),
)
#: clone's flags that make a namespace: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
NAMESPACE_FLAGS = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
#: CLONE_THREAD: the grader has threads and no child.
CLONE_THREAD = 0x00010000


@dataclass(frozen=True, slots=True)
class Restriction:
    """A call that is allowed with some values of one argument, any other is refused."""

    index: int
    values: tuple[int, ...]
    why: str


RESTRICTED = {
    "socket": Restriction(
        0,
        (1,),  # AF_UNIX
        "there is no network to speak of, and rarely used families (AF_ALG, AF_VSOCK, AF_NETLINK, AF_PACKET) have been "
        "ways into the kernel. Flask's test client, and the grader's, call the app in its own process. Loopback is "
        "refused with the rest: hidden suites run in another container, and libraries that try a socket at import "
        "take the refusal for a machine without IPv6",
    ),
    "socketpair": Restriction(0, (1,), "as for socket; PID 1 and asyncio need pairs"),
    "personality": Restriction(0, (0x0, 0xFFFFFFFF), "to ask; to change it would switch off address randomisation"),
    "ioctl": Restriction(
        1,
        (
            *(0x5401, 0x802C542A, 0x5413),  # TCGETS, TCGETS2, TIOCGWINSZ: is it a terminal, and how wide
            *(0x5421, 0x541B, 0x5450, 0x5451),  # FIONBIO, FIONREAD, FIONCLEX, FIOCLEX
            0x40049409,  # FICLONE: shutil and pathlib try it and copy where it can't be had
        ),
        "whether a descriptor is a terminal, blocks or is inherited; drivers and file systems have thousands of others",
    ),
    "fcntl": Restriction(
        1,
        (
            *range(8),  # F_DUPFD to F_SETLKW: copies, flags, and the locks that SQLite takes
            *(36, 37, 38),  # F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW
            *(1030, 1032, 1034),  # F_DUPFD_CLOEXEC, F_GETPIPE_SZ, F_GET_SEALS
        ),
        "copies, flags and locks; not leases, notes of changes, signals, nor a larger pipe, whose pages the kernel "
        "counts for the user over all containers",
    ),
    "prctl": Restriction(
        0,
        (
            *(1, 2, 3, 4),  # PR_SET/GET_PDEATHSIG, PR_GET/SET_DUMPABLE: PID 1 hides from its kin
            *(15, 16, 21, 23, 39),  # PR_SET/GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS
            *(36, 37),  # PR_SET/GET_CHILD_SUBREAPER
            0x53564D41,  # PR_SET_VMA: the C library and Go name their memory
        ),
        "names, dumpability and questions; not the settings of speculation, timers, tagged addresses or memory maps",
    ),
}

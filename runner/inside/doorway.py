"""Carries bytes between an abstract Unix socket and a server's own: for servers that know no abstract names.

A name among Linux's abstract ones belongs to the network namespace, so the app's container reaches it and there is no
file to mount. Who comes is known by the user id that the kernel tells; anybody but the app is turned away. Nothing is
read of what passes. One thread carries all connections: of each direction at most one piece waits, and as long as it
does nothing more is read, so neither side can fill this one's memory.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading

_PIECE_BYTES = 64 * 1024
_WAITING = 512
_CREDENTIALS = struct.Struct("3i")


class _Leg:
    """One of the two sockets of a connection. `waiting` is what came from the other and is not written yet.

    One that is its own other was refused: it is kept until the app lets go of it, so that the app can read why.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.other = self
        self.waiting = memoryview(b"")
        self.ended = False
        #: What it is watched for now.
        self.mask = 0


class Doorway:
    """Listens at `name`, an abstract one, for processes of the user `uid`; each connection gets one to `server`."""

    def __init__(self, name: str, server: str, uid: int, *, most: int, refusal: bytes) -> None:
        self._server = server
        self._uid = uid
        self._most = most
        self._refusal = refusal
        self._selector = selectors.DefaultSelector()
        self._legs: set[_Leg] = set()
        self._lock = threading.Lock()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(name)
        # Who comes with a timeout of its own and finds no room here is refused at once, with EAGAIN.
        self._listener.listen(_WAITING)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._buffer = bytearray(_PIECE_BYTES)

    def start(self) -> None:
        """Carry, in a thread of its own, until the process ends."""
        threading.Thread(target=self._serve, daemon=True).start()

    def turn_out(self) -> None:
        """End every connection that there is, also those that wait to be accepted."""
        with self._lock:
            self._accept(only_to_end=True)
            for leg in list(self._legs):
                self._end(leg)

    def _serve(self) -> None:
        while True:
            ready = self._selector.select()
            with self._lock:
                for key, events in ready:
                    if key.fileobj is self._listener:
                        self._accept()
                    elif isinstance(key.data, _Leg) and key.data in self._legs:
                        self._carry(key.data, events)

    def _accept(self, *, only_to_end: bool = False) -> None:
        while True:
            try:
                app_side, _ = self._listener.accept()
            except OSError:
                return
            if only_to_end or not self._let_in(app_side):
                app_side.close()

    def _let_in(self, app_side: socket.socket) -> bool:
        credentials = app_side.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        if _CREDENTIALS.unpack(credentials)[1] != self._uid:
            return False
        app_side.setblocking(False)
        if len(self._legs) >= 2 * self._most:
            return self._refuse(app_side)
        server_side = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            server_side.connect(self._server)
        except OSError:
            server_side.close()
            return False
        one, two = _Leg(app_side), _Leg(server_side)
        one.other, two.other = two, one
        for leg in (one, two):
            leg.socket.setblocking(False)
            self._legs.add(leg)
            self._watch(leg)
        return True

    def _refuse(self, app_side: socket.socket) -> bool:
        if len(self._legs) >= 3 * self._most:
            return False
        try:
            app_side.send(self._refusal)
            app_side.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        leg = _Leg(app_side)
        self._legs.add(leg)
        self._watch(leg)
        return True

    def _carry(self, leg: _Leg, events: int) -> None:
        try:
            if events & selectors.EVENT_WRITE:
                self._write(leg)
            if events & selectors.EVENT_READ and not leg.other.waiting:
                count = leg.socket.recv_into(self._buffer)
                if count and leg.other is leg:
                    return
                if not count:
                    leg.ended = True
                leg.other.waiting = memoryview(self._buffer)[:count]
                self._write(leg.other)
                if leg.other.waiting:
                    leg.other.waiting = memoryview(bytes(leg.other.waiting))
        except BlockingIOError:
            pass
        except OSError:
            self._end(leg)
            return
        self._watch(leg)
        self._watch(leg.other)

    def _write(self, leg: _Leg) -> None:
        """Write what waits; once nothing does and the other has ended, say so."""
        if leg.waiting:
            with contextlib.suppress(BlockingIOError):
                leg.waiting = leg.waiting[leg.socket.send(leg.waiting) :]
        if leg.other.ended and not leg.waiting:
            raise BrokenPipeError

    def _watch(self, leg: _Leg) -> None:
        mask = 0 if leg.ended or leg.other.waiting else selectors.EVENT_READ
        mask |= selectors.EVENT_WRITE if leg.waiting else 0
        if mask == leg.mask:
            return
        if not leg.mask:
            self._selector.register(leg.socket, mask, leg)
        elif not mask:
            self._selector.unregister(leg.socket)
        else:
            self._selector.modify(leg.socket, mask, leg)
        leg.mask = mask

    def _end(self, leg: _Leg) -> None:
        for each in (leg, leg.other):
            self._legs.discard(each)
            if each.mask:
                self._selector.unregister(each.socket)
                each.mask = 0
            each.socket.close()

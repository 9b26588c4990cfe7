"""The file of a backup: a tar whose first member says what is in it and whose last one seals that.

manifest.json                     version, migrations, time, keys needed, tables, digest of every member
tables/accounts_person.jsonl.gz   one row a line
anchors/….anchor                  ends of the histories, as they were anchored
files/ab/ab12…                    stored files by digest
seal.json                         digest of the manifest, and its MAC under the key of the history
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from shield.kernel.sealed import rules as sealed
from shield.kernel.sealed.rules import KeyRing
from shield.project.installation import CannotDo

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "seal.json"
BLOCK = 1024 * 1024
"""Bytes that are copied at a time."""
UNREADABLE = (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Damaged(CannotDo):
    """The backup is not what was written; the message names the member."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    version: str
    made_at: str
    demonstration: bool
    migrations: dict[str, list[str]]
    keys: dict[str, list[str]]
    """Ids by purpose, never the keys."""
    tables: list[dict[str, Any]]
    """name, columns (name and kind), rows."""
    left_out: list[str]
    missing_files: list[str]
    """Digests of stored files that were gone or changed when the backup was made."""
    histories: list[dict[str, Any]]
    """partnership, count, fault: what verification found when the backup was made."""
    members: list[dict[str, Any]] = field(default_factory=list)
    """name, size in bytes, sha256."""
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table["rows"] for table in self.tables)

    def under(self, folder: str) -> list[str]:
        """The names of the members in a folder of the tar."""
        return [each["name"] for each in self.members if each["name"].startswith(f"{folder}/")]


def table_member(name: str) -> str:
    """Where the rows of a table lie."""
    return f"tables/{name}.jsonl.gz"


def digest(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal text."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Writing ----------------------------------------------------------------------------------------------


def write_lines(path: Path, rows: Iterable[list[Any]]) -> int:
    """Write rows one a line, compressed, and return how many."""
    count = 0
    with open(path, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
        for row in rows:
            packed.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def write(path: Path, manifest: Manifest, content: dict[str, Path], ring: KeyRing) -> None:
    """Write the whole backup and wait until it is on the disk; CannotDo if a file changed meanwhile."""
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode()
    with open(path, "xb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            _add(tar, MANIFEST, len(text), io.BytesIO(text))
            for member in manifest.members:
                with open(content[member["name"]], "rb") as raw:
                    source = _Counted(raw)
                    _add(tar, member["name"], member["size"], cast(IO[bytes], source))
                if source.digest != member["sha256"]:
                    raise CannotDo(f"{content[member['name']]} changed while it was backed up; try again.")
            seal = json.dumps(_seal(text, *ring.current("history"))).encode()
            _add(tar, SEAL, len(seal), io.BytesIO(seal))
        file.flush()
        os.fsync(file.fileno())


class _Counted:
    """A file whose digest is taken as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._file.read(size)
        self._digest.update(block)
        return block

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


def _seal(manifest: bytes, key_id: str, key: bytes) -> dict[str, str]:
    found = hashlib.sha256(manifest).hexdigest()
    return {"sha256": found, "key_id": key_id, "mac": sealed.mac(key, f"backup\n{found}".encode())}


# Reading ----------------------------------------------------------------------------------------------


@dataclass
class Archive:
    """A backup that is open for reading; its manifest is as it was written."""

    path: Path
    tar: tarfile.TarFile
    manifest: Manifest
    seal: dict[str, str]

    def check_seal(self, ring: KeyRing) -> None:
        """Refuse a backup that was not made with these keys."""
        try:
            key = ring.named("history", self.seal["key_id"])
        except sealed.KeysMissing as missing:
            raise CannotDo(str(missing)) from missing
        mac = sealed.mac(key, f"backup\n{self.seal['sha256']}".encode())
        if not sealed.same(mac, self.seal["mac"]):
            raise Damaged(f"{self.path} is damaged: {SEAL} was not made with these keys.")

    def check_members(self) -> None:
        """Read everything once; Damaged names the first member that is not what was written."""
        for member in self.manifest.members:
            try:
                with self.open(member["name"]) as file:
                    found = hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
            except (*UNREADABLE, OSError):
                found = ""
            if found != member["sha256"]:
                raise Damaged(f"{self.path} is damaged: {member['name']} is not what was written.")

    def open(self, name: str) -> IO[bytes]:
        """One member, to be read."""
        file = self.tar.extractfile(name)
        if file is None:
            raise Damaged(f"{self.path} is damaged: {name} is no file.")
        return file

    def lines(self, table: str) -> Iterator[list[Any]]:
        """The rows of a table."""
        with self.open(table_member(table)) as file, gzip.GzipFile(fileobj=file) as unpacked:
            for line in unpacked:
                yield json.loads(line)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup; CannotDo if it is none or was made by another format, Damaged if its manifest was changed."""
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115 - closed below
    except OSError as problem:
        raise CannotDo(f"{path} cannot be read: {problem.strerror}.") from problem
    except tarfile.TarError as problem:
        raise CannotDo(f"{path} is no backup, or its beginning is damaged ({MANIFEST}).") from problem
    with tar:
        raw = _whole(tar, path, MANIFEST)
        seal_text = _whole(tar, path, SEAL)
        try:
            seal = {name: str(json.loads(seal_text)[name]) for name in ("sha256", "key_id", "mac")}
        except UNREADABLE as problem:
            raise Damaged(f"{path} is damaged: {SEAL} is not what was written.") from problem
        if hashlib.sha256(raw).hexdigest() != seal["sha256"]:
            raise Damaged(f"{path} is damaged: {MANIFEST} is not what was written.")
        yield Archive(path, tar, _manifest(path, raw), seal)


def _whole(tar: tarfile.TarFile, path: Path, name: str) -> bytes:
    try:
        file = tar.extractfile(name)
        return file.read() if file else b""
    except (*UNREADABLE, OSError) as problem:
        if name == MANIFEST:
            raise CannotDo(f"{path} is no backup, or its beginning is damaged ({MANIFEST}).") from problem
        raise Damaged(f"{path} is damaged: its end ({name}) is missing.") from problem


def _manifest(path: Path, raw: bytes) -> Manifest:
    values = json.loads(raw)
    if values.get("format") != FORMAT:
        raise CannotDo(f"{path} was made by a newer Shield ({values.get('version')}); restore with that.")
    return Manifest(**values)


def is_of_demonstration(path: Path) -> bool:
    """Whether a backup was made of a demonstration; CannotDo if it is no backup."""
    with opened(path) as archive:
        return archive.manifest.demonstration

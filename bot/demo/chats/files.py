"""Files sent by people and by the bot: ids, paths, contents and picture sizes."""

import base64
import hashlib
import mimetypes
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that Telegram keeps; `size` is (width, height) of a picture in pixels."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes
    size: tuple[int, int] | None

    def describe(self) -> dict[str, Any]:
        """Return the File object."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
            "file_path": self.path,
        }


class StoredFiles:
    """Files by file_id and by download path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, name: str, content: bytes, *, photo: bool) -> StoredFile:
        """Store a file; a photo's `size` is None where Telegram could not read the picture."""
        number = len(self._by_id) + 1
        digest = hashlib.sha256(content + name.encode() + bytes([photo])).digest()
        unique = base64.urlsafe_b64encode(digest[:11]).decode().rstrip("=")
        # As with Telegram, the same content sent twice has two file ids and one unique id.
        file_id = base64.urlsafe_b64encode(number.to_bytes(6, "big") + digest).decode().rstrip("=")
        suffix = "." + name.rsplit(".", 1)[-1] if "." in name else ""
        path = f"photos/file_{number}.jpg" if photo else f"documents/file_{number}{suffix}"
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        size = find_picture_size(content) if photo else None
        stored = StoredFile(file_id, unique, path, name, mime, content, size)
        self._by_id[file_id] = self._by_path[path] = stored
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        """Return the file with this id."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """Return the file with this download path."""
        return self._by_path.get(path)


def attachment_json(stored: StoredFile, *, photo: bool) -> dict[str, Any]:
    """Return the part of a Message that holds the file: `photo` with its sizes, or `document`."""
    ids = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": len(stored.content)}
    if photo:
        width, height = stored.size or (1, 1)
        return {"photo": [{**ids, "width": width, "height": height}]}
    return {"document": {"file_name": stored.name, "mime_type": stored.mime_type, **ids}}


def find_picture_size(content: bytes) -> tuple[int, int] | None:
    """Read width and height from the header of a PNG or JPEG; None for anything else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    return _find_jpeg_size(content) if content[:2] == b"\xff\xd8" else None


def _find_jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Read the size from the first start-of-frame segment (SOF0 to SOF15)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        # C4, C8 and CC lie in that range and are no frames (Huffman tables, JPG, arithmetic coding).
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(
                content[at + 5 : at + 7], "big"
            )
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None

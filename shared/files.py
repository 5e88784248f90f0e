"""Files at rest, sealed: each under a key of its own, which is kept beside it under the key of the part `attachment`.

So rotation seals a few bytes anew instead of the file, and what is deleted took its key along.
"""

import asyncio
from collections.abc import AsyncIterator
from secrets import token_bytes

from joserfc import jwe
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey
from joserfc.registry import HeaderParameter
from joserfc.util import to_str, urlsafe_b64decode, urlsafe_b64encode

from shared.mongo import Files
from shared.sealing import Unsealable, Vault

PART = "attachment"
_KEY = "key"
_REGISTRY = JWERegistry(
    header_registry={"sub": HeaderParameter("The file that the content belongs to", "str")},
    algorithms=["dir", "A256GCM"],
)
_REGISTRY.max_ciphertext_length = 32 * 1024 * 1024  # above what any file may have, in base64


class SealedFiles:
    """A bucket whose files rest sealed. They are held in memory whole, so that nothing unverified is given out."""

    def __init__(self, files: Files, vault: Vault) -> None:
        self._files = files
        self._vault = vault

    async def put(self, file_id: str, content: bytes) -> None:
        """Stores the content under the id. Raises gridfs.errors.FileExists as `Files.put` does."""
        key = token_bytes(32)
        header = {"alg": "dir", "enc": "A256GCM", "sub": file_id}
        # A large file takes a quarter of a second, which others must not wait for.
        sealed = await asyncio.to_thread(_sealed, header, content, key)
        note = {_KEY: self._vault.seal(PART, file_id, {_KEY: to_str(urlsafe_b64encode(key))})}
        await self._files.put(file_id, sealed.encode(), note)

    async def get(self, file_id: str, complaint: str | None = None) -> AsyncIterator[bytes]:
        """The content; that it was read is recorded of the complaint.

        Raises gridfs.errors.NoFile where there is none, Unsealable where it is not what was sealed.
        """
        note = await self._files.note(file_id)
        key = urlsafe_b64decode(self._vault.open(PART, file_id, note.get(_KEY, ""), read_of=complaint)[_KEY].encode())
        sealed = b"".join([chunk async for chunk in self._files.get(file_id)])
        try:
            opened = await asyncio.to_thread(jwe.decrypt_compact, sealed, OctKey.import_key(key), registry=_REGISTRY)
        except Exception as error:
            raise Unsealable(f"a file cannot be opened: {type(error).__name__}") from None
        if opened.headers().get("sub") != file_id or opened.plaintext is None:
            raise Unsealable("a file was sealed under another id")
        yield opened.plaintext

    async def delete(self, file_id: str) -> None:
        """Removes a file with its key. Raises gridfs.errors.NoFile where there is none."""
        await self._files.delete(file_id)


def _sealed(header: dict[str, str], content: bytes, key: bytes) -> str:
    return jwe.encrypt_compact(header, content, OctKey.import_key(key), registry=_REGISTRY)

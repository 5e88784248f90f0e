"""The database driver, and the few calls that differ between motor and pymongo's own asyncio client.

Nothing else imports either driver's client. Both give collections whose `find().to_list(n)`, `find_one`,
`find_one_and_update`, `insert_one`, `update_one`, `bulk_write`, `count_documents` and `create_indexes` behave alike.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from bson.codec_options import CodecOptions, DatetimeConversion
from pymongo import WriteConcern

from shared.settings import DriverName

Collection = Any
Database = Any

DURABLE = WriteConcern(w="majority", j=True)


class Mongo:
    """A connection to one service's database. Times have their zone; an acknowledged write survives a crash."""

    def __init__(self, url: str, database: str, driver: DriverName, application: str) -> None:
        options: dict[str, Any] = {
            "appname": application,
            "tz_aware": True,
            "serverSelectionTimeoutMS": 5_000,
            "connectTimeoutMS": 5_000,
            "socketTimeoutMS": 20_000,
            "maxPoolSize": 64,
        }
        self._driver = driver
        self._client: Any
        if driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorClient

            self._client = AsyncIOMotorClient(url, **options)
        else:
            from pymongo import AsyncMongoClient

            self._client = AsyncMongoClient(url, **options)
        codec: CodecOptions[dict[str, Any]] = CodecOptions(
            tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME
        )
        self.database: Database = self._client.get_database(database, codec_options=codec, write_concern=DURABLE)

    def __getitem__(self, collection: str) -> Collection:
        return self.database[collection]

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        await self._client.admin.command("ping")

    async def close(self) -> None:
        if self._driver == "motor":
            await asyncio.to_thread(self._client.close)  # it says goodbye to the server, and blocks meanwhile
        else:
            await self._client.close()

    async def aggregate(self, collection: str, pipeline: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """All rows of a pipeline; motor gives a cursor where pymongo gives a promise of one."""
        cursor = self.database[collection].aggregate(list(pipeline))
        if self._driver == "pymongo":
            cursor = await cursor
        rows: list[dict[str, Any]] = await cursor.to_list(None)
        return rows

    def files(self, bucket: str) -> "Files":
        return Files(self.database, bucket, self._driver)


class Files:
    """Files kept whole in GridFS. The id is the caller's, so that putting the same file twice stores one."""

    def __init__(self, database: Database, bucket: str, driver: DriverName) -> None:
        if driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorGridFSBucket

            self._bucket: Any = AsyncIOMotorGridFSBucket(database, bucket_name=bucket)
        else:
            from gridfs.asynchronous import AsyncGridFSBucket

            self._bucket = AsyncGridFSBucket(database, bucket_name=bucket)

    async def put(self, file_id: str, content: bytes, note: Mapping[str, str] | None = None) -> None:
        """Stores the content under the id, and a note beside it. Raises gridfs.errors.FileExists where the id is taken,
        be it by what an upload that broke off has left, which `delete` removes."""
        await self._bucket.upload_from_stream_with_id(file_id, file_id, content, metadata=note)

    async def get(self, file_id: str) -> AsyncIterator[bytes]:
        """The content in chunks. Raises gridfs.errors.NoFile where there is none."""
        stream = await self._bucket.open_download_stream(file_id)
        while chunk := await stream.readchunk():
            yield chunk

    async def note(self, file_id: str) -> Mapping[str, str]:
        """What stands beside the content. Raises gridfs.errors.NoFile where there is none."""
        stream = await self._bucket.open_download_stream(file_id)
        return stream.metadata or {}

    async def delete(self, file_id: str) -> None:
        """Removes a file and its chunks. Raises gridfs.errors.NoFile where there is none."""
        await self._bucket.delete(file_id)

"""Files that a Snowpipe Streaming client writes: chunks of encrypted Parquet, one table's rows in each."""

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
from catalog import table_columns, type_name
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from quoted import quoted

BLOCK = 16
PHYSICAL_TYPES = {
    "VARIANT": ("variant", "LOB"),
    "VARCHAR(16777216)": ("text", "LOB"),
    "FLOAT": ("real", "DOUBLE"),
    "BOOLEAN": ("boolean", "SB1"),
    "DATE": ("date", "SB4"),
    "TIMESTAMP_NTZ(9)": ("timestamp_ntz", "SB16"),
    "TIMESTAMP_TZ(9)": ("timestamp_tz", "SB16"),
}
LARGEST_VALUE = 16_777_216


def read_chunk(stage: Path, path: str, start: int, length: int, key: str) -> pa.Table:
    """Decrypts one chunk of a blob. The key is derived from the table's key and the blob's own path."""
    with (stage / path).open("rb") as blob:
        blob.seek(start)
        encrypted = blob.read(length)
    derived = hashlib.sha256(base64.b64decode(key) + path.encode()).digest()
    counter = (start // BLOCK).to_bytes(BLOCK, "big")
    decryptor = Cipher(algorithms.AES(derived), modes.CTR(counter)).decryptor()
    return parquet.read_table(io.BytesIO(decryptor.update(encrypted) + decryptor.finalize()))


def insert_rows(duck: Any, table: tuple[str, str, str], rows: pa.Table) -> None:
    types = {name: kind for name, kind, _ in table_columns(duck, *table)}
    values = []
    for name in rows.column_names:
        # A timestamp comes as a decimal number of seconds.
        is_time = types.get(name, "").startswith("TIMESTAMP")
        values.append(
            f"make_timestamp(cast({quoted(name)} * 1000000 as bigint))" if is_time else quoted(name)
        )
    names = ", ".join(quoted(name) for name in rows.column_names)
    duck.register("_chunk", rows)
    try:
        duck.execute(f"insert into {quoted(*table)} ({names}) select {', '.join(values)} from _chunk")
    finally:
        duck.unregister("_chunk")


def column_metadata(duck: Any, table: tuple[str, str, str]) -> list[dict[str, Any]]:
    """The table's columns as the client must encode them."""
    described = []
    for ordinal, (name, kind, nullable) in enumerate(table_columns(duck, *table), start=1):
        shown = type_name(kind)
        number = (
            shown.removeprefix("NUMBER(").removesuffix(")").split(",") if shown.startswith("NUMBER") else None
        )
        logical, physical = ("fixed", "SB16") if number else PHYSICAL_TYPES.get(shown, ("text", "LOB"))
        has_length = physical == "LOB"
        described.append(
            {
                "name": name,
                "type": shown,
                "logical_type": logical,
                "physical_type": physical,
                "nullable": nullable,
                "ordinal": ordinal,
                "collation": None,
                "precision": int(number[0]) if number else None,
                "scale": int(number[1]) if number else 9 if logical.startswith("timestamp") else None,
                "length": LARGEST_VALUE if logical == "text" else None,
                "byte_length": LARGEST_VALUE if has_length else BLOCK,
            }
        )
    return described

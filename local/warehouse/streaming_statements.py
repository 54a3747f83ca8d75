"""SQL about Snowpipe Streaming's channels."""

import json
import re

from answer import Answer, texts
from channels import SHOW_COLUMNS, set_offset_token, show_channels
from rewrite import qualified
from session import Session

SHOW_CHANNELS = re.compile(r"SHOW\s+CHANNELS\s+IN\s+TABLE\s+(?P<table>\S+?)\s*;?\s*$", re.IGNORECASE)
TEXT = r"'((?:[^']|'')*)'"
SET_TOKEN = re.compile(
    rf"SELECT\s+SYSTEM\$SNOWPIPE_STREAMING_UPDATE_CHANNEL_OFFSET_TOKEN\(\s*{TEXT}\s*,\s*{TEXT}\s*,\s*{TEXT}\s*\)",
    re.IGNORECASE,
)
MIGRATE_TOKEN = re.compile(
    r"SELECT\s+SYSTEM\$SNOWPIPE_STREAMING_MIGRATE_CHANNEL_OFFSET_TOKEN\b", re.IGNORECASE
)
NO_SOURCE_CHANNEL = 51


def streaming_statement(session: Session, sql: str) -> Answer | None:
    duck = session.connection._duck_conn
    if show := SHOW_CHANNELS.match(sql):
        return Answer(SHOW_COLUMNS, show_channels(duck, qualified(session, show["table"])))
    if set_token := SET_TOKEN.match(sql):
        table, channel, token = (text.replace("''", "'") for text in set_token.groups())
        set_offset_token(duck, qualified(session, table), channel, token)
        return texts(["SYSTEM$SNOWPIPE_STREAMING_UPDATE_CHANNEL_OFFSET_TOKEN"], [["SUCCESS"]])
    if MIGRATE_TOKEN.match(sql):
        # There never was a channel under the connector's older naming.
        answer = {"responseCode": NO_SOURCE_CHANNEL, "responseMessage": "Source Channel does not exist"}
        return texts(["SYSTEM$SNOWPIPE_STREAMING_MIGRATE_CHANNEL_OFFSET_TOKEN"], [[json.dumps(answer)]])
    return None

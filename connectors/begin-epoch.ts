/** Runs one statement as a role that may INSERT into the landing table. */
type Execute = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/**
 * Lets the landing table forget how far its channels had come, and returns how many it had. Needed once before the first
 * connector of a new epoch: this connector names a channel after topic and partition only, so a new topic's offsets would be
 * measured by those of the old one, and its rows skipped silently. Done once too often it makes rows land twice, no more.
 * https://docs.snowflake.com/en/sql-reference/functions/system_snowpipe_streaming_update_channel_offset_token
 *
 * @param table with its database and schema
 */
export async function forgetChannelOffsets(execute: Execute, table: string): Promise<number> {
  const channels = (await execute(`show channels in table ${table}`)).map(nameOf);
  for (const channel of channels) {
    const [tableText, channelText] = [table, channel].map((text) => `'${text.replaceAll("'", "''")}'`);
    await execute(
      `select system$snowpipe_streaming_update_channel_offset_token(${tableText}, ${channelText}, '-1')`,
    );
  }
  return channels.length;
}

function nameOf(row: Readonly<Record<string, unknown>>): string {
  const name = row['name'];
  if (typeof name !== 'string') {
    throw new Error(
      `expected a column name in each row of SHOW CHANNELS, got ${Object.keys(row).join(', ')}`,
    );
  }
  return name;
}

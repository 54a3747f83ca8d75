import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';
import { warehouseSettings, warehouseVariables } from '#snowflake/settings.ts';
import type { WarehouseSettings } from '#snowflake/settings.ts';

export interface LoaderConfig {
  readonly archiveUrl: string;
  readonly restUrls: readonly string[];
  readonly warehouse: WarehouseSettings;
}

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): LoaderConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    archiveUrl: vars.ARCHIVE_URL,
    restUrls: vars.BINANCE_REST_URLS,
    warehouse: warehouseSettings(vars),
  };
}

const httpUrl = z
  .string()
  .refine((url) => URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol), {
    error: 'expected a URL that starts with https:// or http://',
  })
  .transform((url) => url.replace(/\/+$/, ''));

const httpUrls = z
  .string()
  .transform((value) => value.split(',').map((url) => url.trim()))
  .pipe(z.array(httpUrl).min(1));

const environmentSchema = z.object({
  ...warehouseVariables,
  /** What stands before `/data/spot/…` */
  ARCHIVE_URL: httpUrl.default('https://data.binance.vision'),
  /** In order of preference. */
  BINANCE_REST_URLS: httpUrls.default(['https://data-api.binance.vision', 'https://api.binance.com']),
});

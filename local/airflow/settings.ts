import * as z from 'zod';

/** What the process that runs Airflow reads from the file that it is given. */
export const airflowSettingsSchema = z.object({
  /** AIRFLOW_HOME: the database, the tasks' logs, the programs' environments. */
  home: z.string(),
  /** Of the API server and its page, on 127.0.0.1. */
  port: z.int(),
  /** Airflow's options, as AIRFLOW__<SECTION>__<OPTION>. */
  options: z.record(z.string(), z.string()),
});

export type AirflowSettings = Readonly<z.infer<typeof airflowSettingsSchema>>;

import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

const runSchema = z.object({ dag_run_id: z.string(), state: z.string() });

/** Airflow's own API, as the page of its web server uses it. */
export function airflowAt(url: string) {
  async function call(path: string, body?: object): Promise<unknown> {
    const { access_token: token } = tokenSchema.parse(await (await fetch(`${url}/auth/token`)).json());
    const response = await fetch(`${url}/api/v2${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`expected ${path} to answer 2xx, got ${response.status}: ${text}`);
    return JSON.parse(text);
  }

  return {
    /** Starts a run and gives its id. */
    async trigger(dag: string, conf: object = {}): Promise<string> {
      const run = await call(`/dags/${dag}/dagRuns`, { logical_date: new Date().toISOString(), conf });
      return runSchema.parse(run).dag_run_id;
    },
    /** Waits until the run is over; `success` or `failed`. */
    async outcome(dag: string, run: string, timeoutMs: number): Promise<string> {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- polled
        const { state } = runSchema.parse(await call(`/dags/${dag}/dagRuns/${encodeURIComponent(run)}`));
        if (state === 'success' || state === 'failed') return state;
        if (Date.now() > deadline) throw new Error(`expected ${dag} ${run} to end, got ${state}`);
        // oxlint-disable-next-line no-await-in-loop -- polled
        await sleep(1000);
      }
    },
    /** The newest first. */
    async runs(dag: string): Promise<readonly z.infer<typeof runSchema>[]> {
      const answer = await call(`/dags/${dag}/dagRuns?order_by=-run_after`);
      return z.object({ dag_runs: z.array(runSchema) }).parse(answer).dag_runs;
    },
    /** Task to its state. */
    async tasks(dag: string, run: string): Promise<Readonly<Record<string, string | null>>> {
      const answer = await call(`/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances`);
      const { task_instances: tasks } = tasksSchema.parse(answer);
      return Object.fromEntries(tasks.map(({ task_id, state }) => [task_id, state]));
    },
  };
}

const tokenSchema = z.object({ access_token: z.string() });
const tasksSchema = z.object({
  task_instances: z.array(z.object({ task_id: z.string(), state: z.string().nullable() })),
});

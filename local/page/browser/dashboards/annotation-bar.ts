import { make } from '#local/page/browser/dom.ts';
import type { AnnotationQuery, Dashboard } from '#local/page/dashboards/dashboard-schema.ts';
import type { Annotation } from '#local/page/dashboards/frame.ts';
import { toAnnotations } from '#local/page/dashboards/frames/annotations.ts';
import { askAnnotation } from './ask-dashboards.ts';
import type { Situation } from './ask-dashboards.ts';

interface Annotations {
  /** One per annotation that may be switched. */
  readonly switches: readonly HTMLElement[];
  readonly refresh: (situation: Situation) => Promise<void>;
}

/** Asks the dashboard's annotations; what is switched off is neither asked nor shown. */
export function createAnnotations(
  dashboard: Dashboard,
  onChange: (annotations: readonly Annotation[]) => void,
): Annotations {
  const queries = dashboard.annotations.list.filter(({ expr }) => expr !== undefined && expr !== '');
  const on = new Set(queries.filter(({ enable }) => enable).map(({ name }) => name));
  const found = new Map<string, readonly Annotation[]>();
  let latest: Situation | undefined;
  let told = '';

  const tell = () => {
    const all = queries.filter(({ name }) => on.has(name)).flatMap(({ name }) => found.get(name) ?? []);
    const text = JSON.stringify(all);
    if (text === told || (told === '' && all.length === 0)) return;
    told = text;
    onChange(all);
  };
  const ask = async (query: AnnotationQuery, situation: Situation) => {
    const answer = await askAnnotation(situation, query.name);
    // An annotation that can't be asked leaves those that are there; the panels say what is wrong with Prometheus.
    if (latest === situation && answer?.kind === 'series') {
      found.set(query.name, toAnnotations(query, answer.series));
    }
  };
  const refresh = async (situation: Situation) => {
    latest = situation;
    await Promise.all(queries.filter(({ name }) => on.has(name)).map((query) => ask(query, situation)));
    if (latest === situation) tell();
  };

  return {
    switches: queries
      .filter(({ hide }) => !hide)
      .map(({ name, enable }) =>
        switchOf(name, enable, (isOn) => {
          if (isOn) on.add(name);
          else on.delete(name);
          if (latest) void refresh(latest);
        }),
      ),
    refresh,
  };
}

function switchOf(name: string, checked: boolean, onChange: (isOn: boolean) => void): HTMLElement {
  const input = document.createElement('input');
  input.type = 'checkbox';
  input.checked = checked;
  input.addEventListener('change', () => onChange(input.checked));
  return make('label', 'button switch', input, make('span', '', name));
}

import { make, setText } from '#local/page/browser/dom.ts';
import type { Annotation, PanelData } from '#local/page/dashboards/frame.ts';
import { interpolateText } from '#local/page/dashboards/interpolate.ts';
import { linkTarget, linkUrl } from '#local/page/dashboards/link-url.ts';
import type { PlacedPanel } from '#local/page/dashboards/layout.ts';
import type { RawRange } from '#local/page/dashboards/time-range.ts';
import type { createLimiter, Situation } from './ask-dashboards.ts';
import { loadPanel, PanelProblem } from './load-panel.ts';
import { createPanelHead } from './panel-head.ts';
import { drawingOf } from './panels.ts';
import type { DrawnPanel, PanelHost } from './panel-types.ts';

/** What a panel is to show: what it asks about, and the range as the address has it. */
export interface Shown extends Situation {
  readonly raw: RawRange;
  /** Another one means another question, so that an answer to the one before is of no use. */
  readonly key: string;
}

export interface PanelBox {
  readonly element: HTMLElement;
  /** Asks as soon as the panel is in sight. */
  readonly refresh: (shown: Shown) => void;
  readonly annotate: (annotations: readonly Annotation[]) => void;
  readonly recolour: () => void;
  readonly showPointer: (timeMs: number | undefined) => void;
}

interface Surroundings extends Pick<PanelHost, 'pointAt' | 'zoomTo'> {
  readonly limiter: ReturnType<typeof createLimiter>;
}

/** A panel's place on the page: its head, its drawing, or what is wrong with it. */
export function createPanelBox({ panel, column, row }: PlacedPanel, around: Surroundings): PanelBox {
  const head = createPanelHead(panel);
  const body = make('div', 'panel-body');
  const message = make('p', 'panel-message');
  message.setAttribute('role', 'status');
  const element = make('article', 'panel', head.element, make('div', 'panel-frame', body, message));
  element.setAttribute('aria-labelledby', head.titleId);
  element.dataset['type'] = panel.type;
  if (panel.transparent) element.dataset['transparent'] = '';
  for (const [name, value] of Object.entries({
    column,
    row,
    width: panel.gridPos.w,
    height: panel.gridPos.h,
  })) {
    element.style.setProperty(`--${name}`, String(value));
  }

  let shown: Shown | undefined;
  let loading: { readonly key: string; readonly controller: AbortController } | undefined;
  let isDue = false;
  let isVisible = false;
  let drawn: DrawnPanel | undefined;
  let data: PanelData | undefined;
  let annotations: readonly Annotation[] = [];

  const host: PanelHost = {
    pointAt: around.pointAt,
    zoomTo: around.zoomTo,
    resolveUrl: (url, at) => (shown ? linkUrl(url, contextOf(shown), at) : ''),
  };

  function tell(text: string, tone: 'error' | 'empty' | undefined): void {
    setText(message, text);
    message.hidden = text === '';
    body.hidden = text !== '';
    if (tone) element.dataset['tone'] = tone;
    else delete element.dataset['tone'];
  }

  function clear(): void {
    drawn?.destroy();
    drawn = undefined;
    body.replaceChildren();
  }

  function draw(): void {
    if (!data) return;
    if (panel.targets.length > 0 && data.frames.every(({ length }) => length === 0)) {
      clear();
      tell(panel.fieldConfig.defaults.noValue ?? 'No data', 'empty');
      return;
    }
    tell('', undefined);
    const annotated = { ...data, annotations };
    try {
      if (drawn) drawn.update(annotated);
      else drawn = drawingOf(panel.type)(body, panel, annotated, host);
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    clear();
    data = undefined;
    tell(error instanceof Error ? error.message : String(error), 'error');
    // What is no plain answer of Prometheus's is a mistake of this page's.
    if (!(error instanceof PanelProblem)) console.warn(error);
  }

  async function load(): Promise<void> {
    if (!shown || !isDue || !isVisible) return;
    if (loading) {
      if (loading.key === shown.key) return;
      loading.controller.abort();
    }
    const asked = shown;
    const mine = { key: asked.key, controller: new AbortController() };
    loading = mine;
    isDue = false;
    element.setAttribute('aria-busy', 'true');
    try {
      const loaded = await around.limiter(async () =>
        loading === mine
          ? loadPanel(
              panel,
              asked,
              Math.max(1, Math.round(body.clientWidth || element.clientWidth)),
              mine.controller.signal,
            )
          : undefined,
      );
      if (loading !== mine || !loaded) return;
      data = loaded;
      draw();
    } catch (error) {
      if (loading === mine) fail(error);
    } finally {
      if (loading === mine) {
        loading = undefined;
        element.removeAttribute('aria-busy');
        void load();
      }
    }
  }

  new IntersectionObserver(
    (entries) => {
      isVisible = entries.at(-1)?.isIntersecting ?? false;
      void load();
    },
    { rootMargin: '200px' },
  ).observe(element);
  new ResizeObserver(() => {
    if (!body.hidden && body.clientWidth > 0) drawn?.resize();
  }).observe(body);

  return {
    element,
    refresh(next) {
      shown = next;
      isDue = true;
      head.show(interpolateText(panel.title, next.values), (link) => ({
        title: interpolateText(link.title, next.values),
        url: linkTarget(link, contextOf(next)),
      }));
      void load();
    },
    annotate(next) {
      annotations = next;
      draw();
    },
    recolour: () => drawn?.recolour(),
    showPointer: (timeMs) => drawn?.showPointer?.(timeMs),
  };
}

function contextOf({ dashboard, values, raw }: Shown) {
  return { dashboard, values, range: raw };
}

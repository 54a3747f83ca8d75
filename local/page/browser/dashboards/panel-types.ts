import type { DashboardPanel } from '#local/page/dashboards/dashboard-schema.ts';
import type { Field, Frame, PanelData } from '#local/page/dashboards/frame.ts';

/**
 * Between the frame of a dashboard and the drawings of its panels. The frame asks, applies the transformations, the
 * overrides and the legends, and hands over frames of fields, as Grafana hands them to its own panels.
 */
export type { Annotation, Field, Frame, PanelData } from '#local/page/dashboards/frame.ts';

/** A panel as its JSON has it; the server has checked the shape. `options` and `custom` are each drawing's to read. */
export type PanelModel = DashboardPanel;

/** What a drawing may ask of its surroundings. */
export interface PanelHost {
  /** A data link's or panel link's address with its variables in it; `at` is the value that it hangs on. */
  readonly resolveUrl: (
    url: string,
    at?: { readonly frame: Frame; readonly field: Field; readonly row: number },
  ) => string;
  /** The pointer is at this time: other panels show it too. */
  readonly pointAt: (timeMs: number | undefined) => void;
  /** The user chose this span on the time axis. */
  readonly zoomTo: (fromMs: number, toMs: number) => void;
}

/** Draws into `element`, which has its size already and is empty. Throws when the panel's options can't be drawn. */
export type DrawPanel = (
  element: HTMLElement,
  panel: PanelModel,
  data: PanelData,
  host: PanelHost,
) => DrawnPanel;

export interface DrawnPanel {
  readonly update: (data: PanelData) => void;
  /** The element has another size now. */
  readonly resize: () => void;
  /** The theme's colours are others now. */
  readonly recolour: () => void;
  /** Another panel's pointer is at this time, or has left. */
  readonly showPointer?: (timeMs: number | undefined) => void;
  readonly destroy: () => void;
}

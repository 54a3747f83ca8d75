import { byId, make, renderKeyed } from './dom.ts';

/** A number with its name over it and what it is of under it. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly tone?: 'warning' | undefined;
}

export function showFigureList(id: string, figures: readonly Figure[]): void {
  renderKeyed(byId(id, HTMLElement), JSON.stringify(figures), () =>
    figures.map(({ name, value, note, tone }) => {
      const item = make(
        'div',
        '',
        make('dt', '', name),
        make('dd', '', value, make('small', '', note ?? '')),
      );
      if (tone) item.dataset['tone'] = tone;
      return item;
    }),
  );
}

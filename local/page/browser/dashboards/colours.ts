/** Grafana's named colours as custom properties of panels.css, where each theme has its own that can be read on it. */
const HUES = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'gray', 'white', 'black'] as const;

/** Shares that a shade keeps of its hue, and what fills the rest. */
const SHADES = {
  'super-light': ['60%', 'white'],
  light: ['80%', 'white'],
  'semi-dark': ['94%', 'black'],
  dark: ['88%', 'black'],
} as const;

const WORDS: Readonly<Record<string, string>> = {
  grey: 'var(--viz-gray)',
  text: 'var(--text)',
  transparent: 'transparent',
  'panel-bg': 'var(--surface)',
  'background-primary': 'var(--surface)',
  'background-secondary': 'var(--sunken)',
};

/**
 * A colour of Grafana's by name (`green`, `dark-red`, `text`), or one in CSS (`#123456`, `rgb(…)`), as CSS. Throws for
 * any other.
 */
export function cssColour(name: string): string {
  const word = WORDS[name];
  if (word !== undefined) return word;
  const hue = HUES.find((one) => name === one || name.endsWith(`-${one}`));
  if (hue === name) return `var(--viz-${hue})`;
  const shade = hue && name.slice(0, -hue.length - 1);
  if (isShade(shade)) {
    const [share, rest] = SHADES[shade];
    return `color-mix(in oklab, var(--viz-${hue}) ${share}, ${rest})`;
  }
  if (/^(#[\da-f]{3,8}|(rgb|hsl)a?\([^()]*\)|(var|color-mix|light-dark)\(.*\))$/iu.test(name)) return name;
  throw new Error(`colour: expected a name of Grafana's, as in dark-green, or #rrggbb, got ${name}`);
}

function isShade(name: string | undefined): name is keyof typeof SHADES {
  return name !== undefined && Object.hasOwn(SHADES, name);
}

/** How many colours panels.css has for series, in the order of hues of Grafana's classic palette. */
const SERIES_COLOURS = 12;

/** The colour of the series at this place. From the thirteenth on they come again. */
export function seriesColour(index: number): string {
  return `var(--viz-series-${(index % SERIES_COLOURS) + 1})`;
}

/** By which series are told apart when colours come again. */
export function seriesRound(index: number): number {
  return Math.floor(index / SERIES_COLOURS);
}

/** From low to high, as Grafana names them. */
export const SCHEMES: Readonly<Record<string, readonly string[]>> = {
  'continuous-GrYlRd': ['green', 'yellow', 'red'],
  'continuous-RdYlGr': ['red', 'yellow', 'green'],
  'continuous-BlYlRd': ['dark-blue', 'super-light-yellow', 'dark-red'],
  'continuous-YlRd': ['super-light-yellow', 'dark-red'],
  'continuous-BlPu': ['blue', 'purple'],
  'continuous-YlBl': ['super-light-yellow', 'dark-blue'],
  'continuous-blues': ['panel-bg', 'dark-blue'],
  'continuous-reds': ['panel-bg', 'dark-red'],
  'continuous-greens': ['panel-bg', 'dark-green'],
  'continuous-purples': ['panel-bg', 'dark-purple'],
};

/** A colour of a scale at a share of its length, 0 to 1. */
export function between(names: readonly string[], share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (names.length - 1);
  const below = Math.min(Math.floor(place), names.length - 2);
  const [low = 'text', high = 'text'] = [names[below], names[below + 1]];
  const rest = place - below;
  if (names.length < 2 || rest <= 0)
    return cssColour(names[0] === undefined ? 'text' : (names[below] ?? names[0]));
  if (rest >= 1) return cssColour(high);
  return `color-mix(in oklab, ${cssColour(high)} ${(rest * 100).toFixed(1)}%, ${cssColour(low)})`;
}

/** The same colour, seen through: `share` of it is left. */
export function faded(css: string, share: number): string {
  return `color-mix(in srgb, ${css} ${(share * 100).toFixed(1)}%, transparent)`;
}

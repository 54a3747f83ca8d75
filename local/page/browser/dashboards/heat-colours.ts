import { between, cssColour, faded } from './colours.ts';
import type { HeatColour } from './heatmap-options.ts';

/** ColorBrewer's and d3's schemes from first to last, and the themes on which Grafana turns them round. */
const SCHEMES: Readonly<
  Record<string, { readonly stops: string; readonly turned: 'always' | 'dark' | 'light' }>
> = {
  Blues: { stops: 'f7fbff c6dbef 6baed6 2171b5 08306b', turned: 'dark' },
  Greens: { stops: 'f7fcf5 c7e9c0 74c476 238b45 00441b', turned: 'dark' },
  Greys: { stops: 'ffffff d9d9d9 969696 525252 000000', turned: 'dark' },
  Oranges: { stops: 'fff5eb fdd0a2 fd8d3c d94801 7f2704', turned: 'dark' },
  Purples: { stops: 'fcfbfd dadaeb 9e9ac8 6a51a3 3f007d', turned: 'dark' },
  Reds: { stops: 'fff5f0 fcbba1 fb6a4a cb181d 67000d', turned: 'dark' },
  YlGnBu: { stops: 'ffffd9 c7e9b4 41b6c4 225ea8 081d58', turned: 'dark' },
  YlOrRd: { stops: 'ffffcc fed976 fd8d3c e31a1c 800026', turned: 'dark' },
  Inferno: { stops: '000004 56106e bb3754 f98c0a fcffa4', turned: 'light' },
  Magma: { stops: '000004 51127c b63679 fb8861 fcfdbf', turned: 'light' },
  Plasma: { stops: '0d0887 7e03a8 cc4778 f89540 f0f921', turned: 'light' },
  Turbo: { stops: '30123b 4686fb 1ae4b6 a4fc3c fb7e21 7a0403', turned: 'light' },
  Viridis: { stops: '440154 3b528b 21918c 5ec962 fde725', turned: 'light' },
  RdBu: { stops: '67001f d6604d f7f7f7 4393c3 053061', turned: 'always' },
  RdYlBu: { stops: 'a50026 f46d43 ffffbf 74add1 313695', turned: 'always' },
  RdYlGn: { stops: 'a50026 f46d43 ffffbf 66bd63 006837', turned: 'always' },
  Spectral: { stops: '9e0142 f46d43 ffffbf 66c2a5 5e4fa2', turned: 'always' },
};

/** The least that is drawn must be told from what is empty. */
const LEAST_SHARE = 0.1;
const seen = (share: number) => LEAST_SHARE + (1 - LEAST_SHARE) * share;

/** The colour of a share of the greatest count, 0 to 1, as CSS for both themes. Throws for an unknown scheme. */
export function heatColour(colour: HeatColour): (share: number) => string {
  if (colour.mode === 'opacity') {
    const fill = cssColour(colour.fill);
    return (share) => faded(fill, seen(share));
  }
  const scheme = SCHEMES[colour.scheme];
  if (!scheme) {
    throw new Error(
      `heat map scheme: expected one of ${Object.keys(SCHEMES).join(', ')}, got ${colour.scheme}: write it in heat-colours.ts`,
    );
  }
  const given = scheme.stops.split(' ').map((hex) => `#${hex}`);
  const turned = (theme: 'dark' | 'light') =>
    colour.reverse || scheme.turned === 'always' || scheme.turned === theme;
  const [light, dark] = [
    turned('light') ? given.toReversed() : given,
    turned('dark') ? given.toReversed() : given,
  ];
  const stops = light.map((stop, place) => `light-dark(${stop}, ${dark[place] ?? stop})`);
  return (share) => between(stops, seen(share));
}

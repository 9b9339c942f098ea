import { svg } from 'lit';

/** Projections of millimetres (x right, y front, z up) onto a page: across to the right, up to the top. */
export const VIEWS = [
  { name: 'From the right', outline: 'sagittal', across: (parcel) => parcel.y, up: (parcel) => parcel.z, sides: ['back', 'front'] },
  { name: 'From behind', outline: 'coronal', across: (parcel) => parcel.x, up: (parcel) => parcel.z, sides: ['L', 'R'] },
  { name: 'From above', outline: 'axial', across: (parcel) => parcel.x, up: (parcel) => parcel.y, sides: ['L', 'R'] },
];

const MARGIN_MILLIMETRES = 14;
const STEPS = 4;

/** Columns of a tab-separated table that hold numbers, by name; rows are parcels in order, as models count them. */
export function readMap(text, parcels) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const header = (lines.shift() ?? '').split('\t');
  const rows = lines.map((line) => line.split('\t'));
  if (rows.length !== parcels) {
    throw new Error(`The table has ${rows.length} rows below its header, and the atlas ${parcels} parcels.`);
  }
  const columns = header
    .map((name, at) => ({ name, values: rows.map((row) => (row[at]?.trim() ? Number(row[at]) : NaN)) }))
    .filter(({ name, values }) => !['index', 'x', 'y', 'z'].includes(name) && values.every(Number.isFinite));
  if (columns.length === 0) {
    throw new Error('No column of the table holds a number for every parcel.');
  }
  return columns;
}

/** Points of the convex hull, counterclockwise (Andrew 1979). */
export function hull(points) {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (all) => {
    const chain = [];
    for (const p of all) {
      while (chain.length > 1) {
        const [a, b] = chain.slice(-2);
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) {
          break;
        }
        chain.pop();
      }
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** Class of a value: sign, and how large beside the largest. */
function shade(value, largest) {
  const step = largest > 0 ? Math.min(STEPS, Math.ceil((STEPS * Math.abs(value)) / largest)) : 0;
  return `${value < 0 ? 'below' : 'above'} s${step}`;
}

/** One projection: the outline, then every parcel, the largest values last and so in front. */
export function projection(view, atlas, values) {
  const points = atlas.parcels.map((parcel) => [view.across(parcel), view.up(parcel)]);
  const line = atlas.outlines ? atlas.outlines[view.outline] : hull(points);
  const all = [...line, ...points];
  const low = [0, 1].map((axis) => Math.min(...all.map((point) => point[axis])) - MARGIN_MILLIMETRES);
  const high = [0, 1].map((axis) => Math.max(...all.map((point) => point[axis])) + MARGIN_MILLIMETRES);
  const top = ([x, y]) => [(x - low[0]).toFixed(1), (high[1] - y).toFixed(1)];
  const largest = Math.max(...values.map(Math.abs));
  const order = values.map((value, at) => at).toSorted((a, b) => Math.abs(values[a]) - Math.abs(values[b]));
  const [width, height] = [high[0] - low[0], high[1] - low[1]];
  return svg`<svg class="brain" viewBox="0 0 ${width.toFixed(1)} ${height.toFixed(1)}" role="img" aria-label="${view.name}: parcels coloured by value; the table below has the numbers">
    <polygon class="outline" points=${line.map((point) => top(point).join(',')).join(' ')}></polygon>
    ${order.map((at) => {
      const [x, y] = top(points[at]);
      const size = largest > 0 ? Math.abs(values[at]) / largest : 0;
      return svg`<circle class=${shade(values[at], largest)} cx=${x} cy=${y} r=${(1.2 + 3.8 * Math.sqrt(size)).toFixed(2)}></circle>`;
    })}
    <text x="2" y=${height.toFixed(1) - 2}>${view.sides[0]}</text>
    <text class="end" x=${width.toFixed(1) - 2} y=${height.toFixed(1) - 2}>${view.sides[1]}</text>
  </svg>`;
}

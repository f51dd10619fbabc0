/** The speed curve of both sides as an SVG that is read on light and dark pages alike. */

export interface CurvePoint {
  readonly rows: number;
  readonly ours: { readonly seconds: number; readonly cpuSeconds: number; readonly peakMegabytes: number };
  readonly duck: { readonly seconds: number; readonly cpuSeconds: number; readonly peakMegabytes: number };
}

interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly top: number;
  readonly of: (side: CurvePoint['ours']) => number;
}

const [width, height, left, right] = [760, 640, 80, 730];
const plotHeight = 210;

const charts: readonly Chart[] = [
  { title: 'Time by lines: plan, stage and match on two processors', unit: 's', top: 60, of: ({ seconds }) => seconds },
  { title: 'Peak memory of a process', unit: 'MB', top: 370, of: ({ peakMegabytes }) => peakMegabytes },
];

const series = [
  { name: 'ours', colour: '#2f81f7', of: ({ ours }: CurvePoint) => ours },
  { name: 'DuckDB', colour: '#d98e04', of: ({ duck }: CurvePoint) => duck },
] as const;

/** Both axes are logarithmic: a straight line of slope one is linear. */
export function curveSvg(points: readonly CurvePoint[]): string {
  const logs = points.map(({ rows }) => Math.log10(rows));
  const [least, most] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const x = (rows: number): number => left + ((Math.log10(rows) - least) / Math.max(1, most - least)) * (right - left);
  const decades = Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index));
  const drawn = charts.map((chart) => drawChart(chart, { points, x, decades })).join('\n');
  const legend = series
    .map(({ name, colour }, index) => {
      const at = left + index * 110;
      return `<circle cx="${at + 6}" cy="24" r="5" fill="${colour}"/><text x="${at + 18}" y="28">${name}</text>`;
    })
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Time and memory of reconciling by number of lines, ours and DuckDB">
<style>
  text { font: 13px system-ui, sans-serif; fill: #57606a; }
  .title { font-weight: 600; }
  .grid { stroke: #8c959f; stroke-opacity: 0.35; }
  @media (prefers-color-scheme: dark) { text { fill: #adbac7; } }
</style>
${legend}
${drawn}
</svg>
`;
}

interface Plot {
  readonly points: readonly CurvePoint[];
  readonly x: (rows: number) => number;
  readonly decades: readonly number[];
}

function drawChart({ title, unit, top, of }: Chart, { points, x, decades }: Plot): string {
  const values = points.flatMap((point) => series.map((side) => of(side.of(point))));
  const lowest = Math.floor(Math.log10(Math.min(...values)));
  const highest = Math.ceil(Math.log10(Math.max(...values)));
  const bottom = top + plotHeight;
  const y = (value: number): number =>
    bottom - ((Math.log10(value) - lowest) / Math.max(1, highest - lowest)) * plotHeight;
  const across = Array.from({ length: highest - lowest + 1 }, (_, index) => 10 ** (lowest + index)).map(
    (value) =>
      `<line class="grid" x1="${left}" x2="${right}" y1="${at(y(value))}" y2="${at(y(value))}"/>` +
      `<text x="${left - 8}" y="${at(y(value) + 4)}" text-anchor="end">${value} ${unit}</text>`,
  );
  const down = decades.map(
    (rows) =>
      `<line class="grid" x1="${at(x(rows))}" x2="${at(x(rows))}" y1="${top}" y2="${bottom}"/>` +
      `<text x="${at(x(rows))}" y="${bottom + 18}" text-anchor="middle">${rows.toLocaleString('en')} lines</text>`,
  );
  const curves = series.map((side) => {
    const places = points.map((point) => ({
      px: at(x(point.rows)),
      py: at(y(of(side.of(point)))),
      value: of(side.of(point)),
    }));
    const dots = places.map(
      ({ px, py, value }) =>
        `<circle cx="${px}" cy="${py}" r="4" fill="${side.colour}"><title>${side.name}: ${value.toPrecision(3)} ${unit}</title></circle>`,
    );
    const line = `<polyline fill="none" stroke="${side.colour}" stroke-width="2" points="${places.map(({ px, py }) => `${px},${py}`).join(' ')}"/>`;
    return [line, ...dots].join('');
  });
  return [`<text class="title" x="${left}" y="${top - 10}">${title}</text>`, ...across, ...down, ...curves].join('\n');
}

const at = (place: number): string => place.toFixed(1);

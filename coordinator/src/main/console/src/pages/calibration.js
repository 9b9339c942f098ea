import { html, nothing } from '../element.js';
import { count, interval } from '../format.js';
import { table } from '../table.js';
import { axis } from '../chart.js';

/** How far probabilities can be taken at their word (classification), or predictions are stretched (regression). */
export function calibration(metrics, classified) {
  if (!classified) {
    return html`<section>
      <h2>Calibration</h2>
      <p>Slope ${interval(metrics.calibrationSlope)}, intercept ${metrics.calibrationIntercept?.toFixed(3) ?? 'n/a'};
        a calibrated prediction has slope 1.</p>
    </section>`;
  }
  const bins = metrics.reliability.filter((bin) => bin.predicted != null && bin.observed);
  return html`<section>
    <h2>Calibration</h2>
    <p>Slope ${interval(metrics.calibration?.slope)}, intercept ${interval(metrics.calibration?.intercept)}; a calibrated model
      has slope 1 and intercept 0.</p>
    ${bins.length ? html`<data-chart label="Observed share of class 1 against predicted probability" .option=${curve(bins)}></data-chart>` : nothing}
    ${table('Reliability by predicted probability; fewer than ten patients are not shown', [
      { title: 'Bin', cell: (bin) => `${bin.low.toFixed(2)} to ${bin.high.toFixed(2)}` },
      { title: 'Patients', number: true, cell: (bin) => (bin.patients == null ? 'fewer than ten' : count(bin.patients)) },
      { title: 'Predicted', number: true, cell: (bin) => bin.predicted?.toFixed(3) ?? 'n/a' },
      { title: 'Observed', number: true, cell: (bin) => interval(bin.observed) },
    ], metrics.reliability)}
  </section>`;
}

const curve = (bins) => (c) => ({
  legend: { textStyle: { color: c.ink }, top: 0 },
  grid: { left: 60, right: 20, top: 40, bottom: 50 },
  xAxis: { type: 'value', min: 0, max: 1, ...axis(c, 'Predicted probability') },
  yAxis: { type: 'value', min: 0, max: 1, ...axis(c, 'Observed share', { nameGap: 40 }) },
  series: [
    {
      name: 'perfectly calibrated',
      type: 'line',
      data: [[0, 0], [1, 1]],
      showSymbol: false,
      lineStyle: { color: c.soft, type: 'dashed' },
      itemStyle: { color: c.soft },
    },
    {
      name: 'model',
      type: 'line',
      data: bins.map((bin) => [bin.predicted, bin.observed.value]),
      symbolSize: 8,
      lineStyle: { color: c.model, width: 3 },
      itemStyle: { color: c.model },
    },
  ],
});

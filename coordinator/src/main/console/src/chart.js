import { html } from 'lit';
import * as echarts from 'echarts/core';
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { Part } from './element.js';

echarts.use([
  BarChart,
  CustomChart,
  LineChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The page's own colours, so that a chart is as readable as the text beside it. */
const colours = () => ({
  ink: colour('ink'),
  soft: colour('soft'),
  rule: colour('rule'),
  paper: colour('paper'),
  model: colour('model'),
  mean: colour('mean'),
  interpolation: colour('interpolation'),
});

/** Drawn on the canvas: the page's policy allows no inline style. */
const tooltip = (c) => ({
  renderMode: 'richText',
  backgroundColor: c.paper,
  borderColor: c.rule,
  textStyle: { color: c.ink },
});

/**
 * One chart. Whatever it shows stands in a table beside it, so a screen reader is given the label only.
 *
 * option: (colours) => ECharts option; label: what the chart says, in a sentence; rows: how many it has one below the other.
 */
class DataChart extends Part {
  static properties = { option: { attribute: false }, label: {}, rows: { type: Number } };

  render() {
    const size = !this.rows ? 'usual' : this.rows <= 4 ? 'low' : this.rows <= 10 ? 'usual' : 'high';
    return html`<div class="chart ${size}" role="img" aria-label=${this.label}></div>`;
  }

  firstUpdated() {
    const holder = this.querySelector('.chart');
    this.chart = echarts.init(holder, null, { renderer: 'canvas' });
    this.sized = new ResizeObserver(() => this.chart?.resize());
    this.sized.observe(holder);
    this.redraw = () => this.draw();
    dark.addEventListener('change', this.redraw);
  }

  updated() {
    this.draw();
  }

  draw() {
    const c = colours();
    this.chart?.setOption(
      {
        animation: false,
        textStyle: { color: c.ink, fontFamily: 'system-ui, sans-serif', fontSize: 13 },
        tooltip: tooltip(c),
        ...this.option(c),
      },
      true,
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sized?.disconnect();
    dark.removeEventListener('change', this.redraw);
    this.chart?.dispose();
    this.chart = null;
  }
}
customElements.define('data-chart', DataChart);

export const axis = (c, name, more = {}) => ({
  name,
  nameLocation: 'middle',
  nameGap: 30,
  nameTextStyle: { color: c.soft },
  axisLine: { lineStyle: { color: c.soft } },
  axisLabel: { color: c.soft, hideOverlap: true },
  splitLine: { lineStyle: { color: c.rule } },
  ...more,
});

/** One name for each row. */
const nameAxis = (c, rows) => ({
  type: 'category',
  data: rows.map((row) => row.name),
  ...axis(c, '', { splitLine: { show: false }, axisTick: { show: false }, axisLabel: { color: c.ink, width: 170, overflow: 'break' } }),
});

/** Lines over a number axis; points: [[x, y], …] of each series. */
export const lines = (xName, yName, series) => (c) => ({
  legend: { textStyle: { color: c.ink }, top: 0 },
  grid: { left: 60, right: 20, top: 40, bottom: 50 },
  tooltip: {
    ...tooltip(c),
    trigger: 'axis',
    valueFormatter: (value) => (value == null ? 'n/a' : value.toFixed(4)),
  },
  xAxis: { type: 'value', minInterval: 1, min: 'dataMin', max: 'dataMax', ...axis(c, xName) },
  yAxis: { type: 'value', scale: true, ...axis(c, yName, { nameGap: 45 }) },
  series: series.map(({ name, points, kind, dash }) => ({
    name,
    type: 'line',
    data: points,
    symbolSize: points.length > 60 ? 0 : 6,
    showSymbol: points.length <= 60,
    connectNulls: false,
    sampling: points.length > 500 ? 'lttb' : undefined,
    lineStyle: { color: c[kind], width: kind === 'model' ? 3 : 2, type: dash ?? 'solid' },
    itemStyle: { color: c[kind] },
  })),
});

/** Estimates with their 95 % intervals, one row each, and a line at `zero`. rows: [{name, estimate}] */
export const forest = (xName, rows, zero = 0) => (c) => {
  const shown = rows.filter((row) => row.estimate).toReversed();
  const ends = shown.flatMap(({ estimate }) => [
    estimate.value,
    estimate.interval?.low ?? estimate.value,
    estimate.interval?.high ?? estimate.value,
  ]);
  const low = Math.min(zero, ...ends);
  const high = Math.max(zero, ...ends);
  const room = (high - low || 1) * 0.06;
  return {
    grid: { left: 10, right: 25, top: 10, bottom: 50, containLabel: true },
    xAxis: {
      type: 'value',
      min: low - room,
      max: high + room,
      ...axis(c, xName, {
        axisLabel: { color: c.soft, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: (v) => String(+v.toFixed(3)) },
      }),
    },
    yAxis: nameAxis(c, shown),
    series: [
      {
        type: 'custom',
        data: shown.map(({ estimate }, at) => [
          estimate.value,
          at,
          estimate.interval?.low ?? estimate.value,
          estimate.interval?.high ?? estimate.value,
        ]),
        renderItem: (_, api) => whisker(api, c),
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: c.soft, type: 'dashed' },
          data: [{ xAxis: zero }],
        },
        tooltip: {
          formatter: ({ value }) =>
            `${value[0].toFixed(4)}  [${value[2].toFixed(4)}, ${value[3].toFixed(4)}]`,
        },
      },
    ],
  };
};

function whisker(api, c) {
  const [x, y] = api.coord([api.value(0), api.value(1)]);
  const [from] = api.coord([api.value(2), api.value(1)]);
  const [to] = api.coord([api.value(3), api.value(1)]);
  const line = (x1, y1, x2, y2) => ({
    type: 'line',
    shape: { x1, y1, x2, y2 },
    style: { stroke: c.model, lineWidth: 2 },
  });
  return {
    type: 'group',
    children: [
      line(from, y, to, y),
      line(from, y - 6, from, y + 6),
      line(to, y - 6, to, y + 6),
      { type: 'rect', shape: { x: x - 5, y: y - 5, width: 10, height: 10 }, style: { fill: c.model } },
    ],
  };
}

/** rows: [{name, values: [{kind, value}]}] */
export const bars = (xName, rows, series) => (c) => ({
  legend: series.length > 1 ? { textStyle: { color: c.ink }, top: 0 } : undefined,
  grid: { left: 10, right: 25, top: series.length > 1 ? 40 : 10, bottom: 50, containLabel: true },
  xAxis: { type: 'value', ...axis(c, xName) },
  yAxis: { inverse: true, ...nameAxis(c, rows) },
  series: series.map(({ name, key, kind, stack }) => ({
    name,
    type: 'bar',
    stack,
    barMaxWidth: 22,
    data: rows.map((row) => row[key]),
    itemStyle: kind === 'rest' ? { color: 'transparent', borderColor: c.soft, borderWidth: 1 } : { color: c[kind] },
  })),
});

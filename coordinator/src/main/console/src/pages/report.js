import { html, Loaded, fact, nothing, state } from '../element.js';
import { get } from '../api.js';
import { count, epsilon, interval, score, short, words } from '../format.js';
import { table } from '../table.js';
import { forest, lines } from '../chart.js';
import { survivors } from './run.js';
import { calibration } from './calibration.js';

const ROUNDS_SHOWN = 25;

/** The report of an ended run: report.json, drawn. Every plot has its numbers in a table beside it. */
class ReportPage extends Loaded {
  static properties = { run: {}, allRounds: { state: true } };

  willUpdate(changed) {
    if (changed.has('run')) {
      this.answer = null;
      this.load(() => get(`/runs/${this.run}/report`));
    }
  }

  show(report) {
    const sealed = report.sealedEvaluation;
    return html`<h1>Report of run ${report.run.id} ${state(report.run.outcome)}</h1>
      <p class="notice">${report.notice}</p>
      <p>Study “${report.study.name}”, purpose “${report.study.purpose}”.${report.run.reason ? ` Ended because ${report.run.reason}.` : nothing}</p>
      ${sealed ? this.evaluation(sealed) : nothing} ${report.phenotype ? phenotype(report.phenotype) : nothing}
      ${report.regional ? regional(report.regional) : nothing} ${this.rounds(report)} ${sites(report)}
      ${provenance(report)}`;
  }

  evaluation(sealed) {
    const { metrics } = sealed;
    const rows = [
      { name: `R², round ${sealed.round}`, estimate: metrics.r2 },
      ...(sealed.untrained ? [{ name: 'R², untrained model', estimate: sealed.untrained }] : []),
      ...sealed.findings.map((finding) => ({ name: `over ${finding.baseline}`, estimate: finding.difference, verdict: finding.verdict })),
    ];
    const groups = metrics.subgroups.map((group) => ({ name: words(group.subgroup), estimate: group.meanR2, group }));
    return html`<section>
        <h2>Sealed external cohorts</h2>
        <p>Masked reconstruction on ${count(metrics.patients)} external patients, 95 % intervals.</p>
        <data-chart label="Forest plot of R² and of its differences from the baselines" .rows=${rows.length} .option=${forest('R² or difference of R²', rows)}></data-chart>
        ${table('R² and what it is over the baselines', [
          { title: 'What', cell: (row) => row.name },
          { title: 'Value and interval', number: true, cell: (row) => interval(row.estimate, 4) },
          { title: 'Verdict', cell: (row) => (row.verdict ? words(row.verdict) : '–') },
        ], rows)}
      </section>
      <section>
        <h2>By mask ratio</h2>
        ${table('Scores by share of hidden patches', [
          { title: 'Mask ratio', number: true, cell: (ratio) => ratio.maskRatio },
          { title: 'R²', number: true, cell: (ratio) => score(ratio.r2) },
          { title: 'MSE', number: true, cell: (ratio) => score(ratio.mse) },
          { title: 'R² parcel mean', number: true, cell: (ratio) => score(ratio.r2ParcelMean) },
          { title: 'R² interpolation', number: true, cell: (ratio) => score(ratio.r2Interpolation) },
        ], metrics.byMaskRatio)}
      </section>
      ${subgroups('Mean R² of a patient', groups)}`;
  }

  rounds(report) {
    const scored = report.rounds.filter((round) => round.evaluation);
    const points = (key) => report.rounds.map((round) => [round.round, round.evaluation?.[key] ?? null]);
    const newestFirst = report.rounds.toReversed();
    const shown = this.allRounds ? newestFirst : newestFirst.slice(0, ROUNDS_SHOWN);
    return html`<section>
      <h2>By round</h2>
      ${scored.length === 0
        ? nothing
        : html`<data-chart label="External R² by round, with both baselines" .option=${lines('Round', 'R²', [
            { name: 'model', points: points('r2'), kind: 'model' },
            { name: 'parcel mean', points: points('r2ParcelMean'), kind: 'mean', dash: 'dashed' },
            { name: 'interpolation', points: points('r2Interpolation'), kind: 'interpolation', dash: 'dotted' },
          ])}></data-chart>`}
      ${table('Rounds, newest first', roundColumns, shown)}
      ${shown.length < newestFirst.length
        ? html`<p><button type="button" @click=${() => (this.allRounds = true)}>Show all ${count(newestFirst.length)} rounds</button></p>`
        : nothing}
    </section>`;
  }
}
customElements.define('report-page', ReportPage);

const roundColumns = [
  { title: 'Round', number: true, cell: (round) => round.round },
  { title: 'R²', number: true, cell: (round) => html`<span data-r2=${round.round}>${score(round.evaluation?.r2)}</span>` },
  { title: 'R² parcel mean', number: true, cell: (round) => score(round.evaluation?.r2ParcelMean) },
  { title: 'R² interpolation', number: true, cell: (round) => score(round.evaluation?.r2Interpolation) },
  { title: 'MSE', number: true, cell: (round) => score(round.evaluation?.mse) },
  { title: 'Patients', number: true, cell: (round) => count(round.evaluation?.patients) },
  { title: 'Seconds', number: true, cell: (round) => round.seconds.toFixed(1) },
  { title: 'Survivors', cell: (round) => survivors(round.survivors) },
  { title: 'Not scored because', cell: (round) => round.evaluationUnavailable ?? '–' },
];

const subgroups = (title, groups) =>
  groups.length === 0
    ? nothing
    : html`<section>
        <h2>Subgroups</h2>
        ${groups.some((group) => group.estimate)
          ? html`<data-chart label="${title} by subgroup" .rows=${groups.filter((group) => group.estimate).length} .option=${forest(title, groups)}></data-chart>`
          : nothing}
        ${table(`${title} by subgroup; fewer than ten patients are not shown`, [
          { title: 'Subgroup', cell: (row) => row.name },
          { title: 'Patients', number: true, cell: (row) => (row.group.patients == null ? 'fewer than ten' : count(row.group.patients)) },
          { title: 'Value and interval', number: true, cell: (row) => interval(row.estimate) },
          { title: 'Sites leaving it out', number: true, cell: (row) => row.group.sitesLeavingOut },
        ], groups)}
      </section>`;

function phenotype(found) {
  const headline = (metrics) => metrics.auc ?? metrics.macroAuc ?? metrics.r2;
  const rows = found.scores.map(({ model, metrics }) => ({ name: words(model), estimate: headline(metrics), metrics }));
  const classified = found.type === 'classification';
  const several = found.classes.length > 2;
  const title = several ? 'Macro AUC' : classified ? 'AUC' : 'R²';
  const best = found.scores.find(({ model }) => words(model).includes('federated'))?.metrics ?? found.scores[0]?.metrics;
  return html`<section>
      <h2>Prediction of ${found.target}</h2>
      <data-chart label="Forest plot of each model's ${title}" .rows=${rows.length} .option=${forest(title, rows, classified ? 0.5 : 0)}></data-chart>
      ${table('Scores on the sealed external cohorts', [
        { title: 'Model', cell: (row) => row.name },
        { title, number: true, cell: (row) => interval(row.estimate) },
        { title: classified ? 'Accuracy' : 'Mean absolute error', number: true, cell: (row) => interval(classified ? row.metrics.accuracy : row.metrics.mae) },
        {
          title: several ? 'Balanced accuracy' : classified ? 'Brier score' : 'Pearson r',
          number: true,
          cell: ({ metrics }) => interval(several ? metrics.balancedAccuracy : classified ? metrics.brier : metrics.pearson),
        },
        { title: 'Patients', number: true, cell: (row) => count(row.metrics.patients) },
      ], rows)}
    </section>
    ${best && several ? againstRest(found.classes, best.againstRest) : nothing}
    ${best && !several ? calibration(best, classified) : nothing}
    ${best && !several
      ? subgroups(classified ? 'Accuracy' : 'Mean absolute error', best.subgroups.map((group) => ({
          name: words(group.subgroup),
          estimate: classified ? group.accuracy : group.mae,
          group,
        })))
      : nothing}`;
}

const againstRest = (classes, metrics) => {
  const rows = metrics.map((one, at) => ({ name: classes[at], estimate: one.auc, one }));
  return html`<section>
    <h2>Each class against the rest</h2>
    <data-chart label="Forest plot of each class's AUC against the rest" .rows=${rows.length} .option=${forest('AUC against the rest', rows, 0.5)}></data-chart>
    ${table('Each class against the rest', [
      { title: 'Class', cell: (row) => row.name },
      { title: 'Patients', number: true, cell: (row) => count(row.one.ones) },
      { title: 'AUC', number: true, cell: (row) => interval(row.estimate) },
      { title: 'Brier score', number: true, cell: (row) => interval(row.one.brier) },
      { title: 'Calibration slope', number: true, cell: (row) => interval(row.one.calibration?.slope) },
    ], rows)}
  </section>`;
};

function regional(found) {
  const estimate = ({ mean, low, high }) => ({ value: mean, interval: { low, high } });
  const rows = (found.scores?.candidates ?? []).map(({ name, r, ks, total }) => ({
    name,
    estimate: estimate(r),
    ks: estimate(ks),
    total: estimate(total),
  }));
  return html`<section>
    <h2>Regional model</h2>
    <p>${found.regions} regions, ${found.sites} sites, method ${found.method}.</p>
    ${rows.length
      ? html`<data-chart label="Forest plot of each candidate's correlation with empirical connectivity" .rows=${rows.length} .option=${forest('r of functional connectivity', rows)}></data-chart>
          ${table('Candidates on the sealed external cohorts', [
            { title: 'Candidate', cell: (row) => row.name },
            { title: 'r', number: true, cell: (row) => interval(row.estimate, 4) },
            { title: 'KS', number: true, cell: (row) => interval(row.ks, 4) },
            { title: '1 − r + KS', number: true, cell: (row) => interval(row.total, 4) },
          ], rows)}`
      : nothing}
  </section>`;
}

const sites = (report) => html`<section>
  <h2>Sites</h2>
  ${table('Privacy and traffic by site', [
    { title: 'Site', cell: (site) => site.name },
    { title: 'ε spent', number: true, cell: (site) => (site.privacy ? epsilon(site.privacy.epsilonSpent) : 'n/a') },
    { title: 'ε left', number: true, cell: (site) => epsilon(site.privacy?.epsilonLeft) },
    { title: 'δ', number: true, cell: (site) => site.privacy?.delta.toExponential(0) ?? 'n/a' },
    { title: 'Charges', number: true, cell: (site) => count(site.privacy?.charges) },
    { title: 'Why not', cell: (site) => site.privacyUnavailable ?? '–' },
    { title: 'Sealed patients', cell: (site) => site.sealedPatients ?? 'not stated' },
    { title: 'Bytes', number: true, cell: (site) => count(site.bytesReceived) },
  ], report.sites)}
</section>`;

const provenance = (report) => html`<section>
  <h2>Provenance</h2>
  <dl class="facts">
    ${fact('Model', html`<code>${report.model.sha256 || 'none was released'}</code>`)}
    ${fact('Study', html`<code title=${report.study.sha256}>${short(report.study.sha256)}</code>`)}
    ${fact('Privacy mode', report.study.privacyMode)}
    ${fact('Log', report.log.verified ? `verified, ${count(report.log.entries)} entries` : `does not verify: ${report.log.problem}`)}
    ${fact('Log root', html`<code>${report.log.rootSha256}</code>`)}
    ${fact('Authority', html`<code>${report.log.authoritySha256}</code>`)}
  </dl>
  <p>Whoever does not want to believe this page recomputes it from the log and the opened sums:</p>
  <shell-command text="commissure coordinator report verify runs/${report.run.id} --log log"></shell-command>
  <p><a href="/api/v1/runs/${report.run.id}/files/report.html" download>The same report as one file</a></p>
</section>`;

import { html, Loaded, fact, nothing, state } from '../element.js';
import { get } from '../api.js';
import { listen } from '../live.js';
import { count, score, short, time, words } from '../format.js';
import '../table.js';
import './queue.js';

/** The federation at a glance. */
class OverviewPage extends Loaded {
  static properties = { live: { state: true }, session: { attribute: false } };

  connectedCallback() {
    super.connectedCallback();
    this.load(() => get('/overview'));
    let known = '';
    this.stop = listen((live) => {
      this.live = live;
      const now = `${live.run?.runId} ${live.run?.state} ${live.run?.history.length && live.run.history[0].round}`;
      if (known && now !== known) {
        this.load(() => get('/overview', true));
      }
      known = now;
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  show(overview) {
    const run = this.live?.run;
    return html`<h1>Federation ${overview.federation}</h1>
      <div class="tiles">
        ${tile('#/sites', `${this.live ? this.live.connected.length : overview.sitesConnected} of ${overview.sites}`, 'sites connected')}
        ${tile('#/runs', count(overview.runs), overview.runs === 1 ? 'run' : 'runs')}
        ${tile('#/log', count(overview.logEntries), 'log entries')}
      </div>
      <h2>Newest run</h2>
      ${run ? this.newest(run) : html`<p class="soft">There was no run yet. A run is started with the operator's command:</p>
        <shell-command text="commissure coordinator run start --home ${overview.home} --study study.toml --model initial.safetensors"></shell-command>`}
      ${this.live?.queued ? html`<run-queue .session=${this.session}></run-queue>` : nothing}
      <h2>Runs</h2>
      <paged-table path="/runs" caption="Runs, newest first" .columns=${runColumns} .limit=${10} .version=${String(overview.runs) + overview.logEntries}></paged-table>
      <p class="soft">Log root <code>${short(overview.logRoot)}</code>, as of ${time(overview.now)}. Research use, not for clinical decisions.</p>`;
  }

  newest(run) {
    const last = run.history.at(-1);
    return html`<dl class="facts">
      ${fact('Run', html`<a href="#/runs/${run.runId}">${run.runId}</a> ${state(run.state)} ${run.hold ? state(run.hold.kind) : nothing}`)}
      ${fact('Study', run.study)}
      ${fact('Round', `${run.round} of ${run.rounds}, ${words(run.sum)}, ${run.phase}`)}
      ${fact('Waiting for', run.waitingFor.join(', ') || 'nobody')}
      ${fact('External R² of the last round', score(last?.evaluation?.r2))}
    </dl>`;
  }
}
customElements.define('overview-page', OverviewPage);

const tile = (href, number, label) =>
  html`<a class="tile" href=${href}><strong>${number}</strong><span>${label}</span></a>`;

export const runColumns = [
  { title: 'Run', cell: (run) => html`<a href="#/runs/${run.runId}">${run.runId}</a>` },
  { title: 'Study', cell: (run) => run.study },
  { title: 'State', cell: (run) => state(run.state) },
  { title: 'Round', number: true, cell: (run) => `${run.round} of ${run.rounds}` },
  { title: 'External R²', number: true, cell: (run) => score(run.r2) },
  { title: 'Started', cell: (run) => time(run.started) },
  { title: 'Why it ended', cell: (run) => run.reason || '–' },
];

import { html, Loaded, fact, nothing, state, trouble } from '../element.js';
import { get, post } from '../api.js';
import { count, time } from '../format.js';
import '../table.js';

/** The transparency log: entries, checkpoint, verification. */
class LogPage extends Loaded {
  static properties = { verified: { state: true }, verifying: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load(() => get('/log/checkpoint'));
  }

  show(checkpoint) {
    return html`<h1>Transparency log</h1>
      <dl class="facts">
        ${fact('Entries', count(checkpoint.entries))}
        ${fact('Root', html`<code>${checkpoint.rootSha256}</code>`)}
      </dl>
      <details><summary>Signed checkpoint</summary><pre>${checkpoint.note}</pre></details>
      <h2>Verify</h2>
      <p><button type="button" class="main" ?disabled=${this.verifying} @click=${this.verify}>
        ${this.verifying ? 'Recomputing every entry …' : 'Recompute at the server'}
      </button></p>
      ${this.verified ? result(this.verified) : nothing}
      <p>This server checks itself. Whoever does not want to believe it runs, with the authority's fingerprint as it was read to
        the hospital when it joined:</p>
      ${checkpoint.commands.map((command) => html`<shell-command text=${command}></shell-command>`)}
      <h2>Entries</h2>
      <paged-table path="/log" caption="Entries, newest first" .columns=${columns} .version=${String(checkpoint.entries)}></paged-table>`;
  }

  async verify() {
    this.verifying = true;
    try {
      this.verified = await post('/log/verify');
      await this.load(() => get('/log/checkpoint'));
    } catch (problem) {
      this.verified = problem;
    }
    this.verifying = false;
  }
}
customElements.define('log-page', LogPage);

function result(verified) {
  if (verified.error) {
    return trouble(verified);
  }
  return html`<div class=${verified.ok ? 'fine' : 'trouble'} role="status" id="verification">
    <strong>${verified.ok ? 'The log verifies.' : 'The log does NOT verify.'}</strong>
    ${verified.problem ? html`<p>${verified.problem}</p>` : nothing}
    <dl class="facts">
      ${fact('Entries', count(verified.entries))} ${fact('Root', html`<code>${verified.rootSha256}</code>`)}
      ${fact('Origin', verified.origin)} ${fact('Authority', html`<code>${verified.authoritySha256}</code>`)}
      ${fact('Witnesses', verified.witnesses.length ? verified.witnesses.map((w) => `${w.witness} at ${w.size}`).join(', ') : 'none yet')}
      ${fact('Took', `${verified.seconds.toFixed(2)} s`)}
    </dl>
  </div>`;
}

const columns = [
  { title: 'Entry', number: true, cell: (entry) => entry.index },
  { title: 'When', cell: (entry) => time(entry.at) },
  { title: 'Signed by', cell: (entry) => entry.actor },
  { title: 'What', cell: (entry) => html`<code>${entry.action}</code>` },
  { title: 'Outcome', cell: (entry) => state(entry.outcome) },
  { title: 'Run', cell: (entry) => (entry.runId ? html`<a href="#/runs/${entry.runId}">${entry.runId}</a>, round ${entry.round}` : '–') },
  {
    title: 'Details',
    cell: (entry) => html`${entry.detail}
      ${Object.keys(entry.facts).length === 0
        ? nothing
        : html`<details><summary>${Object.keys(entry.facts).length} facts</summary><dl class="small">
            ${Object.entries(entry.facts).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
          </dl></details>`}`,
  },
];

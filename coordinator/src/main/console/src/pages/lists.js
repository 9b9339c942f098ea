import { html, Loaded, Part, nothing, state } from '../element.js';
import { get, page } from '../api.js';
import { listen } from '../live.js';
import { bytes, count, epsilon, score, short, time, words } from '../format.js';
import { table } from '../table.js';
import { bars } from '../chart.js';
import { runColumns } from './overview.js';
import { survivors } from './run.js';
import './queue.js';

class RunsPage extends Part {
  static properties = { session: { attribute: false } };

  render() {
    return html`<h1>Runs</h1>
      <paged-table path="/runs" caption="All runs, newest first" .columns=${runColumns} empty="There was no run yet."></paged-table>
      <run-queue .session=${this.session}></run-queue>`;
  }
}
customElements.define('runs-page', RunsPage);

/** Enrolled sites; who is connected follows the live view. */
class SitesPage extends Part {
  static properties = { version: { state: true }, home: {} };

  connectedCallback() {
    super.connectedCallback();
    let known;
    this.stop = listen((live) => {
      const now = live.connected.toSorted().join(' ');
      if (known !== undefined && known !== now) {
        this.version = now;
      }
      known = now;
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  render() {
    return html`<h1>Sites</h1>
      <p class="soft">Of a site's cohort the coordinator knows what the site signed into the log: how many patients it
        sealed, with noise that the site drew once for that cohort: within ± in 95 of 100 cohorts.</p>
      <paged-table path="/sites" caption="Enrolled sites" .columns=${siteColumns} .version=${this.version} empty="No site is enrolled yet."></paged-table>
      <h2>What needs the operator's key</h2>
      <shell-command text="commissure coordinator invite --home ${this.home} --site NAME --out NAME.json"></shell-command>
      <shell-command text="commissure coordinator sites revoke NAME --home ${this.home} --reason '…'"></shell-command>`;
  }
}
customElements.define('sites-page', SitesPage);

const patients = (sealed) =>
  sealed == null ? 'not stated' : sealed.epsilon == null ? sealed.words : html`<span title="noise of ε ${sealed.epsilon}">${sealed.words}</span>`;

const siteColumns = [
  { title: 'Site', cell: (site) => html`<strong>${site.name}</strong>` },
  { title: 'Connection', cell: (site) => state(site.denied != null ? 'revoked' : site.connected ? 'connected' : 'away') },
  { title: 'Last seen', cell: (site) => (site.lastSeen ? time(site.lastSeen) : 'not since the coordinator started') },
  { title: 'Agent', cell: (site) => (site.agentVersion == null ? '–' : `${site.agentVersion || 'unnamed'}, protocol ${site.protocolVersion}`) },
  { title: 'Sealed patients', cell: (site) => patients(site.sealedPatients) },
  { title: 'TLS certificate until', cell: (site) => time(site.tlsUntil) },
  { title: 'Signing certificate until', cell: (site) => time(site.signingUntil) },
];

/** Published plans and what each site said. */
class PlansPage extends Loaded {
  static properties = { home: {} };

  connectedCallback() {
    super.connectedCallback();
    this.load(() => get('/plans'));
  }

  show({ plans }) {
    return html`<h1>Studies</h1>
      ${plans.length === 0 ? html`<p class="soft">No plan was published yet.</p>` : nothing}
      ${plans.map(
        (plan) => html`<section class="plan">
          <h2>${plan.study} ${state(plan.expired ? 'expired' : 'in force')}</h2>
          <p>${plan.purpose}</p>
          <p class="soft">Plan <code>${short(plan.plan_sha256)}</code>, published ${time(plan.published)}, until ${time(plan.expires)}.
            Legal basis: ${plan.legal_basis || 'not stated'}.</p>
          ${table(`What sites said about plan ${short(plan.plan_sha256)}`, planColumns, plan.sites)}
        </section>`,
      )}
      <h2>What needs the operator's key</h2>
      <p>Publishing and approving sign with a person's key, which is not here:</p>
      <shell-command text="commissure coordinator plan publish --home ${this.home} --study study.toml"></shell-command>
      <shell-command text="commissure coordinator run approve --identity YOUR-FOLDER --study study.toml --model initial.safetensors"></shell-command>
      <shell-command text="commissure coordinator run start --home ${this.home} --study study.toml --model initial.safetensors"></shell-command>`;
  }
}
customElements.define('plans-page', PlansPage);

const planColumns = [
  { title: 'Site', cell: (word) => word.site },
  { title: 'Decision', cell: (word) => state(word.decision === 'none' ? 'no word yet' : word.decision) },
  { title: 'Reason', cell: (word) => word.reason || '–' },
  { title: 'When', cell: (word) => (word.when ? time(word.when) : '–') },
];

/** The models that a run released. */
class ModelsPage extends Part {
  static properties = { run: {}, cards: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    get(`/runs/${this.run}/files`, true).then(
      (files) => (this.cards = files.names.filter((name) => name.startsWith('model-card.'))),
      () => (this.cards = []),
    );
  }

  render() {
    return html`<h1>Models of run ${this.run}</h1>
      <p class="soft">The digest is the SHA-256 of the parameters, little-endian float32: what sites and log call the model.</p>
      ${this.cards?.length
        ? html`<p>Model card of the last one: ${this.cards.map((name) => html`<a href="/api/v1/runs/${this.run}/files/${name}" download>${name}</a> `)}</p>`
        : nothing}
      <paged-table path="/runs/${this.run}/models" caption="Released models, newest first" .columns=${modelColumns} empty="The run released no model yet."></paged-table>`;
  }
}
customElements.define('models-page', ModelsPage);

const modelColumns = [
  { title: 'Round', number: true, cell: (model) => model.round },
  { title: 'Digest', cell: (model) => html`<code title=${model.sha256}>${short(model.sha256)}</code>` },
  { title: 'Trained from', cell: (model) => (model.parentSha256 ? html`<code title=${model.parentSha256}>${short(model.parentSha256)}</code>` : 'the initial model itself') },
  { title: 'Updates of', cell: (model) => survivors(model.survivors) },
  { title: 'External R²', number: true, cell: (model) => score(model.r2) },
  {
    title: 'Download',
    cell: (model) =>
      model.bytes == null
        ? 'not kept'
        : html`<a href="/api/v1/runs/${model.runId}/models/${model.sha256}" download aria-label="Model of round ${model.round} as safetensors">safetensors, ${bytes(model.bytes)}</a>`,
  },
];

/** What sites stated about their patients' privacy. */
class PrivacyPage extends Loaded {
  connectedCallback() {
    super.connectedCallback();
    this.load(() => page('/privacy', 0, 500));
  }

  show({ items, total }) {
    const newest = new Map();
    items.forEach((spent) => {
      if (!newest.has(spent.site) || newest.get(spent.site).logIndex < spent.logIndex) {
        newest.set(spent.site, spent);
      }
    });
    const rows = [...newest.values()].slice(0, 40).map((spent) => ({ name: spent.site, spent: spent.epsilonSpent, left: spent.epsilonLeft }));
    return html`<h1>Privacy spent</h1>
      <p>ε and δ as each site stated and signed them in the log: an upper bound by its own ledger, over all runs that ledger
        knows. The ledger itself stays at the site.</p>
      ${total === 0
        ? nothing
        : html`<data-chart label="ε spent and left of each site; the table below has the numbers" .rows=${rows.length}
            .option=${bars('ε', rows, [
              { name: 'ε spent', key: 'spent', kind: 'model', stack: 'budget' },
              { name: 'ε left', key: 'left', kind: 'rest', stack: 'budget' },
            ])}></data-chart>`}
      <paged-table path="/privacy" caption="Privacy spent, by site and run" .columns=${privacyColumns} empty="No site charged its ledger yet."></paged-table>`;
  }
}
customElements.define('privacy-page', PrivacyPage);

const privacyColumns = [
  { title: 'Site', cell: (spent) => spent.site },
  { title: 'Run', cell: (spent) => spent.runId.startsWith('cohort-') ? 'number of patients, once' : html`<a href="#/runs/${spent.runId}">${spent.runId}</a>` },
  { title: 'ε spent', number: true, cell: (spent) => epsilon(spent.epsilonSpent) },
  { title: 'ε left', number: true, cell: (spent) => (spent.epsilonLeft == null ? 'not stated' : epsilon(spent.epsilonLeft)) },
  { title: 'δ', number: true, cell: (spent) => spent.delta.toExponential(0) },
  { title: 'Charges', number: true, cell: (spent) => count(spent.charges) },
  { title: 'Log entry', number: true, cell: (spent) => spent.logIndex },
  { title: 'Stated', cell: (spent) => time(spent.at) },
];

class FailuresPage extends Part {
  render() {
    return html`<h1>Failures</h1>
      <p class="soft">What did not go as it should, as the log has it, and what to do.</p>
      <paged-table path="/failures" caption="Failures, newest first" .columns=${failureColumns} empty="The log knows of no failure."></paged-table>`;
  }
}
customElements.define('failures-page', FailuresPage);

const failureColumns = [
  { title: 'When', cell: (failure) => time(failure.at) },
  { title: 'What', cell: (failure) => html`<code>${failure.action}</code>` },
  { title: 'Who', cell: (failure) => failure.about },
  { title: 'Run', cell: (failure) => (failure.runId ? html`<a href="#/runs/${failure.runId}">${failure.runId}</a>, round ${failure.round}` : '–') },
  { title: 'Cause', cell: (failure) => failure.cause },
  { title: 'Remedy', cell: (failure) => failure.remedy },
  { title: 'Log entry', number: true, cell: (failure) => failure.logIndex },
];

class AccessesPage extends Part {
  render() {
    return html`<h1>Access log</h1>
      <p class="soft">Who read what at this console. The same person reading the same thing again within ten minutes is one line. Kept for a year, in the coordinator's database only.</p>
      <paged-table path="/accesses" caption="Accesses, newest first" .columns=${accessColumns}></paged-table>`;
  }
}
customElements.define('accesses-page', AccessesPage);

const accessColumns = [
  { title: 'When', cell: (access) => time(access.at) },
  { title: 'Who', cell: (access) => access.person || 'nobody' },
  { title: 'From', cell: (access) => access.address },
  { title: 'What', cell: (access) => html`<code>${access.what}</code>` },
  { title: 'Outcome', cell: (access) => state(words(access.outcome)) },
];

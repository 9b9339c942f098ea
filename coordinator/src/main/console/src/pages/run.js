import { html, Loaded, fact, nothing, state, trouble } from '../element.js';
import { get, post } from '../api.js';
import { listen, serverNow } from '../live.js';
import { bytes, duration, score, short, time, words } from '../format.js';
import { table } from '../table.js';

const PHASES = [
  ['inviting', 'Sites are asked to take part'],
  ['advertising', 'Sites send fresh public keys'],
  ['sharing', 'Sites deal shares of their secrets'],
  ['collecting', 'Sites work, mask and upload'],
  ['voting', 'Sites sign who survived'],
  ['unmasking', 'Sites reveal what opens the sum'],
  ['aggregating', 'The coordinator opens the sum'],
  ['challenging', 'Sites draw the challenge of the check'],
  ['proving', 'Sites prove that the sum is theirs'],
  ['released', 'The sum is signed and sent'],
];

/** One run: live phases, sites, rounds, files. */
class RunPage extends Loaded {
  static properties = { run: {}, home: {}, session: { attribute: false }, clock: { state: true }, said: { state: true }, files: { state: true }, version: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.version = 0;
    this.clock = serverNow();
    this.ticking = setInterval(() => (this.clock = serverNow()), 1000);
    this.stop = listen((live) => {
      if (live.run?.runId === this.run) {
        const before = this.answer;
        this.answer = live.run;
        if (before?.history.at(-1)?.round !== live.run.history.at(-1)?.round || before?.state !== live.run.state) {
          this.version++;
          this.loadFiles();
        }
      }
    });
  }

  willUpdate(changed) {
    if (changed.has('run')) {
      this.load(() => get(`/runs/${this.run}`));
      this.loadFiles();
    }
  }

  loadFiles() {
    get(`/runs/${this.run}/files`, true).then(
      (files) => (this.files = files.names),
      () => (this.files = []),
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.ticking);
    this.stop();
  }

  show(run) {
    const running = run.state === 'RUNNING';
    return html`<h1>Run ${run.runId} ${state(run.state)} ${run.hold ? state(run.hold.kind) : nothing}</h1>
      <p>${run.study}${run.reason ? html`: ${run.reason}` : nothing}</p>
      ${running ? this.live(run) : nothing}
      <h2>Sites</h2>
      ${table(running ? 'What each site does' : 'What each site sent', siteColumns(run, running), run.sites)}
      <h2>Rounds</h2>
      <paged-table path="/runs/${run.runId}/rounds" caption="Rounds, newest first" .columns=${roundColumns} .version=${String(this.version)} empty="No round has ended yet."></paged-table>
      <h2>What the run left</h2>
      ${this.left(run)} ${running ? this.steering(run) : nothing}
      ${this.session.role === 'coordinator' ? this.another(run) : nothing}`;
  }

  live(run) {
    const left = run.deadline ? (Date.parse(run.deadline) - this.clock) / 1000 : null;
    const idle = run.hold && run.hold.kind !== 'PAUSING';
    return html`${run.hold ? held(run.hold) : nothing}
      <dl class="facts">
        ${fact('Round', `${run.round} of ${run.rounds}: ${words(run.sum)}${run.attempt > 1 ? `, attempt ${run.attempt}` : ''}`)}
        ${fact('Waiting for', run.waitingFor.join(', ') || 'nobody')}
        ${fact('Phase ends in', left == null ? 'no deadline' : html`<span class="countdown">${duration(left)}</span>`)}
        ${fact('Run ends in about', duration(run.secondsLeft))}
        ${fact('Received', bytes(run.sites.reduce((sum, site) => sum + site.bytesReceived, 0)))}
      </dl>
      ${idle ? nothing : stepper(run.phase)}`;
  }

  left(run) {
    if (!this.files?.length) {
      return html`<p class="soft">The run's folder is written when it ends.</p>`;
    }
    return html`<ul class="files">
        ${this.files.map((name) => html`<li><a href="/api/v1/runs/${run.runId}/files/${name}" download>${name}</a></li>`)}
      </ul>
      <p><a href="#/report/${run.runId}">Report with plots</a> · <a href="#/models/${run.runId}">Models</a></p>`;
  }

  steering(run) {
    if (this.session.role !== 'coordinator') {
      return nothing;
    }
    const paused = run.hold && run.hold.kind !== 'HOURS';
    return html`<h2>Steer</h2>
      <p>Reasons go into the log, where everybody reads them: no names of people.</p>
      ${paused
        ? html`<p><button type="button" class="main" @click=${() => this.ask(run, 'resume', {})}>Resume the run</button></p>`
        : html`<form class="row" @submit=${(event) => this.submit(event, run, 'pause', event.target.why.value)}>
            <label>Why, for the log <input name="why" maxlength="500"></label>
            <button type="submit">Pause after this round</button>
          </form>`}
      <form class="row" @submit=${(event) => this.submit(event, run, 'cancel', event.target.reason.value)}>
        <label>Reason to cancel; what was released stays <input name="reason" maxlength="500" required></label>
        <button type="submit" class="danger">Cancel the run</button>
      </form>
      ${this.said ? (this.said.error ? trouble(this.said) : html`<p role="status">${this.said.said}</p>`) : nothing}`;
  }

  another(run) {
    return html`<h2>Another study like it</h2>
      <p>Publishing a plan signs with the operator's key, so it is a command:</p>
      <shell-command text="commissure coordinator plan clone --home ${this.home} --of ${run.runId} --name '…' --set rounds.count=… --out study.toml"></shell-command>`;
  }

  submit(event, run, what, reason) {
    event.preventDefault();
    this.ask(run, what, { reason });
  }

  async ask(run, what, body) {
    try {
      this.said = await post(`/runs/${run.runId}/${what}`, body);
    } catch (problem) {
      this.said = problem;
    }
  }
}
customElements.define('run-page', RunPage);

const held = (hold) =>
  html`<div class="notice" role="status">${hold.reason}${hold.until ? `; goes on at ${time(hold.until)}` : ''}</div>`;

/** Where the present sum is, of all the phases that a sum has. */
function stepper(phase) {
  const at = PHASES.findIndex(([name]) => name === phase);
  const checked = at === 7 || at === 8;
  return html`<ol class="steps" aria-label="Phases of this sum">
    ${PHASES.map(([name, what], i) =>
      (i === 7 || i === 8) && !checked
        ? nothing
        : html`<li class=${i < at ? 'done' : i === at ? 'now' : ''} aria-current=${i === at ? 'step' : nothing}>
            <strong>${name}</strong><span>${what}</span>
          </li>`,
    )}
  </ol>`;
}

const siteColumns = (run, running) => [
  { title: 'Site', cell: (site) => site.name },
  { title: 'Connection', cell: (site) => state(site.connected ? 'connected' : 'away') },
  ...(running
    ? [
        { title: 'Awaited', cell: (site) => (run.waitingFor.includes(site.name) ? 'yes' : 'no') },
        {
          title: 'Activity',
          cell: (site) =>
            site.activity
              ? html`${site.activity} <progress max="1" value=${site.fraction} aria-label="Progress of ${site.name}"></progress>`
              : '–',
        },
      ]
    : []),
  { title: 'Received', number: true, cell: (site) => bytes(site.bytesReceived) },
];

const roundColumns = [
  { title: 'Round', number: true, cell: (round) => round.round },
  { title: 'Outcome', cell: (round) => state(round.outcome) },
  { title: 'External R²', number: true, cell: (round) => score(round.evaluation?.r2) },
  { title: 'R² parcel mean', number: true, cell: (round) => score(round.evaluation?.r2ParcelMean) },
  { title: 'R² interpolation', number: true, cell: (round) => score(round.evaluation?.r2Interpolation) },
  { title: 'Seconds', number: true, cell: (round) => round.seconds.toFixed(1) },
  { title: 'Attempts', number: true, cell: (round) => round.attempts },
  { title: 'Survivors', cell: (round) => survivors(round.survivors) },
  { title: 'Model', cell: (round) => html`<code>${short(round.modelSha256)}</code>` },
];

/** 200 names in a cell help nobody. */
export const survivors = (names) =>
  names.length === 0
    ? '–'
    : names.length <= 6
      ? names.join(', ')
      : html`<details><summary>${names.length} sites</summary>${names.join(', ')}</details>`;


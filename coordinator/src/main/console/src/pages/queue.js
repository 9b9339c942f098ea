import { html, nothing, Part, state, trouble } from '../element.js';
import { post } from '../api.js';
import { listen } from '../live.js';
import { time } from '../format.js';
import '../table.js';

/** The runs that wait for their turn; a coordinator orders them. */
class RunQueue extends Part {
  static properties = { session: { attribute: false }, version: { state: true }, said: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.changes = 0;
    this.stop = listen((live) => (this.version = `${live.queued} ${live.run?.runId} ${this.changes}`));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  render() {
    return html`<h2>Queue</h2>
      <paged-table path="/queue" caption="Runs that wait for their turn" .columns=${this.columns()} .version=${this.version} empty="No run is queued."></paged-table>
      ${this.said ? trouble(this.said) : nothing}`;
  }

  columns() {
    const steers = this.session?.role === 'coordinator';
    return [
      { title: 'Place', number: true, cell: (run) => run.position },
      { title: 'Run', cell: (run) => html`<strong>${run.runId}</strong>` },
      { title: 'Study', cell: (run) => run.study },
      { title: 'Waits for', cell: (run) => html`${state(run.waiting)} ${run.why}` },
      { title: 'Approved by', cell: (run) => run.approvedBy.join(', ') || '–' },
      { title: 'Queued', cell: (run) => time(run.queued) },
      ...(steers ? [{ title: 'Change', cell: (run) => this.buttons(run) }] : []),
    ];
  }

  buttons(run) {
    return html`<span class="buttons">
      ${run.position > 1 ? this.button(run, 'Up', 'move', { place: run.position - 1 }) : nothing}
      ${run.waiting === 'REFUSED' ? this.button(run, 'Try again', 'retry') : nothing}
      ${this.button(run, 'Remove', 'remove')}
    </span>`;
  }

  button(run, word, what, body) {
    return html`<button type="button" aria-label="${word}: ${run.runId}" @click=${() => this.ask(run, what, body)}>${word}</button>`;
  }

  async ask(run, what, body) {
    try {
      await post(`/queue/${run.runId}/${what}`, body);
      this.said = null;
    } catch (problem) {
      this.said = problem;
    }
    this.changes++;
    this.version = `${this.changes} changes`;
  }
}
customElements.define('run-queue', RunQueue);

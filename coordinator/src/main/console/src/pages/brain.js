import { html, Loaded, nothing } from '../element.js';
import { get } from '../api.js';
import { count, short } from '../format.js';
import { table } from '../table.js';
import { projection, readMap, VIEWS } from '../brain.js';

const PARCELS_SHOWN = 25;

/** A map by parcel on the coordinator's atlas. The map is a file of the reader's and stays in the browser. */
class BrainPage extends Loaded {
  static properties = { columns: { state: true }, chosen: { state: true }, wrong: { state: true }, all: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load(() => get('/atlas'));
  }

  async read(event) {
    const file = event.target.files[0];
    if (!file) {
      return;
    }
    try {
      this.columns = readMap(await file.text(), this.answer.atlas.parcels.length);
      this.chosen = 0;
      this.wrong = null;
    } catch (problem) {
      this.columns = null;
      this.wrong = problem.message;
    }
  }

  show({ atlas, reason }) {
    if (!atlas) {
      return html`<h1>Brain</h1><p class="notice" role="status">${reason}</p>`;
    }
    const values = this.columns ? this.columns[this.chosen].values : atlas.parcels.map(() => 0);
    return html`<h1>Brain</h1>
      <p>${count(atlas.parcels.length)} parcels of <code>${atlas.name}</code>, SHA-256 <code title=${atlas.sha256}>${short(atlas.sha256)}</code>.</p>
      <p>A map is a tab-separated table with a row for each parcel in the atlas' order, such as <code>parcels.tsv</code> of
        <code>site model attribute</code>: attribution, SmoothGrad and attention by parcel. It is read in this browser and sent nowhere.</p>
      <p class="map-choice"><label>Map <input type="file" accept=".tsv,.txt" @change=${this.read}></label>
        ${this.columns
          ? html`<label>Column <select @change=${(event) => (this.chosen = Number(event.target.value))}>
              ${this.columns.map(({ name }, at) => html`<option value=${at} ?selected=${at === this.chosen}>${name}</option>`)}
            </select></label>`
          : nothing}</p>
      ${this.wrong ? html`<p class="trouble" role="alert">${this.wrong}</p>` : nothing}
      <div class="brains">${VIEWS.map((view) => html`<figure><figcaption>${view.name}</figcaption>${projection(view, atlas, values)}</figure>`)}</div>
      ${this.columns ? this.numbers(atlas, values) : nothing}
      <p class="soft">A map shows what a model uses; it shows no cause. Size and colour are a parcel's value beside the largest; where parcels lie behind
        each other the largest is in front. Research use, not for clinical decisions.</p>`;
  }

  numbers(atlas, values) {
    const rows = atlas.parcels
      .map((parcel, at) => ({ parcel, value: values[at] }))
      .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const shown = this.all ? rows : rows.slice(0, PARCELS_SHOWN);
    return html`${table(`${this.columns[this.chosen].name} by parcel, largest first`, [
      { title: 'Parcel', number: true, cell: (row) => row.parcel.index },
      { title: 'Name', cell: (row) => row.parcel.name || '–' },
      { title: 'Value', number: true, cell: (row) => row.value.toPrecision(4) },
      { title: 'x, y, z in mm', number: true, cell: (row) => [row.parcel.x, row.parcel.y, row.parcel.z].map((at) => at.toFixed(0)).join(', ') },
    ], shown)}
    ${shown.length < rows.length ? html`<p><button type="button" @click=${() => (this.all = true)}>Show all ${count(rows.length)} parcels</button></p>` : nothing}`;
  }
}
customElements.define('brain-page', BrainPage);

import { html, Loaded, nothing } from './element.js';
import { page } from './api.js';
import { count } from './format.js';

/**
 * A table of which one page is in the document at a time: 1,000 rounds cost as much as 25. Where the window is narrow, each row
 * becomes a block with its labels.
 *
 * path: of the API; columns: [{title, cell(item), number}]; caption; version: fetches again when it changes.
 */
class PagedTable extends Loaded {
  static properties = {
    path: {},
    columns: { attribute: false },
    caption: {},
    empty: {},
    limit: { type: Number },
    version: {},
    offset: { state: true },
  };

  constructor() {
    super();
    this.limit = 25;
    this.offset = 0;
    this.empty = 'Nothing yet.';
  }

  willUpdate(changed) {
    if (changed.has('path') && changed.get('path') !== undefined) {
      this.offset = 0;
    }
    if (changed.has('path') || changed.has('offset') || changed.has('version')) {
      const background = !changed.has('path') && !changed.has('offset');
      this.load(() => page(this.path, this.offset, this.limit, background));
    }
  }

  show(answer) {
    if (answer.total === 0) {
      return html`<p class="soft">${this.empty}</p>`;
    }
    return html`${table(this.caption, this.columns, answer.items)} ${this.pager(answer)}`;
  }

  pager({ total, offset, items }) {
    if (total <= this.limit) {
      return nothing;
    }
    return html`<nav class="pager" aria-label="Pages of ${this.caption}">
      <button type="button" ?disabled=${offset === 0} @click=${() => this.go(0)}>First</button>
      <button type="button" ?disabled=${offset === 0} @click=${() => this.go(offset - this.limit)}>Previous</button>
      <span role="status">${count(offset + 1)} to ${count(offset + items.length)} of ${count(total)}</span>
      <button type="button" ?disabled=${offset + items.length >= total} @click=${() => this.go(offset + this.limit)}>
        Next
      </button>
      <button type="button" ?disabled=${offset + items.length >= total} @click=${() => this.go(last(total, this.limit))}>
        Last
      </button>
    </nav>`;
  }

  go(offset) {
    this.offset = Math.max(0, offset);
  }
}
customElements.define('paged-table', PagedTable);

const last = (total, limit) => Math.floor((total - 1) / limit) * limit;

/** A table of all items. Roles are spelled out because a narrow window lays it out as blocks. */
export function table(caption, columns, items) {
  return html`<table role="table">
    <caption>
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          (column) => html`<th role="columnheader" scope="col" class=${column.number ? 'number' : ''}>${column.title}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${items.map(
        (item) => html`<tr role="row">
          ${columns.map(
            (column) => html`<td role="cell" class=${column.number ? 'number' : ''} data-title=${column.title}>
              <span>${column.cell(item)}</span>
            </td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

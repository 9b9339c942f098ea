import { LitElement, html, nothing } from 'lit';

export { html, nothing };

/** A part of the page in the page's own tree: one style sheet for all, and every label is where a reader finds it. */
export class Part extends LitElement {
  createRenderRoot() {
    return this;
  }
}

/** A part that shows what one request answered: waits, says what is wrong, or renders the answer. */
export class Loaded extends Part {
  static properties = { answer: { state: true }, problem: { state: true } };

  async load(ask) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const answer = await ask();
      if (turn === this.turn) {
        this.answer = answer;
        this.problem = null;
      }
    } catch (problem) {
      if (turn === this.turn) {
        this.problem = problem;
      }
    }
  }

  render() {
    if (this.problem) {
      return trouble(this.problem);
    }
    return this.answer ? this.show(this.answer) : html`<p class="soft" role="status">Loading …</p>`;
  }
}

export const trouble = (problem) =>
  html`<div class="trouble" role="alert"><strong>${problem.error}</strong><br>${problem.remedy}</div>`;

export const state = (word) => html`<span class="state ${word.toLowerCase()}">${word.toLowerCase()}</span>`;

export const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** A command that a person runs with a key of their own. */
export class Command extends Part {
  static properties = { text: {}, copied: { state: true } };

  render() {
    return html`<div class="command">
      <code>${this.text.split(' ').map((word) => html`<span>${word}</span> `)}</code>
      <button type="button" @click=${this.copy}>${this.copied ? 'Copied' : 'Copy'}</button>
    </div>`;
  }

  async copy() {
    await navigator.clipboard.writeText(this.text);
    this.copied = true;
  }
}
customElements.define('shell-command', Command);

import { html, nothing, Part, state, trouble } from '../element.js';
import { get, post } from '../api.js';
import { time } from '../format.js';
import '../table.js';

const ROLES = ['viewer', 'officer', 'coordinator', 'administrator'];

/** Who may sign in; administrators change it. A password is made by the coordinator and shown once. */
class UsersPage extends Part {
  static properties = { session: { attribute: false }, version: { state: true }, provider: { state: true }, given: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.version = 0;
    get('/oidc').then((offer) => (this.provider = offer.label), () => {});
  }

  render() {
    return html`<h1>Users</h1>
      <p>A change counts from the person's next request on. What you do here is in the access log.</p>
      ${this.problem ? trouble(this.problem) : nothing} ${this.given ? this.password() : nothing}
      <paged-table path="/users" caption="Who may sign in" .columns=${this.columns()} .version=${String(this.version)}></paged-table>
      <h2>Add a person</h2>
      <form class="row" @submit=${this.add}>
        <label>Name <input name="name" required maxlength="64" pattern="[A-Za-z0-9][A-Za-z0-9._@\\-]*" autocomplete="off"></label>
        <label class="narrow">Role ${choice('role', 'viewer')}</label>
        ${this.provider ? personThere() : nothing}
        <button type="submit" class="main">Add</button>
      </form>`;
  }

  password() {
    if (!this.given.password) {
      return html`<div class="fine" role="status"><strong>${this.given.name}</strong> signs in through the OpenID provider.</div>`;
    }
    return html`<div class="fine" role="status">
      The password of <strong>${this.given.name}</strong>, shown this once. Hand it over privately.
      <shell-command text=${this.given.password}></shell-command>
    </div>`;
  }

  columns() {
    return [
      { title: 'Name', cell: (user) => html`<strong>${user.name}</strong>` },
      { title: 'State', cell: (user) => state(user.disabled ? 'disabled' : 'active') },
      { title: 'Role', cell: (user) => (this.own(user) || user.byClaim ? user.role : this.role(user)) },
      { title: 'Password set', cell: (user) => (user.passwordSet ? time(user.passwordSet) : 'none') },
      ...(this.provider ? [{ title: 'At the provider', cell: (user) => there(user) }] : []),
      { title: 'Change', cell: (user) => (this.own(user) ? 'your own account' : this.buttons(user)) },
    ];
  }

  own(user) {
    return user.name === this.session.name;
  }

  role(user) {
    return html`<select aria-label="Role of ${user.name}" @change=${(event) => this.ask(user.name, 'role', { role: event.target.value })}>
      ${options(user.role)}
    </select>`;
  }

  buttons(user) {
    const button = (word, what) =>
      html`<button type="button" aria-label="${word}: ${user.name}" @click=${() => this.ask(user.name, what)}>${word}</button>`;
    return html`<span class="buttons">
      ${user.disabled ? button('Enable', 'enable') : button('Disable', 'disable')}
      ${user.byClaim ? nothing : button('New password', 'password')}
      ${button('Remove', 'remove')}
    </span>`;
  }

  async ask(name, what, body) {
    await this.tried(() => post(`/users/${encodeURIComponent(name)}/${what}`, body));
  }

  async add(event) {
    event.preventDefault();
    const form = event.target;
    const person = form.elements.person?.value.trim() ?? '';
    const binding = person ? { [person.includes('@') ? 'email' : 'subject']: person } : {};
    await this.tried(() => post('/users', { name: form.elements.name.value, role: form.elements.role.value, ...binding }));
    if (!this.problem) {
      form.reset();
    }
  }

  async tried(change) {
    try {
      const answer = await change();
      this.problem = null;
      this.given = 'password' in answer ? answer : null;
    } catch (problem) {
      this.problem = problem;
    }
    this.version++;
  }
}
customElements.define('users-page', UsersPage);

const there = (user) => (user.provider ? html`${user.provider}${user.byClaim ? ', role by claim' : ''}` : '');

const personThere = () =>
  html`<label>E-mail address or subject at the OpenID provider <input name="person" maxlength="255" autocomplete="off" placeholder="none: a password"></label>`;

const options = (chosen) => ROLES.map((role) => html`<option value=${role} ?selected=${role === chosen}>${role}</option>`);

const choice = (name, chosen) => html`<select name=${name}>${options(chosen)}</select>`;

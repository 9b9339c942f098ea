import { html, nothing, Part, trouble } from './element.js';
import { get, onSignedOut, page, post, took } from './api.js';
import * as live from './live.js';
import './pages/overview.js';
import './pages/run.js';
import './pages/lists.js';
import './pages/log.js';
import './pages/report.js';
import './pages/brain.js';
import './pages/users.js';

const PAGES = [
  ['overview', 'Overview'],
  ['runs', 'Runs'],
  ['report', 'Report'],
  ['models', 'Models'],
  ['brain', 'Brain'],
  ['sites', 'Sites'],
  ['studies', 'Studies'],
  ['privacy', 'Privacy'],
  ['log', 'Log'],
  ['failures', 'Failures'],
  ['accesses', 'Access log', 'officer'],
  ['users', 'Users', 'administrator'],
];

/** Where the OpenID provider sends people back to. */
const RETURN_PATH = '/oidc';
/** The page that somebody wanted before leaving for the provider. */
const LEFT_FROM = 'commissure-left-from';

/** The frame: who is signed in, the way around, and the one page that is shown. */
class ConsoleApp extends Part {
  static properties = {
    session: { state: true },
    home: { state: true },
    route: { state: true },
    problem: { state: true },
    asked: { state: true },
    runs: { state: true },
    offer: { state: true },
    elsewhere: { state: true },
  };

  constructor() {
    super();
    this.route = location.hash.slice(2).split('/');
    window.addEventListener('hashchange', () => {
      this.route = location.hash.slice(2).split('/');
      this.updateComplete.then(() => {
        window.scrollTo(0, 0);
        this.querySelector('main')?.focus();
      });
    });
    onSignedOut(() => this.leave());
    live.listen((now) => {
      if (now.run && this.runs && now.run.runId !== this.runs[0]?.runId) {
        this.loadRuns();
      }
    });
    if (location.pathname === RETURN_PATH) {
      this.comeBack();
    } else {
      get('/session').then(
        (session) => this.enter(session),
        () => this.ask(),
      );
    }
  }

  /** What the OpenID provider put into the address is handed on by this page: as a request of our own it carries our cookies. */
  async comeBack() {
    const said = new URLSearchParams(location.search);
    const answer = Object.fromEntries(['state', 'code', 'iss', 'error'].map((name) => [name, said.get(name) ?? '']));
    const page = sessionStorage.getItem(LEFT_FROM) ?? '';
    sessionStorage.removeItem(LEFT_FROM);
    history.replaceState(null, '', page.startsWith('#/') ? `/${page}` : '/');
    this.route = location.hash.slice(2).split('/');
    try {
      await this.enter(await post('/oidc/session', answer));
    } catch (problem) {
      this.problem = problem;
      this.ask();
    }
  }

  /** Shows the sign-in page, with a button where there is an OpenID provider. */
  ask() {
    this.asked = true;
    get('/oidc').then(
      (offer) => (this.offer = offer),
      (problem) => (this.problem ??= problem),
    );
  }

  async enter(session) {
    took(session);
    this.session = session;
    this.problem = null;
    this.elsewhere = null;
    live.open(() => this.leave());
    get('/overview', true).then((overview) => (this.home = overview.home), () => {});
    this.loadRuns();
  }

  loadRuns() {
    page('/runs', 0, 50, true).then(
      (runs) => (this.runs = runs.items),
      () => (this.runs = []),
    );
  }

  leave() {
    live.close();
    took(null);
    this.session = null;
    this.ask();
  }

  createRenderRoot() {
    this.replaceChildren();
    return this;
  }

  render() {
    if (!this.session) {
      return this.asked ? this.signIn() : nothing;
    }
    const at = this.route[0] || 'overview';
    return html`<a class="skip" href="#main" @click=${this.skip}>To the content</a>
      <header>
        <a class="brand" href="#/overview"><img src="/icon.svg" alt="" width="28" height="28">Commissure</a>
        <div class="who">
          <span>${this.session.name}, ${this.session.role}</span>
          <button type="button" @click=${this.signOut}>Sign out</button>
        </div>
      </header>
      <nav class="main" aria-label="Pages">
        ${PAGES.filter(([, , role]) => !role || role === this.session.role).map(
          ([name, title]) => html`<a href="#/${name}" aria-current=${name === at ? 'page' : nothing}>${title}</a>`,
        )}
      </nav>
      <main id="main" tabindex="-1">${this.show(at, this.route[1])}</main>`;
  }

  show(at, id) {
    switch (at) {
      case 'overview':
        return html`<overview-page .session=${this.session}></overview-page>`;
      case 'runs':
        return id ? html`<run-page .run=${id} .home=${this.home ?? 'HOME'} .session=${this.session}></run-page>` : html`<runs-page .session=${this.session}></runs-page>`;
      case 'report':
        return this.ofRun('report', id, (run) => html`<report-page .run=${run}></report-page>`);
      case 'models':
        return this.ofRun('models', id, (run) => html`<models-page .run=${run}></models-page>`);
      case 'brain':
        return html`<brain-page></brain-page>`;
      case 'sites':
        return html`<sites-page .home=${this.home ?? 'HOME'}></sites-page>`;
      case 'studies':
        return html`<plans-page .home=${this.home ?? 'HOME'}></plans-page>`;
      case 'privacy':
        return html`<privacy-page></privacy-page>`;
      case 'log':
        return html`<log-page></log-page>`;
      case 'failures':
        return html`<failures-page></failures-page>`;
      case 'users':
        return html`<users-page .session=${this.session}></users-page>`;
      case 'accesses':
        return html`<accesses-page></accesses-page>`;
      default:
        return html`<h1>There is no such page</h1><p><a href="#/overview">To the overview</a></p>`;
    }
  }

  /** A page about one run: the one in the address, else the newest. */
  ofRun(name, id, show) {
    if (!this.runs) {
      return html`<p class="soft" role="status">Loading …</p>`;
    }
    const run = id ?? this.runs[0]?.runId;
    if (!run) {
      return html`<h1>${name === 'report' ? 'Report' : 'Models'}</h1><p class="soft">There was no run yet.</p>`;
    }
    return html`<label class="chooser">Run
        <select @change=${(event) => (location.hash = `#/${name}/${event.target.value}`)}>
          ${this.runs.some((one) => one.runId === run) ? nothing : html`<option value=${run} selected>${run}</option>`}
          ${this.runs.map((one) => html`<option value=${one.runId} ?selected=${one.runId === run}>${one.runId}</option>`)}
        </select>
      </label>
      ${show(run)}`;
  }

  signIn() {
    return html`<main class="sign-in" id="main">
      <h1><img src="/icon.svg" alt="" width="36" height="36"> Commissure</h1>
      <p>The coordinator's console. Who reads what is written down.</p>
      <form @submit=${this.submit}>
        <label>Name <input name="name" autocomplete="username" required maxlength="64" autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="200"></label>
        <button type="submit" class="main">Sign in</button>
      </form>
      ${this.offer?.label ? html`<p class="or">or</p><button type="button" class="provider" @click=${this.go}>${this.offer.label}</button>` : nothing}
      ${this.elsewhere
        ? html`<p class="notice" role="status">You are signed out here. <a href=${this.elsewhere} rel="noreferrer">Sign out of the provider too</a>, on a machine that others use.</p>`
        : nothing}
      ${this.problem ? trouble(this.problem) : nothing}
      <p class="soft">Research use, not for clinical decisions.</p>
    </main>`;
  }

  async submit(event) {
    event.preventDefault();
    const { name, password } = event.target;
    try {
      await this.enter(await post('/session', { name: name.value, password: password.value }));
    } catch (problem) {
      this.problem = problem;
      password.value = '';
      password.focus();
    }
  }

  /** Away to the OpenID provider; {@link comeBack} is the other half. */
  async go() {
    try {
      const begun = await post('/oidc/begin');
      sessionStorage.setItem(LEFT_FROM, location.hash);
      location.assign(begun.address);
    } catch (problem) {
      this.problem = problem;
    }
  }

  async signOut() {
    try {
      this.elsewhere = (await post('/session/end')).provider;
    } finally {
      this.leave();
    }
  }

  skip(event) {
    event.preventDefault();
    document.querySelector('main').focus();
  }
}
customElements.define('console-app', ConsoleApp);

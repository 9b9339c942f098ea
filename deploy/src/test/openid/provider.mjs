// A real OpenID provider for the browser tests: node-oidc-provider, an OpenID Certified implementation, over TLS on loopback.
// node provider.mjs SETTINGS.json; it says "ready" once it listens. Ours are only its people, the page where they sign in, and
// the page where they sign out: the library's own would fetch fonts from elsewhere.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { Provider } from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const issuer = `https://localhost:${settings.port}`;
const signing = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const page = (title, body) => `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      redirect_uris: [settings.redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  jwks: { keys: [{ ...signing, use: 'sig', alg: 'RS256', kid: 'one' }] },
  cookies: { keys: [randomBytes(32).toString('base64')] },
  pkce: { methods: ['S256'], required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username', 'groups'] },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      logoutSource: async (ctx, form) => {
        ctx.body = page('Sign out', `${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
      },
      postLogoutSuccessSource: async (ctx) => {
        ctx.body = page('Signed out', '');
      },
    },
  },
  interactions: { url: (ctx, interaction) => `/login/${interaction.uid}` },
  findAccount: async (ctx, id) => {
    const person = settings.people[id];
    return person && { accountId: id, claims: async () => ({ sub: id, ...person.claims }) };
  },
  // Nobody is asked for consent to a console of the same house.
  loadExistingGrant: async (ctx) => {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
  ttl: { Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
});

const answer = provider.callback();

async function login(request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(
      page(
        'The University',
        `<form method="post" action="/login/${uid}"><input name="login" aria-label="Name">
         <input name="password" type="password" aria-label="Password"><button>Sign in</button></form>`,
      ),
    );
    return;
  }
  let body = '';
  for await (const part of request) {
    body += part;
  }
  const said = new URLSearchParams(body);
  const id = Object.keys(settings.people).find((one) => settings.people[one].name === said.get('login'));
  const right = id && settings.people[id].password === said.get('password');
  await provider.interactionFinished(
    request,
    response,
    right ? { login: { accountId: id } } : { error: 'access_denied', error_description: 'wrong name or password' },
  );
}

createServer({ pfx: readFileSync(settings.keys), passphrase: settings.passphrase }, (request, response) => {
  response.on('finish', () => {
    const to = response.getHeader('location') ?? '';
    if (to.startsWith(settings.redirectUri)) {
      console.log(`sent back to ${to}`);
    }
  });
  if (!request.url.startsWith('/login/')) {
    answer(request, response);
    return;
  }
  login(request, response).catch((problem) => {
    console.error(problem);
    response.statusCode = 500;
    response.end();
  });
}).listen(settings.port, '127.0.0.1', () => console.log('ready'));

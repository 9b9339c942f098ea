// The one place that talks to the server. Errors are thrown as {status, error, remedy}.

let csrf = '';
let signedOut = () => {};

/** Called when the server says that nobody is signed in any more. */
export function onSignedOut(handler) {
  signedOut = handler;
}

async function request(method, path, body, background) {
  const headers = {};
  if (method !== 'GET') {
    headers['Content-Type'] = 'application/json';
    headers['X-CSRF-Token'] = csrf;
  }
  if (background) {
    headers['X-Commissure-Background'] = '1';
  }
  let answer;
  try {
    answer = await fetch('/api/v1' + path, {
      method,
      headers,
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
    });
  } catch {
    throw { status: 0, error: 'The coordinator cannot be reached.', remedy: 'See whether it is running.' };
  }
  const read = await answer.json().catch(() => ({ error: 'The answer is not JSON.', remedy: 'Reload the page.' }));
  if (answer.ok) {
    return read;
  }
  if (answer.status === 401 && path !== '/session' && !path.startsWith('/oidc')) {
    signedOut();
  }
  throw { status: answer.status, ...read };
}

export const get = (path, background) => request('GET', path, undefined, background);
export const post = (path, body) => request('POST', path, body);

export function took(session) {
  csrf = session ? session.csrf : '';
}

export function page(path, offset, limit, background) {
  return get(`${path}?offset=${offset}&limit=${limit}`, background);
}

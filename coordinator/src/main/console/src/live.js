// The live view: one event source for the whole page, shared by whoever listens.

const listeners = new Set();
let source = null;
let newest = null;
/** Server's clock less this machine's, in milliseconds: deadlines are the server's. */
let offset = 0;

export function open(ended) {
  close();
  source = new EventSource('/api/v1/live');
  source.addEventListener('live', (event) => {
    newest = JSON.parse(event.data);
    offset = Date.parse(newest.now) - Date.now();
    listeners.forEach((listener) => listener(newest));
  });
  source.addEventListener('signed-out', () => {
    close();
    ended();
  });
}

export function close() {
  source?.close();
  source = null;
  newest = null;
}

/** Calls back now, if something is known, and with each change. Returns how to stop. */
export function listen(listener) {
  listeners.add(listener);
  if (newest) {
    listener(newest);
  }
  return () => listeners.delete(listener);
}

export const serverNow = () => Date.now() + offset;

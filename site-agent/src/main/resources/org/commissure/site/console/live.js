// Keeps the overview fresh. Every page works without it.
const signed = document.querySelector('[data-signature]');
if (signed) {
  const source = new EventSource('events');
  source.onmessage = (event) => {
    const now = JSON.parse(event.data);
    for (const part of document.querySelectorAll('[data-live]')) {
      const text = now[part.dataset.live];
      if (part.textContent !== text) part.textContent = text;
    }
    const state = signed.querySelector('.state');
    if (state) state.className = 'state ' + now.level;
    if (now.signature !== signed.dataset.signature) {
      source.close();
      location.reload();
    }
  };
}

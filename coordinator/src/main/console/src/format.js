// Numbers, times and words as the pages show them.

export const score = (value) => (value == null ? 'n/a' : value.toFixed(4));
export const epsilon = (value) => (value == null ? 'n/a' : value.toFixed(3));
export const count = (value) => (value == null ? 'n/a' : value.toLocaleString('en'));
export const short = (hex) => (hex ? hex.slice(0, 12) : 'n/a');

export function bytes(value) {
  if (value == null) {
    return 'n/a';
  }
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let scaled = value;
  while (scaled >= 1000 && at < units.length - 1) {
    scaled /= 1000;
    at++;
  }
  return at === 0 ? `${value} B` : `${scaled.toFixed(1)} ${units[at]}`;
}

/** To the second, in UTC, as the log has it. */
export const time = (iso) => (iso ? iso.slice(0, 19).replace('T', ' ') + ' UTC' : 'never');

export function duration(seconds) {
  if (seconds == null || Number.isNaN(seconds)) {
    return 'not known yet';
  }
  const left = Math.max(0, Math.round(seconds));
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${left % 60} s` : `${left} s`;
}

export const words = (constant) => (constant ?? '').toLowerCase().replaceAll('_', ' ');
export const interval = (estimate, digits = 3) =>
  estimate == null
    ? 'n/a'
    : estimate.value.toFixed(digits) +
      (estimate.interval
        ? ` [${estimate.interval.low.toFixed(digits)}, ${estimate.interval.high.toFixed(digits)}]`
        : ' (too few for an interval)');

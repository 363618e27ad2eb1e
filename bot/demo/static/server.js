// Talks to the page's server: JSON in and out, and every failure as one kind line.

const LOST = '连不上演示程序，请看看它是否还在运行。';
const FAILED = '刚才没有办成，请再试一次。';

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', ...options });
  } catch {
    throw new Error(LOST);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || FAILED);
  return body;
}

export function get(path, milliseconds = 15000) {
  return call(path, { signal: AbortSignal.timeout(milliseconds) });
}

export function post(path, values) {
  return call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(values),
  });
}

export function upload(path, values, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.append(name, value);
  form.append('file', file, file.name);
  return call(path, { method: 'POST', body: form });
}

// Small helpers for building the page; text always goes in as text, never as markup.

export function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

export function make(tag, { className, text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function note(place, text, { alert = false } = {}) {
  const line = make('p', { className: 'note' }, make('span', { text }));
  const remove = () => line.remove();
  if (alert) {
    const button = make('button', { type: 'button', text: '知道了' });
    button.addEventListener('click', remove);
    line.append(button);
  } else {
    setTimeout(remove, 4000 + 120 * text.length);
    line.addEventListener('click', remove);
  }
  place.replaceChildren(line);
}

// Renders a message's text with Telegram's entities (offsets in UTF-16 units, as JavaScript counts).

import { make } from './dom.js';

const TAGS = {
  bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre',
  blockquote: 'blockquote', expandable_blockquote: 'blockquote', spoiler: 'span',
};

function safe(address) {
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(address).protocol) ? address : null;
  } catch {
    return null;
  }
}

function wrapper(entity, text) {
  if (entity.type === 'text_link' || entity.type === 'url') {
    const address = safe(entity.url || text.slice(entity.offset, entity.offset + entity.length));
    if (address) return make('a', { href: address, target: '_blank', rel: 'noopener noreferrer' });
  }
  const tag = Object.hasOwn(TAGS, entity.type) ? TAGS[entity.type] : 'span';
  return make(tag, { className: `entity-${String(entity.type).replace(/\W/g, '')}` });
}

function fill(parent, text, start, end, entities) {
  let at = start;
  while (entities.length) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    parent.append(text.slice(at, from));
    const inside = [];
    while (entities.length && entities[0].offset < to) inside.push(entities.shift());
    const element = wrapper(entity, text);
    fill(element, text, from, to, inside);
    parent.append(element);
    at = to;
  }
  parent.append(text.slice(at, end));
}

export function words(text, entities = []) {
  const fragment = document.createDocumentFragment();
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(fragment, text, 0, text.length, ordered);
  return fragment;
}

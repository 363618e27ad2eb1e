// Draws one message: its words, quotation, photo or document, buttons, and what can be done with it.

import { clone, make } from './dom.js';
import { words } from './words.js';

export function plain(message) {
  const text = message.text || message.caption || '';
  if (text) return text.replace(/\s+/g, ' ').slice(0, 80);
  if (message.photo) return '［照片］';
  return message.document ? `［文件］${message.document.file_name || ''}` : '［消息］';
}

export function author(message) {
  const from = message.from || {};
  return [from.last_name, from.first_name].filter(Boolean).join('') || from.username || '清历';
}

function size(bytes) {
  if (!bytes) return '';
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function address(file, more = '') {
  return `/page/file/${encodeURIComponent(file.file_id)}${more}`;
}

function photo(sizes) {
  const largest = sizes[sizes.length - 1];
  const picture = make('img', { src: address(largest), alt: '照片', loading: 'lazy' });
  if (largest.width && largest.height) {
    picture.width = largest.width;
    picture.height = largest.height;
  }
  return [
    make('a', { className: 'photo', href: address(largest), target: '_blank', rel: 'noopener' }, picture),
    make('a', { className: 'save', href: address(largest, '?save=1'), download: '', text: '下载照片' }),
  ];
}

function paper(file) {
  const name = file.file_name || '文件';
  const kind = name.includes('.') ? name.split('.').pop().slice(0, 4).toUpperCase() : '文件';
  const link = make('a', { className: 'paper', href: address(file, '?save=1'), download: name });
  link.append(
    make('span', { className: 'paper-kind', text: kind, 'aria-hidden': 'true' }),
    make('span', { className: 'paper-name', text: name }),
    make('span', { className: 'paper-more', text: ['下载', size(file.file_size)].filter(Boolean).join(' · ') }),
  );
  return [link];
}

function keys(rows, press) {
  return rows.map((row) => make('div', { className: 'row' }, ...row.map((key) => {
    if (key.url && /^https?:/.test(key.url)) {
      return make('a', { className: 'key', href: key.url, target: '_blank', rel: 'noopener noreferrer', text: key.text });
    }
    const button = make('button', { type: 'button', className: 'key', text: key.text });
    button.addEventListener('click', () => press(key, button));
    return button;
  })));
}

function quote(box, replied) {
  box.hidden = !replied;
  if (!replied) return;
  box.querySelector('b').textContent = author(replied);
  box.querySelector('span').textContent = plain(replied);
}

function media(box, message) {
  const parts = message.photo?.length ? photo(message.photo) : message.document ? paper(message.document) : [];
  box.hidden = parts.length === 0;
  box.append(...parts);
}

function body(box, message) {
  const text = message.text ?? message.caption ?? '';
  box.hidden = !text;
  box.append(words(text, message.entities || message.caption_entities || []));
}

// `hands` holds what the room does on reply, edit and press; `me` is the user whose view this is.
export function draw(message, me, hands) {
  const item = clone('message-template');
  const mine = message.from?.id === me;
  item.dataset.id = message.message_id;
  item.classList.toggle('mine', mine);
  item.classList.toggle('bot', Boolean(message.from?.is_bot));
  item.querySelector('.who').textContent = mine ? '我' : author(message);
  quote(item.querySelector('.quoted'), message.reply_to_message);
  media(item.querySelector('.media'), message);
  body(item.querySelector('.words'), message);
  item.querySelector('time').textContent = message.civil_time;
  item.querySelector('.edited').hidden = !message.edit_date;
  const edit = item.querySelector('[data-act=edit]');
  edit.hidden = !(mine && (message.text || message.caption));
  edit.addEventListener('click', () => hands.edit(message));
  item.querySelector('[data-act=reply]').addEventListener('click', () => hands.reply(message));
  const rows = message.reply_markup?.inline_keyboard || [];
  const box = item.querySelector('.keys');
  box.hidden = rows.length === 0;
  box.append(...keys(rows, (key, button) => hands.press(message, key, button)));
  return item;
}

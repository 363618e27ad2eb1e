// One conversation: a person with the bot, or the branch's group.

import { clone, make, note } from './dom.js';
import { Composer, speakers } from './composer.js';
import { draw } from './message.js';
import { post } from './server.js';

const MARGIN = 8;

export class Room {
  constructor({ chat, title, subtitle, face, tone, people, unread }) {
    this.chat = chat;
    this.title = title;
    this.subtitle = subtitle;
    this.unreadChanged = unread;
    this.unread = 0;
    this.stuck = true;
    this.placed = 0;
    this.drawn = new Map();
    this.element = clone('room-template');
    this.element.id = `room-${chat}`;
    this.element.dataset.tone = tone;
    this.element.setAttribute('aria-label', `${title} ${subtitle}`);
    this.find('.face').textContent = face;
    this.find('[data-role]').textContent = title;
    this.find('[data-name]').textContent = subtitle;
    this.talk = this.find('.talk');
    this.list = this.find('.messages');
    this.toast = this.find('.toast');
    this.newer = this.find('.newer');
    const form = this.find('.composer');
    form.elements.text.setAttribute('aria-label', `在“${title}”里写消息`);
    this.me = people.length > 1 ? speakers(form, people, () => this.redraw()) : () => people[0].user_id;
    this.composer = new Composer(form, this);
    this.newer.addEventListener('click', () => this.toEnd());
    this.talk.addEventListener('scroll', () => this.scrolled(), { passive: true });
    new ResizeObserver(() => { if (this.stuck) this.toEnd(); else this.seen(); }).observe(this.talk);
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  visible() {
    return this.talk.clientHeight > 0;
  }

  atEnd() {
    return this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight < 60;
  }

  // Scrolling by hand leaves the newest message alone; going back to the end follows it again.
  scrolled() {
    if (!this.visible() || Math.abs(this.talk.scrollTop - this.placed) < 2) return;
    this.stuck = this.atEnd();
    if (this.stuck) this.newer.hidden = true;
  }

  // To the newest message: to its first line where it is taller than the room.
  toEnd() {
    this.stuck = true;
    this.newer.hidden = true;
    if (!this.visible()) return;
    const newest = this.list.lastElementChild;
    const end = this.talk.scrollHeight - this.talk.clientHeight;
    this.talk.scrollTop = newest ? Math.min(end, newest.offsetTop - MARGIN) : end;
    this.placed = this.talk.scrollTop;
    this.seen();
  }

  seen() {
    if (!this.visible() || !this.unread) return;
    this.unread = 0;
    this.unreadChanged(this);
  }

  // Somebody else speaks now: what is "mine" changes, but nothing of it is new.
  redraw() {
    const messages = this.messages || [];
    this.talk.setAttribute('aria-live', 'off');
    this.messages = null;
    this.drawn.clear();
    this.composer.clear();
    this.show(messages);
  }

  // Draws what is new or changed; everything else stays as it is, with its focus and its pictures.
  show(messages) {
    const first = !this.messages;
    this.messages = messages;
    const fresh = this.draw(messages);
    this.find('.empty').hidden = messages.length > 0;
    if (first) requestAnimationFrame(() => this.talk.setAttribute('aria-live', 'polite'));
    const end = first || this.stuck || !this.visible();
    if (end) this.toEnd();
    const news = first ? 0 : fresh.filter((message) => message.from?.id !== this.me()).length;
    if (news && !this.visible()) this.unread += news;
    else if (news && !end) this.newer.hidden = false;
    this.unreadChanged(this);
  }

  draw(messages) {
    const fresh = [];
    const kept = new Map();
    const elements = [];
    const keep = (key, entry) => { kept.set(key, entry); elements.push(entry.element); };
    let day = '';
    for (const message of messages) {
      if (message.civil_day !== day) {
        day = message.civil_day;
        keep(day, this.drawn.get(day) || { element: make('li', { className: 'day', text: day }) });
      }
      const known = this.drawn.get(message.message_id);
      const source = JSON.stringify(message);
      if (!known) fresh.push(message);
      const entry = known?.source === source ? known : { source, element: draw(message, this.me(), this.hands()) };
      if (!known && this.talk.ariaLive === 'polite') entry.element.classList.add('fresh');
      keep(message.message_id, entry);
    }
    this.drawn = kept;
    this.arrange(elements);
    return fresh;
  }

  arrange(elements) {
    const focused = this.list.contains(document.activeElement) && document.activeElement;
    const at = focused && focused.closest('.message').dataset.id;
    const wanted = new Set(elements);
    for (const child of [...this.list.children]) if (!wanted.has(child)) child.remove();
    let place = this.list.firstElementChild;
    for (const element of elements) {
      if (element === place) place = place.nextElementSibling;
      else this.list.insertBefore(element, place);
    }
    if (focused && !focused.isConnected) this.refocus(at, focused.textContent);
  }

  // A message that was drawn anew under the reader's finger keeps the focus where it was.
  refocus(id, label) {
    const buttons = this.list.querySelectorAll(`[data-id="${id}"] button`);
    ([...buttons].find((button) => button.textContent === label) || this.talk).focus({ preventScroll: true });
  }

  hands() {
    return {
      reply: (message) => this.composer.reply(message),
      edit: (message) => this.composer.edit(message),
      press: (message, key, button) => this.press(message, key, button),
    };
  }

  async press(message, key, button) {
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    try {
      const answer = await post('/page/press', {
        user_id: this.me(), chat_id: this.chat, message_id: message.message_id, data: key.callback_data,
      });
      if (answer.text) note(this.toast, answer.text, { alert: answer.show_alert });
    } catch (error) {
      note(this.toast, error.message);
    }
    button.removeAttribute('aria-busy');
  }
}

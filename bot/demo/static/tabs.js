// Tabs between the rooms on a narrow page; on a wide one the rooms stand side by side.

import { make } from './dom.js';

export class Tabs {
  constructor(bar, rooms) {
    this.bar = bar;
    this.rooms = rooms;
    this.narrow = matchMedia('(max-width: 899px)');
    this.buttons = new Map(rooms.map((room) => [room, this.button(room)]));
    bar.append(...this.buttons.values());
    bar.addEventListener('keydown', (event) => this.key(event));
    this.narrow.addEventListener('change', () => this.roles());
    this.roles();
    this.choose(rooms[0]);
  }

  button(room) {
    const button = make('button', {
      type: 'button', role: 'tab', id: `tab-${room.chat}`, 'aria-controls': room.element.id,
    }, make('span', { text: room.title }), make('small', { text: room.subtitle }), make('span', { className: 'badge' }));
    button.addEventListener('click', () => this.choose(room));
    return button;
  }

  roles() {
    for (const room of this.rooms) {
      if (this.narrow.matches) room.element.setAttribute('role', 'tabpanel');
      else room.element.removeAttribute('role');
    }
  }

  choose(chosen) {
    this.chosen = chosen;
    for (const [room, button] of this.buttons) {
      const current = room === chosen;
      button.setAttribute('aria-selected', String(current));
      button.tabIndex = current ? 0 : -1;
      room.element.classList.toggle('current', current);
    }
    if (this.narrow.matches) chosen.toEnd();
  }

  mark(room) {
    const button = this.buttons?.get(room);
    if (!button) return;
    const badge = button.querySelector('.badge');
    badge.textContent = room.unread > 99 ? '99+' : String(room.unread);
    badge.hidden = room.unread === 0;
    const name = `${room.title} ${room.subtitle}`;
    button.setAttribute('aria-label', room.unread ? `${name}，${room.unread} 条新消息` : name);
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = (this.rooms.indexOf(this.chosen) + step + this.rooms.length) % this.rooms.length;
    this.choose(this.rooms[at]);
    this.buttons.get(this.rooms[at]).focus();
  }
}

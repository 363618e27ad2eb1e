// The clock strip: shows the demo's day and moves it.

import { note } from './dom.js';
import { post } from './server.js';

export class ClockStrip {
  constructor(element, notes) {
    this.element = element;
    this.notes = notes;
    this.waiting = false;
    this.moving = false;
    this.day = element.querySelector('#day');
    this.day.addEventListener('input', () => this.choose(this.day.value));
    const pick = element.querySelector('#pick');
    pick.addEventListener('click', () => {
      const open = element.classList.toggle('picking');
      pick.setAttribute('aria-expanded', String(open));
    });
    for (const button of element.querySelectorAll('[data-move]')) {
      button.addEventListener('click', () => this.move({ move: button.dataset.move, day: button.dataset.to }));
    }
    element.querySelector('#picker').addEventListener('submit', (event) => {
      event.preventDefault();
      this.move({ move: 'to', day: this.day.value });
      element.classList.remove('picking');
      pick.setAttribute('aria-expanded', 'false');
    });
  }

  show(clock) {
    const put = (name, text) => {
      const place = this.element.querySelector(`[data-${name}]`);
      if (place.textContent !== text) place.textContent = text;
    };
    put('month', clock.month);
    put('day', clock.day);
    put('date', clock.date);
    put('weekday', clock.weekday);
    put('time', clock.time);
    put('lunar', clock.lunar);
    this.day.min = clock.tomorrow;
    if (!this.day.value || this.day.value < clock.tomorrow) this.choose(clock.tomorrow);
    this.moving = clock.moving;
    this.busy();
  }

  choose(day) {
    const [year, month, date] = day.split('-').map(Number);
    if (this.day.value !== day) this.day.value = day;
    this.element.querySelector('.chosen').textContent = day ? `${year}/${month}/${date}` : '选日期';
  }

  busy() {
    const busy = this.waiting || this.moving;
    this.element.setAttribute('aria-busy', String(busy));
    for (const button of this.element.querySelectorAll('.moves button')) {
      button.setAttribute('aria-disabled', String(busy));
    }
  }

  // True when the clock has moved; a refusal is told in one line.
  async move(values) {
    if (this.waiting || this.moving) return false;
    this.waiting = true;
    this.busy();
    try {
      this.show(await post('/page/clock', values));
      return true;
    } catch (error) {
      note(this.notes, error.message);
      return false;
    } finally {
      this.waiting = false;
      this.busy();
    }
  }
}

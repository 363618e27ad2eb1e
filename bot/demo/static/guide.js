// The guide of a first visit: a few things to try, each by one click.

import { clone } from './dom.js';

const SEEN = 'qingli.guide.seen';

function remembered() {
  try {
    return localStorage.getItem(SEEN) === 'yes';
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, 'yes');
  } catch {
    // Without storage the guide simply opens on every visit.
  }
}

export class Guide {
  constructor(steps, run) {
    this.panel = document.getElementById('guide');
    this.opener = document.getElementById('guide-open');
    this.run = run;
    document.getElementById('steps').append(...steps.map((step, index) => this.step(step, index)));
    this.opener.addEventListener('click', () => this.open(this.panel.hidden));
    document.getElementById('guide-close').addEventListener('click', () => this.close());
    this.panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.close(); });
    this.open(!remembered());
  }

  open(open) {
    this.panel.hidden = !open;
    this.opener.setAttribute('aria-expanded', String(open));
    if (!open) remember();
  }

  close() {
    this.open(false);
    this.opener.focus();
  }

  step(step, index) {
    const item = clone('step-template');
    const button = item.querySelector('button');
    item.querySelector('h3').textContent = step.title;
    item.querySelector('p').textContent = step.text;
    button.textContent = step.label;
    button.setAttribute('aria-label', `试一试 ${index + 1}：${step.label}`);
    button.addEventListener('click', async () => {
      if (button.getAttribute('aria-busy') === 'true') return;
      button.setAttribute('aria-busy', 'true');
      if (await this.run(step)) item.classList.add('done');
      button.removeAttribute('aria-busy');
    });
    return item;
  }
}

// Where one writes: a line of text, a reply, an edit, a photo or a document.

import { make, note } from './dom.js';
import { author, plain } from './message.js';
import { post, upload } from './server.js';

const PHOTOS = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];

export class Composer {
  constructor(form, room) {
    this.form = form;
    this.room = room;
    this.text = form.elements.text;
    this.file = form.elements.file;
    this.context = form.querySelector('.context');
    this.button = form.querySelector('.send');
    this.clear();
    form.addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    this.text.addEventListener('input', () => this.grow());
    this.text.addEventListener('keydown', (event) => this.key(event));
    this.text.addEventListener('paste', (event) => this.paste(event));
    this.file.addEventListener('change', () => this.attach(this.file.files[0]));
    this.context.querySelector('button').addEventListener('click', () => { this.clear(); this.text.focus(); });
  }

  clear() {
    this.replied = this.edited = this.attached = null;
    this.file.value = '';
    this.context.hidden = true;
    this.button.textContent = '发送';
  }

  show(label, text) {
    this.context.hidden = false;
    this.context.querySelector('b').textContent = label;
    this.context.querySelector('span').textContent = text;
    this.text.focus();
  }

  reply(message) {
    if (this.edited) this.write('');
    this.clear();
    this.replied = message;
    this.show(`回复 ${author(message)}`, plain(message));
  }

  edit(message) {
    this.clear();
    this.edited = message;
    this.button.textContent = '保存';
    this.show('修改消息', plain(message));
    this.write(message.text ?? message.caption ?? '');
  }

  attach(file) {
    if (!file) return;
    const replied = this.replied;
    this.clear();
    this.replied = replied;
    this.attached = file;
    this.show(PHOTOS.includes(file.type) ? '发送照片' : '发送文件', file.name);
  }

  write(text) {
    this.text.value = text;
    this.grow();
  }

  grow() {
    this.text.style.height = 'auto';
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === 'Escape' && !this.context.hidden) {
      if (this.edited) this.write('');
      this.clear();
    }
  }

  paste(event) {
    const [file] = event.clipboardData?.files || [];
    if (!file) return;
    event.preventDefault();
    this.attach(file);
  }

  deliver(text) {
    const where = { user_id: this.room.me(), chat_id: this.room.chat };
    if (this.edited && text === (this.edited.text ?? this.edited.caption)) return null;
    if (this.edited) return post('/page/edit', { ...where, message_id: this.edited.message_id, text });
    const reply_to = this.replied ? { reply_to: this.replied.message_id } : {};
    if (!this.attached) return post('/page/say', { ...where, ...reply_to, text });
    const kind = PHOTOS.includes(this.attached.type) ? 'photo' : 'document';
    return upload('/page/send-file', { ...where, ...reply_to, kind, caption: text }, this.attached);
  }

  async send() {
    const text = this.text.value.trim();
    if ((!text && !this.attached) || this.button.disabled) return;
    this.button.disabled = true;
    if (await this.tell(() => this.deliver(text))) {
      this.clear();
      this.write('');
    }
    this.button.disabled = false;
  }

  // Says a line that is not in the box, such as a step of the guide; a draft stays as it is.
  sendText(text) {
    return this.tell(() => post('/page/say', { user_id: this.room.me(), chat_id: this.room.chat, text }));
  }

  async tell(deliver) {
    try {
      await deliver();
      this.room.toEnd();
      return true;
    } catch (error) {
      note(this.room.toast, error.message);
      return false;
    }
  }
}

// The people who may speak in a group; returns a function that names the chosen one.
export function speakers(form, people, changed) {
  const label = form.querySelector('.speaker');
  const select = form.elements.speaker;
  label.hidden = false;
  select.append(...people.map((person) => make('option', { value: person.user_id, text: `${person.role} ${person.name}` })));
  select.addEventListener('change', changed);
  return () => Number(select.value);
}

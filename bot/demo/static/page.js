// The demo's chat page: three people and their branch's group talk to the bot on this computer.

import { ClockStrip } from './clock.js';
import { make } from './dom.js';
import { Guide } from './guide.js';
import { Room } from './room.js';
import { get } from './server.js';
import { Tabs } from './tabs.js';

const POLL_LIMIT = 40000;

const notes = document.getElementById('notes');
const clock = new ClockStrip(document.getElementById('clock'), notes);
let tabs;

function fold(room) {
  const button = room.find('.fold');
  const badge = button.querySelector('.badge');
  badge.textContent = String(room.unread);
  badge.hidden = room.unread === 0;
  const open = button.getAttribute('aria-expanded') === 'true';
  button.querySelector('[data-fold]').textContent = open ? '收起' : '展开';
  button.setAttribute('aria-label', `${open ? '收起' : '展开'}群聊${room.unread ? `，${room.unread} 条新消息` : ''}`);
}

function unread(room) {
  tabs?.mark(room);
  fold(room);
}

function personRoom(person, index) {
  return new Room({
    chat: person.chat_id, title: person.role, subtitle: person.name, face: [...person.name].at(-1),
    tone: String(index + 1), people: [person], unread,
  });
}

function groupRoom(group, people) {
  const room = new Room({
    chat: group.chat_id, title: '支部群', subtitle: group.title, face: '群', tone: 'group', people, unread,
  });
  const button = room.find('.fold');
  button.addEventListener('click', () => {
    const open = button.getAttribute('aria-expanded') !== 'true';
    button.setAttribute('aria-expanded', String(open));
    document.body.classList.toggle('group-open', open);
    if (open) room.toEnd();
    fold(room);
  });
  room.element.classList.add('group');
  if (group.hint) room.find('.empty').textContent = group.hint;
  return room;
}

// Runs one step of the guide where a person would see it happen.
function runner(rooms, people, guide) {
  return async (step) => {
    const person = people.find((one) => one.user_id === step.as_person);
    const room = rooms.find((one) => one.chat === person.chat_id);
    if (tabs.narrow.matches) guide().open(false);
    tabs.choose(room);
    for (const one of rooms) one.element.classList.toggle('shown', one === room);
    setTimeout(() => room.element.classList.remove('shown'), 2500);
    if (step.move) return clock.move({ move: 'to', day: step.move });
    return room.composer.sendText(step.say);
  };
}

function connection(lost) {
  document.body.classList.toggle('lost', lost);
  const line = notes.querySelector('.lost-line');
  if (!lost) line?.remove();
  else if (!line) notes.append(make('p', { className: 'note lost-line', text: '和演示程序的连接断了，正在重新连接…' }));
}

async function follow(rooms) {
  let version = '';
  for (let failures = 0; ;) {
    try {
      const state = await get(`/page/state?after=${encodeURIComponent(version)}`, POLL_LIMIT);
      for (const room of rooms) room.show(state.chats[room.chat] || []);
      clock.show(state.clock);
      version = state.version;
      failures = 0;
      connection(false);
    } catch {
      failures += 1;
      if (failures > 1) connection(true);
      await new Promise((resolve) => { setTimeout(resolve, Math.min(250 * 2 ** failures, 5000)); });
    }
  }
}

async function start() {
  const { people, group, guide: steps } = await get('/page/start');
  const rooms = [...people.map(personRoom), groupRoom(group, people)];
  document.getElementById('rooms').append(...rooms.map((room) => room.element));
  tabs = new Tabs(document.getElementById('tabs'), rooms);
  rooms.forEach(unread);
  const guide = new Guide(steps, runner(rooms, people, () => guide));
  follow(rooms);
}

// A page opened before the program answers tries again by itself.
async function begin() {
  try {
    await start();
  } catch {
    connection(true);
    setTimeout(begin, 2000);
  }
}

begin();

const element = (id) => document.getElementById(id);

const socket = io({ autoConnect: false });

// The room this page is in or about to enter, {room, name}, or null. It outlives the connection: a new one joins again.
let session = null;

// --- The connection -----------------------------------------------------------------------------------------------------------

const { name: node, others } = await (await fetch("node")).json();

element("here").replaceWith(nodeBadge(node));

function showConnection(state, text) {
  element("connection").dataset.state = state;
  element("state").textContent = text;
  for (const button of document.querySelectorAll("button[type=submit]")) {
    button.disabled = state !== "connected";
  }
}

function showTransport() {
  showConnection("connected", `${node} over ${socket.io.engine.transport.name === "websocket" ? "WebSocket" : "long-polling"}`);
}

async function onConnect() {
  showTransport();
  socket.io.engine.on("upgrade", showTransport);
  if (session) {
    const answer = await join(session);
    if (answer.error) {
      leaveChat(answer.error);
    } else {
      addNote(`Connected to ${node} again. What was said in the meantime is not here.`);
    }
  }
}

socket.on("connect", onConnect);

socket.on("disconnect", () => {
  showConnection("connecting", `Lost ${node}, reconnecting`);
  if (session) {
    addNote("The connection is lost.");
  }
});

socket.io.on("reconnect_attempt", (attempt) => showConnection("connecting", `Lost ${node}, attempt ${attempt}`));

// An answer that does not come is an error like any other.
async function ask(event, request) {
  try {
    return await socket.timeout(5000).emitWithAck(event, request);
  } catch {
    return { error: `${node} did not answer.` };
  }
}

// --- Coming and going ---------------------------------------------------------------------------------------------------------

element("room").value = new URLSearchParams(location.search).get("room") ?? "lobby";

function showOthers(room) {
  const query = room ? `?room=${encodeURIComponent(room)}` : "";
  element("others").replaceChildren(
    ...others.map((url) => {
      const link = document.createElement("a");
      link.href = new URL(query, url);
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = `Open ${new URL(url).host}`;
      return link;
    }),
  );
}

showOthers();

// Changes of the member count are told from the moment of joining. One that comes before the answer may be newer than the answer, and
// if it is older, another one follows: so the answer counts only when nothing else has come.
async function join({ name, room }) {
  const joining = { name, room, members: null };
  session = joining;
  const answer = await ask("join", { name, room });
  if (!answer.error) {
    showMembers(joining.members ?? answer.members);
  }
  return answer;
}

element("join").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  element("log").replaceChildren();
  const answer = await join({ name: element("name").value.trim(), room: element("room").value.trim() });
  element("refusal").textContent = answer.error ?? "";
  if (answer.error) {
    session = null;
    return;
  }

  element("title").textContent = answer.room;
  showOthers(answer.room);
  element("door").hidden = true;
  element("chat").hidden = false;
  element("text").focus();
});

element("leave").addEventListener("click", async () => {
  await ask("leave", { room: session.room });
  leaveChat("");
});

function leaveChat(reason) {
  session = null;
  element("refusal").textContent = reason;
  element("chat").hidden = true;
  element("door").hidden = false;
  showOthers();
  element("name").focus();
}

// --- The room -----------------------------------------------------------------------------------------------------------------

socket.on("members", ({ room, count }) => {
  if (room === session?.room) {
    session.members = count;
    showMembers(count);
  }
});

socket.on("message", (message) => {
  if (message.room === session?.room) {
    addMessage(message);
  }
});

element("compose").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  const input = element("text");
  const text = input.value;
  input.value = "";
  const answer = await ask("message", { room: session.room, text });
  if (answer.error) {
    input.value ||= text;
    addNote(answer.error);
  }
});

function showMembers(count) {
  element("count").textContent = count;
  element("people").textContent = count === 1 ? "member" : "members";
}

function addMessage({ from, text, node: sender }) {
  const item = document.createElement("li");
  const mine = from === session.name && sender === node;
  item.className = mine ? "mine" : "";
  item.append(
    paragraph("who", bold(from), nodeBadge(sender), clock()),
    paragraph("text", text),
  );
  add(item);
}

function addNote(text) {
  const item = document.createElement("li");
  item.className = "note";
  item.textContent = text;
  add(item);
}

// Follows the newest message unless somebody has scrolled up to read.
function add(item) {
  const log = element("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(item);
  if (atEnd) {
    log.scrollTop = log.scrollHeight;
  }
}

function paragraph(className, ...children) {
  const p = document.createElement("p");
  p.className = className;
  p.append(...children);
  return p;
}

function bold(text) {
  const b = document.createElement("b");
  b.textContent = text;
  return b;
}

function clock() {
  const now = new Date();
  const time = document.createElement("time");
  time.dateTime = now.toISOString();
  time.textContent = now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return time;
}

// The colour follows from the name, so every page shows a node in the same one. The golden angle keeps similar names apart.
function nodeBadge(name) {
  const sum = [...name].reduce((total, character) => total * 31 + character.codePointAt(0), 7) % 100003;
  const badge = document.createElement("span");
  badge.className = "node";
  badge.style.setProperty("--hue", Math.round(sum * 137.508) % 360);
  badge.textContent = name;
  badge.title = "The node this person is connected to";
  return badge;
}

socket.connect();

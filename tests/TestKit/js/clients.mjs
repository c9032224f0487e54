// Hosts any number of stock socket.io-client sockets. Everything that reaches one of them is reported as {client, event, args}; the
// names "connect", "disconnect" and "connect_error" are reserved by Socket.IO, and "$upgrade" stands for the change of transport.
import { io } from "socket.io-client";
import * as msgpack from "socket.io-msgpack-parser";
import { notify, serve } from "./rpc.mjs";
import { decode, encode } from "./values.mjs";

const parsers = { msgpack };
const sockets = new Map();
const unanswered = new Map();
let nextAnswer = 1;

function report(client, event, args, answer) {
  notify({ client, event, args: args.map(encode), answer });
}

function listen(client, socket) {
  socket.onAny((event, ...args) => {
    let answer;
    if (typeof args.at(-1) === "function") {
      answer = nextAnswer++;
      unanswered.set(answer, args.pop());
    }
    report(client, event, args, answer);
  });
  // The change of transport may come before the namespace is joined.
  socket.io.on("open", () => socket.io.engine.on("upgrade", (transport) => report(client, "$upgrade", [transport.name])));
  socket.on("connect", () => {
    const transport = socket.io.engine.transport.name;
    report(client, "connect", [{ id: socket.id, recovered: socket.recovered ?? false, transport }]);
  });
  socket.on("disconnect", (reason) => report(client, "disconnect", [reason]));
  socket.on("connect_error", (error) => report(client, "connect_error", [{ message: error.message, data: error.data }]));
}

// Ends the connection as a pulled cable would: nothing is said to the server.
function drop(socket) {
  const transport = socket.io.engine.transport;
  if (transport.name === "websocket") {
    transport.ws.terminate();
  } else {
    transport.pollXhr?.abort();
    transport.onError("the test dropped the connection");
  }
}

serve({
  open({ client, url, options }) {
    const decoded = decode(options);
    const socket = io(url, { forceNew: true, ...decoded, parser: parsers[decoded.parser], autoConnect: false });
    sockets.set(client, socket);
    listen(client, socket);
    socket.connect();
  },

  emit({ client, event, args }) {
    sockets.get(client).emit(event, ...args.map(decode));
  },

  async emitWithAck({ client, event, args, timeout }) {
    // The callback form, not emitWithAck: an answer may have any number of arguments.
    return await new Promise((resolve, reject) => {
      sockets
        .get(client)
        .timeout(timeout)
        .emit(event, ...args.map(decode), (error, ...answer) => (error ? reject(error) : resolve(answer.map(encode))));
    });
  },

  answer({ answer, args }) {
    unanswered.get(answer)(...args.map(decode));
  },

  disconnect({ client }) {
    sockets.get(client).disconnect();
  },

  connect({ client }) {
    sockets.get(client).connect();
  },

  drop({ client }) {
    drop(sockets.get(client));
  },

  state({ client }) {
    const socket = sockets.get(client);
    return {
      id: socket.id ?? null,
      connected: socket.connected,
      recovered: socket.recovered ?? false,
      transport: socket.io.engine?.transport?.name ?? null,
    };
  },

  // The client's whole API, for what has no operation of its own here.
  async run({ client, code, args }) {
    const body = (0, eval)(`(${code})`);
    return encode(await body(sockets.get(client), ...args.map(decode)));
  },
});

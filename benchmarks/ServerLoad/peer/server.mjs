// The stock server: node server.mjs PORT. It does what RoomsServer does: every socket is in one room, ten to a room, and has two handlers.
// Prints "ready" when clients may come.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { serveClient: false });
let sockets = 0;

io.on("connection", (socket) => {
  const room = `room${Math.floor(sockets++ / 10)}`;
  socket.on("say", (text) => io.to(room).emit("said", text));
  socket.on("echo", (text, ack) => ack(text));
  socket.join(room);
});

http.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("ready"));

// The stock server: node server.mjs PORT. Every socket is in one room, ten to a room. Prints "ready" when clients may come.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { serveClient: false });
let sockets = 0;

io.on("connection", (socket) => socket.join(`room${Math.floor(sockets++ / 10)}`));

http.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("ready"));

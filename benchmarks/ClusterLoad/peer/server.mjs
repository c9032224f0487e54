// The stock server with the probe app: node server.mjs PORT REDIS_PORT. Prints "ready" when clients may come.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const [port, redisPort] = process.argv.slice(2).map(Number);

const publisher = createClient({ url: `redis://127.0.0.1:${redisPort}` });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer();
const io = new Server(http, { adapter: createAdapter(publisher, subscriber), serveClient: false });

io.on("connection", (socket) => {
    socket.on("join", async (room, done) => {
        await socket.join(room);
        done();
    });
    socket.on("leave", async (room, done) => {
        await socket.leave(room);
        done();
    });
    socket.on("pub", (room, timestamp, payload) => {
        io.to(room).emit("msg", timestamp, payload);
    });
});

http.listen(port, "127.0.0.1", () => console.log("ready"));

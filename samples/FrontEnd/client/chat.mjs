// node chat.mjs URL NAME PASSWORD [TEXT]: joins the room "lobby", then says the text and ends, or listens until Ctrl+C.
import { io } from "socket.io-client";

const [url, name, password, text] = process.argv.slice(2);

const login = await fetch(`${url}/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name, password }),
});
if (!login.ok) {
    console.error(`${url} does not let ${name} in: ${login.status}`);
    process.exit(1);
}

const { accessToken } = await login.json();
const socket = io(`${url}/chat`, { auth: { token: accessToken } });
socket.on("connect_error", (error) => console.error(error.message));
socket.on("message", ({ from, text }) => console.log(`${from}: ${text}`));
socket.on("connect", async () => {
    const { members } = await socket.emitWithAck("join", "lobby");
    console.log(`${name} is in the lobby with ${members - 1} others`);
    if (text !== undefined) {
        await socket.emitWithAck("message", { room: "lobby", text });
        socket.disconnect();
    }
});

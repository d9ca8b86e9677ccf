// socket.io on Node, as it comes: node --expose-gc server.mjs PORT
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const ROOM = "all";
const SIZE = 200;
const http = createServer();
const io = new Server(http);
let number = 0;

io.on("connection", (socket) => socket.join(ROOM));

const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

const text = () => {
    number += 1;
    const at = String(process.hrtime.bigint()).padStart(19, "0");
    const mark = `@at=${at}.${String(number).padStart(8, "0")}`;
    return (mark + randomBytes(SIZE).toString("base64")).slice(0, SIZE - 11);
};

const words = {
    tell: () => io.to(ROOM).emit("tell", { text: text() }),
    report: () => {
        globalThis.gc();
        say({ stall: 0 });
    },
};

createInterface({ input: process.stdin }).on("line", (word) => words[word]()).on("close", () => process.exit(0));
http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 }, () => say({ port: Number(process.argv[2]) }));

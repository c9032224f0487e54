// Requests come in as one JSON object a line on standard input: {id, op, params}. Answers go out on standard output in the same
// form, {id, result} or {id, error}, and so do notifications, which carry no id. When standard input ends, its writer is gone and
// so is the work of this process.
import { createInterface } from "node:readline";

export function notify(notification) {
  process.stdout.write(JSON.stringify(notification) + "\n");
}

export function serve(operations, onEnd = async () => {}) {
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });

  lines.on("line", async (line) => {
    const { id, op, params } = JSON.parse(line);
    try {
      const result = await operations[op](params);
      notify({ id, result: result ?? null });
    } catch (error) {
      notify({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });

  lines.on("close", async () => {
    await onEnd();
    process.exit(0);
  });
}

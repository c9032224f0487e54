// JSON has no bytes, dates or undefined. On the way between the processes they are written as {"$binary": base64},
// {"$date": ISO 8601} and {"$undefined": true}, at any depth.

export function decode(value) {
  if (Array.isArray(value)) {
    return value.map(decode);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (typeof value.$binary === "string") {
    return Buffer.from(value.$binary, "base64");
  }
  if (typeof value.$date === "string") {
    return new Date(value.$date);
  }
  if (value.$undefined === true) {
    return undefined;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
}

export function encode(value) {
  if (value === undefined) {
    return { $undefined: true };
  }
  if (value instanceof Date) {
    return { $date: value.toISOString() };
  }
  if (ArrayBuffer.isView(value)) {
    return { $binary: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
  }
  if (value instanceof ArrayBuffer) {
    return { $binary: Buffer.from(value).toString("base64") };
  }
  if (Array.isArray(value)) {
    return value.map(encode);
  }
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)]));
  }
  return value;
}

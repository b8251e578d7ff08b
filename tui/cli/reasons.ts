/** Why the operating system would not do what it was asked. */

/** What an error of the operating system says, in words that name no code of ours. */
export function reasonOf(cause: unknown): string {
  const code = (cause as { readonly code?: unknown } | null)?.code;
  const known = typeof code === "string" ? REASONS.get(code) : undefined;
  if (known !== undefined) return known;
  return cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["EACCES", "this user may not"],
  ["EPERM", "this user may not"],
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a part of its path is not a folder"],
  ["ENOSPC", "the disk is full"],
  ["EROFS", "the disk is read-only"],
  ["ELOOP", "its links go in a circle"],
  ["ENAMETOOLONG", "its name is too long"],
  ["EMFILE", "too many files are open"],
  ["EFBIG", "the file is larger than this user may write"],
  ["EDQUOT", "this user's share of the disk is full"],
  ["EADDRINUSE", "another program listens at that address and port"],
  ["EADDRNOTAVAIL", "this machine has no such address"],
  ["Z_BUF_ERROR", "it was cut off: what is packed in it has no end"],
  ["Z_DATA_ERROR", "what is packed in it is damaged"],
  ["EIO", "the device does not work"],
]);

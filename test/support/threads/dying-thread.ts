/** A thread that dies of what it is given. */
export default function die(): never {
  process.exit(1);
}

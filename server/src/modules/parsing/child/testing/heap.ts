// A parser that fills the heap: V8 ends the process.
const kept: number[][] = []
for (;;) kept.push(new Array<number>(100_000).fill(1.5))

// A parser that dies of a fault of its own.
process.on('message', () => {
  throw new Error('a fault in the parser')
})

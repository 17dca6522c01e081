module.exports = () => ({ data: { greeting: 'hello' } })

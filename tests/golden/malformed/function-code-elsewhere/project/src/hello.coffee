module.exports = -> data: {}

#!/bin/sh
# Writes an assembler file that holds the given files and a table of them: core/embedded.h.
printf '.section .rodata\n'
n=0
for file in "$@"; do
    printf '.Lname%d: .asciz "%s"\n.Ltext%d: .incbin "%s"\n.Lend%d: .byte 0\n' $n "$file" $n "$file" $n
    n=$((n + 1))
done
printf '.section .data.rel.ro,"aw"\n.balign 8\n.globl gcm_embedded_table\ngcm_embedded_table:\n'
i=0
while [ $i -lt $n ]; do
    printf '.quad .Lname%d, .Ltext%d, .Lend%d - .Ltext%d\n' $i $i $i $i
    i=$((i + 1))
done
printf '.quad 0, 0, 0\n.section .note.GNU-stack,"",%%progbits\n'
